/** Retail-K: 41,548 shopping baskets of 600 items in K clusters, Shokri's Purchase-K recipe on open data. */
import { readChecked } from '../checked-file.ts';
import { readBitRecords } from '../formats/labelled-bytes.ts';
import { clusterBits } from '../k-means.ts';
import { bitsDataset, checkSize } from './bits.ts';
import type { CatalogEntry } from './entry.ts';

const SIZE = 41_548;
const WIDTH = 600;
const RECORD_BYTES = 1 + WIDTH / 8;
/** Part of what these data sets are: another seed gives other classes. */
const CLUSTER_SEED = 0;

type RetailId<K extends number> = `retail${K}`;

/**
 * For K = 100 the classes are the clusters the file gives, of 1 to 3,884 baskets. For fewer, the same baskets are
 * clustered anew into K by {@link clusterBits} whenever they are read (some seconds for 50), as Shokri et al. made
 * Purchase-2 to Purchase-100 of the same purchases: the classes of a smaller K are no unions of those of a larger.
 */
function retail<K extends 2 | 10 | 20 | 50 | 100>(clusters: K): CatalogEntry<RetailId<K>, 'baskets'> {
  return {
    id: `retail${clusters}`,
    title: `Retail-${clusters}: shopping baskets, 600 bits in ${clusters} clusters`,
    source: 'http://fimi.uantwerpen.be/data/ (retail, the 600 most bought items)',
    licence: 'none stated; for research, citing the paper',
    citation:
      'T. Brijs, G. Swinnen, K. Vanhoof, G. Wets: Using Association Rules for Product Assortment Decisions: A Case Study, KDD 1999',
    size: SIZE,
    bundled: false,
    files: {
      baskets: {
        name: 'retail100/retail600-kmeans100.packed.bin.gz',
        sha256: '8ca1a879491d8d40dad19acc7b65cc4bcdb43997e57f4b6f45e2ad93b73141bf',
        inflatedBytes: SIZE * RECORD_BYTES,
      },
    },
    async load(locate) {
      const path = await locate(this.files.baskets);
      const { labels, values } = await readChecked(path, this.files.baskets, (bytes, file, maxBytes) =>
        readBitRecords(bytes, file, WIDTH, maxBytes),
      );
      checkSize(path, labels.length, SIZE);
      const names = Array.from({ length: clusters }, (_, c) => `cluster ${c}`);
      const classes = clusters === 100 ? labels : clusterBits(values, WIDTH, clusters, CLUSTER_SEED);
      return bitsDataset(this.id, WIDTH, values, classes, names, 'item');
    },
  };
}

export const retail2 = retail(2);
export const retail10 = retail(10);
export const retail20 = retail(20);
export const retail50 = retail(50);
export const retail100 = retail(100);
