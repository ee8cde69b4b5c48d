/** A study's matrix as a table of a page: few defences stand side by side, many below each other. */
import type {
  Figure,
  Matrix,
  MatrixColumn,
  MatrixRow,
  Missing,
} from '../../../packages/ml-doctor/src/report/study/matrix/matrix.ts';
import { type Metric, table } from '../tools.ts';

/** More defences than this are rows. */
const SIDE_BY_SIDE = 4;

/** One table for each model on each data set, under a heading where there are several. */
export const matrixTables = (matrices: readonly Matrix[]): string =>
  matrices
    .map((matrix) =>
      matrices.length > 1
        ? `### ${matrix.of.data.name}, ${matrix.of.model.name}\n\n${matrixTable(matrix)}`
        : matrixTable(matrix),
    )
    .join('\n\n');

const matrixTable = ({ columns, rows }: Matrix): string => {
  const cellsOf = (row: MatrixRow) => columns.map((_, i) => figure(row.cells[i] as Figure | Missing));
  if (columns.length <= SIDE_BY_SIDE)
    return table(
      ['attack', ...columns.map(defenseOf)],
      [...rows.map((row) => [attackOf(row), ...cellsOf(row)]), ['test accuracy', ...columns.map(accuracy)]],
    );
  return table(
    ['defence', 'test accuracy', ...rows.map(attackOf)],
    columns.map((column, i) => [
      defenseOf(column),
      accuracy(column),
      ...rows.map((row) => cellsOf(row)[i] as string),
    ]),
  );
};

/** Settings that tell the defences and the attacks of the configurations here apart. */
const OF_DEFENSE = ['epsilon', 'noiseMultiplier', 'form', 'lambda', 'k', 'digits', 'temperature'];
const OF_ATTACK = ['adversary', 'metric', 'mode', 'method'];

const chosen = (params: Readonly<Record<string, unknown>>, names: readonly string[]): string[] =>
  Object.entries(params).flatMap(([key, value]) => (names.includes(key) ? [`${key} ${value}`] : []));

const defenseOf = ({ defense: { name, params, adaptive } }: MatrixColumn): string =>
  [
    name,
    ...chosen(
      params,
      OF_DEFENSE.filter((key) => name !== 'distillation' || key !== 'temperature'),
    ),
    ...(adaptive === false ? ['attackers do not know of it'] : []),
  ].join(', ');

const LETTER = {
  ...{ 'black-box': 'B', 'white-box': 'W' },
  ...{ none: 'N', shadow: 'S', partial: 'P', other: 'O' },
} as const;

const attackOf = ({ asked, threatModel: { access, auxiliary }, metric }: MatrixRow): string =>
  [
    `${asked.attack.replace('membership/', '')} <${LETTER[access]},${LETTER[auxiliary]}>`,
    ...chosen(asked.params, asked.attack.startsWith('membership/') ? OF_ATTACK : []),
    ...(metric === 'balancedAccuracy' ? [] : [metric]),
  ].join(', ');

const short = (value: number | null, sign = false): string => {
  if (value === null) return '-';
  const digits = Math.abs(value).toFixed(3);
  const shown = Number(digits) < 1 ? digits.replace(/^0/, '') : digits;
  const minus = value < 0 && Number(digits) > 0 ? '−' : '';
  return `${minus || (sign ? '+' : '')}${shown}`;
};

const show = ({ value, low, high }: Metric, sign = false): string =>
  `${short(value, sign)} (${short(low, sign)} to ${short(high, sign)})`;

/** `.741 (.722 to .759); −.230 (−.251 to −.208)`: the figure, then what the defence changed. */
const figure = (found: Figure | Missing): string => {
  if (typeof found === 'string') return found;
  return found.change ? `${show(found.metric)}; ${show(found.change, true)}` : show(found.metric);
};

const accuracy = ({ testAccuracy }: MatrixColumn): string => {
  if (typeof testAccuracy === 'string') return testAccuracy;
  const { metric, change } = testAccuracy;
  return change ? `${short(metric.value)}; ${short(change.value, true)}` : short(metric.value);
};

/** What the trainings of the targets took, in seconds and as a multiple of the undefended ones. */
export const timeTable = ({ columns }: Matrix): string =>
  table(
    ['defence', 'seconds', 'of the undefended'],
    columns.map((column) => [
      [defenseOf(column), ...chosen(column.defense.params, ['batchSize'])].join(', '),
      column.training?.seconds.toFixed(1) ?? '-',
      column.training?.ratio === undefined ? '-' : `× ${column.training.ratio.toFixed(2)}`,
    ]),
  );
