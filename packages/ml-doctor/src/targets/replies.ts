/** What of a model's answers is shown: a label, the largest posteriors or all of them, tempered and rounded. */
import { AuditError } from '../errors.ts';
import { argmax } from '../stats/argmax.ts';
import { posterior } from '../stats/log-posterior.ts';
import type { Answers } from './access.ts';
import type { Replies, ReplyForm } from './oracle.ts';

/**
 * The answers as the form shows them. Whoever computes an answer knows the posteriors to the last digit: the label, and
 * which classes are the largest and in what order, are told from what the model gave, before anything is rounded. So
 * neither temperature nor rounding changes them.
 *
 * @throws {AuditError} MLD_ARTIFACT for a row of answers that has no softmax
 */
export const repliesTo = ({ logits, classes }: Answers, form: ReplyForm): Replies => {
  const rows = logits.length / classes;
  const row = (i: number): Float32Array => logits.subarray(i * classes, (i + 1) * classes);
  for (let i = 0; i < rows; i++) refuseWithoutSoftmax(row(i), i);
  if (form.output === 'label')
    return { shows: 'label', labels: Int32Array.from({ length: rows }, (_, i) => argmax(row(i))) };
  const shown = (i: number): Float64Array => rounded(tempered(row(i), form.temperature ?? 1), form.digits);
  if (form.output === 'posteriors') {
    const posteriors = new Float32Array(rows * classes);
    for (let i = 0; i < rows; i++) posteriors.set(shown(i), i * classes);
    return { shows: 'posteriors', posteriors };
  }
  const k = shownClasses(form, classes);
  const places = new Int32Array(rows * k);
  const posteriors = new Float32Array(rows * k);
  for (let i = 0; i < rows; i++) {
    const all = shown(i);
    largestFirst(row(i), k).forEach((place, j) => {
      places[i * k + j] = place;
      posteriors[i * k + j] = all[place] as number;
    });
  }
  return { shows: 'top', k, classes: places, posteriors };
};

/** softmax(row / temperature), however small or large the temperature. */
export const tempered = (row: ArrayLike<number>, temperature: number): Float64Array => {
  const top = row[argmax(row)] as number;
  // The largest is taken off first: divided by a small temperature it could be infinite.
  return posterior(Float64Array.from(row, (z) => (z - top) / temperature));
};

/**
 * To so many decimal places, exact halves away from zero; as they are without a number of places. `toFixed` compares
 * the number itself with the two next to it, where a product with a power of ten would be rounded on the way.
 *
 * @param digits from 0 to 100
 */
export const rounded = (values: Float64Array, digits: number | undefined): Float64Array =>
  digits === undefined ? values : values.map((value) => Number(value.toFixed(digits)));

/** Where the k largest values are, the largest first and the first among equals. */
export const largestFirst = (row: ArrayLike<number>, k: number): readonly number[] =>
  Array.from({ length: row.length }, (_, place) => place)
    .sort((a, b) => (row[a] === row[b] ? a - b : (row[b] as number) > (row[a] as number) ? 1 : -1))
    .slice(0, k);

/** How many posteriors are shown of so many classes. */
const shownClasses = ({ output, k = 0 }: ReplyForm, classes: number): number =>
  Math.min(output === 'top1' ? 1 : k, classes);

const refuseWithoutSoftmax = (row: Float32Array, index: number): void => {
  // NaN where any of them is.
  if (Number.isFinite(row.reduce((top, z) => Math.max(top, z), Number.NEGATIVE_INFINITY))) return;
  throw new AuditError(
    'MLD_ARTIFACT',
    `the target's answer to input ${index} of a query has no softmax: it holds NaN, +∞ or nothing but −∞`,
    'Train the target anew, with a lower learning rate if its training diverged.',
  );
};
