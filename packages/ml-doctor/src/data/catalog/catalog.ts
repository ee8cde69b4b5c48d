/** The named data sets. Adding one is a file in the folder of its kind, and one line in `ENTRIES`. */
import { location } from './bits/location.ts';
import { retail2, retail10, retail20, retail50, retail100 } from './bits/retail.ts';
import type { CatalogEntry } from './entry.ts';
import { cifar10Sample } from './pictures/cifar10-20k.ts';
import { fashionMnist, fashionMnist10k } from './pictures/fashion-mnist.ts';
import { utkface } from './pictures/utkface.ts';
import { adult, adultUnaware } from './tables/adult.ts';
import { germanCredit } from './tables/german-credit.ts';

/** In the order in which they are listed: pictures, bits, tables, texts. */
const ENTRIES = [
  fashionMnist,
  fashionMnist10k,
  cifar10Sample,
  utkface,
  location,
  retail2,
  retail10,
  retail20,
  retail50,
  retail100,
  adult,
  adultUnaware,
  germanCredit,
] as const satisfies readonly CatalogEntry[];

export type DatasetId = (typeof ENTRIES)[number]['id'];

export const catalog = Object.fromEntries(ENTRIES.map((entry) => [entry.id, entry])) as {
  readonly [Id in DatasetId]: CatalogEntry<Id>;
};
