/** Cells of a matrix as text; used alike by page, terminal and LaTeX. */

import { duration, formatMetric, grouped } from '../../format.ts';
import { atMost } from '../../privacy.ts';
import type { Metric } from '../../schema.ts';
import { differenceText, figureLabel, tellsAttribute } from '../study-format.ts';
import type { Effect } from './effect.ts';
import type { Figure, Matrix, MatrixColumn, MatrixRow, Missing } from './matrix.ts';

export interface FigureText {
  readonly value: string;
  readonly interval: string;
  /** With its interval; undefined where there is nothing to compare with. */
  readonly change?: { readonly value: string; readonly interval: string };
  readonly effect?: string;
  /** `2 of 3 seeds`; undefined where none is missing. */
  readonly seeds?: string;
}

/** @param column whose seeds the figure could have */
export function figureText(name: string, figure: Figure, column: MatrixColumn): FigureText {
  const { metric, change, effect, seeds } = figure;
  return {
    ...formatMetric(name === 'testAccuracy' ? 'accuracy' : name, metric),
    ...(change && {
      change: {
        value: differenceText(name, change.value),
        interval: effect?.verdict === 'same' ? 'exactly' : limits(name, change),
      },
    }),
    ...(effect && change && { effect: effectText(name, effect, change) }),
    ...(seeds.length < column.seeds.length && {
      seeds: `${grouped(seeds.length)} of ${grouped(column.seeds.length)} seeds`,
    }),
  };
}

const limits = (name: string, { low, high }: Metric): string => {
  const limit = (value: number) => differenceText(name, value).replace(/ points$/, '');
  if (low === null && high === null) return 'no interval';
  if (low === null) return `up to ${limit(high!)}`;
  if (high === null) return `from ${limit(low)}`;
  return `${limit(low)} to ${limit(high)}`;
};

/** Never by colour alone: an arrow in the direction that the figure went, and a word for what that means. */
export function effectText(name: string, { verdict }: Effect, { value }: Pick<Metric, 'value'>): string {
  if (verdict === 'same') return '= not touched by this defence';
  if (verdict === 'undecided') return '≈ may be chance';
  const [better, worse] =
    name === 'testAccuracy' ? ['more accurate', 'less accurate'] : ['protects', 'exposes more'];
  return `${value < 0 ? '▼' : '▲'} ${verdict === 'better' ? better : worse}`;
}

/** The metric of a row, over so many seeds as its cells have. */
export function rowLabel({ metric, cells }: Pick<MatrixRow, 'metric' | 'cells'>): string {
  return figureLabel(
    metric,
    cells.some((cell) => typeof cell !== 'string' && cell.seeds.length > 1),
  );
}

export const MISSING_TEXT: Readonly<Record<Missing, string>> = {
  failed: 'failed',
  'left out': 'not in the study',
};

/** `8 at delta 0.00001`; undefined where none of the study's columns has a claim. */
export function claimText({ claim, testAccuracy }: MatrixColumn): string {
  // A training that failed has no claim to tell.
  if (claim === undefined) return typeof testAccuracy === 'string' ? MISSING_TEXT[testAccuracy] : 'none';
  return claim.epsilon === null ? 'no bound' : `${atMost(claim.epsilon)} at delta ${claim.delta}`;
}

/** Whether a matrix has a row of claims at all. */
export function hasClaims({ columns }: Pick<Matrix, 'columns'>): boolean {
  return columns.some(({ claim }) => claim !== undefined);
}

/** Said beside a claim that a one-run audit refutes. */
export const ALARM_TEXT = '! refuted by the one-run audit';

/** `3.2 × (1 min 35 s)`; the undefended one's time alone. */
export function trainingText({ training, defense }: MatrixColumn): string | undefined {
  if (training === undefined) return undefined;
  const time = duration(training.seconds);
  if (training.tooShort && defense.name !== 'none') return `too short to compare (${time})`;
  if (training.ratio === undefined || defense.name === 'none') return time;
  return `${ratioText(training.ratio)} (${time})`;
}

export function ratioText(ratio: number): string {
  return `${ratio >= 99.5 ? grouped(Math.round(ratio)) : Number(ratio.toPrecision(2))} ×`;
}

/** `black-box, shadow data, posteriors`, and what an attribute attack guesses where its name does not tell. */
export function askedText({ label, asked, threatModel }: MatrixRow): string {
  const { access, auxiliary, output } = threatModel;
  const threat = `${access}, ${auxiliary === 'none' ? 'no data' : `${auxiliary} data`}, ${output}`;
  const guessed = asked.attribute?.name;
  return guessed === undefined || tellsAttribute(label, guessed) ? threat : `${threat}; guesses ${guessed}`;
}

export function matrixTitle({ data, model }: Matrix): string {
  return `${model} on ${data}`;
}

/** What a column's heading adds below its label. */
export function columnNote({ defense, label }: MatrixColumn): string | undefined {
  const told = label.includes('attackers unaware');
  return defense.adaptive === false && !told ? 'attackers do not know of it' : undefined;
}

/** From this many seeds on an interval over them is of use. */
const ENOUGH_SEEDS = 5;
/** Upper 97.5 % points of Student's t with 1, 2 and 3 degrees of freedom. */
const REACH: readonly string[] = ['12.7', '4.3', '3.2'];

/** What so few seeds mean for the intervals; undefined where there are enough, or one alone. */
export function seedsNote(matrices: readonly Matrix[]): string | undefined {
  const counts = matrices.flatMap(({ columns }) => columns.map(({ seeds }) => seeds.length));
  const seeds = Math.max(0, ...counts);
  if (seeds < 2 || seeds >= ENOUGH_SEEDS) return undefined;
  const freedom = seeds === 2 ? '1 degree' : `${seeds - 1} degrees`;
  return `With only ${seeds} seeds the interval over seeds is wide (Student’s t with ${freedom} of freedom: ${REACH[seeds - 2]} standard errors to each side), so that hardly any change can be told from chance: repeat over ${ENOUGH_SEEDS} seeds or more.`;
}

/** How the intervals of changes were made: once each, in the order of the matrices. */
export function changeMethods(matrices: readonly Matrix[]): string[] {
  const figures = matrices.flatMap(({ columns, rows }) => [
    ...rows.flatMap(({ cells }) => cells),
    ...columns.map(({ testAccuracy }) => testAccuracy),
  ]);
  return [
    ...new Set(
      figures.flatMap((figure) => (typeof figure !== 'string' && figure.change ? figure.change.method : [])),
    ),
  ];
}
