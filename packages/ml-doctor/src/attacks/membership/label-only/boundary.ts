/** How far records are from the decision boundary of a model that tells its predicted class only. */
import { stream } from 'onnx-grad';
import type { LiveLabelAccess, Records } from '../../../targets/access.ts';
import type { RecordData } from '../membership-attack.ts';
import { distanceBetween, hopSkipJump } from './hop-skip-jump.ts';
import { inLockstep, type Searching } from './lockstep.ts';

export interface BoundaryOptions {
  readonly data: RecordData;
  /** Rows asked about one record at most, the record itself included. */
  readonly budget: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Share of this work that is done. */
  readonly progress: (fraction: number) => void;
}

export interface Distances {
  /** L2, in the model's own (normalised) inputs; 0 for a record that is misclassified. */
  readonly distances: Float64Array;
  /** Records of whose class there is no other example among these, given the diagonal of the bounds. */
  readonly unreached: number;
}

/**
 * The search for a record starts from another of these records that the model puts in another class, drawn at random;
 * so the records' own answers are all that finding it costs. Bits are searched as numbers between 0 and 1.
 */
export const boundaryDistances = async (
  model: LiveLabelAccess,
  records: Records,
  { data, budget, seed, signal, progress }: BoundaryOptions,
): Promise<Distances> => {
  const { bounds } = data;
  const recordLength = bounds.low.length;
  const predicted = await model.labels(records);
  const inputs = data.inputs(records);
  const input = (i: number) => inputs.subarray(i * recordLength, (i + 1) * recordLength);
  const startOf = startsAmong(records.ids, predicted, seed);
  const distances = new Float64Array(records.ids.length);
  let unreached = 0;
  const searches: (Searching & { readonly index: number })[] = [];
  records.ids.forEach((id, index) => {
    const label = records.labels[index] as number;
    if (predicted[index] !== label) return;
    const start = startOf(id, label);
    if (start === undefined) {
      distances[index] = distanceBetween(bounds.low, bounds.high);
      unreached++;
      return;
    }
    const draws = stream(seed, 'label-only', 'boundary', id);
    const search = hopSkipJump({
      from: input(index),
      start: input(start),
      bounds,
      budget: budget - 1,
      normal: (out, offset) => draws.normal(out, offset),
    });
    searches.push({ index, label, search });
  });
  let spent = 0;
  const found = await inLockstep(searches, {
    labelsOf: (queried) => model.labelsOf(queried),
    recordLength,
    signal,
    asked: (rows) => {
      spent += rows;
      progress(spent / (searches.length * budget));
    },
  });
  for (const [i, { distance }] of found.entries())
    distances[(searches[i] as { index: number }).index] = distance;
  progress(1);
  return { distances, unreached };
};

/** Picks the place of a record of another predicted class, by the record's id and whatever the order of the records. */
const startsAmong = (ids: Uint32Array, predicted: Int32Array, seed: number) => {
  const places = Array.from(ids, (_, i) => i).sort((a, b) => (ids[a] as number) - (ids[b] as number));
  const others = new Map<number, number[]>();
  for (const label of new Set(predicted))
    others.set(
      label,
      places.filter((place) => predicted[place] !== label),
    );
  return (id: number, label: number): number | undefined => {
    const among = others.get(label) ?? [];
    if (among.length === 0) return undefined;
    const [pick] = stream(seed, 'label-only', 'start', id).integers(new Uint32Array(1), among.length);
    return among[pick as number];
  };
};
