/** What a forest says of a record, by walking its trees as anyone would. */
import type { DecisionTree } from 'onnx-grad';

/** The leaf's frequency of each class. */
export const walkTree = (tree: DecisionTree, row: ArrayLike<number>, classes: number): number[] => {
  let node = 0;
  while (tree.features[node]! >= 0)
    node = row[tree.features[node]!]! <= tree.thresholds[node]! ? tree.left[node]! : tree.right[node]!;
  const said = new Array<number>(classes).fill(0);
  tree.votes.node.forEach((at, i) => {
    if (at === node) said[tree.votes.class[i]!]! += tree.votes.weight[i]!;
  });
  return said;
};

/** The mean over trees. */
export const walkForest = (
  trees: readonly DecisionTree[],
  row: ArrayLike<number>,
  classes: number,
): number[] => {
  const sums = new Array<number>(classes).fill(0);
  for (const tree of trees)
    walkTree(tree, row, classes).forEach((frequency, label) => {
      sums[label]! += frequency;
    });
  return sums.map((sum) => sum / trees.length);
};
