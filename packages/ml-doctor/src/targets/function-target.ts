/** A model that is a function of whoever uses the library: any runtime that can be called from JavaScript. */
import { AuditError } from '../errors.ts';
import type { Answers, Inputs } from './access.ts';
import { fromLogits, fromPosteriors, type LogRow, looksSquashed, oneHot } from './http/log-row.ts';
import type { RemoteTarget } from './remote.ts';

/** The same records as one tensor, for runtimes that want that: `tf.tensor(values, shape)`. */
export interface RecordBatch {
  /** `[rows, ...recordShape]`. */
  readonly shape: readonly number[];
  /** All records one after the other. */
  readonly values: Float32Array;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * One row per record (arrays or typed arrays), or all rows one after the other in one typed array; of `label` one class
 * name or index per record.
 */
export type FunctionAnswers = ArrayLike<ArrayLike<number>> | ArrayLike<number> | ArrayLike<number | string>;

/** Answers a batch of records; each is given on its own, row-major in the record's shape. */
export type AnswerFunction = (
  records: readonly Float32Array[],
  batch: RecordBatch,
) => Promise<FunctionAnswers> | FunctionAnswers;

export interface FunctionTargetOptions {
  readonly recordShape: readonly number[];
  /** Their names, in the order of the answers. */
  readonly classes: readonly string[];
  /** What the function gives; probabilities by default. */
  readonly answers?: 'probabilities' | 'logits' | 'label';
  /** Records in one call at most; 256 by default. */
  readonly batch?: number;
  /** Calls at once at most; 1 by default. */
  readonly concurrency?: number;
}

/**
 * The answers are log posteriors; −∞ where the function says 0, or names another class.
 *
 * @throws {AuditError} MLD_USAGE here for options that make no sense. From a question: MLD_ENDPOINT_ANSWER for answers
 *   that do not fit, MLD_ENDPOINT for what the function throws (its own AuditErrors as they are), and the signal's reason
 */
export const functionTarget = (answer: AnswerFunction, options: FunctionTargetOptions): RemoteTarget => {
  const { recordShape, classes, answers: form = 'probabilities', batch = 256, concurrency = 1 } = options;
  const length = recordShape.reduce((a, b) => a * b, 1);
  for (const [name, value] of [
    ['batch', batch],
    ['concurrency', concurrency],
    ['length of a record', length],
    ['number of classes', classes.length],
  ] as const)
    if (!Number.isSafeInteger(value) || value < 1)
      throw new AuditError(
        'MLD_USAGE',
        `the ${name} of a function target is ${value}`,
        'Give a whole number from 1.',
      );
  const turn = turns(concurrency);

  const ask = async (inputs: Inputs, start: number, signal: AbortSignal): Promise<Float32Array> => {
    signal.throwIfAborted();
    const rows = Math.min(batch, inputs.rows - start);
    // A copy: the function may keep or change what it is given.
    const values = inputs.values.slice(start * length, (start + rows) * length);
    const records = Array.from({ length: rows }, (_, i) => values.subarray(i * length, (i + 1) * length));
    const given = await unlessAborted(
      called(() => answer(records, { shape: [rows, ...recordShape], values, signal })),
      signal,
    );
    return logPosteriors(given, rows, classes, form);
  };

  return {
    answers: async (inputs, signal): Promise<Answers> => {
      if (inputs.values.length !== inputs.rows * length)
        throw new Error(`internal: ${inputs.values.length} numbers for ${inputs.rows} records of ${length}`);
      const logits = new Float32Array(inputs.rows * classes.length);
      const stop = new AbortController();
      const either = AbortSignal.any([signal, stop.signal]);
      const starts = Array.from({ length: Math.ceil(inputs.rows / batch) }, (_, i) => i * batch);
      const one = async (start: number): Promise<void> => {
        try {
          logits.set(await ask(inputs, start, either), start * classes.length);
        } catch (error) {
          // The other calls need not be made, and end with the same error.
          stop.abort(error);
          throw error;
        }
      };
      await Promise.all(starts.map((start) => turn(() => one(start))));
      return { logits, classes: classes.length };
    },
  };
};

/** Lets so many run at once, the others in the order in which they came. */
const turns = (most: number) => {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < most) running += 1;
    // Whoever ends hands its turn on.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
};

