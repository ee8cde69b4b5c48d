/** Inversion attacks that do not suit the records or the model of a cell, found before anything is trained for them. */

import type { ClassChoice, ConfiguredInversion } from '../../attacks/inversion/inversion-attack.ts';
import { refuseUndifferentiable } from '../../attacks/target-graph.ts';
import { type Dataset, elements } from '../../data/dataset.ts';
import { featureKind } from '../../data/feature-kind.ts';
import { AuditError } from '../../errors.ts';
import { untrainedPair } from '../../generators/networks.ts';
import type { Cell } from '../cell.ts';
import type { Datasets } from '../plan/plan-cells.ts';
import { unsuited } from './check-membership.ts';
import { networkOf, targetName } from './network.ts';

/** @throws {AuditError} MLD_ATTACK_UNSUITED, MLD_CONFIG */
export const refuseUnsuitedInversion = (
  name: string,
  { needs, classes, check, generator }: ConfiguredInversion,
  cell: Cell,
  datasets: Datasets,
): void => {
  const data = datasets.get(cell.data.catalog) as Dataset;
  refuseStrangeClasses(name, classes, data);
  check({ recordShape: data.recordShape, features: featureKind(data) });
  if (generator) refuseUngeneratable(data);
  if (needs.access !== 'white-box') return;
  const model = networkOf(cell);
  if (model === undefined)
    throw unsuited(
      `${name} follows gradients of the model; ${targetName(cell)} has none`,
      'Use inversion/black-box, or choose a network as the target.',
    );
  const { recordShape } = data;
  refuseUndifferentiable(name, model.build({ recordShape, classes: data.classes.length, seed: 0 }));
};

/** Records that no pair of networks is built for; the smallest pair says it as well as the one to be trained. */
export const refuseUngeneratable = (data: Dataset): void => {
  const { recordShape, oneHot = [] } = data;
  const flat = new Float32Array(elements(recordShape));
  const space = { recordShape, oneHot, bounds: { low: flat, high: flat }, features: featureKind(data) };
  untrainedPair({ space, view: { centre: flat, gain: flat }, latent: 1, width: 1, seed: 0 });
};

const refuseStrangeClasses = (name: string, choice: ClassChoice, { id, classes }: Dataset): void => {
  const known = classes.length;
  const most = typeof choice === 'number' ? choice : choice === 'all' ? known : Math.max(...choice) + 1;
  if (most <= known) return;
  throw new AuditError(
    'MLD_CONFIG',
    typeof choice === 'number'
      ? `${name}: classes is ${choice}; ${id} has ${known} classes`
      : `${name}: classes names class ${most - 1}; those of ${id} are 0 to ${known - 1}`,
    typeof choice === 'number'
      ? `Ask for 'all', or for at most ${known}.`
      : `Name classes from 0 to ${known - 1}, or ask for 'all'.`,
  );
};
