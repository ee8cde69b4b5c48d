/** A random forest from records: its trees, grown one by one. */
import { setImmediate } from 'node:timers/promises';
import type { DecisionTree } from 'onnx-grad';
import type { Dataset } from '../../data/dataset.ts';
import { AuditError } from '../../errors.ts';
import { rankedFeatures } from './features.ts';
import { growTree } from './grow-tree.ts';

export interface ForestOptions {
  readonly data: Dataset;
  /** Indices of the training records, at least one. */
  readonly records: Uint32Array;
  readonly trees: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Told after each tree how many there are. */
  readonly onTree: (trees: number) => void;
}

/**
 * Tree i depends on the records, the seed and i alone. At each split ⌊√features⌋ features are tried.
 * @throws {AuditError} MLD_USAGE without records; MLD_ABORTED between two trees after `signal` is aborted
 */
export const growForest = async (options: ForestOptions): Promise<readonly DecisionTree[]> => {
  const { data, records, seed, signal, onTree } = options;
  if (records.length === 0)
    throw new AuditError('MLD_USAGE', 'a forest needs a record to train on', 'Give it at least one record.');
  const features = rankedFeatures(data, records);
  const labels = Int32Array.from(records, (record) => data.y[record] as number);
  const candidates = Math.floor(Math.sqrt(features.length));
  const trees: DecisionTree[] = [];
  while (trees.length < options.trees) {
    // Growing keeps the thread to itself: a message to stop must have its turn.
    await setImmediate();
    if (signal.aborted)
      throw new AuditError(
        'MLD_ABORTED',
        `the forest was stopped after ${trees.length} of ${options.trees} trees`,
        'Run it again.',
        { cause: signal.reason },
      );
    trees.push(
      growTree({
        ...{ features, labels, candidates, seed },
        classes: data.classes.length,
        index: trees.length,
      }),
    );
    onTree(trees.length);
  }
  return trees;
};
