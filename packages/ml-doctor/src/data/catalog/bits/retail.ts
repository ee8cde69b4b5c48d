/** Retail-K: 41,548 shopping baskets of 600 items in K clusters, Shokri's Purchase-K recipe on open data. */
import { readChecked } from '../../checked-file.ts';
import { readBitRecords } from '../../formats/labelled-bytes.ts';
import type { CatalogEntry } from '../entry.ts';
import { bitsDataset, checkSize } from './bits-dataset.ts';
import { clusterKept } from './clusters.ts';

const SIZE = 41_548;
const WIDTH = 600;
const RECORD_BYTES = 1 + WIDTH / 8;

const baskets = {
  name: 'retail-100/retail600-kmeans100.packed.bin.gz',
  alsoAt: ['retail100/retail600-kmeans100.packed.bin.gz'],
  sha256: '8ca1a879491d8d40dad19acc7b65cc4bcdb43997e57f4b6f45e2ad93b73141bf',
  inflatedBytes: SIZE * RECORD_BYTES,
};

type RetailId<K extends number> = `retail-${K}`;

/**
 * For K = 100 the classes are the clusters the file gives, of 1 to 3,884 baskets. For fewer, the same baskets are
 * clustered anew into K by {@link clusterKept} whenever they are read (some seconds for 50), as Shokri et al. made
 * Purchase-2 to Purchase-100 of the same purchases: the classes of a smaller K are no unions of those of a larger.
 */
function retail<K extends 2 | 10 | 20 | 50 | 100>(clusters: K): CatalogEntry<RetailId<K>> {
  return {
    id: `retail-${clusters}`,
    ...(clusters !== 100 && { recordsOf: 'retail-100' }),
    kind: 'bits',
    label: 'cluster of similar baskets',
    preprocessing: `The 600 most bought items, a bit each; baskets without any are left out; ${clusters === 100 ? 'the 100 clusters of the file, found by k-means on the bits' : 'clustered anew by k-means on the bits'}. The packed file was made of the source’s retail.dat, and is not offered there.`,
    title: `Retail-${clusters}: shopping baskets, 600 bits in ${clusters} clusters`,
    source: 'http://fimi.uantwerpen.be/data/ (retail, the 600 most bought items)',
    licence: 'none stated; for research, citing the paper',
    citation:
      'T. Brijs, G. Swinnen, K. Vanhoof, G. Wets: Using Association Rules for Product Assortment Decisions: A Case Study, KDD 1999',
    size: SIZE,
    bundled: false,
    forms: [
      {
        title: 'packed bits with the 100 clusters',
        files: [baskets],
        async read([path], { name, cache }) {
          const { labels, values } = await readChecked(path as string, baskets, (bytes, file, maxBytes) =>
            readBitRecords(bytes, file, WIDTH, maxBytes),
          );
          checkSize(path as string, labels.length, SIZE);
          const names = Array.from({ length: clusters }, (_, c) => `cluster ${c}`);
          const classes = clusters === 100 ? labels : await clusterKept(values, WIDTH, clusters, cache);
          return bitsDataset(name, WIDTH, values, classes, names, 'item');
        },
      },
    ],
  };
}

export const retail2 = retail(2);
export const retail10 = retail(10);
export const retail20 = retail(20);
export const retail50 = retail(50);
export const retail100 = retail(100);
