import {
  type BatchSource,
  createSession,
  fit,
  float32,
  floats,
  Graph,
  losses,
  nn,
  sgd,
  stream,
  type Tensor,
} from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import type { GradientArchitecture } from '../../models/architecture.ts';
import { architecture } from '../../models/architectures.ts';
import { mixupMmdLoss } from './mmd-loss.ts';
import { MIXED, threePasses, trainedIn, VALIDATION } from './three-passes.ts';

const C = 3;
const normed = () => {
  const graph = new Graph('normed');
  const x = graph.input('x', 'float32', ['N', 4]);
  const rows = nn.batchNorm(x, { name: 'norm', seed: 0 });
  graph.output('logits', nn.dense(rows, { name: 'fc', seed: 0, units: C }));
  return graph;
};

const SIZE = 12;
const rows = (name: string, width = 4) =>
  stream(9, name)
    .normal(new Float32Array(SIZE * width))
    .map((value) => value + name.length);
const fixed = { x: rows('x'), [MIXED]: rows('mixed'), [VALIDATION]: rows('validation') };
const pick = (values: Float32Array, indices: Uint32Array, width: number) =>
  float32(
    [indices.length, width],
    Float32Array.from(
      { length: indices.length * width },
      (_, i) => values[indices[Math.floor(i / width)]! * width + (i % width)]!,
    ),
  );
const labels = Float32Array.from({ length: SIZE * C }, (_, i) => Number(i % C === Math.floor(i / C) % C));
const source: BatchSource = {
  size: SIZE,
  batch: (indices) => ({
    inputs: Object.fromEntries(
      Object.entries(fixed).map(([name, values]) => [name, pick(values, indices, 4)]),
    ),
    target: pick(labels, indices, C),
  }),
};

describe('threePasses', () => {
  test('gives the logits of each batch by the one model', async () => {
    const model = normed();
    const session = await createSession(threePasses(model));
    const all = Uint32Array.from({ length: SIZE }, (_, i) => i);
    const { inputs } = source.batch(all);
    const together = floats((await session.run({ ...inputs }))['logits'] as Tensor);
    await session.dispose();
    const alone = await createSession(model);
    for (const [place, name] of ['x', MIXED, VALIDATION].entries()) {
      const logits = floats((await alone.run({ x: inputs[name]! }))['logits'] as Tensor);
      logits.forEach((value, at) => {
        const [row, c] = [Math.floor(at / C), at % C];
        expect(together[3 * C * row + C * place + c]).toBeCloseTo(value, 5);
      });
    }
    await alone.dispose();
  });

  test('running statistics follow the plain records', async () => {
    const model = normed();
    const { model: trained } = await fit({
      model: threePasses(model),
      loss: mixupMmdLoss(C, 1),
      optimizer: sgd({ learningRate: 0.1 }),
      data: source,
      ...{ epochs: 5, batchSize: SIZE, seed: 1 },
    });
    const statistics = trainedIn(trained, model).initializers.get('norm.running_mean')!;
    for (let column = 0; column < 4; column++) {
      let mean = 0;
      for (let row = 0; row < SIZE; row++) mean += fixed.x[4 * row + column]! / SIZE;
      // Momentum .9 from 0, five times.
      expect((statistics.data as Float32Array)[column]).toBeCloseTo(mean * (1 - 0.9 ** 5), 4);
    }
  });

  test('without mixing and weight it is plain training of the mixed batch, parameter for parameter', async () => {
    const model = architecture('logistic-regression') as GradientArchitecture;
    const build = () => model.build({ recordShape: [4], classes: C, seed: 2 });
    const shared = { optimizer: sgd({ learningRate: 0.1 }), epochs: 4, batchSize: 5, seed: 1 };
    const passes = await fit({
      ...shared,
      model: threePasses(build()),
      loss: mixupMmdLoss(C, 0),
      data: source,
    });
    const plain = await fit({
      ...shared,
      model: build(),
      loss: losses.softCrossEntropy(),
      data: {
        size: SIZE,
        batch: (indices) => ({
          inputs: { x: pick(fixed[MIXED], indices, 4) },
          target: pick(labels, indices, C),
        }),
      },
    });
    for (const name of plain.model.parameters) {
      const got = trainedIn(passes.model, build()).initializers.get(name)!.data as Float32Array;
      (plain.model.initializers.get(name)!.data as Float32Array).forEach((value, i) => {
        expect(got[i]).toBeCloseTo(value, 5);
      });
    }
  });

  test('takes networks with convolutions, residual blocks and dropout', () => {
    for (const name of ['resnet', 'simple-cnn']) {
      const model = (architecture(name) as GradientArchitecture).build({
        ...{ recordShape: [1, 12, 12], classes: C, seed: 0 },
      });
      const passes = threePasses(model);
      expect([...passes.parameters].sort()).toEqual([...model.parameters].sort());
      const back = trainedIn(passes, model);
      for (const [key, tensor] of model.initializers) expect(back.initializers.get(key)).toBe(tensor);
    }
  });
});
