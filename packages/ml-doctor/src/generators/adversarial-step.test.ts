/** The fused step against separate ones done by hand, and its slopes against central differences. */
import {
  adam,
  buildTrainingStep,
  copyGraph,
  copyInto,
  createSession,
  float32,
  Graph,
  gradients,
  int64,
  losses,
  nn,
  ops,
  scalar,
  sgd,
  type Tensor,
  type Value,
} from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import { gaussian, noisePictures, numericRows, opened } from '../../test/generators/made-data.ts';
import { crossEntropyGame, hingeGame } from './adversarial-losses.ts';
import { buildAdversarialStep, own } from './adversarial-step.ts';
import { discriminatorView } from './auxiliary-data.ts';
import type { Generator } from './generator.ts';
import { maxMargin } from './max-margin.ts';
import { untrainedPair } from './networks.ts';

const rows = 6;
const shape = [1, 16, 16] as const;
const data = noisePictures(rows, shape);
const pair = (classes?: number): Generator =>
  untrainedPair({
    ...{ space: data, view: discriminatorView(data), latent: 5, width: 4, seed: 2 },
    ...(classes !== undefined && { classes }),
  });
const real = float32([rows, ...shape], data.values);
const z = (step: number) => gaussian([rows, 5], 'z', step);
const numbers = (tensor: Tensor | undefined) => Array.from(tensor?.data as Float32Array);

const withTensors = (network: Graph, tensors: ReadonlyMap<string, Tensor>): Graph => {
  const copy = copyGraph(network);
  for (const [name, tensor] of tensors) if (copy.initializers.has(name)) copy.setInitializer(name, tensor);
  return copy;
};

/** One step of plain descent along cross-entropy: slopes, and running statistics moved by this batch. */
const descent = async (model: Graph, input: string, x: Tensor, label: number) => {
  const optimizer = sgd({ learningRate: 1 });
  const step = buildTrainingStep(model, { loss: losses.binaryCrossEntropy(), optimizer, output: 'score' });
  const session = await createSession(step.graph);
  const before = step.initialState();
  const results = await session.run({
    ...Object.fromEntries(before),
    [input]: x,
    [step.target]: float32([rows, 1], new Float32Array(rows).fill(label)),
    [step.weights]: float32([rows], new Float32Array(rows).fill(1 / rows)),
    ...Object.fromEntries(
      Object.entries(optimizer.scalarsAt(1, 1)).map(([name, value]) => [
        `train::scalar.${name}`,
        scalar(value),
      ]),
    ),
  });
  await session.dispose();
  const after = (name: string) => results[step.state.get(name) as string] as Tensor;
  const slopes = new Map(
    [...model.parameters].map((name) => {
      const next = numbers(after(name));
      return [name, numbers(before.get(name)).map((value, i) => value - (next[i] as number))] as const;
    }),
  );
  const statistics = new Map(
    [...before.keys()].filter((name) => /running/.test(name)).map((name) => [name, after(name)]),
  );
  return { slopes, statistics, loss: Number(results[step.lossOutput]?.data[0]) };
};

/** Adam as in its paper, in double precision. */
class Adam {
  readonly #moments = new Map<string, { m: number[]; v: number[]; t: number }>();
  step(name: string, value: Tensor, slope: readonly number[]): Tensor {
    const fresh = { m: slope.map(() => 0), v: slope.map(() => 0), t: 0 };
    const { m, v, t } = this.#moments.get(name) ?? fresh;
    const next = {
      m: m.map((old, i) => 0.5 * old + 0.5 * (slope[i] as number)),
      v: v.map((old, i) => 0.999 * old + 0.001 * (slope[i] as number) ** 2),
      t: t + 1,
    };
    this.#moments.set(name, next);
    const moved = numbers(value).map((old, i) => {
      const mean = (next.m[i] as number) / (1 - 0.5 ** next.t);
      return old - (1e-3 * mean) / (Math.sqrt((next.v[i] as number) / (1 - 0.999 ** next.t)) + 1e-8);
    });
    return float32(value.dims, Float32Array.from(moved));
  }
}

/** G, then D, of which only G is trained. */
const behind = (generator: Graph, discriminator: Graph): Graph => {
  const graph = new Graph();
  const made = copyInto(graph, generator).get(generator.outputs.get('x') as Value) as Value;
  const judged = copyInto(graph, discriminator, { bindings: new Map([[discriminator.value('x'), made]]) });
  graph.output('score', judged.get(discriminator.outputs.get('score') as Value) as Value);
  for (const name of discriminator.parameters) graph.setTrainable(name, false);
  return graph;
};

