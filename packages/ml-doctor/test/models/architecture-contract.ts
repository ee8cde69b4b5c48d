/** What every network of the registry is held to: its shapes, gradients that differences confirm, and a loss that falls. */
import {
  createSession,
  elementCount,
  fit,
  float32,
  floats,
  Graph,
  gradients,
  int64,
  losses,
  ops,
  type Shape,
  sgd,
  stream,
  type Tensor,
  trainingModel,
} from 'onnx-grad';
import { expect } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import type { GradientArchitecture } from '../../src/models/architecture.ts';
import { type ArchitectureName, architectures } from '../../src/models/architectures.ts';

const CLASSES = 5;

/** Networks of the registry; another one joins by being there. */
export const networks: readonly GradientArchitecture[] = (Object.keys(architectures) as ArchitectureName[])
  .map((name) => architectures[name])
  .filter((one): one is Extract<typeof one, { trains: 'gradient' }> => one.trains === 'gradient');

/** Seconds of work and hundreds of megabytes at every turn: for the nightly tests. */
const HEAVY: readonly ArchitectureName[] = [
  'alexnet',
  'vgg19',
  'wide-resnet-28-4',
  'wide-resnet-28-10',
  'xception',
];
export const isHeavy = ({ name }: GradientArchitecture): boolean => HEAVY.includes(name as ArchitectureName);

/** The model, unless it says that it does not take such pictures. */
export const buildFor = (
  architecture: GradientArchitecture,
  recordShape: readonly number[],
): Graph | undefined => {
  try {
    return architecture.build({ recordShape, classes: CLASSES, seed: 3 });
  } catch (error) {
    if (error instanceof AuditError && error.code === 'MLD_USAGE') return undefined;
    throw error;
  }
};

/** Noise of mean 0 and variance 1, and a label for each record. */
const madeBatch = (recordShape: readonly number[], records: number) => ({
  x: float32(
    [records, ...recordShape],
    stream(7, 'pictures').normal(new Float32Array(records * elementCount(recordShape))),
  ),
  labels: int64(
    [records],
    Array.from({ length: records }, (_, i) => i % CLASSES),
  ),
});

export const expectShape = (model: Graph, recordShape: readonly number[]): void => {
  expect(model.inputs.map(({ name, shape }) => [name, shape])).toEqual([['x', ['N', ...recordShape]]]);
  expect([...model.outputs].map(([name, { shape }]) => [name, shape])).toEqual([['logits', ['N', CLASSES]]]);
};

/** Six steps of SGD on one batch. */
export const expectFallingLoss = async (model: Graph, records: number): Promise<void> => {
  const { x, labels } = madeBatch(recordShapeOf(model), records);
  const seen: number[] = [];
  // VGG-19 as torchvision draws it overshoots on so few records, in PyTorch too.
  const learningRate = model.name === 'vgg19' ? 0.001 : 0.01;
  await fit({
    ...{ model, loss: losses.crossEntropy(), optimizer: sgd({ learningRate, momentum: 0.9 }), seed: 5 },
    ...{ epochs: 6, batchSize: records },
    // The whole batch, whatever the order it is asked for in.
    data: { size: records, batch: () => ({ inputs: { x }, target: labels }) },
    onEvent: (event) => {
      if (event.type === 'step') seen.push(event.loss);
    },
  });
  expect(seen).toHaveLength(6);
  expect(seen.every(Number.isFinite), seen.join(', ')).toBe(true);
  // Dropout draws anew at every step.
  expect(Math.min(...seen.slice(-2)), seen.join(', ')).toBeLessThan(seen[0]!);
};

const recordShapeOf = (model: Graph): number[] => model.inputs[0]!.shape!.slice(1) as number[];

