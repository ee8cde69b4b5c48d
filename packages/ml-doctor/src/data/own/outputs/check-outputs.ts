/** Refuses saved outputs that are not what their columns say: posteriors that are logits, logits that are posteriors. */
import { AuditError } from '../../../errors.ts';

/** How far posteriors may sum beside 1: float32, or printed with three digits, of a few hundred classes. */
const SUM_TOLERANCE = 1e-2;
/** How far one may lie outside of [0, 1]. */
const RANGE_TOLERANCE = 1e-4;
/** Fewer rows that happen to sum to 1 could be logits. */
const TELLING_ROWS = 5;

export interface OutputRows {
  readonly path: string;
  /** `rows × width` */
  readonly values: Float64Array;
  readonly width: number;
  readonly place: (row: number) => string;
}

/** @throws {AuditError} MLD_DATA_INVALID naming the row */
export const checkPosteriors = ({ values, width, place }: OutputRows): void => {
  for (let row = 0; row * width < values.length; row++) {
    const own = values.subarray(row * width, (row + 1) * width);
    if (isPosterior(own)) {
      own.forEach((p, c) => {
        own[c] = Math.min(1, Math.max(0, p));
      });
      continue;
    }
    const outside = own.find((p) => !(p >= -RANGE_TOLERANCE && p <= 1 + RANGE_TOLERANCE));
    const what =
      outside === undefined
        ? `sum to ${own.reduce((a, b) => a + b, 0).toPrecision(6)}, not to 1`
        : `hold ${outside}, which is no probability`;
    throw invalid(`${place(row)}: its posteriors ${what}`, posteriorAdvice(values, width));
  }
};

const posteriorAdvice = (values: Float64Array, width: number): string => {
  const rows = rowsOf(values, width);
  if (rows.every((row) => row.every((v) => v <= 0) && Math.abs(sum(row.map(Math.exp)) - 1) <= SUM_TOLERANCE))
    return 'These are logarithms of posteriors: name the columns z0, z1, … (or logits), which may be such.';
  if (
    rows.every(
      (row) => row.every((v) => v >= 0 && v <= 100) && Math.abs(sum(row) - 100) <= 100 * SUM_TOLERANCE,
    )
  )
    return 'These are percentages: divide them by 100.';
  if (rows.some((row) => row.some((v) => v < -RANGE_TOLERANCE || v > 1 + RANGE_TOLERANCE)))
    return 'If they are logits (before the softmax), name the columns z0, z1, … (or logits).';
  return 'Give the probabilities of all classes, as the model answers them. One sigmoid for each label is not supported.';
};

/** @throws {AuditError} MLD_DATA_INVALID for rows without softmax, naming them, and for posteriors in disguise */
export const checkLogits = ({ path, values, width, place }: OutputRows): void => {
  const rows = values.length / width;
  let posteriors = rows >= TELLING_ROWS;
  for (let index = 0; index < rows; index++) {
    const row = values.subarray(index * width, (index + 1) * width);
    if (!row.every((z) => z < Number.POSITIVE_INFINITY) || !row.some(Number.isFinite))
      throw invalid(
        `${place(index)}: its logits have no softmax (+∞, or nothing but −∞)`,
        'Save finite numbers.',
      );
    posteriors &&= isPosterior(row);
  }
  if (posteriors)
    throw invalid(
      `${path}: its logits are posteriors: every row lies in [0, 1] and sums to 1`,
      'Name the columns p0, p1, … (or posteriors).',
    );
};

/** @throws {AuditError} MLD_DATA_INVALID naming the row */
export const checkLosses = ({ values, place }: OutputRows): void => {
  const row = values.findIndex((loss) => !(loss >= 0 && Number.isFinite(loss)));
  if (row < 0) return;
  throw invalid(
    `${place(row)}: its loss is ${values[row]}, and a cross-entropy is a finite number from 0`,
    'Save the cross-entropy of each record on its own label, not its negative and not an average.',
  );
};

/** The first hundred, for advice. */
const rowsOf = (values: Float64Array, width: number): readonly Float64Array[] =>
  Array.from({ length: Math.min(100, values.length / width) }, (_, row) =>
    values.subarray(row * width, (row + 1) * width),
  );

const sum = (row: Float64Array): number => row.reduce((a, b) => a + b, 0);

const isPosterior = (row: Float64Array): boolean =>
  row.every((p) => p >= -RANGE_TOLERANCE && p <= 1 + RANGE_TOLERANCE) &&
  Math.abs(sum(row) - 1) <= SUM_TOLERANCE;

const invalid = (message: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, hint);
