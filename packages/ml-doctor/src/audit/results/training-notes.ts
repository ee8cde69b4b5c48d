/** What a report says of how the target was trained: privacy that was spent, and what a reader must know. */

import type { Dataset } from '../../data/dataset.ts';
import { defenseOf } from '../../defenses/registry.ts';
import type { Report } from '../../report/schema.ts';
import type { TrainDefendedResult } from '../../study/kinds/train-defended.ts';
import type { Cell } from '../cell.ts';
import { trainingFacts } from '../check/check-defense.ts';
import { trainingWarnings } from '../check/warn-cells.ts';

/** @param trained undefined where the training failed */
export const trainingNotes = (
  cell: Cell,
  data: Dataset,
  trained: TrainDefendedResult | undefined,
): Pick<Report['target'], 'privacy' | 'notes' | 'warnings'> => {
  const { learner } = defenseOf(cell.defense.name).configure(cell.defense.params);
  const facts = trainingFacts(cell, data);
  const notes = (facts && learner?.notes(facts)) ?? [];
  const warnings = [...trainingWarnings(cell, data), ...hollow(trained?.privacy)];
  return {
    ...(trained?.privacy && { privacy: trained.privacy }),
    ...(notes.length > 0 && { notes }),
    ...(warnings.length > 0 && { warnings }),
  };
};

/** At ε = 20 somebody who held it for even odds whether a record was used may be sure but for 2 in a thousand million. */
const HOLLOW = 20;

/** A guarantee that guarantees nothing. */
const hollow = (privacy: TrainDefendedResult['privacy']): readonly string[] => {
  if (privacy === undefined || (privacy.epsilon !== null && privacy.epsilon <= HOLLOW)) return [];
  const epsilon = privacy.epsilon === null ? 'no finite epsilon' : `an epsilon of ${privacy.epsilon}`;
  return [
    `The training keeps ${epsilon}, which protects nobody: with more noise (1 to 10 is a usual epsilon) it would.`,
  ];
};
