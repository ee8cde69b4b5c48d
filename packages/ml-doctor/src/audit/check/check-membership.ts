/** Membership attacks that do not suit the records or the model of a cell, found before anything is trained for them. */

import type { ConfiguredAttack } from '../../attacks/membership/membership-attack.ts';
import type { Dataset } from '../../data/dataset.ts';
import { featureKind } from '../../data/feature-kind.ts';
import { roleSize } from '../../data/split.ts';
import { AuditError } from '../../errors.ts';
import { architecture } from '../../models/architectures.ts';
import type { Cell } from '../cell.ts';
import { type Datasets, splitRef } from '../plan/plan-cells.ts';

/** With partial data members are cut in three: known, scored, and left over. */
const FEWEST_PARTIAL = 3;

/** @throws {AuditError} MLD_ATTACK_UNSUITED, MLD_SPLIT, MLD_CONFIG */
export const refuseUnsuitedMembership = (
  name: string,
  { needs, references, asks }: ConfiguredAttack,
  cell: Cell,
  datasets: Datasets,
): void => {
  const data = datasets.get(cell.data.catalog) as Dataset;
  const records = roleSize(data.size, splitRef(cell));
  if (needs.auxiliary === 'partial' && records < FEWEST_PARTIAL)
    throw new AuditError(
      'MLD_SPLIT',
      `${name} needs at least ${FEWEST_PARTIAL} records per role; there are ${records}`,
      'Use more records per role; intervals say something from a few hundred on.',
    );
  if (asks.views.length > 1 && data.recordShape.length !== 3)
    throw unsuited(
      `${name} asks about shifted and mirrored copies; the records of ${data.id} are no pictures`,
      'Set it to use the records as they are, or leave it out for this data set.',
    );
  const kind = featureKind(data);
  if (asks.features && !asks.features.includes(kind))
    throw unsuited(
      `${name} needs ${asks.features.join(' or ')} records with these options; those of ${data.id} are ${kind}`,
      'Choose other options of the attack, or leave it out for this data set.',
    );
  if (needs.access === 'white-box' && architecture(cell.model.model).trains !== 'gradient')
    throw unsuited(
      `${name} reads gradients (access: white-box); ${cell.model.model} has none`,
      'Set access: black-box, or choose a network as the target.',
    );
  const { pool } = references;
  if (pool.kind === 'other' && pool.data === cell.data.catalog)
    throw unsuited(
      `${name} transfers from another data set; ${pool.data} is the target’s own`,
      'Name another data set, or use the form of the attack with shadow data.',
    );
  const home = pool.kind === 'other' ? (datasets.get(pool.data) as Dataset) : data;
  for (const model of references.architectures ?? [cell.model.model]) {
    const found = architecture(model);
    if (found.trains === 'gradient')
      found.build({ recordShape: home.recordShape, classes: home.classes.length, seed: 0 });
  }
};

export const unsuited = (what: string, hint: string) => new AuditError('MLD_ATTACK_UNSUITED', what, hint);
