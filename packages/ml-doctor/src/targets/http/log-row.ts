/** What a server says of one record, as a row of log posteriors. */
import { expNegative, logOnePlus } from '../../stats/log-posterior.ts';
import { SUM_TOLERANCE } from '../answer-table.ts';

/** A row, or what is wrong with it (to go on after "record 3 …"). */
export type LogRow = Float64Array | string;

const NONE = Number.NEGATIVE_INFINITY;

/** Of a class that is not shown, in a row of whatever kind; a posterior of 0 is shown, as −∞. */
export const NOT_SHOWN = Number.NaN;

/** Posteriors from 0 to 1 with sum 1 up to what printing rounded away, scaled to sum 1; below 1 where some are not shown. */
export const fromPosteriors = (row: Float64Array): LogRow => {
  const shown = row.filter((p) => !Number.isNaN(p));
  const odd = shown.find((p) => !(p >= 0 && p <= 1 + SUM_TOLERANCE));
  if (odd !== undefined) return `has a posterior of ${odd}${looksLikeLogits(shown)}`;
  const whole = shown.length === row.length;
  const sum = total(shown);
  const wrong = wrongSum(sum, whole);
  if (wrong !== undefined) return wrong;
  // What isn't shown is unknown: those that are keep their values.
  const scale = whole ? sum : Math.max(1, sum);
  return row.map((p) => logOf(p / scale));
};

/** Logarithms of posteriors. */
export const fromLogPosteriors = (row: Float64Array): LogRow => {
  const shown = row.filter((z) => !Number.isNaN(z));
  const odd = shown.find((z) => z > SUM_TOLERANCE);
  if (odd !== undefined) return `has a log probability of ${odd}, which is above 0`;
  const whole = shown.length === row.length;
  const sum = total(shown.map((z) => (z > 0 ? 1 + z : expNegative(z))));
  const wrong = wrongSum(sum, whole);
  if (wrong !== undefined) return wrong;
  if (!whole && sum <= 1) return row;
  const scaled = fromLogits(shown);
  let next = 0;
  return row.map((z) => (Number.isNaN(z) ? NOT_SHOWN : (scaled[next++] as number)));
};

/** ln softmax, with the largest taken out so that a confident answer keeps its digits. */
export const fromLogits = (row: Float64Array): Float64Array => {
  let top = 0;
  row.forEach((z, j) => {
    if (z > (row[top] as number)) top = j;
  });
  const largest = row[top] as number;
  let others = 0;
  row.forEach((z, j) => {
    if (j !== top) others += expNegative(z - largest);
  });
  const log = logOnePlus(others);
  return row.map((z) => z - largest - log);
};

/** Fewer rows that happen to sum to 1 could be logits. */
const TELLING_ROWS = 5;

/** Whether what is called logits looks like posteriors, whose softmax would be a wrong number. */
export const looksSquashed = (rows: readonly ArrayLike<number>[]): boolean =>
  rows.length >= TELLING_ROWS &&
  rows.every((row) => {
    const values = Array.from(row);
    const sum = values.reduce((a, b) => a + b, 0);
    return values.length > 1 && values.every((p) => p >= 0 && p <= 1 + 1e-4) && Math.abs(sum - 1) <= 1e-4;
  });

export const oneHot = (label: number, classes: number): Float64Array =>
  new Float64Array(classes).fill(NONE).fill(0, label, label + 1);

/** The posterior that a row says of each class, 0 where it shows none. */
export const shownPosteriors = (row: ArrayLike<number>): Float64Array =>
  Float64Array.from(row, (z) => (Number.isNaN(z) ? 0 : expNegative(Math.min(z, 0))));

/** Classes of a row that are not shown. */
export const hiddenIn = (row: Float32Array): number => row.filter(Number.isNaN).length;

/** The least that a class counts as that is not shown, as behind the defences of answers. */
const LEAST = 1e-12;

/**
 * Log posteriors of all classes: those not shown count as equal shares of what the others leave of 1, none above the
 * least that is shown. Counted as 0 they would vanish in a softmax, and a largest posterior of .6 that is shown alone
 * would look like 1.
 */
export const completeRow = (row: Float32Array): Float32Array => {
  const hidden = hiddenIn(row);
  if (hidden === 0) return row;
  const shown = shownPosteriors(row.filter((z) => !Number.isNaN(z)));
  const share = Math.max(0, 1 - total(shown)) / hidden;
  const log = logOf(Math.max(LEAST, Math.min(share, ...shown)));
  return row.map((z) => (Number.isNaN(z) ? log : z));
};

/** ln p for p in [0, 1], through ln(1 + s), which stats has to the last digits. */
const logOf = (p: number): number =>
  Number.isNaN(p) ? NOT_SHOWN : p === 0 ? NONE : p >= 1 ? 0 : -logOnePlus((1 - p) / p);

const total = (row: Float64Array): number => row.reduce((a, b) => a + b, 0);

const wrongSum = (sum: number, whole: boolean): string | undefined => {
  if (sum > 1 + SUM_TOLERANCE || (whole && sum < 1 - SUM_TOLERANCE))
    return `has posteriors that sum to ${sum.toPrecision(4)}`;
  return sum === 0 ? 'has no posterior above 0' : undefined;
};

const looksLikeLogits = (row: Float64Array): string => {
  if (!row.some((p) => p < 0)) return '';
  return row.every((p) => p <= SUM_TOLERANCE)
    ? ' (are these log probabilities? then `answers: log-probabilities`)'
    : ' (are these logits? then `answers: logits`)';
};
