/** Whether two data sets are of the same records under two names, which no comparison of values tells where one is resized. */
import { catalog } from './catalog/catalog.ts';
import type { CatalogEntry } from './catalog/entry.ts';
import { parseDataName } from './data-name.ts';

/** By name; what is not in the catalogue has its own records. In other pixels a data set keeps its records. */
export const sameRecords = (one: string, other: string): boolean => whoseRecords(one) === whoseRecords(other);

const whoseRecords = (name: string): string => {
  const { id } = parseDataName(name);
  const entry: CatalogEntry | undefined = Object.values(catalog).find((known) => known.id === id);
  return entry?.recordsOf ?? id;
};
