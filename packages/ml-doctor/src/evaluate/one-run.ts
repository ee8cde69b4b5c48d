/** What a one-run audit's scores say of a training's epsilon, by how many of its guesses are right. */
import { oneRunEpsilon } from '../stats/one-run-bound.ts';
import type { MembershipArtifact } from './membership.ts';

export interface OneRunTest {
  /** Even; settled before the truth was seen. */
  readonly guesses: number;
  readonly delta: number;
}

/** A figure without an interval of its own has null limits. */
interface Figure {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly method: string;
}

export interface OneRunEvaluation {
  readonly metrics: {
    /** With 95 % confidence the training's epsilon is no smaller. */
    readonly epsilonLowerBound: Figure;
    /** What the bound would be if every guess were right. */
    readonly epsilonReach: Figure;
    /** Share of the guesses that are right. */
    readonly guessAccuracy: Figure;
  };
  readonly notes: readonly string[];
}

/**
 * "in" is guessed of the `guesses / 2` canaries with the highest scores, "out" of as many with the lowest; of the others
 * nothing is (Steinke, Nasr & Jagielski, NeurIPS 2023, Algorithm 1, with k₊ = k₋). Equal scores count in the order of
 * the artifact, which must say nothing about the truth.
 *
 * @param truth 1 for a canary that was trained on, each by an independent fair coin; parallel to the artifact
 */
export function evaluateOneRun(
  { scores }: Pick<MembershipArtifact, 'scores'>,
  truth: ArrayLike<number>,
  { guesses, delta }: OneRunTest,
): OneRunEvaluation {
  const canaries = scores.length;
  if (guesses > canaries || guesses % 2 !== 0)
    throw new Error(`internal: ${guesses} guesses on ${canaries} canaries`);
  const order = Array.from(scores, (_, i) => i).sort(
    (a, b) => (scores[b] as number) - (scores[a] as number) || a - b,
  );
  const half = guesses / 2;
  const isIn = (i: number) => truth[i] === 1;
  const correct =
    order.slice(0, half).filter(isIn).length + order.slice(canaries - half).filter((i) => !isIn(i)).length;
  const run = { canaries, guesses, delta };
  const bound = oneRunEpsilon({ ...run, correct });
  const reach = oneRunEpsilon({ ...run, correct: guesses });
  const method = `one-run audit (Steinke et al. 2023, theorem 5.2), one-sided 95 %, δ = ${delta}, ${guesses} guesses at ${canaries} canaries`;
  return {
    metrics: {
      epsilonLowerBound: { value: bound, low: bound, high: null, method },
      epsilonReach: { value: reach, low: null, high: null, method: `${method}, all of them right` },
      guessAccuracy: { value: correct / guesses, low: null, high: null, method: 'none' },
    },
    notes: [
      `${correct} of ${guesses} guesses at ${canaries} canaries were right. With 95 % confidence the epsilon of this training is at least ${shown(bound)} at δ = ${delta}, for data sets that differ by one record added or removed; so many guesses can show at most ${shown(reach)}.`,
      'The audited model was trained for this as the target is, its defence included, and is read without any defence of the answers; the target itself was not asked.',
    ],
  };
}

/** Rounded down: a lower bound must not grow in print. */
const shown = (epsilon: number): string => (Math.floor(epsilon * 100) / 100).toFixed(2);
