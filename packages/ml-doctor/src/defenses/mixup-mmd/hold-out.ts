/** Training records that are set apart, class by class, to be compared with the others. */
import { stream } from 'onnx-grad';
import type { Dataset } from '../../data/dataset.ts';

export interface HeldOut {
  /** What the model is fitted to, in the order given. */
  readonly kept: Uint32Array;
  /** Indices of the others by class. */
  readonly validation: readonly Uint32Array[];
}

/**
 * A random share of each class, rounded, at least one record and never all; nothing of a class that has one record or
 * none.
 * @param share above 0, below 1
 */
export const holdOut = (data: Dataset, records: Uint32Array, share: number, seed: number): HeldOut => {
  const places: number[][] = data.classes.map(() => []);
  records.forEach((record, place) => {
    places[data.y[record] as number]?.push(place);
  });
  const apart = new Set<number>();
  const validation = places.map((own, label) => {
    const wanted = Math.min(own.length - 1, Math.max(1, Math.round(share * own.length)));
    const drawn = stream(seed, 'mixup-mmd', 'hold-out', label).sample(own.length, Math.max(0, wanted));
    return drawn.map((i) => {
      const place = own[i] as number;
      apart.add(place);
      return records[place] as number;
    });
  });
  return { kept: records.filter((_, place) => !apart.has(place)), validation };
};
