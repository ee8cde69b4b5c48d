/** Table III of Shokri et al., ours beside theirs. */

import type { Cell, Column, Table } from '../../figure.ts';
import type { Mitigated } from '../../published/shokri-2017/mitigations.ts';
import type { Group } from './mitigations.ts';

const PAPERS = ['purchase-100', 'texas-100'] as const;
const FIGURES: readonly (readonly [name: keyof Mitigated, label: string])[] = [
  ['testAccuracy', 'test accuracy'],
  ['accuracy', 'attack accuracy'],
  ['precision', 'precision'],
  ['recall', 'recall'],
];

const OWN: readonly Column[] = [
  { key: 'mitigation', label: 'Mitigation' },
  { key: 'test', label: 'Test accuracy' },
  { key: 'testChange', label: 'Change' },
  { key: 'accuracy', label: 'Attack accuracy' },
  { key: 'accuracyChange', label: 'Change' },
  { key: 'precision', label: 'Precision' },
  { key: 'recall', label: 'Recall' },
];

export function mitigationTable({ label, rows }: Group, index: number): Table {
  const papers = PAPERS.filter((paper) => rows.some(({ published }) => published[paper]));
  const theirs = papers.flatMap((paper) =>
    FIGURES.map(
      ([name, text]): Column => ({
        key: `${paper}-${name}`,
        label: `Published, ${paper}: ${text}`,
        digits: 2,
      }),
    ),
  );
  return {
    id: index === 0 ? 'mitigations' : `mitigations-${index + 1}`,
    caption: `Mitigations on ${label}: test accuracy of the model, and what the attack reaches; changes are defended less undefended.`,
    columns: [...OWN, ...theirs],
    rows: rows.map(
      (row): Readonly<Record<string, Cell>> => ({
        mitigation: row.label,
        test: row.testAccuracy ?? null,
        testChange: row.changes.testAccuracy ?? null,
        accuracy: row.accuracy ?? null,
        accuracyChange: row.changes.accuracy ?? null,
        precision: row.precision ?? null,
        recall: row.recall ?? null,
        ...Object.fromEntries(
          papers.flatMap((paper) =>
            FIGURES.map(([name]) => [`${paper}-${name}`, row.published[paper]?.[name].value ?? null]),
          ),
        ),
      }),
    ),
  };
}
