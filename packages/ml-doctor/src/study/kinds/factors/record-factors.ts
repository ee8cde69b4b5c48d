/** Task kind `record-factors`: how single records lie among the members, and how complex the data is, without any model. */
import { setImmediate } from 'node:timers/promises';
import { stream } from 'onnx-grad';
import { contents } from '../../../data/contents.ts';
import { batch, type Dataset, elements } from '../../../data/dataset.ts';
import { splitQuarters } from '../../../data/split.ts';
import { bitsPerValue, nearestNeighbourError } from '../../../evaluate/factors/complexity.ts';
import { findNeighbours } from '../../../evaluate/factors/neighbours.ts';
import { RECORD_FIGURES, recordFigures } from '../../../evaluate/factors/record-factors.ts';
import type { Metric } from '../../../stats/metric.ts';
import type { TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { toBytes } from '../typed-bytes.ts';
import { openProducts } from './products.ts';

export type RecordFactorsParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
};

export type RecordFactorsResult = {
  /** Records that are judged. */
  readonly members: number;
  readonly nonMembers: number;
  /** Members among which neighbours are looked for. */
  readonly reference: number;
  readonly complexity: {
    readonly nearestNeighbourError: { readonly [part in keyof Metric]: Metric[part] };
    readonly bitsPerValue: number;
    /** That a value takes as it is kept: 8 of a byte, 32 of a float. */
    readonly bitsStored: number;
  };
};

/** Judged of members and of non-members, each. */
export const MOST_JUDGED = 2000;
/** Members among which neighbours are looked for; half of them where records are so wide that it would take minutes. */
const MOST_REFERENCE = 10_000;
const WIDE = 4096;
const NEIGHBOURS = 10;
const MOST_COMPRESSED = 1000;

/**
 * Distances are Euclidean, between inputs as the model receives them. Blobs, parallel to one another: `ids` (uint32) and
 * `member` (1 or 0) of the judged records, and for each of the `RECORD_FIGURES` its `NAME.f64`.
 */
export const recordFactors: TaskHandler<RecordFactorsParams, RecordFactorsResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/evaluate',
    'ml-doctor/study/kinds/factors',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async ({ data: ref, split }, _inputs, { seed, threads, device, places, signal, progress }) => {
    const data = await loadRef(ref, places);
    const roles = splitQuarters(data.size, split);
    const width = elements(data.recordShape);
    const draw = (of: Uint32Array, role: string, most: number) =>
      stream(seed, 'record factors', role)
        .sample(of.length, Math.min(most, of.length))
        .map((i) => of[i] as number);
    const most = width > WIDE ? MOST_REFERENCE / 2 : MOST_REFERENCE;
    const reference = draw(roles['target-train'], 'members', most);
    const others = draw(roles['target-test'], 'non-members', MOST_JUDGED);
    const ids = Uint32Array.from([...reference, ...others]);
    const labels = Int32Array.from(ids, (id) => data.y[id] as number);
    progress({ fraction: 0 });
    await using products = await openProducts(width, { threads, device });
    const neighbours = await findNeighbours({
      ...{ labels, reference: reference.length, k: NEIGHBOURS, width },
      read: (rows) =>
        batch(
          data,
          Array.from(rows, (row) => ids[row] as number),
        ).x,
      products: products.of,
      progress: async (fraction) => {
        // Distances keep the thread to themselves: a message to stop must have its turn.
        await setImmediate();
        signal.throwIfAborted();
        progress({ fraction });
      },
    });
    const figures = recordFigures({
      ...{ neighbours, labels, reference: reference.length },
      classSizes: sizesOf(data, roles['target-train']),
      duplicates: Float64Array.from([
        ...copies(data, roles['target-train'], reference),
        ...copies(data, roles['target-test'], others),
      ]),
    });
    const members = Math.min(MOST_JUDGED, reference.length);
    const judged = Uint32Array.from({ length: members + others.length }, (_, i) =>
      i < members ? i : reference.length + i - members,
    );
    const pick = (of: Float64Array) => toBytes(Float64Array.from(judged, (i) => of[i] as number));
    return {
      result: {
        ...{ members, nonMembers: others.length, reference: reference.length },
        complexity: {
          nearestNeighbourError: nearestNeighbourError(neighbours, labels, members),
          bitsPerValue: bitsPerValue(bytesOf(data, reference.subarray(0, MOST_COMPRESSED)), width),
          bitsStored: 8 * data.x.BYTES_PER_ELEMENT,
        },
      },
      blobs: {
        ids: toBytes(Uint32Array.from(judged, (i) => ids[i] as number)),
        member: toBytes(Uint8Array.from(judged, (i) => (i < reference.length ? 1 : 0))),
        ...Object.fromEntries(RECORD_FIGURES.map((name) => [`${name}.f64`, pick(figures[name])])),
      },
    };
  },
};

const sizesOf = ({ y, classes }: Dataset, members: Uint32Array): Uint32Array => {
  const sizes = new Uint32Array(classes.length);
  for (const id of members) sizes[y[id] as number] = (sizes[y[id] as number] as number) + 1;
  return sizes;
};

/** Of some records of a side: how many others of the side have the same input. */
const copies = (data: Dataset, side: Uint32Array, wanted: Uint32Array): number[] => {
  const { numbers, count } = contents(data, side);
  const sizes = new Uint32Array(count);
  const number = new Map<number, number>();
  side.forEach((id, i) => {
    const own = numbers[i] as number;
    sizes[own] = (sizes[own] as number) + 1;
    number.set(id, own);
  });
  return Array.from(wanted, (id) => (sizes[number.get(id) as number] as number) - 1);
};

/** As they are kept, before normalisation. */
const bytesOf = (data: Dataset, ids: Uint32Array): Uint8Array[] => {
  const { x, recordShape } = data;
  const width = elements(recordShape);
  return Array.from(ids, (id) => {
    const values = x.subarray(id * width, (id + 1) * width);
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
};
