/** Our networks beside torchvision's, with the same weights. */
import {
  createSession,
  floats,
  Graph,
  gradients,
  int64,
  losses,
  ops,
  predict,
  type Shape,
  type Tensor,
  trainingModel,
  type Value,
} from 'onnx-grad';
import { expect } from 'vitest';
import type { GradientArchitecture } from '../../src/models/architecture.ts';
import type { ModelOptions } from '../../src/models/model-name.ts';
import { fillByFormula, formulaPictures, measured, torchvisionGolden } from './formula-weights.ts';

const CLASSES = 10;
/** The golden values are of double precision; of single precision this much of the largest is left. */
const TOLERANCE = 1e-4;
/**
 * Of a gradient's norm. PyTorch in single precision is up to .009 away itself, on these very steps: where rounding turns the
 * sign before a ReLU or the place of a maximum, a share of the gradient goes elsewhere.
 */
const SLOPE_TOLERANCE = 0.02;

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Of the largest value. */
const expectClose = (found: ArrayLike<number>, want: readonly number[], what: string): void => {
  expect(found.length, what).toBe(want.length);
  const error = largest(want.map((value, i) => value - found[i]!));
  expect(error / largest(want), what).toBeLessThan(TOLERANCE);
};

/** @param largestSize leaves larger pictures out. @returns the last that was asked */
export const expectAnswers = async (
  architecture: GradientArchitecture,
  golden: Exclude<keyof typeof torchvisionGolden, 'steps'>,
  { largestSize = 1000, ...chosen }: ModelOptions & { readonly largestSize?: number } = {},
): Promise<Graph> => {
  const cases = torchvisionGolden[golden].filter(({ shape }) => (shape[2] as number) <= largestSize);
  let last: Graph | undefined;
  for (const { shape, logits } of cases) {
    const [records = 0, ...recordShape] = shape;
    const model = architecture.build({ recordShape, classes: CLASSES, seed: 0, ...chosen });
    fillByFormula(model);
    const answers = await predict(model, {
      size: records,
      batch: () => ({
        inputs: { x: formulaPictures(shape) },
        target: int64([records], Array(records).fill(0)),
      }),
    });
    expectClose(floats(answers), logits, `${golden} on [${shape.join(', ')}]`);
    last = model;
  }
  if (!last) throw new Error(`no case of ${golden} is as small as ${largestSize}`);
  return last;
};

/** Batch statistics, no dropout, mean cross-entropy. */
export const expectStep = async (
  architecture: GradientArchitecture,
  golden: keyof (typeof torchvisionGolden)['steps'],
): Promise<void> => {
  const { shape, loss: cost, logits, gradients: slopes } = torchvisionGolden.steps[golden];
  const [records = 0, ...recordShape] = shape;
  const model = architecture.build({ recordShape, classes: CLASSES, seed: 0, dropout: 0 });
  fillByFormula(model);
  const graph = new Graph('step');
  const { outputs, parameters, buffers } = trainingModel(graph, model);
  const answers = outputs.get('logits') as Value;
  const loss = losses.crossEntropy();
  const labels = graph.input('labels', 'int64', loss.target(answers).shape as Shape);
  const mean = ops.ReduceMean(loss.perExample(answers, labels), [0], { keepdims: false });
  graph.output('loss', mean);
  graph.output('answers', answers);
  const values = [...parameters.values()];
  gradients(mean, values).forEach((slope, i) => {
    graph.output(`slope ${values[i]!.name}`, slope);
  });
  const feeds: Record<string, Tensor> = {
    x: formulaPictures(shape),
    labels: int64(
      [records],
      Array.from({ length: records }, (_, i) => (3 * i) % CLASSES),
    ),
  };
  for (const name of [...parameters.keys(), ...buffers.keys()]) feeds[name] = model.initializers.get(name)!;
  await using session = await createSession(graph);
  const found = await session.run(feeds);
  expectClose(floats(found['loss']!), [cost], `${golden}: loss`);
  expectClose(floats(found['answers']!), logits, `${golden}: logits`);
  expect([...parameters.keys()].sort()).toEqual(Object.keys(slopes).sort());
  // What a normalisation follows has a bias without effect: its gradient is rounding, of what the others are.
  const typical = largest(Object.values(slopes).map(([, norm]) => norm));
  for (const [name, [along, norm]] of Object.entries(slopes)) {
    const got = measured(model, name, floats(found[`slope ${name}`]!) as Float32Array);
    const scale = Math.max(norm, 1e-3 * typical);
    expect(Math.abs(got[0] - along) / scale, `${golden}: ${name} along`).toBeLessThan(SLOPE_TOLERANCE);
    expect(Math.abs(got[1] - norm) / scale, `${golden}: ${name} norm`).toBeLessThan(SLOPE_TOLERANCE);
  }
};
