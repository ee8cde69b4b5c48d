import {
  createSession,
  elementCount,
  type Feeds,
  float32,
  Graph,
  int64,
  nn,
  ops,
  sgd,
  stream,
  type Tensor,
} from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import type { Generator } from '../../../generators/generator.ts';
import { guessing } from '../plg/plg.ts';
import { revealing } from '../secret-revealer/secret-revealer.ts';
import { nextOf, rowsPerRun, stepGraph, viewGraph } from './graphs.ts';
import { firstLatents, latentRows } from './rows.ts';
import type { LatentObjective } from './search.ts';

const seed = 3;
const latent = 5;
const shape = [2, 8, 8] as const;

/** Running statistics as after training: none of them 0 or 1. */
const settled = (graph: Graph): Graph => {
  for (const [name, { dims }] of graph.initializers) {
    if (!/running_(mean|var)$/.test(name)) continue;
    const draws = stream(seed, 'statistics', name).uniform(new Float32Array(elementCount(dims)));
    graph.setInitializer(
      name,
      float32(
        dims,
        draws.map((u) => (name.endsWith('var') ? 0.02 + 0.1 * u : 0.1 * u)),
      ),
    );
  }
  return graph;
};

/** Transposed convolutions and batch normalisation, smooth everywhere so that differences may be taken anywhere. */
const pictures = (conditional: boolean): Generator => {
  const generator = new Graph('generator');
  let x = generator.input('z', 'float32', ['N', latent]);
  if (conditional) {
    const y = generator.input('y', 'int64', ['N']);
    x = ops.Concat([x, nn.embedding(y, { name: 'class', seed, count: 3, width: 2 })], 1);
  }
  x = ops.Reshape(nn.dense(x, { name: 'first', seed, units: 4 * 4 }), [-1, 4, 2, 2]);
  x = ops.Tanh(nn.batchNorm(x, { name: 'norm1', seed }));
  const up = { kernel: 4, stride: 2, padding: 1, seed };
  x = ops.Tanh(
    nn.batchNorm(nn.convTranspose2d(x, { ...up, name: 'up1', channels: 3 }), { name: 'norm2', seed }),
  );
  generator.output('x', ops.Tanh(nn.convTranspose2d(x, { ...up, name: 'up2', channels: 2 })));
  const discriminator = new Graph('discriminator');
  let h = discriminator.input('x', 'float32', ['N', ...shape]);
  h = nn.conv2d(h, { name: 'down', seed, channels: 3, kernel: 4, stride: 2, padding: 1 });
  h = ops.Softplus(nn.batchNorm(h, { name: 'norm', seed }));
  discriminator.output('score', nn.dense(ops.Flatten(h), { name: 'last', seed, units: 1 }));
  return { generator: settled(generator), discriminator: settled(discriminator), latent, conditional };
};

const target = (): Graph => {
  const graph = new Graph('target');
  const x = graph.input('x', 'float32', ['N', ...shape]);
  const h = ops.Tanh(nn.conv2d(x, { name: 'conv', seed: 8, channels: 4, kernel: 3, stride: 2 }));
  graph.output('logits', nn.dense(ops.Flatten(h), { name: 'fc', seed: 8, units: 3 }));
  return graph;
};

const labels = [0, 1, 2, 2];
const rows = latentRows(Int32Array.from(labels), 1, seed, 'differences');
const z = firstLatents(rows, latent);
const space = {
  recordShape: shape,
  features: 'image' as const,
  bounds: { low: new Float32Array(128).fill(-1), high: new Float32Array(128).fill(1) },
  oneHot: [],
};

