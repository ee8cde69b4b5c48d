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
 * The cluster of every record. What stands in the cache is used if it is a cluster for every record, and found anew otherwise.
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
  const kept = await readFile(path).catch(() => undefined);
  if (kept?.length === bits.length / width && kept.every((label) => label < clusters))
    return Int32Array.from(kept);
  const labels = clusterBits(bits, width, clusters, CLUSTER_SEED);
  await writeFileAtomically(path, Uint8Array.from(labels));
  return labels;
}
