import { createSession, float32, floats, Graph, gradients, ops, type Tensor } from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import { relaxedLoss } from './relaxed-loss.ts';

const logits = [
  [2, 0, -1, 0.5],
  [0.3, 0.1, 0.2, -0.4],
  [-1, 3, 0, 0],
];
const labels = [0, 2, 3];

/** What is said, and the slope of its sum. */
const run = async (level: number, parity: number, upper = 1) => {
  const graph = new Graph();
  const z = graph.input('z', 'float32', ['N', 4]);
  const target = graph.input('target', 'int64', ['N', 2]);
  const loss = relaxedLoss({ level, upper }).perExample(z, target);
  graph.output('loss', loss);
  graph.output('slope', gradients(ops.ReduceSum(loss, undefined, { keepdims: false }), [z])[0]!);
  const session = await createSession(graph);
  const result = await session.run({
    z: float32([3, 4], Float32Array.from(logits.flat())),
    target: {
      dtype: 'int64',
      dims: [3, 2],
      data: BigInt64Array.from(labels.flatMap((label) => [BigInt(label), BigInt(parity)])),
    },
  });
  await session.dispose();
  return { loss: [...floats(result['loss'] as Tensor)], slope: [...floats(result['slope'] as Tensor)] };
};

const softmax = (row: readonly number[]) => {
  const powers = row.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
};
const posteriors = logits.map(softmax);
const entropies = posteriors.map((p, i) => -Math.log(p[labels[i]!]!));
const mean = entropies.reduce((a, b) => a + b) / 3;
const close = (got: readonly number[], wanted: readonly number[]) =>
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i]!, 5);
  });
/** The slope of a cross-entropy with this target. */
const towards = (target: (i: number, c: number) => number) =>
  posteriors.flatMap((p, i) => p.map((share, c) => share - target(i, c)));
const descent = towards((i, c) => (labels[i] === c ? 1 : 0));

describe('the relaxed loss', () => {
  test.each([0, 1])('descends above the level (parity %i)', async (parity) => {
    const { loss, slope } = await run(mean - 0.01, parity);
    close(loss, entropies);
    close(slope, descent);
  });

  test('ascends below it in even epochs', async () => {
    const { loss, slope } = await run(mean + 0.01, 0);
    close(loss, entropies);
    close(
      slope,
      descent.map((value) => -value),
    );
  });

  test.each([1, 0.3])('flattens posteriors below it in odd epochs (upper %f)', async (upper) => {
    const { loss, slope } = await run(mean + 0.01, 1, upper);
    close(loss, entropies);
    const soft = towards((i, c) => {
      const own = Math.min(upper, posteriors[i]![labels[i]!]!);
      return labels[i] === c ? own : (1 - own) / 3;
    });
    close(slope, soft);
    // With upper 1 the true class stays where it is, and the others meet.
    if (upper === 1) for (let i = 0; i < 3; i++) expect(slope[4 * i + labels[i]!]).toBeCloseTo(0, 6);
  });
});
