/** A network of dense layers on standardised rows: trained by onnx-grad, asked in double precision. */
import { setImmediate } from 'node:timers/promises';
import { adam, type BatchSource, fit, Graph, init, type Loss, nn, ops } from 'onnx-grad';
import type { PredictorContext } from './predictor.ts';

export interface NetworkShape {
  /** Columns of a row; at least 1. */
  readonly width: number;
  /** Units of each hidden layer (ReLU); none for a linear model. */
  readonly hidden: readonly number[];
  /** What it says of every row before it has learnt anything. */
  readonly outputs: Float64Array;
}

export interface NetworkTraining {
  readonly epochs: number;
  readonly batchSize: number;
  /** Of Adam. */
  readonly learningRate: number;
}

/** Layers in order, each `units × inputs` weights, row-major, and a bias per unit. */
type Layers = readonly { readonly weights: Float32Array; readonly biases: Float32Array }[];

export interface FittedNetwork {
  /** `rows × outputs`; each row's bits depend on that row alone. */
  readonly answer: (rows: Float32Array, signal: AbortSignal) => Promise<Float64Array>;
  /** Loss on held-out rows after each epoch; empty without them. */
  readonly heldOutLosses: readonly number[];
}

export interface HeldOut {
  readonly source: BatchSource;
  /** Epochs without improvement after which training stops; the network of the best epoch is kept. */
  readonly patience: number;
}

/** The last layer starts at 0, so that the first answer is `outputs` and nothing random is to be unlearnt. */
export const fitNetwork = async (
  shape: NetworkShape,
  loss: Loss,
  data: BatchSource,
  { epochs, batchSize, learningRate }: NetworkTraining,
  { seed, threads, device, signal, progress }: PredictorContext,
  heldOut?: HeldOut,
): Promise<FittedNetwork> => {
  const { model, history } = await fit({
    ...{ loss, data, epochs, batchSize, seed, signal },
    model: untrained(shape, seed),
    optimizer: adam({ learningRate }),
    session: { threads, device },
    ...(heldOut && { validation: heldOut.source, earlyStopping: { patience: heldOut.patience } }),
    onEvent: (event) => {
      if (event.type === 'epoch')
        progress((event.epoch + 1) / epochs, { epoch: event.epoch + 1, loss: event.loss });
    },
  });
  const layers = layerNames(shape).map((name) => ({
    weights: model.initializers.get(`${name}.weight`)?.data as Float32Array,
    biases: model.initializers.get(`${name}.bias`)?.data as Float32Array,
  }));
  return {
    answer: (rows, stop) => answerAll(layers, rows, shape.width, stop),
    heldOutLosses: history.flatMap(({ validationLoss }) => validationLoss ?? []),
  };
};

const layerNames = ({ hidden }: NetworkShape) => [...hidden, 0].map((_, i) => `fc${i + 1}`);

const untrained = (shape: NetworkShape, seed: number | string): Graph => {
  const graph = new Graph('predictor');
  let value = graph.input('x', 'float32', ['N', shape.width]);
  layerNames(shape).forEach((name, i) => {
    const units = shape.hidden[i];
    value =
      units === undefined
        ? nn.dense(value, {
            ...{ name, seed, units: shape.outputs.length },
            weightInit: init.zerosInit,
            biasInit: () => Float32Array.from(shape.outputs),
          })
        : ops.Relu(nn.dense(value, { name, seed, units }));
  });
  graph.output('y', value);
  return graph;
};

/** Rows between two looks at the signal. */
const ROWS_AT_ONCE = 2048;

/**
 * Worked out here and not by onnxruntime, whose sums may take another order for the last rows of a batch: what is said of
 * somebody must not depend on who else is asked about.
 */
const answerAll = async (
  layers: Layers,
  rows: Float32Array,
  width: number,
  signal: AbortSignal,
): Promise<Float64Array> => {
  const outputs = (layers.at(-1) as Layers[number]).biases.length;
  const size = rows.length / width;
  const answers = new Float64Array(size * outputs);
  for (let row = 0; row < size; row++) {
    if (row % ROWS_AT_ONCE === 0) {
      await setImmediate();
      signal.throwIfAborted();
    }
    answers.set(answerOne(layers, rows.subarray(row * width, (row + 1) * width)), row * outputs);
  }
  return answers;
};

const answerOne = (layers: Layers, row: Float32Array): Float64Array => {
  let values: Float64Array = Float64Array.from(row);
  layers.forEach(({ weights, biases }, layer) => {
    const inputs = values.length;
    const next = new Float64Array(biases.length);
    for (let unit = 0, at = 0; unit < next.length; unit++) {
      let sum = biases[unit] as number;
      for (let i = 0; i < inputs; i++, at++) sum += (weights[at] as number) * (values[i] as number);
      next[unit] = layer < layers.length - 1 ? Math.max(0, sum) : sum;
    }
    values = next;
  });
  return values;
};
