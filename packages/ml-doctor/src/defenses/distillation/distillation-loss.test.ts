import fc from 'fast-check';
import { createSession, float32, Graph, gradients, ops, type Tensor } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { type DistillationLossOptions, distillationLoss } from './distillation-loss.ts';

/** The loss of each row and its gradient by the logits, as the graph gives them. */
const run = async (options: DistillationLossOptions, logits: number[][], targets: number[][]) => {
  const [rows, classes] = [logits.length, logits[0]?.length as number];
  const graph = new Graph();
  const z = graph.input('z', 'float32', ['N', classes]);
  const loss = distillationLoss(options);
  const { dtype, shape } = loss.target(z);
  expect([dtype, shape]).toEqual(['float32', ['N', 2 * classes]]);
  const losses = loss.perExample(z, graph.input('target', dtype, shape));
  graph.output('losses', losses);
  const sum = ops.ReduceSum(losses, [0], { keepdims: false });
  graph.output('slopes', gradients(sum, [z])[0] as typeof z);
  const session = await createSession(graph);
  const result = await session.run({
    z: float32([rows, classes], Float32Array.from(logits.flat())),
    target: float32([rows, 2 * classes], Float32Array.from(targets.flat())),
  });
  await session.dispose();
  return {
    losses: [...((result['losses'] as Tensor).data as Float32Array)],
    slopes: [...((result['slopes'] as Tensor).data as Float32Array)],
  };
};

const softmax = (z: readonly number[], T: number): number[] => {
  const odds = z.map((value) => Math.exp((value - Math.max(...z)) / T));
  const sum = odds.reduce((a, b) => a + b, 0);
  return odds.map((value) => value / sum);
};
const oneHot = (label: number, classes: number) =>
  Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0));

/** In double precision, term by term. */
const byHand = (
  { temperature: T, alpha, form }: DistillationLossOptions,
  z: readonly number[],
  p: readonly number[],
  label: number,
) => {
  const q = softmax(z, T);
  const kl = p.reduce(
    (sum, share, c) => sum + (share > 0 ? share * Math.log(share / (q[c] as number)) : 0),
    0,
  );
  const twice = form === 'ml-doctor' ? 2 : 1;
  return kl * T * T * twice * alpha - (1 - alpha) * Math.log(softmax(z, 1)[label] as number);
};

describe('distillationLoss', () => {
  it('has the value worked out on paper', async () => {
    // softmax((0, 20 ln 3) / 20) = (1/4, 3/4); KL((1/2, 1/2) ‖ that) = ½ ln 2 + ½ ln ⅔ = ½ ln 4/3.
    const [z, target] = [[[0, 20 * Math.log(3)]], [[0.5, 0.5, 1, 0]]];
    const kl = 0.5 * Math.log(4 / 3);
    const label = Math.log(1 + 3 ** 20);
    const of = (form: 'hinton' | 'ml-doctor') => run({ temperature: 20, alpha: 0.7, form }, z, target);
    expect((await of('ml-doctor')).losses[0]).toBeCloseTo(2 * 0.7 * 400 * kl + 0.3 * label, 3);
    expect((await of('hinton')).losses[0]).toBeCloseTo(0.7 * 400 * kl + 0.3 * label, 3);
  });

  it('is the sum by hand, and its gradient the central difference of that', async () => {
    const options = fc.record({
      temperature: fc.double({ min: 0.5, max: 25, noNaN: true }),
      alpha: fc.double({ min: 0, max: 1, noNaN: true }),
      form: fc.constantFrom('hinton' as const, 'ml-doctor' as const),
    });
    const numbers = fc.array(fc.float({ min: -6, max: 6, noNaN: true }), { minLength: 3, maxLength: 3 });
    const rows = fc.array(fc.tuple(numbers, numbers, fc.nat(2)), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(options, rows, async (chosen, given) => {
        const targets = given.map(([, v, label]) => [...softmax(v, chosen.temperature), ...oneHot(label, 3)]);
        const found = await run(
          chosen,
          given.map(([z]) => z),
          targets,
        );
        given.forEach(([z, , label], row) => {
          const p = (targets[row] as number[]).slice(0, 3);
          const at = (c: number, by: number) =>
            byHand(
              chosen,
              z.map((value, i) => (i === c ? value + by : value)),
              p,
              label,
            );
          // T² multiplies the rounding of a KL that is a difference of logarithms of size 1.
          const rounding = 2e-6 * (1 + chosen.temperature ** 2);
          expect(Math.abs((found.losses[row] as number) - at(0, 0))).toBeLessThan(rounding);
          for (let c = 0; c < 3; c++) {
            const slope = (at(c, 1e-4) - at(c, -1e-4)) / 2e-4;
            expect(Math.abs((found.slopes[3 * row + c] as number) - slope)).toBeLessThan(1e-4);
          }
        });
      }),
      { numRuns: 30 },
    );
  });

  it('comes to matching centred logits as T grows (Hinton et al. 2015, equation 4)', async () => {
    const [z, v, T] = [[1, -2, 0.5], [0, 2, -1], 400];
    const options = { temperature: T, alpha: 1, form: 'hinton' as const };
    const { slopes } = await run(options, [z], [[...softmax(v, T), ...oneHot(0, 3)]]);
    const mean = (of: number[]) => of.reduce((a, b) => a + b, 0) / 3;
    z.forEach((value, c) => {
      const limit = (value - mean(z) - ((v[c] as number) - mean(v))) / 3;
      expect(slopes[c]).toBeCloseTo(limit, 2);
    });
  });

  it('is the cross-entropy of the label alone at α = 0, and nothing at α = 1 for the teacher itself', async () => {
    const z = [[1, 2, -3]];
    const own = [[...softmax(z[0] as number[], 5), 0, 0, 1]];
    const plain = await run({ temperature: 5, alpha: 0, form: 'ml-doctor' }, z, own);
    expect(plain.losses[0]).toBeCloseTo(-Math.log(softmax(z[0] as number[], 1)[2] as number), 5);
    const self = await run({ temperature: 5, alpha: 1, form: 'ml-doctor' }, z, own);
    for (const number of [...self.losses, ...self.slopes]) expect(number).toBeCloseTo(0, 4);
  });
});
