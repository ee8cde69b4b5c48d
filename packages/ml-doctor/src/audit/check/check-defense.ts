/** Defences that do not suit the model or the records of a cell, found before anything is trained. */

import type { Dataset } from '../../data/dataset.ts';
import { roleSize } from '../../data/split.ts';
import type { TrainingFacts } from '../../defenses/defense.ts';
import type { OutputForm } from '../../defenses/output/output-form.ts';
import { defenseOf } from '../../defenses/registry.ts';
import { AuditError } from '../../errors.ts';
import { architecture } from '../../models/architectures.ts';
import type { Cell } from '../cell.ts';
import { refuseUnsuitedOwnDefense } from '../own/check-own.ts';
import { splitRef } from '../plan/plan-cells.ts';

/** @throws {AuditError} MLD_DEFENSE_UNSUITED, MLD_PRIVACY */
export const refuseUnsuitedDefense = (cell: Cell, data: Dataset): void => {
  const { name, params } = cell.defense;
  const { model } = cell.model;
  const found = defenseOf(name);
  refuseIdleOutput(name, found.configure(params).output, data);
  if (cell.own) {
    refuseUnsuitedOwnDefense(cell, cell.own);
    return;
  }
  const facts = trainingFacts(cell, data);
  if (facts === undefined) {
    if (found.changes.every((change) => change === 'output')) return;
    throw new AuditError(
      'MLD_DEFENSE_UNSUITED',
      `${name} changes how a network is trained, and ${model} is not a network`,
      'Leave out the defence for this model, or choose a network.',
    );
  }
  found.configure(params).learner?.check(facts);
};

/** The k largest of no more than k posteriors are all of them. */
const refuseIdleOutput = (name: string, output: OutputForm | undefined, { id, classes }: Dataset): void => {
  if (output?.shows !== 'top-k' || (output.k ?? 0) < classes.length) return;
  throw new AuditError(
    'MLD_DEFENSE_UNSUITED',
    `${name} with k ${output.k} hides nothing: ${id} has ${classes.length} classes`,
    `Set k to ${classes.length - 1} at most.`,
  );
};

/** What is known of the target's training; undefined for a forest. */
export const trainingFacts = (cell: Cell, data: Dataset): TrainingFacts | undefined => {
  // How somebody else's model was trained is not known.
  if (cell.own) return undefined;
  const found = architecture(cell.model.model);
  if (found.trains !== 'gradient') return undefined;
  const { recordShape } = data;
  const classes = data.classes.length;
  return {
    architecture: found.name,
    build: () => found.build({ recordShape, classes, seed: cell.seed }),
    records: roleSize(data.size, splitRef(cell)),
    classes,
    recipe: defenseOf(cell.defense.name).configure(cell.defense.params).harden(cell.model.training),
  };
};
