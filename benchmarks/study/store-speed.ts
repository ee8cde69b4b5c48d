/** How many results a store takes and gives back in a second, one after another. */
import { hostname } from 'node:os';
import { stream } from 'onnx-grad';
import { sha256 } from '../../packages/ml-doctor/src/study/canonical-json.ts';
import { FolderStore, type NewRecord } from '../../packages/ml-doctor/src/study/store/folder-store.ts';
import { type Bench, type Figure, roundsOf, type StudyCase } from './case.ts';
import { seconds } from './plan-of.ts';
import { TemporaryStores } from './temporary-store.ts';

interface Size {
  readonly what: string;
  readonly bytes: number;
  readonly count: number;
}

const sizes = (quick: boolean): readonly Size[] => [
  { what: '8-byte blob', bytes: 8, count: quick ? 10 : 300 },
  { what: '1 MB blob', bytes: 1_000_000, count: quick ? 3 : 30 },
];

const recordOf = (name: string): NewRecord => ({
  key: sha256(name),
  kind: 'query',
  label: name,
  seed: 0,
  params: { data: { id: 'benchmark', contentHash: sha256('data') }, set: 'candidates' },
  inputs: [sha256(`${name} input`)],
  result: { classes: 10 },
  seconds: 1.5,
  finishedAt: new Date().toISOString(),
  runtime: { node: process.version, onnxruntime: 'absent', device: 'cpu', threads: 1, host: hostname() },
});

/** Contents of which no two are equal, as equal blobs are written once. */
const contents = ({ bytes, count }: Size): Uint8Array[] => {
  const words = Math.ceil(bytes / 4);
  const noise = new Uint8Array(stream(0, 'benchmark', bytes).uniform(new Float32Array(words)).buffer);
  return Array.from({ length: count }, (_, i) => {
    const own = noise.slice(0, bytes);
    new DataView(own.buffer).setUint32(0, i);
    return own;
  });
};

const write = async (store: FolderStore, size: Size): Promise<number> => {
  const blobs = contents(size);
  const records = blobs.map((_, i) => recordOf(`${size.what} ${i}`));
  const started = performance.now();
  for (const [i, record] of records.entries()) await store.commit(record, { blob: blobs[i] as Uint8Array });
  return size.count / seconds(started);
};

/** By a store that has read nothing yet; the files are in the system's memory, having been written just now. */
const read = async (folder: string, { what, bytes, count }: Size): Promise<number> => {
  const keys = Array.from({ length: count }, (_, i) => sha256(`${what} ${i}`));
  const store = new FolderStore(folder);
  const started = performance.now();
  for (const key of keys) {
    const blob = await (await store.finished(key)).blob('blob');
    if (blob.length !== bytes) throw new Error(`a blob of ${blob.length} bytes came back`);
  }
  return count / seconds(started);
};

type Round = () => Promise<number>;

/** Rounds of the sizes take turns. */
const measure = async (
  name: string,
  bench: Bench,
  prepare: (stores: TemporaryStores, size: Size) => Promise<Round>,
): Promise<Figure[]> => {
  await using stores = new TemporaryStores();
  const sides: { what: string; round: Round; values: number[] }[] = [];
  for (const size of sizes(bench.quick))
    sides.push({ what: size.what, round: await prepare(stores, size), values: [] });
  for (let round = 0; round < roundsOf(bench, 7); round += 1)
    for (const side of sides) side.values.push(await side.round());
  return sides.map(({ what, values }) => ({ name, what, unit: 'a second', values }));
};

export const storeWrites: StudyCase = {
  name: 'store-writes',
  about: 'results written and synced to disk, one after another',
  run: (bench) =>
    measure('store-writes', bench, async (stores, size) => async () => write(await stores.open(), size)),
};

export const storeReads: StudyCase = {
  name: 'store-reads',
  about: 'results read back with their blob, both checked against their hashes',
  run: (bench) =>
    measure('store-reads', bench, async (stores, size) => {
      const store = await stores.open();
      await write(store, size);
      return () => read(store.folder, size);
    }),
};
