/** Which columns a Parquet file has, where all of them are flat: single values, or lists of numbers. */
import type { FileMetaData, SchemaElement } from 'hyparquet';

export interface ParquetColumn {
  readonly name: string;
  /** Path of its only leaf. */
  readonly path: readonly string[];
  readonly list: boolean;
  /** Values are optional on so many levels; 0 for a required column. */
  readonly definition: number;
  readonly leaf: SchemaElement;
}

const NUMBERS = new Set(['BOOLEAN', 'INT32', 'INT64', 'FLOAT', 'DOUBLE']);
const REFUSED_CONVERTED = new Set(['JSON', 'BSON', 'INTERVAL', 'MAP', 'MAP_KEY_VALUE']);
const REFUSED_LOGICAL = new Set(['JSON', 'BSON', 'MAP', 'VARIANT', 'GEOMETRY', 'GEOGRAPHY']);

/** @returns the columns, or in words why there are none */
export const parquetColumns = ({
  schema,
}: Pick<FileMetaData, 'schema'>): readonly ParquetColumn[] | string => {
  const columns: ParquetColumn[] = [];
  const seen = new Set<string>();
  let at = 1;
  for (let child = 0; child < (schema[0]?.num_children ?? 0); child++) {
    const path: string[] = [];
    let [repeated, definition] = [0, 0];
    let element: SchemaElement | undefined;
    do {
      element = schema[at++];
      if (element === undefined) return 'its schema ends early';
      if (typeof element.name !== 'string') return 'one of its columns has no name';
      path.push(element.name);
      if (element.repetition_type === 'REPEATED') repeated++;
      if (element.repetition_type !== 'REQUIRED') definition++;
      if ((element.num_children ?? 0) > 1 || path.length > 3)
        return `column '${shown(path[0])}' is nested; columns are single values or lists of numbers`;
    } while (element.num_children);
    const name = path[0] as string;
    if (seen.has(name)) return `two columns are called '${shown(name)}'`;
    seen.add(name);
    if (element.type === undefined) return `column '${shown(name)}' has no type`;
    if (path.length > 1 && repeated !== 1)
      return `column '${shown(name)}' is nested; columns are single values or lists of numbers`;
    const { converted_type, logical_type } = element;
    if (repeated > 0 && (!NUMBERS.has(element.type) || converted_type === 'DATE'))
      return `column '${shown(name)}' holds lists of something else than numbers`;
    if (REFUSED_CONVERTED.has(converted_type ?? '') || REFUSED_LOGICAL.has(logical_type?.type ?? ''))
      return `column '${shown(name)}' holds ${converted_type ?? logical_type?.type} values, which are no numbers and no texts`;
    columns.push({ name, path, list: repeated > 0, definition, leaf: element });
  }
  if (at !== schema.length) return 'its schema has elements that belong to no column';
  return columns.length === 0 ? 'it has no columns' : columns;
};

const shown = (name: string | undefined): string => String(name).slice(0, 60);
