/**
 * The part of a response that holds answers, in any of the shapes servers give it, to one row of log posteriors per
 * record: lists of lists, one flat list, class names or indices, lists of `{label, score}`, objects from name to number.
 */
import type { EndpointChoice } from './endpoint.ts';
import { answerFault } from './faults.ts';
import type { Quote } from './json-answer.ts';
import {
  fromLogits,
  fromLogPosteriors,
  fromPosteriors,
  type LogRow,
  looksSquashed,
  NOT_SHOWN,
  oneHot,
} from './log-row.ts';
import { describe } from './response-path.ts';

export interface Reading {
  /** Records that were asked about. */
  readonly rows: number;
  readonly classes: readonly string[];
  readonly answers: EndpointChoice['answers'];
  readonly quote: Quote;
}

/**
 * `rows × classes`, −∞ for a posterior of 0, NaN for what is not shown.
 *
 * @throws {AuditError} MLD_ENDPOINT_ANSWER
 */
export const readRows = (value: unknown, reading: Reading): Float32Array => {
  const { rows, classes } = reading;
  const entries = entriesOf(value, reading);
  if (entries.length !== rows)
    throw answerFault(`answered about ${entries.length} records where ${rows} were asked`);
  if (reading.answers === 'logits' && looksSquashed(entries.filter(Array.isArray)))
    throw answerFault(
      `answers with numbers from 0 to 1 that add up to 1 for each of ${rows} records: probabilities, where logits are expected`,
    );
  const out = new Float32Array(rows * classes.length);
  entries.forEach((entry, i) => {
    const row = rowOf(entry, reading);
    if (typeof row === 'string')
      throw answerFault(`gave an answer that cannot be used: record ${i + 1} of ${rows} ${row}`);
    out.set(row, i * classes.length);
  });
  return out;
};

interface Score {
  readonly label: unknown;
  readonly score: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScore = (value: unknown): value is Score & Record<string, unknown> =>
  isObject(value) && Object.hasOwn(value, 'label') && Object.hasOwn(value, 'score');

const entriesOf = (value: unknown, { rows, classes, answers }: Reading): readonly unknown[] => {
  if (!Array.isArray(value)) return [value];
  const flat = value.length > 0 && value.every((v) => typeof v === 'number');
  if (flat && answers !== 'label') {
    const width = classes.length;
    // Tensors come flattened, row after row.
    if (value.length !== rows * width)
      throw answerFault(`answered with ${value.length} numbers for ${rows} records of ${width} classes`);
    return Array.from({ length: rows }, (_, i) => value.slice(i * width, (i + 1) * width));
  }
  // The only record's list of classes, not wrapped in a list of records.
  if (rows === 1 && value.length > 0 && value.every(isScore)) return [value];
  return value;
};

const rowOf = (entry: unknown, reading: Reading): LogRow => {
  const { classes, answers, quote } = reading;
  if (isScore(entry)) return rowOf([entry], reading);
  if (Array.isArray(entry) && entry.length > 0 && entry.every(isScore)) return rowOfScores(entry, reading);
  if (answers === 'label') {
    const label = Array.isArray(entry) && entry.length === 1 ? entry[0] : entry;
    const place = classOf(label, classes);
    return place === undefined
      ? `is labelled ${describe(label, quote)}, which is no class${namesOf(classes, quote)}`
      : oneHot(place, classes.length);
  }
  if (isObject(entry))
    return rowOfScores(
      Object.entries(entry).map(([label, score]) => ({ label, score })),
      reading,
    );
  if (!Array.isArray(entry))
    return `has ${describe(entry, quote)} where ${classes.length} numbers were expected`;
  if (entry.length !== classes.length)
    return `has ${entry.length} ${entry.length === 1 ? 'value' : 'values'} for ${classes.length} classes`;
  const odd = entry.find((v) => typeof v !== 'number' || !Number.isFinite(v));
  if (odd !== undefined) return `has ${describe(odd, quote)} among its numbers`;
  return convert(Float64Array.from(entry), answers);
};

const rowOfScores = (scores: readonly Score[], { classes, answers, quote }: Reading): LogRow => {
  if (scores.length === 0) return 'has no class';
  const places = scores.map(({ label }) => classOf(label, classes));
  const unknown = places.indexOf(undefined);
  if (unknown >= 0)
    return `names ${describe(scores[unknown]?.label, quote)}, which is no class${namesOf(classes, quote)}`;
  if (new Set(places).size < places.length) return 'names a class twice';
  const row = new Float64Array(classes.length).fill(NOT_SHOWN);
  for (const [i, { score }] of scores.entries()) {
    if (typeof score !== 'number' || !Number.isFinite(score))
      return `has the score ${describe(score, quote)}`;
    row[places[i] as number] = score;
  }
  if (answers === 'label') {
    const best = scores.reduce((a, b, i) => ((b.score as number) > (scores[a]?.score as number) ? i : a), 0);
    return oneHot(places[best] as number, classes.length);
  }
  if (scores.length < classes.length && answers === 'logits')
    return `shows ${scores.length} of ${classes.length} logits, from which no posterior follows`;
  return convert(row, answers);
};

const convert = (row: Float64Array, answers: EndpointChoice['answers']): LogRow => {
  if (answers === 'logits') return fromLogits(row);
  return answers === 'probabilities' ? fromPosteriors(row) : fromLogPosteriors(row);
};

/** A name before a place: where classes are called 1 to 3, a 1 is the first of them. `LABEL_2` is what Hugging Face calls place 2. */
const classOf = (label: unknown, classes: readonly string[]): number | undefined => {
  if (typeof label !== 'string' && typeof label !== 'number' && typeof label !== 'boolean') return undefined;
  const named = classes.indexOf(String(label));
  if (named >= 0) return named;
  const [, prefix, place] = /^(LABEL_)?(\d{1,9})(?:\.0)?$/.exec(String(label)) ?? [];
  if (place === undefined || Number(place) >= classes.length) return undefined;
  return prefix !== undefined || !classes.every((name) => /^\d+$/.test(name)) ? Number(place) : undefined;
};

const namesOf = (classes: readonly string[], quote: Quote): string =>
  ` (${quote(classes.slice(0, 8).join(', '))}${classes.length > 8 ? ', …' : ''})`;
