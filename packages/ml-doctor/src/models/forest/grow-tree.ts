/** One decision tree of a random forest, grown until its leaves are pure. */
import { type DecisionTree, type RandomStream, stream } from 'onnx-grad';
import type { Feature } from './features.ts';
import { type Split, Splitter } from './splitter.ts';

export interface GrowOptions {
  readonly features: readonly Feature[];
  /** Class of each training record. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Features tried at each split; more where all of these are constant. */
  readonly candidates: number;
  readonly seed: number;
  /** Which tree of the forest this is, from 0. */
  readonly index: number;
}

/**
 * Breiman, Random Forests, Machine Learning 45 (2001): a bootstrap sample of the records; at each node the best split by
 * Gini impurity among randomly chosen features; no pruning. A node whose records differ in no feature is a leaf with
 * all their classes. A split need not lower the impurity: of an exclusive or, the first never does.
 */
export const growTree = (options: GrowOptions): DecisionTree => {
  const { features, labels, seed, index } = options;
  const weights = bootstrap(labels.length, seed, index);
  const samples = Uint32Array.from(weights.keys()).filter((position) => (weights[position] as number) > 0);
  const splitter = new Splitter(samples, weights, labels, options.classes);
  const choose = chooser(options);
  const tree = emptyTree();
  const open = [{ node: addNode(tree), start: 0, end: samples.length }];
  for (let range = open.pop(); range; range = open.pop()) {
    const { node, start, end } = range;
    const { weights: classes, pure } = splitter.enter(start, end);
    const split = pure ? undefined : choose(splitter, start, end);
    if (!split) {
      addVotes(tree, node, classes);
      continue;
    }
    const { ranks, values } = features[split.feature] as Feature;
    const middle = partition(samples, start, end, ranks, split.ranks[0]);
    const [left, right] = [addNode(tree), addNode(tree)];
    tree.features[node] = split.feature;
    tree.thresholds[node] = between(values[split.ranks[0]] as number, values[split.ranks[1]] as number);
    tree.left[node] = left;
    tree.right[node] = right;
    open.push({ node: right, start: middle, end }, { node: left, start, end: middle });
  }
  return packed(tree);
};

/** How often each record is drawn when as many are drawn as there are, with replacement. */
const bootstrap = (size: number, seed: number, index: number): Uint32Array => {
  const drawn = stream(seed, 'random-forest', 'bootstrap', index).integers(new Uint32Array(size), size);
  const weights = new Uint32Array(size);
  for (const position of drawn) (weights[position] as number)++;
  return weights;
};

/** The best split over features in random order: as many as wanted, and on until one is not constant. */
const chooser = ({ features, candidates, seed, index }: GrowOptions) => {
  const draw = sequence(stream(seed, 'random-forest', 'features', index));
  const order = Uint32Array.from(features.keys());
  return (splitter: Splitter, start: number, end: number) => {
    let best: (Split & { readonly feature: number }) | undefined;
    for (let tried = 0; tried < order.length && (tried < candidates || !best); tried++) {
      const other = tried + Math.floor(draw() * (order.length - tried));
      const feature = order[other] as number;
      order[other] = order[tried] as number;
      order[tried] = feature;
      const split = splitter.best(features[feature] as Feature, start, end);
      if (split && !(best && split.purity <= best.purity)) best = { ...split, feature };
    }
    return best;
  };
};

/** The stream's uniform numbers one after another; a tree is grown in one order only. */
const sequence = (random: RandomStream): (() => number) => {
  const block = new Float64Array(1024);
  let next = 0;
  return () => {
    if (next % block.length === 0) random.uniform(block, next);
    return block[next++ % block.length] as number;
  };
};

/** Halfway; the lower where rounding would put the upper on the wrong side. */
const between = (low: number, high: number): number => {
  const middle = Math.fround((low + high) / 2);
  return middle < high ? middle : low;
};

/** Brings the samples with ranks up to the limit to the front of the range; returns where the others start. */
const partition = (
  samples: Uint32Array,
  start: number,
  end: number,
  ranks: Feature['ranks'],
  limit: number,
): number => {
  let middle = start;
  for (let i = start; i < end; i++) {
    const position = samples[i] as number;
    if ((ranks[position] as number) > limit) continue;
    samples[i] = samples[middle] as number;
    samples[middle++] = position;
  }
  return middle;
};

const emptyTree = () => ({
  features: [] as number[],
  thresholds: [] as number[],
  left: [] as number[],
  right: [] as number[],
  votes: { node: [] as number[], class: [] as number[], weight: [] as number[] },
});
type GrowingTree = ReturnType<typeof emptyTree>;

/** A leaf, until something else is said of it. */
const addNode = ({ features, thresholds, left, right }: GrowingTree): number => {
  thresholds.push(0);
  left.push(0);
  right.push(0);
  return features.push(-1) - 1;
};

/** Frequencies of the classes that occur, so 1 at a pure leaf. */
const addVotes = ({ votes }: GrowingTree, node: number, weights: Float64Array): void => {
  const sum = weights.reduce((a, b) => a + b, 0);
  weights.forEach((weight, label) => {
    if (weight === 0) return;
    votes.node.push(node);
    votes.class.push(label);
    votes.weight.push(weight / sum);
  });
};

const packed = ({ features, thresholds, left, right, votes }: GrowingTree): DecisionTree => ({
  features: Int32Array.from(features),
  thresholds: Float32Array.from(thresholds),
  left: Int32Array.from(left),
  right: Int32Array.from(right),
  votes: {
    node: Int32Array.from(votes.node),
    class: Int32Array.from(votes.class),
    weight: Float32Array.from(votes.weight),
  },
});
