/** A predictor of a given shape: a network of dense layers, trained with Adam for a given number of epochs. */
import { type BatchSource, type Loss, losses, ops } from 'onnx-grad';
import type { Guesses } from '../../data/guesses.ts';
import { guessFromLogits, guessLikeliest, logShares, repeated } from './beliefs.ts';
import { type FittedNetwork, fitNetwork, type HeldOut, type NetworkTraining } from './dense-network.ts';
import type { Examples, Predictor, PredictorContext, Rows } from './predictor.ts';
import { type Standardiser, standardiser } from './standardise.ts';

export interface PredictorRecipe extends NetworkTraining {
  /** Units of each hidden layer (ReLU); `[]` for a linear model. */
  readonly hidden: readonly number[];
  /**
   * Of a continuous attribute: `squared` (the default) predicts its mean given the row, `absolute` its median, with the
   * least mean absolute error. Means nothing to categories.
   */
  readonly error?: 'squared' | 'absolute';
}

/**
 * Song & Shmatikov, Overlearning, ICLR 2020, as ML-Doctor (Liu et al. 2022) uses it: two dense layers, Adam at .001, 50
 * epochs, batch 64. The width of the hidden layer is ours: 128.
 */
export const OVERLEARNING_HEAD: PredictorRecipe = {
  hidden: [128],
  epochs: 50,
  batchSize: 64,
  learningRate: 1e-3,
};

/** One dense layer, as ML-Doctor's released code has it: Adam at .001, 100 epochs, batch 64. */
export const linearHead: PredictorRecipe = { ...OVERLEARNING_HEAD, hidden: [], epochs: 100 };

/**
 * Columns are standardised as the examples are, see {@link standardiser}. The loss sees logits (a softmax before the
 * cross-entropy, as in ML-Doctor's released code, would keep beliefs from ever being sure), or the standardised number.
 * Without examples or columns nothing is learnt: what is commonest (of no examples, all categories alike; the number 0).
 * The same arguments give the same bits, and what is said of a row does not depend on the others.
 * @throws {OnnxGradError} OG_ABORTED when stopped while it trains
 */
export const trainPredictor = async (
  examples: Examples,
  recipe: PredictorRecipe,
  context: PredictorContext,
): Promise<Predictor> => (await fitPredictor(examples, recipe, context)).predictor;

/**
 * As {@link trainPredictor}; with examples held out it stops when they are guessed no better any more, and keeps the
 * best epoch, counted from 1.
 */
export const fitPredictor = async (
  examples: Examples,
  recipe: PredictorRecipe,
  context: PredictorContext,
  heldOut?: { readonly examples: Examples; readonly patience: number },
): Promise<{ readonly predictor: Predictor; readonly bestEpoch: number }> => {
  const { rows, categories } = examples;
  const task = categories === undefined ? numberTask(examples, recipe) : categoryTask(examples, categories);
  const asked = (given: Rows) => {
    if (given.width !== rows.width)
      throw new Error(`internal: rows of ${given.width} columns asked of a predictor of ${rows.width}`);
  };
  if (rows.size === 0 || rows.width === 0 || categories === 1) {
    const predict = async (given: Rows) => {
      asked(given);
      return task.guesses(repeated(task.start, given.size));
    };
    return { predictor: { predict }, bestEpoch: recipe.epochs };
  }
  const scale = standardiser(rows);
  const held: HeldOut | undefined = heldOut && {
    source: source(scale, heldOut.examples.rows, task.target(heldOut.examples.truth)),
    patience: heldOut.patience,
  };
  const network: FittedNetwork = await fitNetwork(
    { width: rows.width, hidden: recipe.hidden, outputs: task.start },
    task.loss,
    source(scale, rows, task.target(examples.truth)),
    recipe,
    context,
    held,
  );
  const losses = network.heldOutLosses;
  return {
    predictor: {
      predict: async (given) => {
        asked(given);
        return task.guesses(await network.answer(scale(given), context.signal));
      },
    },
    bestEpoch: held ? losses.indexOf(Math.min(...losses)) + 1 : recipe.epochs,
  };
};

type Target = (indices: Uint32Array) => ReturnType<BatchSource['batch']>['target'];

interface Task {
  readonly loss: Loss;
  readonly target: (truth: ArrayLike<number>) => Target;
  /** The network's outputs before it has learnt anything. */
  readonly start: Float64Array;
  readonly guesses: (outputs: Float64Array) => Guesses;
}

const categoryTask = ({ truth }: Examples, categories: number): Task => ({
  loss: losses.crossEntropy(),
  target: (known) => (indices) => ({
    dtype: 'int64',
    dims: [indices.length],
    data: BigInt64Array.from(indices, (index) => BigInt(known[index] as number)),
  }),
  start: logShares(truth, categories),
  guesses: (logits) =>
    categories === 1
      ? guessLikeliest(new Float64Array(logits.length).fill(1), 1)
      : guessFromLogits(logits, categories),
});

const numberTask = ({ truth }: Examples, { error = 'squared' }: PredictorRecipe): Task => {
  const { mean, deviation } = momentsOf(truth);
  return {
    loss: error === 'squared' ? losses.meanSquaredError() : absoluteError,
    target: (known) => (indices) => ({
      dtype: 'float32',
      dims: [indices.length, 1],
      data: Float32Array.from(indices, (index) => ((known[index] as number) - mean) / deviation),
    }),
    start: new Float64Array(1),
    guesses: (outputs) => ({ predicted: outputs.map((output) => mean + deviation * output) }),
  };
};

const absoluteError: Loss = {
  name: 'absolute-error',
  target: (output) => ({ dtype: 'float32', shape: output.shape ?? [] }),
  perExample: (output, target) => ops.ReduceSum(ops.Abs(ops.Sub(output, target)), [1], { keepdims: false }),
};

/** The deviation is 1 where there is none. */
const momentsOf = (truth: ArrayLike<number>) => {
  const values = Float64Array.from(truth);
  const mean = values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length || 1)) || 1 };
};

/** Rows brought to scale once, which costs their size again and saves it at every epoch. */
const source = (scale: Standardiser, rows: Rows, target: Target): BatchSource => {
  const { size, width } = rows;
  const values = scale(rows);
  return {
    size,
    batch: (indices) => {
      const data = new Float32Array(indices.length * width);
      indices.forEach((index, i) => {
        data.set(values.subarray(index * width, (index + 1) * width), i * width);
      });
      return {
        inputs: { x: { dtype: 'float32', dims: [indices.length, width], data } },
        target: target(indices),
      };
    },
  };
};