test('one graph does what separate steps do one after the other', async () => {
  const start = pair();
  const optimizer = adam({ learningRate: 1e-3, betas: [0.5, 0.999] });
  const fused = buildAdversarialStep(start, { loss: crossEntropyGame, optimizer });
  const feeds = [0, 1, 2].map((i) => ({ [own('real')]: real, [own('z')]: z(i) }));
  const { run, close } = await opened(fused, optimizer);
  const { state, losses: seen } = await run(feeds);
  await close();

  const byHand = new Adam();
  let { generator, discriminator } = start;
  for (const [i, loss] of seen.entries()) {
    // What G makes in training mode: the running statistics are for later.
    const sample = new Graph();
    const made = copyInto(sample, generator, {
      node: (node, [x, scale, bias]) => {
        if (node.op !== 'BatchNormalization') return undefined;
        const axes = (x as Value).shape?.length === 4 ? [0, 2, 3] : [0];
        const centred = ops.Sub(x as Value, ops.ReduceMean(x as Value, axes));
        const spread = ops.Sqrt(
          ops.Add(ops.ReduceMean(ops.Mul(centred, centred), axes), sample.scalar(1e-5)),
        );
        const wide = (value: Value) => ops.Reshape(value, [1, -1, 1, 1]);
        return [ops.Add(ops.Mul(ops.Div(centred, spread), wide(scale as Value)), wide(bias as Value))];
      },
    });
    sample.output('x', made.get(generator.outputs.get('x') as Value) as Value);
    const session = await createSession(sample);
    const fake = (await session.run({ z: z(i) }))['x'] as Tensor;
    await session.dispose();

    const onReal = await descent(discriminator, 'x', real, 1);
    const onFake = await descent(withTensors(discriminator, onReal.statistics), 'x', fake, 0);
    expect(loss.discriminator).toBeCloseTo(onReal.loss + onFake.loss, 4);
    const current = discriminator;
    const improved = new Map(
      [...discriminator.parameters].map((name) => {
        const other = onFake.slopes.get(name) as number[];
        const slope = (onReal.slopes.get(name) as number[]).map((value, k) => value + (other[k] as number));
        return [name, byHand.step(name, current.initializers.get(name) as Tensor, slope)] as const;
      }),
    );
    discriminator = withTensors(discriminator, new Map([...improved, ...onFake.statistics]));

    const before = generator;
    const onBoth = await descent(behind(generator, discriminator), 'z', z(i), 1);
    expect(loss.generator).toBeCloseTo(onBoth.loss, 4);
    const better = [...generator.parameters].map((name) => {
      const slope = onBoth.slopes.get(name) as number[];
      return [name, byHand.step(name, before.initializers.get(name) as Tensor, slope)] as const;
    });
    generator = withTensors(generator, new Map([...better, ...onBoth.statistics]));
  }
  let compared = 0;
  for (const network of [generator, discriminator])
    for (const [name, tensor] of network.initializers) {
      const fusedOne = state.get(name);
      if (!fusedOne) continue;
      const difference = numbers(fusedOne).map((value, i) => Math.abs(value - (tensor.data[i] as number)));
      expect(Math.max(...difference), name).toBeLessThan(1e-5);
      compared += difference.length;
    }
  const sizes = [...generator.parameters, ...discriminator.parameters].map(
    (name) => state.get(name)?.data.length as number,
  );
  // Running statistics as well: of 12 maps in G (8 and 4), of 8 in D.
  expect(compared).toBe(sizes.reduce((a, b) => a + b, 0) + 2 * (12 + 8));
});

describe('slopes of the whole pair in training mode', () => {
  const linearTarget = () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', ...shape]);
    graph.output('logits', nn.dense(ops.Flatten(x), { name: 'd.last', seed: 9, units: 3 }));
    return graph;
  };
  const labels = (purpose: number) =>
    int64(
      [rows],
      [0, 1, 2, 2, 1, 0].map((y) => (y + purpose) % 3),
    );

  test.each(['cross-entropy', 'hinge and margin'])('%s', async (kind) => {
    const guided = kind !== 'cross-entropy';
    // Nothing moves, and the first moment is the slope itself.
    const optimizer = adam({ learningRate: 0, betas: [0, 0.999] });
    const step = buildAdversarialStep(pair(guided ? 3 : undefined), {
      loss: guided ? hingeGame : crossEntropyGame,
      optimizer,
      ...(guided && { guide: { target: linearTarget(), alpha: 0.7 } }),
    });
    const fed = {
      ...{ [own('real')]: real, [own('z')]: z(0) },
      ...(guided && { [own('realLabels')]: labels(0), [own('labels')]: labels(1) }),
    };
    const start = new Map(step.initialState());
    // Weights of .02 leave little to measure; these are an ordinary network's.
    for (const [name, { dims, data }] of start)
      if (dims.length > 1 && !name.startsWith('gan::'))
        start.set(
          name,
          float32(
            dims,
            (data as Float32Array).map((value) => 8 * value),
          ),
        );
    const { run, close } = await opened(step, optimizer);
    const { state } = await run([fed], start);
    const lossAt = async (moved: ReadonlyMap<string, Tensor>, of: 'generator' | 'discriminator') =>
      (await run([fed], new Map([...start, ...moved]))).losses[0]?.[of] as number;
    let checked = 0;
    for (const [name, tensor] of start) {
      const slope = state.get(own(`mean.${name}`));
      if (!slope) continue;
      const g = numbers(slope);
      const of = name.startsWith('g.') ? 'generator' : 'discriminator';
      const random = numbers(gaussian([g.length], 'direction', name));
      const size = (v: readonly number[]) => Math.sqrt(v.reduce((a, b) => a + b * b, 0));
      // Half along the slope, so that there is something to see above rounding.
      const direction = g.map((value, i) => value / size(g) + (random[i] as number) / size(random));
      const h = 2e-3;
      const at = (sign: number) => {
        const data = Float32Array.from(
          numbers(tensor),
          (value, i) => value + sign * h * (direction[i] as number),
        );
        return lossAt(new Map([[name, float32(tensor.dims, data)]]), of);
      };
      const measured = ((await at(1)) - (await at(-1))) / (2 * h);
      const expected = g.reduce((sum, value, i) => sum + value * (direction[i] as number), 0);
      expect(size(g), name).toBeGreaterThan(1e-4);
      expect(Math.abs(measured - expected), name).toBeLessThan(2e-2 * Math.abs(expected) + 2e-4);
      checked++;
    }
    await close();
    expect(checked).toBe(guided ? 14 : 12);
  });
});

