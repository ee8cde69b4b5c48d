/** Membership attacks that do not suit the records or the model of a cell, found before anything is trained for them. */

import type { ConfiguredAttack } from '../../attacks/membership/membership-attack.ts';
import type { Configured } from '../../attacks/registry.ts';
import { parseDataName } from '../../data/data-name.ts';
import type { Dataset } from '../../data/dataset.ts';
import { featureKind } from '../../data/feature-kind.ts';
import { sameRecords } from '../../data/same-records.ts';
import { roleSize, roleSizes } from '../../data/split.ts';
import { defenseOf } from '../../defenses/registry.ts';
import { AuditError } from '../../errors.ts';
import { architecture } from '../../models/architectures.ts';
import { referenceTraining, trainingCount, trainingRecords } from '../../study/kinds/record-sets.ts';
import { withActivations } from '../../targets/last-layer.ts';
import type { Cell } from '../cell.ts';
import { type Datasets, splitRef } from '../plan/plan-cells.ts';
import { trainingFacts } from './check-defense.ts';
import { networkOf, targetName } from './network.ts';

/** With partial data members are cut in three: known, scored, and left over. */
const FEWEST_PARTIAL = 3;

/** @throws {AuditError} MLD_ATTACK_UNSUITED, MLD_OVERLAP, MLD_SPLIT, MLD_CONFIG, and what the defence refuses of an audited training */
export const refuseUnsuitedMembership = (
  name: string,
  { needs, references, asks }: ConfiguredAttack,
  cell: Cell,
  datasets: Datasets,
): void => {
  const data = datasets.get(cell.data.catalog) as Dataset;
  const { seed: _, ...roles } = splitRef(cell);
  const sizes = roleSizes(data.size, roles);
  const records = Math.min(sizes['target-train'], sizes['target-test']);
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
  if (needs.access === 'white-box') {
    const network = networkOf(cell);
    if (network === undefined)
      throw unsuited(
        `${name} reads gradients (access: white-box); ${targetName(cell)} has none`,
        'Set access: black-box, or choose a network as the target.',
      );
    // It reads those of the last layer: refused here where there is no such layer.
    const { recordShape, classes } = data;
    withActivations(network.build({ recordShape, classes: classes.length, seed: 0 }));
  }
  const { pool } = references;
  if (pool.kind === 'canaries') {
    if (pool.count > 2 * records)
      throw new AuditError(
        'MLD_SPLIT',
        `${name} draws ${pool.count} canaries; target-train and target-test have ${2 * records} records together`,
        'Use fewer canaries (and guesses), or more records per role.',
      );
    // The coins may leave it fewer records than the target has.
    const learnt = trainingRecords(referenceTraining(pool, 0), data.size, splitRef(cell)).length;
    const facts = trainingFacts(cell, data);
    const { learner } = defenseOf(cell.defense.name).configure(cell.defense.params);
    if (facts) learner?.check({ ...facts, records: learnt });
  }
  if (pool.kind === 'other' && parseDataName(pool.data).id === parseDataName(cell.data.catalog).id)
    throw unsuited(
      `${name} transfers from another data set; ${pool.data} is the target’s own`,
      'Name another data set, or use the form of the attack with shadow data.',
    );
  if (pool.kind === 'other' && cell.data.overlap !== 'allow' && sameRecords(pool.data, cell.data.catalog))
    throw new AuditError(
      'MLD_OVERLAP',
      `${name} transfers from another data set; ${pool.data} is of the same records as the target’s ${cell.data.catalog}, and so can hold its members`,
      'Name another data set, or accept it with `overlap: allow` under `data`.',
    );
  if (references.count === 0) return;
  const home = pool.kind === 'other' ? (datasets.get(pool.data) as Dataset) : data;
  const learnt =
    pool.kind === 'other'
      ? Math.min(sizes['target-train'], roleSize(home.size, {}))
      : pool.kind === 'synthetic'
        ? sizes['shadow-train']
        : trainingCount(referenceTraining(pool, 0), data.size, splitRef(cell));
  for (const model of references.architectures ?? [cell.model.model])
    refuseUnsuitedReference(model, home, learnt, cell);
};

/** A model of the attacker's own, which follows the target's defence where he knows of it. */
const refuseUnsuitedReference = (model: string, home: Dataset, records: number, cell: Cell): void => {
  const found = architecture(model);
  if (found.trains !== 'gradient') return;
  const { recordShape } = home;
  const classes = home.classes.length;
  const build = () => found.build({ recordShape, classes, seed: 0 });
  build();
  if (cell.defense.adaptive === false) return;
  const { learner, harden } = defenseOf(cell.defense.name).configure(cell.defense.params);
  learner?.check({ architecture: model, build, records, classes, recipe: harden(cell.model.training) });
};

/**
 * An audit of how the target is trained says nothing of a copy that somebody else trained.
 * @throws {AuditError} MLD_CONFIG
 */
export const refuseAuditOfCopy = (name: string, configured: Configured): void => {
  if (configured.family === 'membership' && configured.references.pool.kind === 'canaries')
    throw new AuditError(
      'MLD_CONFIG',
      `${name} audits how the target is trained; it cannot go through a stolen copy`,
      'Leave out through: for this attack.',
    );
};

export const unsuited = (what: string, hint: string) => new AuditError('MLD_ATTACK_UNSUITED', what, hint);
