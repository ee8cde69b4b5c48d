/** One target under attack: the unit that audits and studies are made of. */

import type {
  AttackChoice,
  AuditConfig,
  ConfigPath,
  DataChoice,
  DefenseChoice,
  ModelChoice,
  PluginChoice,
} from '../config/config.ts';
import { auditToJson } from '../config/config-text.ts';
import type { OwnAuditConfig } from '../config/own-config.ts';
import { ownToJson } from '../config/own-text.ts';
import { canonicalJson, type Json, sha256 } from '../study/canonical-json.ts';
import type { Offer } from '../targets/threat-model.ts';
import type { OwnCell } from './own/subject.ts';

export interface Cell {
  /** Title of the report. */
  readonly name?: string;
  readonly plugins?: readonly PluginChoice[];
  readonly data: DataChoice;
  readonly model: ModelChoice;
  readonly offers: Offer;
  readonly defense: DefenseChoice;
  readonly attacks: readonly AttackChoice[];
  readonly seed: number;
  readonly explain?: true;
  /** Of a model that is not trained here; its `model` is then what attackers train. */
  readonly own?: OwnCell;
  /** Where its parts stand in the configuration, for messages. */
  readonly origin: {
    readonly data: ConfigPath;
    readonly model: ConfigPath;
    readonly defense: ConfigPath;
    /** Parallel to the attacks. */
    readonly attacks: readonly ConfigPath[];
  };
}

/** A cell, or an audit of somebody's own model, whose cell is known once model and records have been read. */
export type Wanted = Cell | { readonly ownAudit: OwnAuditConfig };

export const cellOf = (config: AuditConfig): Cell => ({
  ...(config.name !== undefined && { name: config.name }),
  ...(config.plugins && { plugins: config.plugins }),
  data: config.data,
  model: config.target.train,
  offers: config.target.offers,
  defense: config.defense,
  attacks: config.attacks,
  seed: config.seed,
  ...(config.explain && { explain: true }),
  origin: {
    data: ['data'],
    model: ['target', 'train', 'model'],
    defense: ['defense'],
    attacks: config.attacks.map((_, index) => ['attacks', index]),
  },
});

/** What a file would say to give this cell alone. */
export const cellToJson = (cell: Cell): { readonly [key: string]: Json } =>
  cell.own
    ? ownToJson({ ...cell.own.config, attacks: cell.attacks }, cell.own.config.base)
    : auditToJson(configOf(cell));

/** The configuration of a cell whose target is trained here. */
export const configOf = ({
  name,
  plugins,
  data,
  model,
  offers,
  defense,
  attacks,
  seed,
  explain,
}: Cell): AuditConfig => ({
  ...(name !== undefined && { name }),
  ...(plugins && { plugins }),
  data,
  target: { train: model, offers },
  defense,
  attacks,
  seed,
  ...(explain && { explain }),
});

/** A name for people and file systems; the digest tells apart what differs in parameters only. */
export const cellId = (cell: Cell): string => {
  const { data, model, defense, seed } = cell;
  const config = cell.own ? cellToJson(cell) : (configOf(cell) as unknown as Json);
  const digest = sha256(canonicalJson(config)).slice(0, 8);
  const parts = [data.catalog, ...(cell.own ? [] : [model.model]), defense.name, seed, digest];
  // Of celeba@64 and resnet18+group-norm; what they stand for is in the digest.
  return parts.join('_').replace(/[@+]/g, '-');
};
