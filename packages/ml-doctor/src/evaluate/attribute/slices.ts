/** How well each category is guessed by itself: who is at risk may be those of one category only. */
import { clopperPearson } from '../../stats/binomial.ts';
import type { Metric } from '../../stats/metric.ts';
import { RESAMPLES, type Statistic, unseenShare, within } from '../../stats/paired-bootstrap.ts';
import { rankRecords, weightedTopShare } from '../../stats/ranked-records.ts';
import type { AttributeEvidence } from './evidence.ts';
import { hasTop } from './figures.ts';
import { beliefIn, isCategory, type Sample } from './sample.ts';
import { type Draw, type Samples, topStatistic } from './statistics.ts';

/** On members. */
export type SliceMetrics = {
  /** The share of the category's members that are guessed right. */
  readonly accuracy: Metric;
} & {
  /**
   * `precision`: of the members guessed to be of the category, those who are; absent where nobody is guessed so.
   * `accuracyGain`: accuracy less the imputation's. `ppvTop10`: of the 10 surest to be of the category, those who are.
   */
  readonly [Name in 'precision' | 'accuracyGain' | 'ppvTop10']?: Metric;
};

/** As `slices` of a report has it. */
export interface AttributeSlice {
  /** The attribute's name. */
  readonly by: string;
  /** A category's. */
  readonly value: string;
  /** Of that category. */
  readonly records: { readonly members: number; readonly nonMembers: number };
  readonly metrics: SliceMetrics;
}

const TOP = 10;

/** @param category one that occurs */
export function sliceStatistics(
  { ids, truth, categories, occurs, guesses: { attack } }: Sample,
  category: number,
): { readonly [Name in 'accuracyGain' | 'ppvTop10']?: Statistic<Draw> } {
  const ranked = rankRecords(beliefIn(attack.beliefs!, categories, category), isCategory(truth, category));
  return {
    accuracyGain: {
      of: ({ members }) => members.attack.recall[category]! - members.imputation.recall[category]!,
      least: within(unseenShare(occurs[category]!)),
      range: [-1, 1],
      method: `paired bootstrap over records, ${RESAMPLES} resamples, no narrower than a record of a kind not seen allows`,
    },
    ...(hasTop(ids.length, TOP) && {
      ppvTop10: topStatistic(({ counts }) => weightedTopShare(ranked, counts, TOP), TOP),
    }),
  };
}

export function sliceOf(
  { name, categories }: AttributeEvidence['attribute'],
  { members, nonMembers }: Samples,
  category: number,
  bootstrapped: { readonly [Name in 'accuracyGain' | 'ppvTop10']?: Metric },
): AttributeSlice {
  const { predicted } = members.guesses.attack;
  let [right, guessed] = [0, 0];
  predicted.forEach((guess, i) => {
    if (guess !== category) return;
    guessed++;
    if (members.truth[i] === category) right++;
  });
  return {
    by: name,
    value: categories![category]!,
    records: { members: members.occurs[category]!, nonMembers: nonMembers.occurs[category]! },
    metrics: {
      accuracy: share(right, members.occurs[category]!),
      ...(guessed > 0 && { precision: share(right, guessed) }),
      ...bootstrapped,
    },
  };
}

const share = (successes: number, trials: number): Metric => ({
  value: successes / trials,
  ...clopperPearson(successes, trials),
  method: 'Clopper-Pearson',
});
