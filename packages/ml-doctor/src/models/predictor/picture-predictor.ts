/** A predictor of an attribute from pictures: what anybody could guess from the record itself, without the target. */
import { predict, stream } from 'onnx-grad';
import { batch, createDataset, type Dataset, elements } from '../../data/dataset.ts';
import type { Guesses } from '../../data/guesses.ts';
import { batchSource } from '../batch-source.ts';
import { mlDoctorRecipe } from '../recipe.ts';
import { trainModel } from '../train-model.ts';
import { guessFromLogits } from './beliefs.ts';
import { bestPredictor } from './best-predictor.ts';
import type { Examples, PredictorContext, Rows } from './predictor.ts';
import { quantileBins } from './quantile-bins.ts';

const EPOCHS = 15;
/** Smaller batches where there are few pictures, so that 15 epochs are steps enough. */
const batchSizeFor = (pictures: number) => (pictures < 1500 ? 16 : pictures < 6000 ? 32 : 64);
/** Categories that stand for a number. */
const DECILES = 10;
/** The narrowest picture that a simple-cnn takes. */
const NARROWEST = 10;

export interface PicturePredictor {
  /** Records of the same data set. */
  readonly predict: (records: Uint32Array) => Promise<Guesses>;
  readonly chosen: string;
}

export interface PictureExamples extends Pick<Examples, 'categories'> {
  readonly data: Dataset;
  /** Indices of the records whose attribute is known. */
  readonly records: Uint32Array;
  /** Parallel to `records`. */
  readonly truth: Examples['truth'];
  readonly context: PredictorContext;
}

/**
 * ML-Doctor's SimpleCNN on the pictures with its training recipe, for 15 epochs and in smaller batches where pictures are
 * few; of a continuous attribute it learns the
 * decile and predicts the median of the known values under what it says of their deciles. Records that a SimpleCNN does
 * not take (no pictures, or narrower than 10 pixels) are left to {@link bestPredictor}, as rows. Pictures stay bytes but
 * for the batch at hand.
 * @throws {OnnxGradError | AuditError} OG_ABORTED or MLD_ABORTED when stopped
 */
export const trainPicturePredictor = async (examples: PictureExamples): Promise<PicturePredictor> => {
  const { data, records, truth, categories, context } = examples;
  const [, height = 0, width = 0] = data.recordShape;
  if (data.recordShape.length !== 3 || Math.min(height, width) < NARROWEST || records.length === 0)
    return fromRows(examples);
  if (categories !== undefined) {
    const logits = await learn(data, records, truth, categories, context);
    return {
      chosen: 'simple-cnn',
      predict: async (asked) => guessFromLogits(await logits(asked), categories),
    };
  }
  const { bins, count, median } = quantileBins(truth, DECILES);
  const logits = await learn(data, records, bins, count, context);
  return {
    chosen: 'simple-cnn',
    predict: async (asked) => {
      const { beliefs } = guessFromLogits(await logits(asked), count);
      const row = (i: number) => (beliefs as Float64Array).subarray(i * count, (i + 1) * count);
      return { predicted: Float64Array.from(asked, (_, i) => median(row(i))) };
    },
  };
};

/** Logits of records asked about. */
const learn = async (
  data: Dataset,
  records: Uint32Array,
  labels: ArrayLike<number>,
  classes: number,
  { seed, threads, device, signal, progress }: PredictorContext,
): Promise<(asked: Uint32Array) => Promise<Float64Array>> => {
  // With one class there is nothing to learn, and the loss refuses it.
  if (classes === 1) return async (asked) => new Float64Array(asked.length);
  const { model } = await trainModel({
    ...{ records, threads, device, signal },
    architecture: 'simple-cnn',
    data: relabelled(data, records, labels, classes),
    recipe: { ...mlDoctorRecipe(EPOCHS), batchSize: batchSizeFor(records.length) },
    seed: stream(seed, 'predictor', 'picture').uint32(new Uint32Array(1))[0] as number,
    progress: ({ fraction, figures }) => progress(fraction, figures),
  });
  return async (asked) => {
    // Full batches only: the sums of a shorter one may be taken in another order.
    const padded = new Uint32Array(Math.ceil(asked.length / BATCH) * BATCH).fill(asked[0] ?? 0);
    padded.set(asked);
    const { data: logits } = await predict(model, batchSource(data, padded), {
      ...{ threads, device, signal, batchSize: BATCH },
    });
    return Float64Array.from((logits as Float32Array).subarray(0, asked.length * classes));
  };
};

/** Pictures of one run. */
const BATCH = 64;

/** The same pictures with the attribute for a label; 0 where it is not known. */
const relabelled = (
  data: Dataset,
  records: Uint32Array,
  labels: ArrayLike<number>,
  classes: number,
): Dataset => {
  const { id, recordShape, x, normalisation } = data;
  const y = new Int32Array(data.size);
  records.forEach((record, i) => {
    y[record] = labels[i] as number;
  });
  return createDataset({
    ...{ id, recordShape, x, normalisation, y },
    classes: Array.from({ length: classes }, (_, i) => `${i}`),
  });
};

const fromRows = async ({
  data,
  records,
  truth,
  categories,
  context,
}: PictureExamples): Promise<PicturePredictor> => {
  const rows = (of: Uint32Array): Rows => ({
    values: batch(data, of).x,
    size: of.length,
    width: elements(data.recordShape),
  });
  const { predict: ask, chosen } = await bestPredictor(
    { rows: rows(records), truth, ...(categories !== undefined && { categories }) },
    context,
  );
  return { chosen, predict: (asked) => ask(rows(asked)) };
};
