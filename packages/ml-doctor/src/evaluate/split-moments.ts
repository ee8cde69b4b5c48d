/** Which single inputs, or their squares, differ between members and non-members more than chance explains. */
import type { Scaling } from './split-features.ts';
import { BLOCKS, type Blocks, type SplitData } from './split-records.ts';

/** An input j, or its square, standardised. */
export interface Column {
  readonly input: number;
  readonly squared: boolean;
}

/** Sums of z, z² and z⁴ of each input, by block and group. */
export interface Moments {
  readonly counts: Uint32Array;
  readonly sums: readonly (readonly [Float64Array, Float64Array, Float64Array])[];
}

/** No more columns than this are chosen. */
const MOST_CHOSEN = 32;

export function momentsOf(
  { inputs, width }: SplitData,
  { places, block, member }: Blocks,
  scaling: Scaling,
): Moments {
  const counts = new Uint32Array(2 * BLOCKS);
  const three = () =>
    [0, 1, 2].map(() => new Float64Array(width)) as [Float64Array, Float64Array, Float64Array];
  const sums = Array.from(counts, three);
  const { mean, inverse } = scaling;
  places.forEach((place, r) => {
    const cell = 2 * block[r]! + member[r]!;
    counts[cell]!++;
    const [first, second, fourth] = sums[cell]!;
    for (let j = 0, at = place * width; j < width; j++, at++) {
      const z = (inputs[at]! - mean[j]!) * inverse[j]!;
      const square = z * z;
      first[j]! += z;
      second[j]! += square;
      fourth[j]! += square * square;
    }
  });
  return { counts, sums };
}

/**
 * The columns whose means differ between the groups, over the blocks before `until`, by more standard errors than the
 * largest of so many would by chance, √(2 ln count); the farthest first. Mostly none where nothing differs: a column
 * chosen by chance only adds noise.
 */
export function chooseColumns({ counts, sums }: Moments, until: number): readonly Column[] {
  const width = sums[0]![0].length;
  const total = (member: number, power: 0 | 1 | 2, j: number): number => {
    let sum = 0;
    for (let b = 0; b < until; b++) sum += sums[2 * b + member]![power][j]!;
    return sum;
  };
  const size = (member: number): number => {
    let sum = 0;
    for (let b = 0; b < until; b++) sum += counts[2 * b + member]!;
    return sum;
  };
  const sizes = [size(0), size(1)] as const;
  const standardErrors = (j: number, lower: 0 | 1, upper: 1 | 2): number => {
    let [difference, variance] = [0, 0];
    for (const member of [0, 1] as const) {
      const mean = total(member, lower, j) / sizes[member];
      difference += member === 1 ? mean : -mean;
      variance += Math.max(0, total(member, upper, j) / sizes[member] - mean * mean) / sizes[member];
    }
    return variance > 0 ? Math.abs(difference) / Math.sqrt(variance) : 0;
  };
  const bar = Math.sqrt(2 * Math.log(2 * width));
  const found: (Column & { readonly errors: number })[] = [];
  for (let input = 0; input < width; input++) {
    for (const squared of [false, true]) {
      const errors = squared ? standardErrors(input, 1, 2) : standardErrors(input, 0, 1);
      if (errors > bar) found.push({ input, squared, errors });
    }
  }
  return found.sort((a, b) => b.errors - a.errors || a.input - b.input).slice(0, MOST_CHOSEN);
}
