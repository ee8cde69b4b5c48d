/** The meta model of a stack: multinomial logistic regression on posteriors. */
import { adam, type BatchSource, float32, Graph, init, losses, multiStep, nn, type Tensor } from 'onnx-grad';
import { trainOn } from '../../models/train-on.ts';
import type { LearnerOptions } from '../defense.ts';

const BATCH = 64;
/** Enough to converge: the loss is convex, its inputs are from 0 to 1. */
const STEPS = 1500;
const LEAST_EPOCHS = 20;

/** Input `x` `[N, width]`, output `logits` `[N, classes]`; starts at 0, with nothing random to unlearn. */
const untrained = (width: number, classes: number): Graph => {
  const graph = new Graph('meta');
  const x = graph.input('x', 'float32', ['N', width]);
  const zero = { weightInit: init.zerosInit, biasInit: init.zerosInit };
  graph.output('logits', nn.dense(x, { name: 'meta', seed: 0, units: classes, ...zero }));
  return graph;
};

/**
 * Cross-entropy by Adam, its rate .05 until half of the epochs are over, .005 until three quarters, .0005 from then on.
 * @param posteriors `[N, width]`
 * @param labels class indices, one a row
 */
export const trainMetaModel = async (
  posteriors: Tensor,
  labels: Int32Array,
  classes: number,
  { seed, threads, device, signal }: Pick<LearnerOptions, 'seed' | 'threads' | 'device' | 'signal'>,
  progress: (fraction: number) => void,
): Promise<Graph> => {
  const width = posteriors.dims[1] as number;
  const epochs = Math.max(LEAST_EPOCHS, Math.ceil(STEPS / Math.ceil(labels.length / BATCH)));
  const { model } = await trainOn({
    ...{ seed, threads, device, signal, epochs },
    model: untrained(width, classes),
    loss: losses.crossEntropy(),
    optimizer: adam({ learningRate: 0.05 }),
    schedule: multiStep([Math.floor(epochs / 2), Math.floor((3 * epochs) / 4)]),
    data: rowSource(posteriors.data as Float32Array, width, labels),
    batchSize: BATCH,
    onEvent: (event) => {
      if (event.type === 'epoch') progress((event.epoch + 1) / epochs);
    },
  });
  return model;
};

const rowSource = (values: Float32Array, width: number, labels: Int32Array): BatchSource => ({
  size: labels.length,
  batch: (indices) => {
    const x = new Float32Array(indices.length * width);
    indices.forEach((index, i) => {
      x.set(values.subarray(index * width, (index + 1) * width), i * width);
    });
    return {
      inputs: { x: float32([indices.length, width], x) },
      target: {
        dtype: 'int64',
        dims: [indices.length],
        data: BigInt64Array.from(indices, (index) => BigInt(labels[index] as number)),
      },
    };
  },
});
