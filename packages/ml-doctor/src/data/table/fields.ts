/** Single fields of a table, read or refused with record and column. */
import { AuditError } from '../../errors.ts';
import { nearestName } from '../nearest-name.ts';

/** As it stands in a file or in somebody's rows. */
export type Field = string | number;

/** Where a field stands, for whoever has to correct it. */
export interface FieldPlace {
  /** Of the data set. */
  readonly id: string;
  /** Counted from 0, as records are everywhere. */
  readonly record: number;
  readonly column: string;
}

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const MOST_LISTED = 20;
const MOST_SHOWN = 60;

/** @throws {AuditError} MLD_DATA_INVALID for what is no finite number, or none in 32 bits */
export const numberField = (field: Field, place: FieldPlace): number => {
  const value = typeof field === 'number' ? field : DECIMAL.test(field) ? Number(field) : Number.NaN;
  if (Number.isFinite(Math.fround(value))) return value;
  throw invalid(
    field,
    place,
    Number.isFinite(value) ? 'too large for a 32-bit number' : 'not a number',
    'Correct the field, or leave out the record; a column with text needs its categories.',
  );
};

/** @throws {AuditError} MLD_DATA_INVALID for another text, with the nearest of the categories */
export const categoryIndex = (field: Field, categories: readonly string[], place: FieldPlace): number => {
  const text = String(field);
  const index = categories.indexOf(text);
  if (index >= 0) return index;
  const listed = categories.slice(0, MOST_LISTED).map(quoted).join(', ');
  const rest = categories.length > MOST_LISTED ? `, … (${categories.length} in all)` : '';
  throw invalid(
    field,
    place,
    'none of its categories',
    `Did you mean ${quoted(nearestName(text.slice(0, MOST_SHOWN), categories) ?? '')}? Known: ${listed}${rest}.`,
  );
};

const quoted = (text: string): string =>
  `'${text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text}'`;

const invalid = (field: Field, { id, record, column }: FieldPlace, what: string, hint: string): AuditError =>
  new AuditError(
    'MLD_DATA_INVALID',
    `data set '${id}': record ${record}, column '${column}' is ${quoted(String(field))}, ${what}`,
    hint,
  );
