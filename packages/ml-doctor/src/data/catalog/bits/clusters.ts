/** Groups the records of a bit data set, and keeps what was found where there is a cache: it can take minutes. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../../files/atomic-write.ts';
import { clusterBits } from '../../k-means.ts';

/** Part of what these data sets are: another seed gives other classes. */
const CLUSTER_SEED = 0;
/** Of {@link clusterBits}: raise it when that groups otherwise, so that nothing old is taken for its work. */
const RECIPE = 1;

/**
 * The cluster of every record. What stands in the cache is used if it is as it was written, and found anew otherwise.
 *
 * @param bits records of `width` bytes, each 0 or 1
 * @param clusters up to 256
 */
export async function clusterKept(
  bits: Uint8Array,
  width: number,
  clusters: number,
  cache?: string,
): Promise<Int32Array> {
  if (cache === undefined) return clusterBits(bits, width, clusters, CLUSTER_SEED);
  const digest = createHash('sha256').update(bits).digest('hex');
  const path = join(cache, `clusters-${RECIPE}-${CLUSTER_SEED}-${clusters}-${width}-${digest}`);
  const kept = await readFile(path).catch(() => Buffer.alloc(0));
  const labels = kept.subarray(DIGEST);
  if (labels.length === bits.length / width && digestOf(labels).equals(kept.subarray(0, DIGEST)))
    return Int32Array.from(labels);
  const found = clusterBits(bits, width, clusters, CLUSTER_SEED);
  const bytes = Uint8Array.from(found);
  await writeFileAtomically(path, Buffer.concat([digestOf(bytes), bytes]));
  return found;
}

/** Bytes of a sha256, which stands before the labels. */
const DIGEST = 32;

const digestOf = (labels: Uint8Array): Buffer => createHash('sha256').update(labels).digest();
