/** The same records learnt in the plain way, from their labels, and as a student learns from posteriors that were kept. */
import { type Graph, predict } from 'onnx-grad';
import type { StudentLoss } from '../../packages/ml-doctor/src/attacks/stealing/stealing-attack.ts';
import { trainStudent } from '../../packages/ml-doctor/src/attacks/stealing/train-student.ts';
import type { Dataset } from '../../packages/ml-doctor/src/data/dataset.ts';
import { loadDataset } from '../../packages/ml-doctor/src/data/load-dataset.ts';
import { recordPool } from '../../packages/ml-doctor/src/data/query-pool.ts';
import { architecture } from '../../packages/ml-doctor/src/models/architectures.ts';
import { batchSource } from '../../packages/ml-doctor/src/models/batch-source.ts';
import { trainClassifier } from '../../packages/ml-doctor/src/models/recipe.ts';
import { untrainedModel } from '../../packages/ml-doctor/src/models/train-model.ts';
import { posterior } from '../../packages/ml-doctor/src/stats/log-posterior.ts';
import type { Size } from './size.ts';

export type Side = 'plain' | StudentLoss;

/** Seconds of an epoch, one a round. */
export type Seconds = Readonly<Record<Side, readonly number[]>>;

/** ML-Doctor's for copies; what is learnt does not change what a step costs. */
const RECIPE = { batchSize: 64, learningRate: 0.01, momentum: 0.9, weightDecay: 0 };
const CONTEXT = { seed: 1, threads: 1, device: 'cpu', signal: new AbortController().signal } as const;

/**
 * Rounds of one turn for each side, in rotating order. A turn is a training from the same first weights, with the product's
 * own functions; an epoch's time is taken from the end of the first epoch, so that building and loading the graph are
 * not in it.
 * @throws {Error} where the sides do not take the same number of steps
 */
export const compare = async (
  { model: name, records, epochs: timed }: Size,
  rounds: number,
  onRound: (seconds: Readonly<Record<Side, number>>) => void,
): Promise<Seconds> => {
  const data = await loadDataset('fashion-mnist-10k');
  const ids = Uint32Array.from({ length: records }, (_, i) => i);
  const fresh = (seed: number) =>
    untrainedModel(architecture(name), {
      ...{ recordShape: data.recordShape, classes: data.classes.length, seed },
    });
  const model = await fresh(1);
  const beliefs = await posteriorsOf(await fresh(2), data, ids);
  const pool = recordPool(data, ids);
  const epochs = timed + 1;

  const plain = async (): Promise<Turn> => {
    const ends: number[] = [];
    const { steps } = await trainClassifier({
      ...{ model, data, records: ids, ...CONTEXT },
      recipe: { ...RECIPE, epochs, milestones: [] },
      onEvent: ({ type }) => {
        if (type === 'epoch') ends.push(performance.now());
      },
    });
    return { ends, steps };
  };
  const student = async (loss: StudentLoss): Promise<Turn> => {
    const ends: number[] = [];
    const { steps } = await trainStudent({
      ...{ model, recordShape: pool.recordShape, size: pool.size, inputs: pool.inputs, beliefs, ...CONTEXT },
      recipe: { ...RECIPE, loss, epochs },
      // The last sign of an epoch is that it is over.
      progress: (_, figures) => {
        ends[(figures?.['epoch'] ?? 1) - 1] = performance.now();
      },
    });
    return { ends, steps };
  };
  const sides = { plain, mse: () => student('mse'), kl: () => student('kl') };
  const order = Object.keys(sides) as Side[];

  const seconds: Record<Side, number[]> = { plain: [], mse: [], kl: [] };
  for (let round = 0; round < rounds; round++) {
    const found: Record<Side, number> = { plain: 0, mse: 0, kl: 0 };
    for (let place = 0; place < order.length; place++) {
      const side = order[(round + place) % order.length] as Side;
      found[side] = epochSeconds(await sides[side](), Math.ceil(records / RECIPE.batchSize) * epochs);
      seconds[side].push(found[side]);
    }
    onRound(found);
  }
  return seconds;
};

interface Turn {
  /** When each epoch was over, in milliseconds. */
  readonly ends: readonly number[];
  readonly steps: number;
}

const epochSeconds = ({ ends, steps }: Turn, expected: number): number => {
  if (steps !== expected) throw new Error(`a training took ${steps} steps, not ${expected}`);
  const [first, last] = [ends[0] as number, ends.at(-1) as number];
  return (last - first) / 1000 / (ends.length - 1);
};

const posteriorsOf = async (model: Graph, data: Dataset, ids: Uint32Array): Promise<Float32Array> => {
  const logits = (await predict(model, batchSource(data, ids))).data as Float32Array;
  const classes = data.classes.length;
  const all = new Float32Array(logits.length);
  for (let from = 0; from < all.length; from += classes)
    all.set(posterior(logits.subarray(from, from + classes)), from);
  return all;
};
