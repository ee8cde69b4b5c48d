/** The cell of somebody's own model: what attackers train, what they reach, and which attacks are run where nobody says. */

import type { ConfigSource } from '../../config/config.ts';
import type { OwnAuditConfig } from '../../config/own-config.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { RoleSizes } from '../../data/split.ts';
import { ownArchitectureName } from '../../models/own-architectures.ts';
import { type Offer, shortfall } from '../../targets/threat-model.ts';
import type { Cell } from '../cell.ts';
import { usualModel } from './shadow-model.ts';
import type { OwnCell, Subject } from './subject.ts';

export interface OwnCellParts {
  readonly data: Dataset;
  readonly sizes: RoleSizes;
  readonly subject: Subject;
  readonly name: string;
  readonly source: string;
  readonly trainedOn: number;
  readonly notes: readonly string[];
  /** Digest of a model that can be had with fresh weights. */
  readonly clone?: string;
  /** Why it cannot. */
  readonly noClone?: string;
  /** The most that an attacker can reach; the configuration may say less. */
  readonly offers: Offer;
  readonly recordNames?: OwnCell['recordNames'];
  readonly configSource: ConfigSource;
}

/** Attacks are left as the configuration has them: `chooseAttacks` fills in what it leaves out. */
export const ownCell = (config: OwnAuditConfig, parts: OwnCellParts): Cell => {
  const { data, subject, sizes, clone, noClone, configSource } = parts;
  const { model, training } = config.shadows;
  if (model === 'clone' && clone === undefined)
    throw configSource.fault(
      ['target', 'shadows', 'model'],
      `the model cannot be had with fresh weights: ${noClone ?? 'its architecture is not known'}`,
      'Name an architecture for the attackers’ models instead (`ml-doctor list models`).',
    );
  const own =
    model === undefined || model === 'clone'
      ? clone === undefined
        ? usualModel(data, subject.kind === 'onnx' && !subject.differentiable)
        : ownArchitectureName(clone)
      : model;
  const notes =
    noClone !== undefined && model === undefined && subject.kind === 'onnx'
      ? [
          `Attackers’ models are of another architecture (${own}): of the audited one fresh ones cannot be made (${noClone}).`,
        ]
      : [];
  const { slices, overlap } = config.data;
  return {
    ...(config.name !== undefined && { name: config.name }),
    data: {
      catalog: data.id,
      split: 'ml-doctor-2022',
      ...(overlap && { overlap }),
      ...(slices && { slices }),
    },
    model: { model: own, training },
    offers: offersOf(parts.offers, config.offers, configSource),
    defense: config.defense,
    attacks: config.attacks ?? [],
    seed: config.seed,
    ...(config.explain && { explain: true }),
    own: {
      ...{ config, subject, sizes, name: parts.name, source: parts.source, notRun: [] },
      trainedOn: parts.trainedOn,
      notes: [...parts.notes, ...notes],
      ...(parts.recordNames && { recordNames: parts.recordNames }),
    },
    origin: {
      data: ['data'],
      model: ['target', 'shadows'],
      defense: ['defense'],
      attacks: (config.attacks ?? []).map((_, index) => ['attacks', index]),
    },
  };
};

/** The configuration may say less than there is, never more: what is not there would be made up. */
const offersOf = (most: Offer, said: Partial<Offer>, source: ConfigSource): Offer => {
  const found = { ...most, ...said };
  const excess = shortfall(
    { access: found.access, output: found.output === 'loss' ? 'label' : found.output },
    most,
  );
  if (excess && said[excess.part] !== undefined)
    throw source.fault(
      ['target', 'offers', excess.part],
      `offers ${excess.part} ${excess.needs}, where the target gives ${excess.offers} at most`,
      'Leave it out, or say less.',
    );
  return found;
};
