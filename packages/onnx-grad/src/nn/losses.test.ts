/** Losses against closed forms and PyTorch, and their gradients against central differences. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, evaluate, evaluateAll } from '../../test/evaluate.ts';
import { gradients } from '../autodiff/gradients.ts';
import { Graph } from '../graph/graph.ts';
import { ReduceSum } from '../graph/ops/index.ts';
import { float32, floats, int64, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import {
  binaryCrossEntropy,
  crossEntropy,
  klDivergence,
  type Loss,
  meanSquaredError,
  softCrossEntropy,
} from './losses.ts';

interface Case {
  readonly values: readonly number[];
  readonly gradient: readonly number[][];
}
interface Golden {
  readonly logits: readonly number[][];
  readonly labels: readonly number[];
  readonly soft: readonly number[][];
}
const { losses: golden } = JSON.parse(
  readFileSync(new URL('../../test/fixtures/torch-training.json', import.meta.url), 'utf8'),
) as { losses: Golden & Record<string, Case> };

/** Loss of each record, and the gradient of their sum. */
const measure = async (loss: Loss, output: Tensor, target: Tensor): Promise<readonly [Tensor, Tensor]> => {
  const graph = new Graph();
  const z = graph.input('z', 'float32', ['N', ...output.dims.slice(1)]);
  const { dtype, shape } = loss.target(z);
  const t = graph.input('t', dtype, shape);
  const values = loss.perExample(z, t);
  const total = ReduceSum(values, undefined, { keepdims: false });
  const [gradient] = gradients(total, [z]) as [Value];
  return (await evaluateAll([values, gradient], { z: output, t: target })) as [Tensor, Tensor];
};
const rows = (matrix: readonly (readonly number[])[]): Tensor =>
  float32([matrix.length, matrix[0]?.length ?? 0], matrix.flat());
const labelsOf = (labels: readonly number[]): Tensor => int64([labels.length], labels);

describe('against PyTorch', () => {
  it.each<[string, Loss, Tensor]>([
    ['crossEntropy', crossEntropy(), labelsOf(golden.labels)],
    ['smoothedCrossEntropy', crossEntropy({ labelSmoothing: 0.1 }), labelsOf(golden.labels)],
    ['softCrossEntropy', softCrossEntropy(), rows(golden.soft)],
    ['meanSquaredError', meanSquaredError(), rows(golden.soft)],
    ['binaryCrossEntropy', binaryCrossEntropy(), rows(golden.soft)],
    ['klDivergence', klDivergence(), rows(golden.soft)],
  ])('%s', async (name, loss, target) => {
    const want = golden[name] as Case;
    const [values, gradient] = await measure(loss, rows(golden.logits), target);
    expect(values.dims).toEqual([3]);
    expect(distance(values, want.values)).toBeLessThan(2e-6);
    expect(distance(gradient, want.gradient.flat())).toBeLessThan(1e-6);
  });
});

describe('closed forms', () => {
  it.each([2, 3, 10, 1000])('cross-entropy of equal logits is ln %i', async (classes) => {
    const equal = rows([Array.from({ length: classes }, () => -3.7)]);
    for (const labelSmoothing of [0, 0.2]) {
      const [values] = await measure(crossEntropy({ labelSmoothing }), equal, labelsOf([classes - 1]));
      expect(distance(values, [Math.log(classes)])).toBeLessThan(2e-6);
    }
  });
  it('cross-entropy of a certain and of an impossible prediction', async () => {
    const [values] = await measure(
      crossEntropy(),
      rows([
        [80, -80],
        [80, -80],
      ]),
      labelsOf([0, 1]),
    );
    expect(distance(values, [0, 160])).toBeLessThan(1e-5);
  });
  it('binary cross-entropy of extreme logits is finite, with a gradient', async () => {
    const z = rows([
      [1000, -1000],
      [1000, -1000],
      [0, 0],
    ]);
    const [values, gradient] = await measure(
      binaryCrossEntropy(),
      z,
      rows([
        [1, 0],
        [0, 1],
        [1, 0],
      ]),
    );
    expect(distance(values, [0, 1000, Math.LN2])).toBeLessThan(1e-5);
    expect(distance(gradient, [0, 0, 0.5, -0.5, -0.25, 0.25])).toBeLessThan(1e-6);
  });
  it('the divergence of a distribution from itself is 0, with no gradient', async () => {
    const q = [0.1, 0.6, 0.05, 0.25];
    const [values, gradient] = await measure(klDivergence(), rows([q.map(Math.log)]), rows([q]));
    expect(distance(values, [0])).toBeLessThan(1e-6);
    expect(distance(gradient, [0, 0, 0, 0])).toBeLessThan(1e-6);
  });
  it('soft cross-entropy is divergence plus entropy', async () => {
    const q = [0.5, 0.25, 0.25, 0];
    const z = rows([[0.2, -1, 3, 0.4]]);
    const [soft] = await measure(softCrossEntropy(), z, rows([q]));
    const [divergence] = await measure(klDivergence(), z, rows([q]));
    const entropy = -q.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
    expect(distance(soft, [(floats(divergence)[0] as number) + entropy])).toBeLessThan(1e-6);
  });
  it('the mean squared error averages over all of a record', async () => {
    const output = float32([2, 1, 2, 2], [1, 2, 3, 4, 0, 0, 0, 0]);
    const target = float32([2, 1, 2, 2], [1, 0, 3, 0, 2, 2, 2, 2]);
    const [values] = await measure(meanSquaredError(), output, target);
    expect([...floats(values)]).toEqual([5, 4]);
  });
});

