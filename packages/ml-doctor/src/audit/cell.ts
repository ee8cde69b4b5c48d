/** One target under attack: the unit that audits and studies are made of. */

import type {
  AttackChoice,
  AuditConfig,
  ConfigPath,
  DataChoice,
  DefenseChoice,
  ModelChoice,
} from '../config/config.ts';
import { canonicalJson, type Json, sha256 } from '../study/canonical-json.ts';
import type { Offer } from '../targets/threat-model.ts';

export interface Cell {
  /** Title of the report. */
  readonly name?: string;
  readonly data: DataChoice;
  readonly model: ModelChoice;
  readonly offers: Offer;
  readonly defense: DefenseChoice;
  readonly attacks: readonly AttackChoice[];
  readonly seed: number;
  /** Where its parts stand in the configuration, for messages. */
  readonly origin: {
    readonly data: ConfigPath;
    readonly model: ConfigPath;
    readonly defense: ConfigPath;
    /** Parallel to the attacks. */
    readonly attacks: readonly ConfigPath[];
  };
}

export const cellOf = (config: AuditConfig): Cell => ({
  ...(config.name !== undefined && { name: config.name }),
  data: config.data,
  model: config.target.train,
  offers: config.target.offers,
  defense: config.defense,
  attacks: config.attacks,
  seed: config.seed,
  origin: {
    data: ['data'],
    model: ['target', 'train', 'model'],
    defense: ['defense'],
    attacks: config.attacks.map((_, index) => ['attacks', index]),
  },
});

/** The configuration that gives this cell alone. */
export const configOf = ({ name, data, model, offers, defense, attacks, seed }: Cell): AuditConfig => ({
  ...(name !== undefined && { name }),
  data,
  target: { train: model, offers },
  defense,
  attacks,
  seed,
});

/** A name for people and file systems; the digest tells apart what differs in parameters only. */
export const cellId = (cell: Cell): string => {
  const { data, model, defense, seed } = cell;
  const digest = sha256(canonicalJson(configOf(cell) as unknown as Json)).slice(0, 8);
  return [data.catalog, model.model, defense.name, seed, digest].join('_');
};
