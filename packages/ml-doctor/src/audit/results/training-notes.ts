/** What a report says of how the target was trained: privacy that was spent, and what a reader must know. */

import type { Dataset } from '../../data/dataset.ts';
import { defenseOf } from '../../defenses/registry.ts';
import type { Report } from '../../report/schema.ts';
import type { TrainDefendedResult } from '../../study/kinds/train-defended.ts';
import type { Cell } from '../cell.ts';
import { trainingFacts } from '../check/check-defense.ts';

/** @param trained undefined where the training failed */
export const trainingNotes = (
  cell: Cell,
  data: Dataset,
  trained: TrainDefendedResult | undefined,
): Pick<Report['target'], 'privacy' | 'notes'> => {
  const { learner } = defenseOf(cell.defense.name).configure(cell.defense.params);
  const facts = trainingFacts(cell, data);
  const notes = (facts && learner?.notes(facts)) ?? [];
  return {
    ...(trained?.privacy && { privacy: trained.privacy }),
    ...(notes.length > 0 && { notes }),
  };
};
