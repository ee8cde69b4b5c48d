/** The strongest of a list of learners, chosen on examples held out: what anybody could guess without the target. */
import { stream } from 'onnx-grad';
import type { Guesses } from '../../data/guesses.ts';
import { logOnePlus } from '../../stats/log-posterior.ts';
import { guessLikeliest } from './beliefs.ts';
import { trainForestPredictor } from './forest-predictor.ts';
import type { Examples, Predictor, PredictorContext } from './predictor.ts';
import { rowsAt } from './record-rows.ts';
import { fitPredictor, type PredictorRecipe, trainPredictor } from './train-predictor.ts';

/** Fewer cannot spare any. */
const FEWEST_TO_CHOOSE = 20;
/** Beyond so many the choice is made on a random part, and the chosen one learns from all. */
const MOST_TO_CHOOSE = 30_000;
/** Networks are given about so many steps, between these numbers of epochs, and stop when they guess no better. */
const STEPS = 3000;
const FEWEST_EPOCHS = 40;
const MOST_EPOCHS = 100;

interface Candidate {
  readonly name: string;
  /** Worse is more. */
  readonly heldOutLoss: number;
  readonly guesses: Guesses;
  /** The same learner on all examples. */
  readonly again: (all: Examples, context: PredictorContext) => Promise<Predictor>;
}

/**
 * Learners: `linear`, `mlp` (64 hidden units), `random-forest` (100 trees), and the better of the first two and the
 * forest together, the mean of what both say. Each learns from four fifths of the examples, drawn at random; networks for
 * as many epochs as serve the held-out fifth best. The one with the least loss there (cross-entropy; of numbers the mean
 * absolute error) learns once more, from all. Numbers are guessed by their median given the row, which has the least mean
 * absolute error. With fewer than {@link FEWEST_TO_CHOOSE} examples, a linear model of few steps without a choice.
 *
 * `chosen` is the learner's name. The same arguments give the same bits, and what is said of a row does not depend on
 * the others.
 * @throws {OnnxGradError | AuditError} OG_ABORTED or MLD_ABORTED when stopped
 */
export const bestPredictor = async (
  examples: Examples,
  context: PredictorContext,
): Promise<Predictor & { readonly chosen: string }> => {
  const { rows } = examples;
  if (rows.size < FEWEST_TO_CHOOSE || rows.width === 0) {
    const recipe = { hidden: [], error: 'absolute', batchSize: 4, epochs: 20, learningRate: 0.02 } as const;
    return { ...(await trainPredictor(examples, recipe, context)), chosen: 'linear' };
  }
  const { learning, heldOut } = divided(examples, context.seed);
  const linear = await network('linear', LINEAR, learning, heldOut, part(context, 'linear', 0, 0.12));
  const mlp = await network('mlp', MLP, learning, heldOut, part(context, 'mlp', 0.12, 0.35));
  const forest = await grown(learning, heldOut, part(context, 'forest', 0.35, 0.55));
  const better = mlp.heldOutLoss < linear.heldOutLoss ? mlp : linear;
  const candidates = [linear, mlp, forest, both(better, forest, heldOut)];
  const best = candidates.reduce((a, b) => (b.heldOutLoss < a.heldOutLoss ? b : a));
  const predictor = await best.again(examples, part(context, 'again', 0.55, 1));
  return { predict: predictor.predict, chosen: best.name };
};

type Shape = Pick<PredictorRecipe, 'hidden' | 'learningRate'>;
const LINEAR: Shape = { hidden: [], learningRate: 3e-3 };
const MLP: Shape = { hidden: [64], learningRate: 1e-3 };

const network = async (
  name: string,
  shape: Shape,
  learning: Examples,
  heldOut: Examples,
  context: PredictorContext,
): Promise<Candidate> => {
  const recipe = recipeFor(shape, learning.rows.size);
  const patience = Math.ceil(recipe.epochs / 8);
  const { predictor, bestEpoch } = await fitPredictor(learning, recipe, context, {
    examples: heldOut,
    patience,
  });
  const guesses = await predictor.predict(heldOut.rows);
  return {
    ...{ name, guesses },
    heldOutLoss: lossOf(guesses, heldOut),
    again: (all, own) => trainPredictor(all, { ...recipe, epochs: bestEpoch }, own),
  };
};

