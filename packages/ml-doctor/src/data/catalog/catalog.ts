/**
 * The named data sets. Adding one is a file beside this one, its id in `DatasetId`, and one line in
 * `catalog`.
 */
import { adult, adultUnaware } from './adult.ts';
import { cifar10 } from './cifar10.ts';
import type { CatalogEntry } from './entry.ts';
import { fashionMnist, fashionMnist10k } from './fashion-mnist.ts';
import { germanCredit } from './german-credit.ts';
import { location30 } from './location30.ts';
import { retail2, retail10, retail20, retail50, retail100 } from './retail.ts';
import { utkface } from './utkface.ts';

export type DatasetId =
  | 'adult'
  | 'adult-unaware'
  | 'fashion-mnist'
  | 'fashion-mnist-10k'
  | 'cifar10'
  | 'german-credit'
  | 'location30'
  | 'retail2'
  | 'retail10'
  | 'retail20'
  | 'retail50'
  | 'retail100'
  | 'utkface';

/** Total by type: an id without its entry, or an entry under another's id, does not compile. */
export const catalog: { readonly [Id in DatasetId]: CatalogEntry<Id> } = {
  adult,
  'adult-unaware': adultUnaware,
  'fashion-mnist': fashionMnist,
  'fashion-mnist-10k': fashionMnist10k,
  cifar10,
  'german-credit': germanCredit,
  location30,
  retail2,
  retail10,
  retail20,
  retail50,
  retail100,
  utkface,
};
