/** Auxiliary data made by hand, and a step of a pair run once. */
import { createSession, float32, type Optimizer, scalar, stream, type Tensor } from 'onnx-grad';
import { type AdversarialStep, own } from '../../src/generators/adversarial-step.ts';
import type { AuxiliaryData } from '../../src/generators/auxiliary-data.ts';

/** Pictures of noise within [−1, 2]. */
export const noisePictures = (
  count: number,
  recordShape: readonly [number, number, number],
): AuxiliaryData => {
  const length = recordShape[0] * recordShape[1] * recordShape[2];
  return {
    values: stream(3, 'pictures')
      .uniform(new Float32Array(count * length))
      .map((u) => 3 * u - 1),
    count,
    recordShape,
    bounds: { low: new Float32Array(length).fill(-1), high: new Float32Array(length).fill(2) },
    oneHot: [],
    features: 'image',
  };
};

/** Rows of numbers, the bounds theirs. */
export const numericRows = (values: Float32Array, width: number): AuxiliaryData => {
  const count = values.length / width;
  const column = (j: number) => Array.from({ length: count }, (_, i) => values[i * width + j] as number);
  const each = (f: (column: number[]) => number) =>
    Float32Array.from({ length: width }, (_, j) => f(column(j)));
  return {
    ...{ values, count, recordShape: [width], oneHot: [], features: 'numeric' },
    bounds: { low: each((c) => Math.min(...c)), high: each((c) => Math.max(...c)) },
  };
};

/** A step ready to run: one run after another, the state passed on; the losses of each and the last state. */
export const opened = async (step: AdversarialStep, optimizer: Optimizer) => {
  const session = await createSession(step.graph);
  const run = async (
    feeds: readonly Readonly<Record<string, Tensor>>[],
    from: ReadonlyMap<string, Tensor> = step.initialState(),
  ) => {
    let state = from;
    const losses: { readonly generator: number; readonly discriminator: number }[] = [];
    for (const [done, fed] of feeds.entries()) {
      const scalars = Object.entries(optimizer.scalarsAt(done + 1, optimizer.learningRate)).map(
        ([name, value]) => [step.scalars.get(name) as string, scalar(value)] as const,
      );
      const results = await session.run({ ...Object.fromEntries([...state, ...scalars]), ...fed });
      state = new Map([...step.state].map(([name, next]) => [name, results[next] as Tensor]));
      losses.push({
        generator: Number(results[own('generatorLoss')]?.data[0]),
        discriminator: Number(results[own('discriminatorLoss')]?.data[0]),
      });
    }
    return { state, losses };
  };
  return { run, close: () => session.dispose() };
};

export const gaussian = (dims: readonly number[], ...purpose: (string | number)[]): Tensor =>
  float32(dims, stream(11, ...purpose).normal(new Float32Array(dims.reduce((a, b) => a * b, 1))));
