/** The records that a generator learns from, and what is known of the space they lie in. */
import type { Bounds } from '../data/bounds.ts';
import type { OneHotColumns } from '../data/dataset.ts';
import type { FeatureKind } from '../data/feature-kind.ts';

export interface RecordSpace {
  /** Channels, height, width of a picture; anything else is a table row. */
  readonly recordShape: readonly number[];
  /** Least and largest value of every place, normalised. */
  readonly bounds: Bounds;
  /** Neighbouring places that hold one category; ascending and disjoint, for records of one dimension. */
  readonly oneHot: readonly OneHotColumns[];
  readonly features: FeatureKind;
}

export interface AuxiliaryData extends RecordSpace {
  /** `count × record length`, row-major, normalised. */
  readonly values: Float32Array;
  readonly count: number;
}

/** What a pair of networks is built for. */
export interface NetworkOptions {
  readonly space: RecordSpace;
  /** Centre and spread of every place as a discriminator sees records; see `discriminatorView`. */
  readonly view: View;
  readonly latent: number;
  readonly width: number;
  /** Of a conditional pair. */
  readonly classes?: number;
  readonly seed: number;
}

/** A discriminator is shown (x − centre) · gain. */
export interface View {
  readonly centre: Float32Array;
  readonly gain: Float32Array;
}

/**
 * Networks learn on values of order 1, whatever the target's normalisation: pictures, bits and one-hot places go from
 * their bounds to [−1, 1], other columns, whose bounds may be far out in a tail, to mean 0 and deviation 1 over the
 * records. A place that never varies is shown as 0.
 */
export const discriminatorView = ({ values, count, bounds, oneHot, features }: AuxiliaryData): View => {
  const { low, high } = bounds;
  const centre = low.map((value, j) => (value + (high[j] as number)) / 2);
  const half = low.map((value, j) => ((high[j] as number) - value) / 2);
  if (features === 'numeric') {
    const inGroup = new Set(
      oneHot.flatMap(({ first, width }) => Array.from({ length: width }, (_, i) => first + i)),
    );
    for (let j = 0; j < low.length; j++) {
      if (inGroup.has(j)) continue;
      let [sum, squares] = [0, 0];
      for (let i = 0; i < count; i++) sum += values[i * low.length + j] as number;
      for (let i = 0; i < count; i++) squares += ((values[i * low.length + j] as number) - sum / count) ** 2;
      centre[j] = sum / count;
      half[j] = Math.sqrt(squares / count);
    }
  }
  return { centre, gain: half.map((value) => (value > 0 ? 1 / value : 0)) };
};
