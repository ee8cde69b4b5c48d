/** An attribute that somebody may try to guess: of which kind, with which values, and where the model is given it. */
import { AuditError } from '../errors.ts';
import { type Column, columnPlaces, type Dataset } from './dataset.ts';
import { nearestName } from './nearest-name.ts';
import { readColumn } from './table/read-column.ts';

/** By what a guess can be: one of two categories, of several, of several in order, or a number. */
export const ATTRIBUTE_KINDS = ['binary', 'categorical', 'ordinal', 'continuous'] as const;
export type AttributeKind = (typeof ATTRIBUTE_KINDS)[number];

/** What an attacker knows of an attribute before he knows anybody's. */
export interface AttributeFacts {
  readonly name: string;
  readonly kind: AttributeKind;
  /** Absent for a continuous one. */
  readonly categories?: readonly string[];
  /** Whether the model is given it as part of a record. */
  readonly inRecord: boolean;
}

export interface Sensitive extends AttributeFacts {
  /** One per record of the data set: a category's index, or a number. */
  readonly values: Int32Array | Float32Array;
  /** The places of a record that hold it. */
  readonly places?: {
    readonly first: number;
    readonly width: number;
    /** `one-hot`: a place for each category; `value`: the category's index, or the number, in one place. */
    readonly encoding: 'one-hot' | 'value';
  };
}

/** The names that {@link sensitiveOf} knows: attributes first, then columns of the table, each once. */
export const attributeNames = ({ attributes = {}, columns = [] }: Dataset): readonly string[] => [
  ...new Set([...Object.keys(attributes), ...columns.map(({ name }) => name)]),
];

/**
 * The attribute of that name: one that the data set keeps beside its records, or a column of them. A column of the same
 * name is where the model is given it.
 *
 * @throws {AuditError} MLD_ATTRIBUTE_UNKNOWN for another name, MLD_ATTRIBUTE_LABEL when it is what the model predicts
 *   (by name, or because each value goes with one class), MLD_ATTRIBUTE_MISSING when it is not known of every record,
 *   MLD_ATTRIBUTE_CONSTANT when all records have the same
 */
export const sensitiveOf = (data: Dataset, name: string): Sensitive => {
  if (name === data.label) throw isLabel(data, name);
  const column = data.columns?.findIndex((one) => one.name === name) ?? -1;
  const own = data.attributes?.[name];
  if (own === undefined && column < 0) throw unknown(data, name);
  const places = column < 0 ? undefined : placesOf(data, column);
  const described = own ?? (data.columns?.[column] as Column);
  const values = own?.values ?? readColumn({ x: data.x, columns: data.columns as readonly Column[] }, column);
  const { categories, missing } = described;
  refuseMissing(data, name, values, categories, missing);
  refuseConstant(data, name, values, categories);
  if (goesWithLabel(data, values)) throw isLabel(data, name);
  return {
    ...{ name, values, kind: kindOf(described), inRecord: places !== undefined },
    ...(categories && { categories }),
    ...(places && { places }),
  };
};

/** The attribute of some records. */
export const valuesOf = (
  { values }: Pick<Sensitive, 'values'>,
  ids: Uint32Array,
): Int32Array | Float32Array =>
  values instanceof Int32Array
    ? Int32Array.from(ids, (id) => values[id] as number)
    : Float32Array.from(ids, (id) => values[id] as number);

const kindOf = ({ categories, ordered }: Pick<Column, 'categories' | 'ordered'>): AttributeKind => {
  if (!categories) return 'continuous';
  if (categories.length === 2) return 'binary';
  return ordered ? 'ordinal' : 'categorical';
};

const placesOf = (data: Dataset, column: number): NonNullable<Sensitive['places']> => {
  const { first, width } = columnPlaces(data.columns as readonly Column[])[column] as {
    first: number;
    width: number;
  };
  const { categories, ordered } = (data.columns as readonly Column[])[column] as Column;
  return { first, width, encoding: categories && !ordered ? 'one-hot' : 'value' };
};

const refuseMissing = (
  { id, size }: Dataset,
  name: string,
  values: Int32Array | Float32Array,
  categories: readonly string[] | undefined,
  missing: string | undefined,
): void => {
  const gap = missing === undefined ? undefined : categories?.indexOf(missing);
  if (gap === undefined || gap < 0) return;
  let without = 0;
  for (const value of values) if (value === gap) without++;
  if (without === 0) return;
  throw new AuditError(
    'MLD_ATTRIBUTE_MISSING',
    `attribute '${name}' of ${id} is not known ('${missing}') of ${without} of ${size} records, the first of them record ${values.indexOf(gap)}`,
    'Choose an attribute that is known of every record, or leave out the records without it.',
  );
};

const refuseConstant = (
  { id, size }: Dataset,
  name: string,
  values: Int32Array | Float32Array,
  categories: readonly string[] | undefined,
): void => {
  const [first] = values;
  if (values.some((value) => value !== first)) return;
  throw new AuditError(
    'MLD_ATTRIBUTE_CONSTANT',
    `attribute '${name}' of ${id} is ${categories ? `'${categories[first as number]}'` : first} of all ${size} records`,
    'Choose another attribute; there is nothing to guess about this one.',
  );
};

/** Whether each value goes with one class and each class with one value. */
const goesWithLabel = ({ y }: Dataset, values: Int32Array | Float32Array): boolean => {
  const classOf = new Map<number, number>();
  const valueFor = new Map<number, number>();
  return values.every((value, i) => {
    const label = y[i] as number;
    if (!classOf.has(value)) classOf.set(value, label);
    if (!valueFor.has(label)) valueFor.set(label, value);
    return classOf.get(value) === label && valueFor.get(label) === value;
  });
};

const isLabel = ({ id }: Dataset, name: string): AuditError =>
  new AuditError(
    'MLD_ATTRIBUTE_LABEL',
    `attribute '${name}' of ${id} is what the model predicts`,
    'Choose another attribute: the model gives its label away by design.',
  );

const unknown = (data: Dataset, name: string): AuditError => {
  const names = attributeNames(data);
  const listed =
    names.length > 20 ? `${names.slice(0, 20).join(', ')}, … (${names.length} in all)` : names.join(', ');
  return new AuditError(
    'MLD_ATTRIBUTE_UNKNOWN',
    `${data.id} has no attribute '${name}'`,
    names.length === 0
      ? 'This data set has no attributes: leave out attribute inference, or choose other data.'
      : `Did you mean '${nearestName(name, names)}'? Known attributes: ${listed}.`,
  );
};