test('labels go with the records that they are of', async () => {
  const table = numericRows(gaussian([rows, 4], 'table').data as Float32Array, 4);
  const networks = untrainedPair({
    ...{ space: table, view: discriminatorView(table), latent: 5, width: 4, classes: 3, seed: 2 },
  });
  // So that the class matters.
  const vectors = networks.discriminator.initializers.get('d.class.weight') as Tensor;
  const larger = float32(
    vectors.dims,
    (vectors.data as Float32Array).map((value) => 40 * value),
  );
  networks.discriminator.setInitializer('d.class.weight', larger);
  const target = new Graph();
  const x = target.input('x', 'float32', ['N', 4]);
  target.output('logits', nn.dense(x, { name: 'f', seed: 9, units: 3 }));
  const optimizer = adam({ learningRate: 0 });
  const step = buildAdversarialStep(networks, {
    ...{ loss: hingeGame, optimizer },
    guide: { target, alpha: 0.7 },
  });
  const realLabels = int64([rows], [0, 1, 2, 2, 1, 0]);
  const labels = int64([rows], [2, 2, 0, 1, 1, 0]);
  const records = float32([rows, 4], table.values);
  // Nothing is dropped: the networks are what they are for attacks.
  const masks = step.masks.map(({ input, shape }) => [
    input.name,
    float32([rows, ...shape], new Float32Array(rows * (shape[0] as number)).fill(1)),
  ]);
  const { run, close } = await opened(step, optimizer);
  const { losses: seen } = await run([
    {
      ...{ [own('real')]: records, [own('z')]: z(0) },
      ...{ [own('realLabels')]: realLabels, [own('labels')]: labels },
      ...Object.fromEntries(masks),
    },
  ]);
  await close();

  const alone = async (graph: Graph, feeds: Record<string, Tensor>) => {
    const session = await createSession(graph);
    const results = await session.run(feeds);
    await session.dispose();
    return Object.values(results)[0] as Tensor;
  };
  const fake = await alone(networks.generator, { z: z(0), y: labels });
  const onReal = numbers(await alone(networks.discriminator, { x: records, y: realLabels }));
  const onFake = numbers(await alone(networks.discriminator, { x: fake, y: labels }));
  const logits = numbers(await alone(target, { x: fake }));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const margins = Array.from({ length: rows }, (_, i) => {
    const y = Number(labels.data[i]);
    const row = logits.slice(3 * i, 3 * i + 3);
    return Math.max(...row.filter((_, c) => c !== y)) - (row[y] as number);
  });
  const judged = mean(onReal.map((v) => Math.max(0, 1 - v))) + mean(onFake.map((v) => Math.max(0, 1 + v)));
  expect(seen[0]?.discriminator).toBeCloseTo(judged, 5);
  expect(seen[0]?.generator).toBeCloseTo(-mean(onFake) + 0.7 * mean(margins), 5);
});

test('the max-margin loss is the largest other logit less the own one, row by row', async () => {
  const graph = new Graph();
  const logits = graph.input('logits', 'float32', ['N', 3]);
  const y = graph.input('y', 'int64', ['N']);
  const loss = maxMargin(logits, y);
  graph.output('loss', loss);
  const sum = ops.ReduceSum(loss, undefined, { keepdims: false });
  graph.output('slope', gradients(sum, [logits])[0] as Value);
  const session = await createSession(graph);
  const { loss: value, slope } = await session.run({
    logits: float32([2, 3], [5, 1, 2, -4, -2, -3]),
    y: int64([2], [0, 2]),
  });
  await session.dispose();
  expect(numbers(value)).toEqual([2 - 5, -2 + 3]);
  expect(numbers(slope)).toEqual([-1, 0, 1, 0, 1, -1]);
});
