/** One training with `fit`, private or not, from the same first weights on the same records. */
import { type BatchSource, fit, losses, sgd, tensor } from 'onnx-grad';
import { batch, network, records } from '../engine/models.ts';
import { sgdOptions } from '../engine/trainer.ts';
import type { Size } from './size.ts';

export type Side = 'plain' | 'private';

/** An expected batch is as large as a plain one. */
const PRIVACY = { clipNorm: 1, noiseMultiplier: 1 };

const source = ({ kind, records: size }: Size): BatchSource => {
  const { x, labels } = records(kind, size);
  const shape = x.dims.slice(1);
  const width = shape.reduce((a, b) => a * b, 1);
  const [pixels, classes] = [x.data as Float32Array, labels.data as BigInt64Array];
  return {
    size,
    batch: (indices) => {
      const images = new Float32Array(indices.length * width);
      const target = new BigInt64Array(indices.length);
      indices.forEach((index, i) => {
        images.set(pixels.subarray(index * width, (index + 1) * width), i * width);
        target[i] = classes[index] as bigint;
      });
      return {
        inputs: { x: tensor('float32', [indices.length, ...shape], images) },
        target: tensor('int64', [indices.length], target),
      };
    },
  };
};

/** Time of the processor rather than of the clock: others on the machine do not count in it. */
const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Trains and returns milliseconds of a step, from the end of the first epoch: the graph is built and warm by then. */
export const trainer = (size: Size): ((side: Side) => Promise<number>) => {
  const model = network(size.kind);
  const data = source(size);
  const epochs = size.epochs + 1;
  return async (side) => {
    const ends: number[] = [];
    // biome-ignore lint/suspicious/noFocusedTests: trains a model
    const { steps } = await fit({
      ...{ model, data, epochs, batchSize: batch, seed: 1 },
      loss: losses.crossEntropy(),
      optimizer: sgd(sgdOptions),
      ...(side === 'private' && { privacy: PRIVACY }),
      onEvent: ({ type }) => {
        if (type === 'epoch') ends.push(processorMs());
      },
    });
    const [first, last] = [ends[0] as number, ends.at(-1) as number];
    return (last - first) / ((steps * size.epochs) / epochs);
  };
};
