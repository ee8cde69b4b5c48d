/** Purchase-K: what 197,324 people bought, 600 bits in K clusters, as Shokri et al. (S&P 2017) prepared it. */
import { bitRows } from '../../formats/bits-csv.ts';
import { readBitsNpz } from '../../formats/bits-npz.ts';
import type { LabelledBytes } from '../../formats/labelled-bytes.ts';
import { readTarParts } from '../../formats/tar-stream.ts';
import type { CatalogEntry, DataForm } from '../entry.ts';
import { shokriSplit } from '../shokri-split.ts';
import {
  type ArchivedBits,
  arrayBytes,
  bitsDataset,
  checkSize,
  numberNames,
  textBytes,
} from './bits-dataset.ts';
import { clusterKept } from './clusters.ts';

type Clusters = 2 | 10 | 20 | 50 | 100;

const MEMBER = 'dataset_purchase';
const PUBLISHED: ArchivedBits = { rows: 197_324, width: 600, classes: 100 };

/**
 * For K = 100 the classes are those of the file, called by its numbers 1 to 100. For fewer, the same purchases are clustered anew
 * into K as {@link clusterKept} does, as the paper made each of them: only Purchase-100 was ever published, so the classes of
 * the others are not the paper's, though found in its way.
 *
 * @param shape what the files hold; others are for tests
 */
export function purchase<const K extends Clusters>(
  clusters: K,
  shape: ArchivedBits = PUBLISHED,
): CatalogEntry<`purchase-${K}`> {
  const { rows } = shape;
  return {
    id: `purchase-${clusters}`,
    ...(clusters !== 100 && { recordsOf: 'purchase-100' }),
    title: `Purchase-${clusters}: 197,324 shoppers, 600 bits in ${clusters} clusters`,
    kind: 'bits',
    label: 'cluster of people who buy similar things',
    preprocessing:
      clusters === 100
        ? 'As published: 600 bits a person, one for each product bought; the classes are the 100 published clusters.'
        : `As published: 600 bits a person, one for each product bought; clustered anew by k-means into ${clusters}, as only the 100 clusters were published.`,
    source: 'https://github.com/privacytrustlab/datasets',
    licence:
      'none stated; for research; derived from the purchases of a Kaggle competition (Acquire Valued Shoppers), whose rules apply',
    citation:
      'R. Shokri, M. Stronati, C. Song, V. Shmatikov: Membership Inference Attacks Against Machine Learning Models, IEEE S&P 2017',
    size: rows,
    splits: {
      'shokri-2017': shokriSplit(10_000, PUBLISHED.rows),
    },
    bundled: false,
    forms: [
      form("the publisher's archive", 'purchase/dataset_purchase.tgz', async (path, signal) => {
        const bits = bitRows(`${path}: ${MEMBER}`, { ...shape, labelled: true });
        await readTarParts(path, { [MEMBER]: bits.push }, textBytes(shape), signal);
        const { count, labels, values } = bits.end();
        checkSize(path, count, rows);
        return { labels: labels.map((label) => label - 1), values };
      }),
      // Made from the archive's file row by row, in its order.
      form('purchase100.npz with features and labels', 'purchase/purchase100.npz', (path, signal) =>
        readBitsNpz(path, { ...shape, bits: 'features', labels: 'labels' }, signal),
      ),
    ],
  };

  function form(
    title: string,
    name: string,
    read: (path: string, signal?: AbortSignal) => Promise<LabelledBytes>,
  ): DataForm {
    const official = name.endsWith('.tgz');
    return {
      title,
      files: [
        {
          name,
          ...(official && {
            url: 'https://github.com/privacytrustlab/datasets/raw/master/dataset_purchase.tgz',
          }),
          inflatedBytes: official ? textBytes(shape) : arrayBytes(shape),
        },
      ],
      async read([path], { name: id, cache, signal }) {
        const { labels, values } = await read(path as string, signal);
        const { width, classes } = shape;
        if (clusters === 100) return bitsDataset(id, width, values, labels, numberNames(classes), 'product');
        const names = Array.from({ length: clusters }, (_, c) => `cluster ${c}`);
        return bitsDataset(
          id,
          width,
          values,
          await clusterKept(values, width, clusters, cache),
          names,
          'product',
        );
      },
    };
  }
}

export const purchase2 = purchase(2);
export const purchase10 = purchase(10);
export const purchase20 = purchase(20);
export const purchase50 = purchase(50);
export const purchase100 = purchase(100);
