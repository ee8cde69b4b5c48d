/** What an independent classifier makes of pictures: does it see the classes that they were made for? */
import { argmax } from '../../stats/argmax.ts';
import { shareDifference } from '../../stats/difference.ts';
import { macroF1Metric } from '../../stats/macro-f1.ts';
import type { Metric } from '../../stats/metric.ts';
import { shareMetric } from '../../stats/strata.ts';
import type { Pictures } from './evidence.ts';
import { type ClassPictures, strataOf } from './repeats.ts';

export interface Judgement {
  /** The class that the judge sees. */
  readonly judged: number;
  /** Of the wanted class among the judge's, 0 the first; of equal logits the first class comes first. */
  readonly rank: number;
}

const TOP = 5;

/** Parallel to the rows of `pictures`. */
export function judgePictures({ judged, wanted }: Pictures, classes: number): readonly Judgement[] {
  return Array.from(wanted, (label, place) => {
    const logits = judged.subarray(place * classes, (place + 1) * classes);
    const own = logits[label]!;
    let rank = 0;
    for (let c = 0; c < classes; c++) if (logits[c]! > own || (logits[c] === own && c < label)) rank++;
    return { judged: argmax(logits), rank };
  });
}

/** `judgeTop5Accuracy` says something with more than five classes only. */
export type JudgeMetrics = { readonly [Name in 'judgeAccuracy' | 'judgeMacroF1']: Metric } & {
  readonly judgeTop5Accuracy?: Metric;
};

export function judgeMetrics(
  byClass: readonly ClassPictures[],
  judgements: readonly Judgement[],
  classes: number,
  seed: number,
): JudgeMetrics {
  const judgeAccuracy = within(byClass, judgements, 1);
  const judgedClasses = byClass.map(({ class: label, distinct }) => ({
    class: label,
    repeats: distinct.map(({ places, share }) => ({ predicted: judgements[places[0]!]!.judged, share })),
  }));
  return {
    judgeAccuracy,
    ...(classes > TOP && { judgeTop5Accuracy: within(byClass, judgements, TOP) }),
    judgeMacroF1: macroF1Metric(judgedClasses, judgeAccuracy, seed),
  };
}

/** How much more often the judge sees the wanted class than in the baseline's pictures, over the classes of both. */
export function accuracyGain(
  own: readonly ClassPictures[],
  judgements: readonly Judgement[],
  baseline: readonly ClassPictures[],
  baselineJudgements: readonly Judgement[],
): Metric | undefined {
  const shared = (of: readonly ClassPictures[], other: readonly ClassPictures[]) =>
    of.filter((each) => other.some((another) => another.class === each.class));
  const both = shared(own, baseline);
  if (both.length === 0) return undefined;
  return shareDifference(within(both, judgements, 1), within(shared(baseline, own), baselineJudgements, 1));
}

const within = (byClass: readonly ClassPictures[], judgements: readonly Judgement[], top: number): Metric =>
  shareMetric(
    strataOf(byClass, (place) => (judgements[place]!.rank < top ? 1 : 0)),
    'pictures',
  );