/** The step's gradient, as the way that a step of rate 1 goes, beside central differences of its loss. */
const compare = async (generator: Generator, objective: LatentObjective) => {
  const optimizer = sgd({ learningRate: 1 });
  await using session = await createSession(stepGraph({ generator, loss: objective.loss, optimizer }));
  const [rate] = session.inputNames.filter((name) => name.includes('learningRate'));
  const step = async (
    values: Float32Array,
    some: typeof rows,
    many: readonly number[],
    feeds: Feeds = {},
  ) => {
    const { [nextOf('z')]: next, loss } = await session.run({
      z: float32([some.length, latent], values),
      y: int64([some.length], many),
      [rate as string]: float32([], [1]),
      ...feeds,
    });
    return { next: next!.data as Float32Array, loss: loss!.data as Float32Array };
  };
  const own = objective.feeds?.(rows, 4) ?? {};
  const { next } = await step(z, rows, labels, own);
  const gradient = z.map((value, i) => value - next[i]!);
  const h = 2 ** -6;
  const differences = new Float32Array(z.length);
  for (let k = 0; k < latent; k++) {
    const moved = (by: number) => z.map((value, i) => (i % latent === k ? value + by : value));
    const [up, down] = [await step(moved(h), rows, labels, own), await step(moved(-h), rows, labels, own)];
    labels.forEach((_, i) => {
      differences[i * latent + k] = (up.loss[i]! - down.loss[i]!) / (2 * h);
    });
  }
  return { gradient, differences };
};

const size = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

describe('a step through transposed convolutions and batch normalisation', () => {
  const model = target();
  const [plain, conditional] = [pictures(false), pictures(true)];
  it.each<[string, Generator, LatentObjective]>([
    ['Secret Revealer', plain, revealing(plain, model, 10)],
    ['Secret Revealer, the discriminator alone', plain, revealing(plain, model, 0)],
    ['PLG-MI without views', conditional, guessing(model, space, 0)],
    ['PLG-MI with views', conditional, guessing(model, space, 2)],
  ])('goes along the differences of %s', async (_, generator, objective) => {
    const { gradient, differences } = await compare(generator, objective);
    const apart = size(gradient.map((value, i) => value - differences[i]!));
    expect(size(gradient)).toBeGreaterThan(0.01);
    expect(apart / size(gradient)).toBeLessThan(5e-3);
  });

  it('shows the generator the class', async () => {
    await using session = await createSession(viewGraph(conditional, model));
    const look = async (of: readonly number[]) => {
      const some = z.subarray(0, latent);
      const { x } = await session.run({ z: float32([1, latent], some), y: int64([1], of) });
      return x as Tensor;
    };
    expect((await look([0])).data).not.toEqual((await look([1])).data);
    expect((await look([0])).dims).toEqual([1, ...shape]);
  });
});

describe('latent vectors', () => {
  it('are standard normal, cut where wanted', () => {
    const some = latentRows(
      Int32Array.from({ length: 400 }, (_, i) => Math.floor(i / 8)),
      5,
      1,
      'some',
    );
    const free = firstLatents(some, 10);
    const mean = free.reduce((a, b) => a + b, 0) / free.length;
    // Five standard errors.
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(free.length));
    expect(Math.abs(size(free) ** 2 / free.length - 1)).toBeLessThan(5 * Math.sqrt(2 / free.length));
    expect(new Set(free).size).toBeGreaterThan(free.length * 0.99);
    const cut = firstLatents(some, 10, 0.5);
    expect(cut).toEqual(free.map((value) => Math.max(-0.5, Math.min(0.5, value))));
  });

  it('of a class do not depend on other classes, nor on how many there are', () => {
    const few = firstLatents(latentRows(Int32Array.of(1, 1), 1, 1, 'some'), 3);
    const many = firstLatents(latentRows(Int32Array.of(0, 1, 1, 1), 2, 1, 'some'), 3);
    expect(many.subarray(6, 9)).toEqual(few.subarray(0, 3));
    expect(many.subarray(12, 15)).toEqual(few.subarray(3, 6));
  });
});

it.each([
  [2 ** 20, 64],
  [2 ** 27, 1],
  [10, 256],
])('%i values between input and output make batches of %i rows', (values, expected) => {
  const graph = new Graph('wide');
  graph.output('y', ops.Relu(graph.input('x', 'float32', ['N', values])));
  expect(rowsPerRun(graph)).toBe(expected);
});
