/**
 * The named data sets. Adding one is a file beside this one, its id in `DatasetId`, and one line in
 * `catalog`.
 */
import { adult } from './adult.ts';
import type { CatalogEntry } from './entry.ts';
import { fashionMnist10k } from './fashion-mnist-10k.ts';

export type DatasetId = 'adult' | 'fashion-mnist-10k';

/** Total by type: an id without its entry, or an entry under another's id, does not compile. */
export const catalog: { readonly [Id in DatasetId]: CatalogEntry<Id> } = {
  adult,
  'fashion-mnist-10k': fashionMnist10k,
};
