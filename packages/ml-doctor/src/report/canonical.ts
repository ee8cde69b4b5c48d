/** The one way a report becomes bytes: fixed key order, 6 significant digits of figures, one line feed at the end. */

import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Report, Result } from './schema.ts';
import { reportSchema } from './schema.ts';

const SIGNIFICANT_DIGITS = 6;

/**
 * `report.json` as text. Keys stand in the order of the schema, free-form keys (metrics, params) in code-point order;
 * whole numbers are printed in full.
 *
 * @throws Error starting `internal:` when the report breaks its own schema.
 */
export function reportToJson(report: Report): string {
  return toCanonicalJson(reportSchema, report, 'report');
}

/** Text of any value whose schema is known, by the same rules as {@link reportToJson}. */
export function toCanonicalJson(schema: z.ZodType, value: unknown, what: string): string {
  return `${print(canonicalValue(schema, value, what), '')}\n`;
}

/** The value as it reads once written and read back: whatever is rendered from it is the same before and after. */
export function canonicalValue<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(sortAndRound(value));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new Error(`internal: ${what} breaks its schema at ${first?.path.join('.')}: ${first?.message}`);
}

/** Equal for values that are written as equal bytes: to compare by and to group by. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(sortAndRound(value));
}

/** Nearest number with 6 significant digits; whole numbers up to 2^53 and -0 come out whole and unsigned. */
export function roundSignificant(value: number): number {
  if (!Number.isFinite(value)) return value;
  return Number.isSafeInteger(value) ? value + 0 : Number(value.toPrecision(SIGNIFICANT_DIGITS));
}

/**
 * Name of a question put to a model: `attack@access,auxiliary#digest`. The digest covers the visible output, the
 * parameters, the defence and how the copy is got that stands for the target, not the seed, so that two runs of one
 * question can be laid side by side.
 */
export function resultId(
  question: Pick<Result, 'attack' | 'threatModel' | 'params' | 'defense'> & Partial<Pick<Result, 'through'>>,
): string {
  const { attack, threatModel, params, defense, through } = question;
  // How many queries the copy cost follows from how it was got.
  const copy = through && { attack: through.attack, params: through.params };
  const asked = canonicalText({ attack, threatModel, params, defense, ...(copy && { through: copy }) });
  const digest = createHash('sha256').update(asked).digest('hex').slice(0, 8);
  return `${attack}@${threatModel.access},${threatModel.auxiliary}#${digest}`;
}

/** JSON.stringify with one space of indentation, but arrays of numbers on one line: a curve would fill thousands. */
function print(value: unknown, indent: string): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent} `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item === 'number')) return JSON.stringify(value);
    return `[\n${value.map((item) => inner + print(item, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${print(item, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** What was asked for stands as it was: rounded it would be another question. */
const EXACT = new Set(['config', 'params']);

function sortAndRound(value: unknown, exact = false): unknown {
  if (typeof value === 'number') return exact ? value : roundSignificant(value);
  if (Array.isArray(value)) return value.map((item) => sortAndRound(item, exact));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, sortAndRound(inner, exact || EXACT.has(key))]),
  );
}
