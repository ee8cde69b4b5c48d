/** A random forest as a predictor: of categories, and of numbers by the quantiles that they fall between. */
import { setImmediate } from 'node:timers/promises';
import { type DecisionTree, stream } from 'onnx-grad';
import { createDataset } from '../../data/dataset.ts';
import { growForest } from '../forest/grow-forest.ts';
import { guessLikeliest, repeated, sharesOf } from './beliefs.ts';
import type { Examples, Predictor, PredictorContext, Rows } from './predictor.ts';
import { quantileBins } from './quantile-bins.ts';

const TREES = 100;
/** Categories that stand for a number: enough to tell its middle, few enough for a tree. */
const BINS = 20;

/**
 * The belief in a category is (Σ its frequency at each tree's leaf + its share in the examples) / (trees + 1): as if one
 * tree more had no split, so that no category is held to be impossible. Of a number the weighted median.
 * @param examples at least one, of at least one column
 * @throws {AuditError} MLD_ABORTED when stopped while it grows
 */
export const trainForestPredictor = async (
  examples: Examples,
  context: PredictorContext,
): Promise<Predictor> => {
  const { rows, truth, categories } = examples;
  if (categories !== undefined) {
    const beliefs = await growBeliefs(rows, truth, categories, context);
    return { predict: async (asked) => guessLikeliest(await beliefs(asked), categories) };
  }
  const { bins, count, median } = quantileBins(truth, BINS);
  const beliefs = await growBeliefs(rows, bins, count, context);
  return {
    predict: async (asked) => {
      const said = await beliefs(asked);
      const row = (i: number) => said.subarray(i * count, (i + 1) * count);
      return { predicted: Float64Array.from({ length: asked.size }, (_, i) => median(row(i))) };
    },
  };
};

const growBeliefs = async (
  rows: Rows,
  labels: ArrayLike<number>,
  classes: number,
  { seed, signal, progress }: PredictorContext,
): Promise<(asked: Rows) => Promise<Float64Array>> => {
  const data = createDataset({
    id: 'examples',
    recordShape: [rows.width],
    x: finite(rows.values),
    y: Int32Array.from(labels),
    classes: Array.from({ length: classes }, (_, i) => `${i}`),
    normalisation: { scale: 1, mean: Array(rows.width).fill(0), std: Array(rows.width).fill(1) },
  });
  const grown = await growForest({
    ...{ data, signal, trees: TREES },
    records: Uint32Array.from({ length: rows.size }, (_, i) => i),
    seed: stream(seed, 'predictor', 'forest').uint32(new Uint32Array(1))[0] as number,
    onTree: (trees) => progress(trees / TREES, { trees }),
  });
  const trees = grown.map(withVotesByNode);
  const shares = sharesOf(labels, classes);
  return async (asked) => {
    if (asked.width !== rows.width)
      throw new Error(`internal: rows of ${asked.width} columns asked of a forest of ${rows.width}`);
    const values = finite(asked.values);
    const beliefs = repeated(shares, asked.size);
    for (const tree of trees) {
      await setImmediate();
      signal.throwIfAborted();
      addVotes(tree, values, rows.width, beliefs, classes);
    }
    for (let i = 0; i < beliefs.length; i++) (beliefs[i] as number) /= TREES + 1;
    return beliefs;
  };
};

/** NaN as 0, infinities as the largest numbers: a tree compares only. */
const finite = (values: Float32Array): Float32Array => {
  const largest = (2 - 2 ** -23) * 2 ** 127;
  return values.every(Number.isFinite)
    ? values
    : values.map((value) => (Number.isNaN(value) ? 0 : Math.min(largest, Math.max(-largest, value))));
};

/** Votes of node i are those from `votesFrom[i]` up to `votesFrom[i + 1]`. */
interface WalkedTree extends DecisionTree {
  readonly votesFrom: Uint32Array;
  readonly order: Uint32Array;
}

const withVotesByNode = (tree: DecisionTree): WalkedTree => {
  const { node } = tree.votes;
  const votesFrom = new Uint32Array(tree.features.length + 1);
  for (const at of node) (votesFrom[at + 1] as number)++;
  for (let i = 1; i < votesFrom.length; i++) (votesFrom[i] as number) += votesFrom[i - 1] as number;
  const next = votesFrom.slice();
  const order = new Uint32Array(node.length);
  node.forEach((at, vote) => {
    order[next[at] as number] = vote;
    (next[at] as number)++;
  });
  return { ...tree, votesFrom, order };
};

/**
 * By walking, and not by onnxruntime, whose sums take another order for few rows than for many: what is said of somebody
 * must not depend on who else is asked about. One tree for all rows, so that it stays near the processor.
 */
const addVotes = (
  tree: WalkedTree,
  values: Float32Array,
  width: number,
  sums: Float64Array,
  classes: number,
): void => {
  const { features, thresholds, left, right, votes, votesFrom, order } = tree;
  for (let from = 0, to = 0; from < values.length; from += width, to += classes) {
    let node = 0;
    for (let feature = features[0] as number; feature >= 0; feature = features[node] as number) {
      const next = (values[from + feature] as number) <= (thresholds[node] as number) ? left : right;
      node = next[node] as number;
    }
    const end = votesFrom[node + 1] as number;
    for (let i = votesFrom[node] as number; i < end; i++) {
      const vote = order[i] as number;
      (sums[to + (votes.class[vote] as number)] as number) += votes.weight[vote] as number;
    }
  }
};
