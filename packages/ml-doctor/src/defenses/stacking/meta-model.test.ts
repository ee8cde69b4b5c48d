import { float32, floats, stream } from 'onnx-grad';
import { expect, test } from 'vitest';
import { trainMetaModel } from './meta-model.ts';

const SIZE = 150;
const C = 3;
const WIDTH = 2 * C;
/** Posteriors that say something of the class, and are wrong often enough for the best weights to be finite. */
const labels = Int32Array.from(stream(1, 'labels').integers(new Uint32Array(SIZE), C));
const x = stream(1, 'x').uniform(new Float32Array(SIZE * WIDTH));
for (let i = 0; i < SIZE; i++) {
  for (const first of [0, C]) {
    const row = x.subarray(i * WIDTH + first, i * WIDTH + first + C);
    row[labels[i]!]! += 0.5;
    const sum = row.reduce((a, b) => a + b);
    row.forEach((value, c) => {
      row[c] = value / sum;
    });
  }
}

const context = { seed: 4, threads: 1, device: 'cpu', signal: new AbortController().signal } as const;

test('the meta model is a logistic regression at the least loss there is', async () => {
  const fractions: number[] = [];
  const model = await trainMetaModel(float32([SIZE, WIDTH], x), labels, C, context, (f) => fractions.push(f));
  expect(fractions.at(-1)).toBe(1);
  const weights = floats(model.initializers.get('meta.weight')!);
  const biases = floats(model.initializers.get('meta.bias')!);
  const slope = new Float64Array(C * WIDTH);
  let loss = 0;
  for (let i = 0; i < SIZE; i++) {
    const row = x.subarray(i * WIDTH, (i + 1) * WIDTH);
    const logits = Array.from({ length: C }, (_, c) =>
      row.reduce((sum, value, k) => sum + value * weights[c * WIDTH + k]!, biases[c]!),
    );
    const powers = logits.map(Math.exp);
    const sum = powers.reduce((a, b) => a + b);
    loss -= Math.log(powers[labels[i]!]! / sum) / SIZE;
    for (let c = 0; c < C; c++)
      for (let k = 0; k < WIDTH; k++)
        slope[c * WIDTH + k]! += ((powers[c]! / sum - Number(labels[i] === c)) * row[k]!) / SIZE;
  }
  // The minimum of a convex function is where it has no slope.
  expect(Math.max(...slope.map(Math.abs))).toBeLessThan(2e-3);
  expect(loss).toBeLessThan(0.9 * Math.log(C));
});

test('stops when told to', async () => {
  const stopped = { ...context, signal: AbortSignal.abort() };
  await expect(trainMetaModel(float32([SIZE, WIDTH], x), labels, C, stopped, () => {})).rejects.toMatchObject(
    { code: 'OG_ABORTED' },
  );
});
