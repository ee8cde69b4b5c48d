/** The named data sets. Adding one is a file in the folder of its kind, and one line in `ENTRIES`. */
import { location } from './bits/location.ts';
import { purchase2, purchase10, purchase20, purchase50, purchase100 } from './bits/purchase.ts';
import { retail2, retail10, retail20, retail50, retail100 } from './bits/retail.ts';
import { texas100 } from './bits/texas.ts';
import type { CatalogEntry } from './entry.ts';
import { celeba } from './pictures/celeba.ts';
import { celeba10k } from './pictures/celeba-10k.ts';
import { cifar10 } from './pictures/cifar10.ts';
import { cifar10Sample } from './pictures/cifar10-20k.ts';
import { cifar100 } from './pictures/cifar100.ts';
import { fashionMnist, fashionMnist10k } from './pictures/fashion-mnist.ts';
import { lfw, lfwFunneled } from './pictures/lfw.ts';
import { mnist } from './pictures/mnist.ts';
import { stl10 } from './pictures/stl10.ts';
import { smallUtkface, utkface } from './pictures/utkface.ts';
import { adult, adultUnaware } from './tables/adult.ts';
import { compas } from './tables/compas.ts';
import { diabetes130 } from './tables/diabetes130.ts';
import { germanCredit } from './tables/german-credit.ts';
import { twentyNewsgroups } from './text/twenty-newsgroups.ts';

/** In the order in which they are listed: pictures, bits, tables, texts. */
const ENTRIES = [
  fashionMnist,
  fashionMnist10k,
  mnist,
  cifar10,
  cifar10Sample,
  cifar100,
  stl10,
  celeba,
  celeba10k,
  utkface,
  smallUtkface,
  lfw,
  lfwFunneled,
  purchase2,
  purchase10,
  purchase20,
  purchase50,
  purchase100,
  location,
  texas100,
  retail2,
  retail10,
  retail20,
  retail50,
  retail100,
  adult,
  adultUnaware,
  germanCredit,
  compas,
  diabetes130,
  twentyNewsgroups,
] as const satisfies readonly CatalogEntry[];

export type DatasetId = (typeof ENTRIES)[number]['id'];

export const catalog = Object.fromEntries(ENTRIES.map((entry) => [entry.id, entry])) as {
  readonly [Id in DatasetId]: CatalogEntry<Id>;
};
