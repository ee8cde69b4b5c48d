/** Attributes of own records, from the values that the files hold for them. */
import { AuditError } from '../../errors.ts';
import type { Attribute } from '../dataset.ts';

/** Whole numbers of so few values are codes of categories; more are amounts. */
const MAX_CODES = 20;

/**
 * One attribute of the records of all sides: text becomes categories in ascending order, so do whole numbers of up to 20
 * different values; other numbers stay numbers.
 *
 * @throws {AuditError} MLD_DATA_INVALID for text on one side and numbers on the other, and for numbers that are none
 */
export function ownAttribute(name: string, values: readonly (string | number)[]): Attribute {
  const texts = values.filter((value) => typeof value === 'string').length;
  if (texts > 0 && texts < values.length) throw invalid(name, 'is text on one side and numbers on another');
  const distinct = [...new Set(values)];
  if (texts > 0) {
    const categories = (distinct as string[]).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return categorical(values, categories, categories);
  }
  const strange = distinct.find((value) => !Number.isFinite(value));
  if (strange !== undefined) throw invalid(name, `holds ${strange}, which is no finite number`);
  if (distinct.length > MAX_CODES || !distinct.every(Number.isSafeInteger))
    return { values: Float32Array.from(values as readonly number[]) };
  const codes = (distinct as number[]).sort((a, b) => a - b);
  return { ...categorical(values, codes, codes.map(String)), ordered: true };
}

function categorical(
  values: readonly (string | number)[],
  keys: readonly (string | number)[],
  categories: readonly string[],
): Attribute {
  const index = new Map(keys.map((key, i) => [key, i]));
  return { values: Int32Array.from(values, (value) => index.get(value)!), categories };
}

function invalid(name: string, what: string): AuditError {
  return new AuditError(
    'MLD_DATA_INVALID',
    `attribute '${name}' ${what}`,
    'Save it in the same way on all sides, or leave it out of `attributes`.',
  );
}
