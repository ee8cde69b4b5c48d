/** Data sets of bits and of mixed columns, and a linear target that answers for them: what synthesis is tested on. */
import { stream } from 'onnx-grad';
import type { SynthesisInput } from '../../src/attacks/membership/shokri/synthesis/synthesise.ts';
import { createDataset, type Dataset, type DatasetInMemory, elements } from '../../src/data/dataset.ts';

const CLASSES = 3;

/** Labels by turns; bit j is 1 with probability `rate(j)`. */
export function randomBits(
  size: number,
  bits: number,
  seed: number,
  rate: (j: number) => number,
): DatasetInMemory {
  const u = stream(seed, 'bits').uniform(new Float64Array(size * bits));
  return createDataset({
    id: 'bits',
    recordShape: [bits],
    x: Uint8Array.from(u, (value, i) => (value < rate(i % bits) ? 1 : 0)),
    y: Int32Array.from({ length: size }, (_, i) => i % CLASSES),
    classes: ['a', 'b', 'c'],
    normalisation: { scale: 1, mean: new Array(bits).fill(0), std: new Array(bits).fill(1) },
  });
}

/** Seven columns: real in [−2, 3], four of a category, whole in [10, 15], 0 or 1. */
export function mixedData(size: number, seed: number): DatasetInMemory {
  const u = stream(seed, 'mixed').uniform(new Float64Array(size * 4));
  const x = new Float32Array(size * 7);
  for (let i = 0; i < size; i++) {
    const [a, b, c, d] = u.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
    x[7 * i] = 5 * a - 2;
    // The last of the four categories is the commonest.
    x[7 * i + 1 + Math.floor(4 * Math.sqrt(b))] = 1;
    x[7 * i + 5] = 10 + Math.floor(6 * c);
    x[7 * i + 6] = d < 0.5 ? 0 : 1;
  }
  x[0] = -2;
  x[7] = 3;
  return createDataset({
    id: 'mixed',
    recordShape: [7],
    x,
    y: Int32Array.from({ length: size }, (_, i) => i % CLASSES),
    classes: ['a', 'b', 'c'],
    normalisation: { scale: 1, mean: new Array(7).fill(0), std: new Array(7).fill(1) },
    oneHot: [{ first: 1, width: 4 }],
  });
}

/** A target whose logits are random linear functions of the record, the same for the same data set. */
export function linearAnswers({ recordShape }: Dataset, scale = 1): SynthesisInput['answers'] {
  const length = elements(recordShape);
  const weights = stream(1, 'linear').normal(new Float32Array(length * CLASSES));
  return async (raw, rows) => {
    const logits = new Float32Array(rows * CLASSES);
    for (let i = 0; i < rows; i++)
      for (let c = 0; c < CLASSES; c++) {
        let sum = 0;
        for (let j = 0; j < length; j++) sum += raw[i * length + j]! * weights[j * CLASSES + c]!;
        logits[i * CLASSES + c] = scale * sum;
      }
    return { logits, classes: CLASSES };
  };
}

/** Everything of a synthesis but the population and the count. */
export const asked = (data: Dataset, seed: number): Omit<SynthesisInput, 'population' | 'count'> => ({
  data,
  classes: CLASSES,
  answers: linearAnswers(data),
  seed,
  signal: new AbortController().signal,
  progress: () => {},
});
