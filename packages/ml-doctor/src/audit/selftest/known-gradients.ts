/** What onnxruntime computes on this machine: a small network by hand, and gradients against central differences. */

import {
  createSession,
  type Feeds,
  float32,
  Graph,
  gradients,
  ops,
  stream,
  type Tensor,
  type Value,
} from 'onnx-grad';
import { type Check, check } from './check.ts';

/** What is checked; a test puts broken ones in their places. */
export interface Engine {
  readonly gradients: typeof gradients;
  /** One run of a session. */
  readonly transform: (values: Float32Array) => Float32Array;
}

const real: Engine = { gradients, transform: (values) => values };

const STEP = 1e-2;
/** A central difference of float32 losses near 1 is off by about 1e-5, and by the third derivative times STEP². */
const TOLERANCE = 5e-3;

export const engineChecks = (given: Partial<Engine> = {}): readonly Check[] => {
  const engine = { ...real, ...given };
  return [
    check('onnxruntime computes a small network as plain arithmetic does', async (findings) => {
      const graph = new Graph('by-hand');
      const x = graph.input('x', 'float32', ['N', 3]);
      const w = [0.5, -1, 2, 0.25, -0.75, 1.5];
      const hidden = ops.Relu(
        ops.Gemm(x, graph.constant(float32([3, 2], w)), graph.constant(float32([2], [0.1, -0.2]))),
      );
      graph.output('y', ops.Softmax(hidden, { axis: -1 }));
      const rows = [
        [1, 2, 3],
        [-1, 0.5, 0.25],
      ];
      const found = await answer(graph, { x: float32([2, 3], rows.flat()) }, 'y');
      const expected = rows.flatMap((row) => {
        const z = [0, 1].map((j) =>
          Math.max(
            0,
            row.reduce((sum, value, i) => sum + value * (w[2 * i + j] as number), j === 0 ? 0.1 : -0.2),
          ),
        );
        const total = z.reduce((sum, value) => sum + Math.exp(value), 0);
        return z.map((value) => Math.exp(value) / total);
      });
      engine.transform(found).forEach((value, i) => {
        findings.must(Math.abs(value - (expected[i] as number)) < 1e-6, String(expected[i]), value);
      });
    }),
    check('gradients are central differences', async (findings) => {
      const draws = (purpose: string, size: number) =>
        stream(1, 'selftest', purpose).normal(new Float32Array(size));
      const feeds = {
        x: float32([2, 1, 5, 5], draws('x', 50)),
        kernel: float32([2, 1, 3, 3], draws('kernel', 18)),
        weight: float32(
          [18, 3],
          draws('weight', 54).map((value) => value / 4),
        ),
      };
      const found = await answers(networkOf(engine.gradients), feeds);
      const forward = await createSession(networkOf());
      try {
        const lossAt = async (name: keyof typeof feeds, place: number, by: number) => {
          const data = Float32Array.from(feeds[name].data as Float32Array);
          data[place]! += by;
          const { loss } = await forward.run({ ...feeds, [name]: { ...feeds[name], data } }, ['loss']);
          return (loss as Tensor).data[0] as number;
        };
        for (const name of ['x', 'kernel', 'weight'] as const)
          for (const place of [0, 7, 17]) {
            const difference =
              ((await lossAt(name, place, STEP)) - (await lossAt(name, place, -STEP))) / (2 * STEP);
            const gradient = found[`grad_${name}`]?.[place] ?? Number.NaN;
            const allowed = TOLERANCE * Math.max(1, Math.abs(difference));
            findings.must(
              Math.abs(gradient - difference) <= allowed,
              `${difference} for ${name}[${place}], within ${allowed}`,
              gradient,
            );
          }
      } finally {
        await forward.dispose();
      }
    }),
  ];
};

/** Convolution, tanh, dense, cross-entropy against class 1: smooth throughout. */
const networkOf = (differentiate?: typeof gradients): Graph => {
  const graph = new Graph('small');
  const x = graph.input('x', 'float32', [2, 1, 5, 5]);
  const kernel = graph.input('kernel', 'float32', [2, 1, 3, 3]);
  const weight = graph.input('weight', 'float32', [18, 3]);
  const hidden = ops.Tanh(ops.Conv(x, kernel));
  const logits = ops.MatMul(ops.Flatten(hidden), weight);
  const chosen = graph.constant(float32([1, 3], [0, -1, 0]));
  const logs = ops.Log(ops.Softmax(logits, { axis: -1 }));
  const loss = ops.ReduceSum(ops.Mul(logs, chosen), undefined, { keepdims: false });
  graph.output('loss', loss);
  const inputs: Readonly<Record<string, Value>> = { x, kernel, weight };
  differentiate?.(loss, Object.values(inputs)).forEach((gradient, i) => {
    graph.output(`grad_${Object.keys(inputs)[i]}`, gradient);
  });
  return graph;
};

const answers = async (graph: Graph, feeds: Feeds): Promise<Readonly<Record<string, Float32Array>>> => {
  const session = await createSession(graph);
  try {
    const found = await session.run(feeds);
    return Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, data as Float32Array]));
  } finally {
    await session.dispose();
  }
};

const answer = async (graph: Graph, feeds: Feeds, name: string): Promise<Float32Array> =>
  (await answers(graph, feeds))[name] as Float32Array;