/** The model in training, batch statistics and all, and its mean loss. */
const trainingGraph = (model: Graph) => {
  const graph = new Graph('training');
  const training = trainingModel(graph, model);
  const logits = training.outputs.get('logits')!;
  const loss = losses.crossEntropy();
  const labels = graph.input('labels', 'int64', loss.target(logits).shape as Shape);
  const mean = ops.ReduceMean(loss.perExample(logits, labels), [0], { keepdims: false });
  graph.output('loss', mean);
  return { graph, mean, training };
};

/**
 * Half-width of the difference, as a share of the size of each tensor's values: as small as the rounding of the loss, some
 * 3e-7, lets it be, for the kinks of ReLU and max-pooling that it crosses grow with it.
 */
const stepFor = (deviation: number): number => Math.min(1e-3, Math.max(3e-5, 1.5e-5 / deviation));

/** Of the deviation. Found are errors up to .05, by rounding and kinks. */
export const DIRECTIONAL_TOLERANCE = 0.15;

/**
 * The derivative of the loss along a random direction in all parameters at once, by gradients and by a central difference.
 * Every number of a tensor moves by the same share of the tensor's root mean square, up or down by its own coin, so that the
 * derivative has mean 0 and, over such coins, the deviation √Σ(gᵢ sᵢ)². The error is a share of that deviation, about 1
 * for a gradient that is wrong and √q where it is so in a part that has the share q of the sum.
 */
export const directionalError = async (model: Graph, records: number): Promise<number> => {
  const { graph, mean, training } = trainingGraph(model);
  const values = [...training.parameters.values()];
  gradients(mean, values).forEach((slope, i) => {
    graph.output(`slope ${values[i]!.name}`, slope);
  });
  const { x, labels } = madeBatch(recordShapeOf(model), records);
  const feeds: Record<string, Tensor> = { x, labels };
  for (const name of [...training.parameters.keys(), ...training.buffers.keys()])
    feeds[name] = model.initializers.get(name)!;
  // One mask for all runs: the loss is then a function of the parameters alone.
  for (const { input, keep, shape } of training.masks) {
    const mask = new Float32Array(records * elementCount(shape));
    feeds[input.name] = float32([records, ...shape], stream(11, input.name).bernoulli(mask, keep, 1 / keep));
  }
  const { along, deviation } = await slopeAlong(graph, feeds, [...training.parameters.keys()]);
  await using session = await createSession(trainingGraph(model).graph);
  const lossAt = async (by: number): Promise<number> => {
    const moved = { ...feeds };
    for (const name of training.parameters.keys()) {
      const { dims } = feeds[name]!;
      const from = floats(feeds[name]!);
      const direction = directionOf(name, from);
      for (let i = 0; i < direction.length; i++) direction[i] = from[i]! + by * direction[i]!;
      moved[name] = float32(dims, direction);
    }
    return floats((await session.run(moved, ['loss']))['loss']!)[0]!;
  };
  const step = stepFor(deviation);
  const difference = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
  return Math.abs(difference - along) / deviation;
};

const directionOf = (name: string, values: Float32Array): Float32Array => {
  let square = 0;
  for (const value of values) square += value ** 2;
  // Biases begin at 0 in some networks.
  const size = Math.sqrt(square / values.length) || 0.1;
  const direction = stream(13, name).bernoulli(new Float32Array(values.length), 0.5, 2 * size);
  for (let i = 0; i < direction.length; i++) direction[i]! -= size;
  return direction;
};

const slopeAlong = async (graph: Graph, feeds: Record<string, Tensor>, names: readonly string[]) => {
  await using session = await createSession(graph);
  const slopes = await session.run(feeds);
  let [along, square] = [0, 0];
  for (const name of names) {
    const slope = floats(slopes[`slope ${name}`]!);
    const direction = directionOf(name, floats(feeds[name]!));
    for (let i = 0; i < slope.length; i++) {
      const product = slope[i]! * direction[i]!;
      along += product;
      square += product ** 2;
    }
  }
  return { along, deviation: Math.sqrt(square) };
};