describe('gradients against central differences', () => {
  const step = 1e-2;
  const logits = fc.array(
    fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }),
    {
      minLength: 2,
      maxLength: 2,
    },
  );
  const distribution = fc
    .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
    .map((w) => w.map((v) => v / w.reduce((a, b) => a + b, 0)));
  it.each<[string, Loss]>([
    ['cross-entropy', crossEntropy()],
    ['smoothed cross-entropy', crossEntropy({ labelSmoothing: 0.3 })],
    ['soft cross-entropy', softCrossEntropy()],
    ['mean squared error', meanSquaredError()],
    ['binary cross-entropy', binaryCrossEntropy()],
    ['divergence', klDivergence()],
  ])('%s', async (_, loss) => {
    await fc.assert(
      fc.asyncProperty(logits, fc.tuple(distribution, distribution), async (z, q) => {
        const output = rows(z);
        const labelled = loss.name === 'cross-entropy';
        const target = labelled ? labelsOf([2, 0]) : rows(q);
        const [, gradient] = await measure(loss, output, target);
        // All perturbed copies of both records in one batch.
        const many = [1, -1].flatMap((sign) =>
          z.flatMap((row) => row.map((_, j) => row.map((v, k) => (k === j ? v + sign * step : v)))),
        );
        const repeated = [...many.keys()].map((i) => Math.floor((i % 6) / 3));
        const targets = labelled
          ? labelsOf(repeated.map((r) => [2, 0][r] as number))
          : rows(repeated.map((r) => q[r] as number[]));
        const graph = new Graph();
        const input = graph.input('z', 'float32', ['N', 3]);
        const { dtype, shape } = loss.target(input);
        const value = loss.perExample(input, graph.input('t', dtype, shape));
        const losses = floats(await evaluate(value, { z: rows(many), t: targets }));
        const want = Array.from(
          { length: 6 },
          (_, i) => ((losses[i] as number) - (losses[i + 6] as number)) / (2 * step),
        );
        expect(distance(gradient, want)).toBeLessThan(2e-4);
      }),
      { numRuns: 8, seed: 4 },
    );
  });
});

describe('what cannot be meant is refused', () => {
  const bad = expect.objectContaining({ code: 'OG_BAD_ARGUMENT' });
  const output = (shape: readonly (number | string)[]): Value =>
    new Graph().input('scores', 'float32', shape);

  it.each([99, 3, -1, -100])('label %i of 3 classes', (label) => {
    const check = () => crossEntropy().checkTarget?.(labelsOf([0, 2, label]), output(['N', 3]), [40, 41, 17]);
    expect(check).toThrow(bad);
    expect(check).toThrow(`record 17 has label ${label}, but 'scores' has 3 classes`);
  });
  it('every label of the classes passes', () => {
    crossEntropy().checkTarget?.(labelsOf([0, 1, 2, 2]), output(['N', 3]), [0, 1, 2, 3]);
  });

  const onClasses = [crossEntropy(), softCrossEntropy(), klDivergence()];
  it.each(onClasses.map((loss) => [loss.name, loss] as const))('%s of other logits', (_, loss) => {
    const mismatch = expect.objectContaining({ code: 'OG_SHAPE_MISMATCH' });
    for (const classes of [0, 1]) expect(() => loss.target(output(['N', classes]))).toThrow(bad);
    for (const shape of [[], ['N'], ['N', 4, 3], ['N', 'C']]) {
      const z = output(shape);
      expect(() => loss.target(z), shape.join()).toThrow(mismatch);
    }
    expect(loss.target(output(['N', 2])).shape[0]).toBe('N');
  });
  it('cross-entropy of other logits, where the loss is built by hand', () => {
    const z = output(['N', 1]);
    expect(() => crossEntropy().perExample(z, z.graph.input('t', 'int64', ['N']))).toThrow(bad);
  });
  it('label smoothing outside [0, 1]', () => {
    for (const labelSmoothing of [-0.1, 1.01, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => crossEntropy({ labelSmoothing })).toThrow(bad);
    for (const labelSmoothing of [0, 1]) expect(crossEntropy({ labelSmoothing }).name).toBe('cross-entropy');
  });
});