/**
 * Larger batches where there are many examples: a step costs much the same. Few examples make short epochs: they have
 * more of them, and the shortest have longer steps.
 */
const recipeFor = ({ hidden, learningRate }: Shape, size: number): PredictorRecipe => {
  const [batchSize, faster] = size < 300 ? [16, 3] : size < 1000 ? [16, 1] : size < 8000 ? [64, 1] : [256, 1];
  const epochs = Math.max(FEWEST_EPOCHS, Math.min(MOST_EPOCHS, Math.ceil((STEPS * batchSize) / size)));
  return { hidden, batchSize, epochs, learningRate: faster * learningRate, error: 'absolute' };
};

const grown = async (
  learning: Examples,
  heldOut: Examples,
  context: PredictorContext,
): Promise<Candidate> => {
  const guesses = await (await trainForestPredictor(learning, context)).predict(heldOut.rows);
  return {
    name: 'random-forest',
    guesses,
    heldOutLoss: lossOf(guesses, heldOut),
    again: trainForestPredictor,
  };
};

const both = (one: Candidate, other: Candidate, heldOut: Examples): Candidate => {
  const guesses = mean(one.guesses, other.guesses);
  return {
    name: `${one.name} + ${other.name}`,
    guesses,
    heldOutLoss: lossOf(guesses, heldOut),
    again: async (all, context) => {
      const first = await one.again(all, part(context, one.name, 0, 0.5));
      const second = await other.again(all, part(context, other.name, 0.5, 1));
      return { predict: async (rows) => mean(await first.predict(rows), await second.predict(rows)) };
    },
  };
};

const mean = (a: Guesses, b: Guesses): Guesses => {
  const half = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Float64Array.from(x, (value, i) => (value + (y[i] as number)) / 2);
  if (!a.beliefs || !b.beliefs) return { predicted: half(a.predicted, b.predicted) };
  return guessLikeliest(half(a.beliefs, b.beliefs), a.beliefs.length / (a.predicted.length || 1));
};

/** A belief of 0 in the truth would cost infinitely much; below this it costs no more. */
const LEAST_BELIEF = 1e-6;

const lossOf = ({ predicted, beliefs }: Guesses, { truth, categories = 0 }: Examples): number => {
  let sum = 0;
  truth.forEach((value, i) => {
    if (!beliefs) sum += Math.abs((predicted[i] as number) - value);
    else {
      const belief = Math.max(LEAST_BELIEF, beliefs[i * categories + value] as number);
      sum += logOnePlus(Math.max(0, 1 - belief) / belief);
    }
  });
  return sum / truth.length;
};

const divided = ({ rows, truth, categories }: Examples, seed: number | string) => {
  const order = stream(seed, 'predictor', 'held-out').permutation(rows.size).subarray(0, MOST_TO_CHOOSE);
  const fifth = Math.ceil(order.length / 5);
  const pick = (indices: Uint32Array): Examples => ({
    rows: rowsAt(rows, indices),
    truth:
      truth instanceof Int32Array
        ? Int32Array.from(indices, (i) => truth[i] as number)
        : Float32Array.from(indices, (i) => truth[i] as number),
    ...(categories !== undefined && { categories }),
  });
  return { heldOut: pick(order.subarray(0, fifth)), learning: pick(order.subarray(fifth)) };
};

/** A share of the work, with randomness of its own. */
const part = (
  { seed, progress, ...rest }: PredictorContext,
  purpose: string,
  from: number,
  to: number,
): PredictorContext => ({
  ...rest,
  seed: `${seed}/${purpose}`,
  progress: (fraction, figures) => progress(from + fraction * (to - from), figures),
});
