/** What can be run and should not be: said before anything runs, at its place in the configuration. */

import type { ConfigSource } from '../../config/config.ts';
import type { Dataset } from '../../data/dataset.ts';
import { defenseOf } from '../../defenses/registry.ts';
import { plural } from '../../report/format.ts';
import type { Cell } from '../cell.ts';
import type { Datasets } from '../plan/plan-cells.ts';
import { trainingFacts } from './check-defense.ts';

export interface Warning {
  readonly code: 'MLD_PRIVACY' | 'MLD_DATA_INVALID';
  /** With file, line and column, where it stands in a file. */
  readonly message: string;
}

/** Each once, however many cells it holds for. */
export const warnCells = (
  cells: readonly Cell[],
  datasets: Datasets,
  source: ConfigSource,
): readonly Warning[] => {
  const messages = cells.flatMap((cell) =>
    trainingWarnings(cell, datasets.get(cell.data.catalog) as Dataset).map(
      (what) => source.fault(cell.origin.defense, what, '', 'MLD_PRIVACY').message,
    ),
  );
  return [...new Set(messages)].map((message) => ({ code: 'MLD_PRIVACY', message }));
};

/** Of pictures that are no records. */
export const warnData = (datasets: Datasets): readonly Warning[] =>
  [...datasets.values()].flatMap((data) =>
    leftOutNotes(data).map((message) => ({ code: 'MLD_DATA_INVALID' as const, message })),
  );

/** Named in a note; the number says of how many. */
const NAMED = 5;

export const leftOutNotes = ({ id, leftOut = [] }: Pick<Dataset, 'id' | 'leftOut'>): readonly string[] => {
  if (leftOut.length === 0) return [];
  const named = `${leftOut.slice(0, NAMED).join(', ')}${leftOut.length > NAMED ? ', …' : ''}`;
  return [`${id}: ${plural(leftOut.length, 'picture')} cannot be decoded, and no part of the data: ${named}`];
};

/** Of how a cell's target is trained. */
export const trainingWarnings = (cell: Cell, data: Dataset): readonly string[] => {
  const { learner } = defenseOf(cell.defense.name).configure(cell.defense.params);
  const facts = trainingFacts(cell, data);
  return facts === undefined ? [] : (learner?.warnings(facts) ?? []);
};
