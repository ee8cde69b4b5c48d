/** The statistics' cases: what is timed, on how many records, and how long it may take. */
import { stream } from 'onnx-grad';
import { evaluateMembership } from '../../packages/ml-doctor/src/evaluate/membership.ts';
import { checkSplit } from '../../packages/ml-doctor/src/evaluate/split-check.ts';
import { aucMetric } from '../../packages/ml-doctor/src/stats/auc.ts';
import { aucDifference } from '../../packages/ml-doctor/src/stats/auc-difference.ts';
import { groupScores } from '../../packages/ml-doctor/src/stats/roc.ts';
import { tprAtFprMetric } from '../../packages/ml-doctor/src/stats/tpr-at-fpr.ts';

export interface StatsCase {
  readonly name: string;
  readonly about: string;
  /** Seconds. */
  readonly bar?: number;
  /** Makes the input, then gives what is timed; `quick` asks for a hundredth of the records. */
  readonly prepare: (quick: boolean) => () => unknown;
}

const scored = (quick: boolean) => {
  const size = quick ? 10_000 : 1_000_000;
  const truth = Uint8Array.from({ length: size }, (_, i) => i % 2);
  const draw = (purpose: string) =>
    Float64Array.from(
      stream(1, 'benchmark', purpose).normal(new Float32Array(size)),
      (noise, i) => noise + truth[i]!,
    );
  return { scores: draw('scores'), second: draw('second'), truth, ids: Uint32Array.from(truth.keys()) };
};

const split = (name: string, width: number, classes: number): StatsCase => ({
  name,
  about: `checkSplit: 10,000 records of ${width.toLocaleString('en-GB')} inputs, ${classes} classes`,
  bar: 5,
  prepare: (quick) => {
    const size = quick ? 100 : 10_000;
    const inputs = stream(1, 'benchmark', 'inputs').normal(new Float32Array(size * width));
    const labels = Int32Array.from(stream(1, 'benchmark').integers(new Uint32Array(size), classes));
    const truth = Uint8Array.from({ length: size }, (_, i) => i % 2);
    return () => checkSplit({ inputs, width, labels, truth }, 1);
  },
});

export const cases: readonly StatsCase[] = [
  {
    name: 'intervals-1m',
    about: 'AUC and TPR at 1, 0.1 and 0.01 % FPR with intervals, 1,000,000 unsorted scores',
    bar: 1,
    prepare: (quick) => {
      const { scores, truth } = scored(quick);
      return () => {
        const groups = groupScores(scores, truth);
        return [aucMetric(groups), ...[0.01, 0.001, 0.0001].map((rate) => tprAtFprMetric(groups, rate))];
      };
    },
  },
  {
    name: 'evaluation-1m',
    about: 'evaluateMembership: every metric, curve and check, 1,000,000 records',
    prepare: (quick) => {
      const { scores, truth, ids } = scored(quick);
      return () => evaluateMembership({ ids, scores, threshold: 0.5 }, truth);
    },
  },
  {
    name: 'difference-1m',
    about: 'aucDifference: two attacks on the same 1,000,000 records',
    prepare: (quick) => {
      const { scores, second, truth } = scored(quick);
      return () => aucDifference(scores, second, truth);
    },
  },
  split('split-image', 784, 10),
  split('split-colour', 3072, 10),
  split('split-bits', 446, 30),
];
