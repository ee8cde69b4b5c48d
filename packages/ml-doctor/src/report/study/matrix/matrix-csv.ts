/** `matrix.csv`: every cell of every matrix of a study, one a row. */

import { roundSignificant } from '../../canonical.ts';
import { attackChoice, variantsFor } from '../../labels.ts';
import type { Metric } from '../../schema.ts';
import { type CsvCell, csvText } from '../csv-text.ts';
import type { Figure, Matrix, MatrixColumn, MatrixRow } from './matrix.ts';

const HEADER = [
  ...['data', 'data_params', 'model', 'model_params'],
  ...['attack', 'variant', 'attribute', 'through', 'access', 'auxiliary', 'output', 'attack_params'],
  ...['defense', 'defense_params', 'adaptive'],
  ...['metric', 'value', 'low', 'high', 'method'],
  ...['change', 'change_low', 'change_high', 'change_method', 'effect'],
  ...['claimed_epsilon', 'claimed_delta'],
  ...['test_accuracy', 'test_accuracy_low', 'test_accuracy_high'],
  ...['test_accuracy_change', 'test_accuracy_change_low', 'test_accuracy_change_high'],
  ...['training_seconds', 'training_time_ratio', 'seeds', 'missing'],
];

/**
 * One row for each attack and defence of each model on each data set, the undefended target among them, under a row of
 * names. Parameters are JSON, rates and accuracies shares of 1, and what is unknown or not bounded is empty. `change` is
 * defended less undefended; `effect` is `better`, `worse` or `undecided` for whoever defends, or `same` where the defence
 * touches nothing that the figure comes from. A claim without an epsilon is one that its accountant found no bound for. `seeds` are those that the
 * figure is a mean of, separated by spaces. `missing` says `failed` or `left out` where there is no figure. Times are those
 * of one run: the same study may have others.
 */
export function matrixToCsv(matrices: readonly Matrix[]): string {
  const variantOf = variantsFor(matrices.flatMap(({ rows }) => rows.map(({ asked }) => attackChoice(asked))));
  const rows = matrices.flatMap((matrix) =>
    matrix.rows.flatMap((row) =>
      row.cells.map((cell, i) => {
        const column = matrix.columns[i]!;
        const figure = typeof cell === 'string' ? undefined : cell;
        return [
          ...named(matrix.of.data),
          ...named(matrix.of.model),
          ...question(row, variantOf(attackChoice(row.asked))),
          ...named(column.defense),
          column.defense.name === 'none' ? null : String(column.defense.adaptive !== false),
          row.metric,
          ...metric(figure?.metric),
          figure?.metric.method ?? null,
          ...metric(figure?.change),
          figure?.change?.method ?? null,
          figure?.effect?.verdict ?? null,
          ...costs(column),
          figure?.seeds.join(' ') ?? null,
          typeof cell === 'string' ? cell : null,
        ];
      }),
    ),
  );
  return csvText([HEADER, ...rows]);
}

const named = ({ name, params }: Matrix['of']['data']): CsvCell[] => [name, JSON.stringify(params)];

const question = ({ asked, threatModel }: MatrixRow, variant: string): CsvCell[] => [
  ...[asked.attack, variant, asked.attribute?.name ?? null, asked.through?.attack ?? null],
  ...[threatModel.access, threatModel.auxiliary, threatModel.output, JSON.stringify(asked.params)],
];

const metric = (found: Metric | undefined): CsvCell[] =>
  found === undefined ? [null, null, null] : [found.value, found.low, found.high];

const costs = ({ testAccuracy, training, claim }: MatrixColumn): CsvCell[] => {
  const accuracy: Figure | undefined = typeof testAccuracy === 'string' ? undefined : testAccuracy;
  return [
    ...[claim?.epsilon ?? null, claim?.delta ?? null],
    ...metric(accuracy?.metric),
    ...metric(accuracy?.change),
    ...[training ? roundSignificant(training.seconds) : null, training?.ratio ?? null],
  ];
};