const called = async (call: () => Promise<FunctionAnswers> | FunctionAnswers): Promise<unknown> => {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof AuditError) throw cause;
    throw new AuditError(
      'MLD_ENDPOINT',
      `the function that answers for the model failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      'The cause of this error says where; call the function with one record to see it alone.',
      { cause },
    );
  }
};

/** The function may know nothing of signals. */
const unlessAborted = async <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> => {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

const logPosteriors = (
  given: unknown,
  rows: number,
  classes: readonly string[],
  form: 'probabilities' | 'logits' | 'label',
): Float32Array => {
  const entries = rowsOf(given, rows, form === 'label' ? 1 : classes.length);
  if (entries === undefined) throw unfit(`gave ${described(given)} for ${counted(rows, 'record')}`);
  if (entries.length !== rows)
    throw unfit(`gave ${counted(entries.length, 'answer')} for ${counted(rows, 'record')}`);
  if (form === 'logits' && looksSquashed(entries.filter(isList) as ArrayLike<number>[]))
    throw unfit(
      `gave numbers from 0 to 1 that add up to 1 for each of ${counted(rows, 'record')}: probabilities, where logits are expected (answers)`,
    );
  const logits = new Float32Array(rows * classes.length);
  entries.forEach((entry, i) => {
    const row = form === 'label' ? labelRow(entry, classes) : numberRow(entry, classes.length, form);
    if (typeof row === 'string')
      throw unfit(`gave an answer that cannot be used: record ${i + 1} of ${rows} ${row}`);
    logits.set(row, i * classes.length);
  });
  return logits;
};

/** One entry per record; a flat typed array of many numbers each is cut into rows. */
const rowsOf = (given: unknown, rows: number, width: number): readonly unknown[] | undefined => {
  if (!isList(given)) return undefined;
  const flat = ArrayBuffer.isView(given) && width > 1 && given.length === rows * width;
  return flat
    ? Array.from({ length: rows }, (_, i) => Array.from(given).slice(i * width, (i + 1) * width))
    : Array.from(given);
};

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

const numberRow = (entry: unknown, width: number, form: 'probabilities' | 'logits'): LogRow => {
  if (!isList(entry)) return `has ${described(entry)} where ${width} numbers were expected`;
  if (entry.length !== width) return `has ${entry.length} numbers for ${width} classes`;
  const numbers = Array.from(entry);
  const odd = numbers.find(
    (z) =>
      typeof z !== 'number' ||
      Number.isNaN(z) ||
      z === Number.POSITIVE_INFINITY ||
      (z === Number.NEGATIVE_INFINITY && form === 'probabilities'),
  );
  if (odd !== undefined) return `has ${described(odd)} among its numbers`;
  const row = Float64Array.from(numbers as number[]);
  if (form === 'probabilities') return fromPosteriors(row);
  return row.some(Number.isFinite) ? fromLogits(row) : 'has no finite logit';
};

const labelRow = (label: unknown, classes: readonly string[]): LogRow => {
  const place = typeof label === 'number' ? label : classes.indexOf(String(label));
  if (Number.isInteger(place) && place >= 0 && place < classes.length) return oneHot(place, classes.length);
  return `is labelled ${described(label)}, which is neither one of ${classes.length} class names nor an index below that`;
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const described = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined)
    return String(value);
  if (isList(value)) return `a list of ${value.length}`;
  return typeof value === 'object'
    ? `an object (${value.constructor?.name ?? 'without a class'})`
    : `a ${typeof value}`;
};

const unfit = (what: string): AuditError =>
  new AuditError(
    'MLD_ENDPOINT_ANSWER',
    `the function that answers for the model ${what}`,
    'Return one row of numbers per record, in the order of the classes, and say with "answers" what they are: probabilities, logits or label.',
  );
