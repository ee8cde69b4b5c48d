/** Which figures are bootstrapped, in which range each can lie, and how narrow its interval may be. */
import { clopperPearson } from '../../stats/binomial.ts';
import { RESAMPLES, type Statistic, unseenShare, within } from '../../stats/paired-bootstrap.ts';
import { type Figures, meanKnown, TOPS } from './figures.ts';
import { type ByGuesser, type Guesser, rankedCategories, type Sample } from './sample.ts';

/** All figures of one resample, of both groups. */
export interface Draw {
  readonly members: ByGuesser<Figures>;
  readonly nonMembers: ByGuesser<Figures>;
  /** How often each member is in it. */
  readonly counts: Uint8Array;
}

export type Group = 'members' | 'nonMembers';
export type Samples = { readonly [Name in Group]: Sample };
export type TopName = `ppvTop${(typeof TOPS)[number]}`;
type Statistics<Name extends string> = { readonly [N in Name]?: Statistic<Draw> };

const OVER = `over records, ${RESAMPLES} resamples`;
const LEAST = 'no narrower than a record of a kind not seen allows';
const PLAIN = `bootstrap ${OVER}, ${LEAST}`;
const PAIRED = `paired bootstrap ${OVER}, ${LEAST}`;
const SEPARATE = `bootstrap ${OVER} of each group, ${LEAST}`;

const SHARE = [0, 1] as const;
const DIFFERENCE = [-1, 1] as const;

/** Of one guesser on one group. */
export function plainStatistics(
  sample: Sample,
  group: Group,
  guesser: Guesser,
  hasDistance: boolean,
): Statistics<'macroF1' | 'auc' | TopName | 'meanAbsoluteError'> {
  const figures = (draw: Draw): Figures => draw[group][guesser]!;
  const { categories, occurs } = sample;
  const tops = TOPS.map((top, t) => [`ppvTop${top}`, topStatistic((draw) => figures(draw).top[t]!, top)]) as [
    TopName,
    Statistic<Draw>,
  ][];
  const thinnest = Math.min(...occurs.filter((count) => count > 0));
  return {
    ...(categories > 0 && {
      macroF1: {
        of: (draw) => figures(draw).macroF1,
        least: within(unseenShare(thinnest) / occurs.filter((count) => count > 0).length),
        ...{ range: SHARE, method: PLAIN },
      },
      ...(Object.fromEntries(tops) as { [Name in TopName]: Statistic<Draw> }),
    }),
    // Two have one, whose interval needs no resamples.
    ...(categories > 2 && {
      auc: {
        of: (draw) => meanKnown(figures(draw).auc),
        least: aucLeast([sample]),
        ...{ range: SHARE, method: PLAIN },
      },
    }),
    ...(hasDistance && {
      meanAbsoluteError: {
        of: (draw) => figures(draw).meanError,
        least: within(unseenShare(sample.ids.length) * largestError(sample)),
        range: [0, categories > 0 ? categories - 1 : Number.POSITIVE_INFINITY],
        method: PLAIN,
      },
    }),
  };
}

/**
 * The share of hits among the surest: which those are is drawn anew in each resample, and the interval reaches no less
 * far than that of Clopper and Pearson for so many hits (rounded outwards, where a tie leaves a fraction of one).
 */
export const topStatistic = (of: (draw: Draw) => number, top: number): Statistic<Draw> => ({
  of,
  least: (share) => ({
    low: clopperPearson(Math.floor(share * top + ROUNDING), top).low,
    high: clopperPearson(Math.ceil(share * top - ROUNDING), top).high,
  }),
  range: SHARE,
  method: `bootstrap ${OVER}, choice of the ${top} included, no narrower than Clopper-Pearson's`,
});

/** Where a count is whole but for the rounding of the share. */
const ROUNDING = 1e-9;

/** The attack on members less another guesser on the same. */
export function gainStatistics(
  { members }: Samples,
  other: Guesser,
  hasDistance: boolean,
): Statistics<'accuracyGain' | 'aucGain' | 'errorReduction'> {
  const reach = unseenShare(members.ids.length);
  return differences(
    (draw) => [draw.members.attack, draw.members[other]!],
    { share: reach, auc: aucLeast([members]), reduction: reach },
    ...([members.categories, hasDistance, PAIRED] as const),
  );
}

/** The attack on members less the attack on non-members. */
export function memberDifferenceStatistics(
  { members, nonMembers }: Samples,
  hasDistance: boolean,
): Statistics<'accuracyGain' | 'aucGain' | 'errorReduction'> {
  return differences(
    (draw) => [draw.members.attack, draw.nonMembers.attack],
    bothReaches({ members, nonMembers }),
    ...([members.categories, hasDistance, SEPARATE] as const),
  );
}

/**
 * What the target adds for members beyond what it adds for non-members: D = max(0, Gₘ) − max(0, Gₙ), in every resample
 * anew, where G is the attack's gain over the imputation: the difference in accuracy, that of the mean AUCs over the
 * categories which both groups have, or the reduction of the error.
 *
 * Not Gₘ − Gₙ: an attack that guesses non-members worse than the imputation does, Gₙ < 0, would be credited with its own
 * failure, and members who lose nothing (Gₘ = 0) would seem to. Whoever guesses worse with the target than without it has
 * been given nothing, so only gains count: D > 0 needs a gain on members, and where both fail D is 0. That holds for the
 * lower ends too: one above 0 needs a gain whose lower end is (with AUCs where both groups have the same categories).
 *
 * Where Gₙ is about 0, chance gains on non-members are taken off and chance losses are not, so D is a little low: of the
 * intervals' lower ends fewer than 2.5 % are too high, of the upper ends up to 7 % too low.
 */
export function memberGainStatistics(
  samples: Samples,
  hasDistance: boolean,
): Statistics<'memberAccuracyGain' | 'memberAucGain' | 'memberErrorReduction'> {
  const { share, auc, reduction } = bothReaches(samples);
  const range = [-1, 1] as const;
  const method = `${PAIRED}; groups separately; a loss counts as no gain`;
  const both = (draw: Draw, gain: (attack: Figures, imputation: Figures) => number): number =>
    beyond(
      gain(draw.members.attack, draw.members.imputation),
      gain(draw.nonMembers.attack, draw.nonMembers.imputation),
    );
  return {
    ...(samples.members.categories > 0 && {
      memberAccuracyGain: {
        of: (draw) => both(draw, (a, i) => a.accuracy - i.accuracy),
        ...{ least: within(share), range, method },
      },
      memberAucGain: {
        of: ({ members, nonMembers }) => {
          const [own, others] = [aucGains(members), aucGains(nonMembers)];
          return beyond(meanOfBoth(own, others), meanOfBoth(others, own));
        },
        ...{ least: auc, range, method },
      },
    }),
    // Of an error that nobody makes no share can be said to go; a few resamples without one show no gain.
    ...(hasDistance &&
      errs(samples.members) &&
      errs(samples.nonMembers) && {
        memberErrorReduction: {
          of: (draw) => both(draw, reductionOf),
          ...{ least: within(reduction), range: [Number.NEGATIVE_INFINITY, 1], method },
        },
      }),
  };
}

/** @param others NaN or −∞ where the imputation makes no error on them: then nothing is gained there */
const beyond = (gain: number, others: number): number => Math.max(0, gain) - (others > 0 ? others : 0);

/** Of each category that has an AUC. */
const aucGains = ({ attack, imputation }: ByGuesser<Figures>): Float64Array =>
  attack.auc.map((auc, c) => auc - imputation.auc[c]!);

/** Over the categories that neither lacks. */
const meanOfBoth = (gains: Float64Array, others: Float64Array): number =>
  meanKnown(gains.filter((_, c) => !Number.isNaN(others[c]!)));

/** Whether the imputation is ever wrong. */
const errs = ({ truth, guesses }: Sample): boolean =>
  guesses.imputation.predicted.some((guess, i) => guess !== truth[i]);

interface Reaches {
  readonly share: number;
  readonly auc: Statistic<Draw>['least'];
  readonly reduction: number;
}

function differences(
  pair: (draw: Draw) => readonly [Figures, Figures],
  reaches: Reaches,
  categories: number,
  hasDistance: boolean,
  method: string,
): Statistics<'accuracyGain' | 'aucGain' | 'errorReduction'> {
  const of = (gain: (attack: Figures, other: Figures) => number) => (draw: Draw) => gain(...pair(draw));
  return {
    ...(categories > 0 && {
      accuracyGain: {
        of: of((attack, other) => attack.accuracy - other.accuracy),
        ...{ least: within(reaches.share), range: DIFFERENCE, method },
      },
      aucGain: {
        of: of((attack, other) => meanKnown(attack.auc.map((auc, c) => auc - other.auc[c]!))),
        ...{ least: reaches.auc, range: DIFFERENCE, method },
      },
    }),
    ...(hasDistance && {
      errorReduction: {
        of: of(reductionOf),
        ...{ least: within(reaches.reduction), range: [Number.NEGATIVE_INFINITY, 1], method },
      },
    }),
  };
}

/** By which share the attack's error is smaller: 1 for none left, below 0 for more. */
const reductionOf = (attack: Figures, other: Figures): number => 1 - attack.meanError / other.meanError;

/** Two independent groups: reaches are squared and added (Newcombe, Statistics in Medicine 17, 1998, method 10). */
function bothReaches({ members, nonMembers }: Samples): Reaches {
  const share = Math.hypot(unseenShare(members.ids.length), unseenShare(nonMembers.ids.length));
  return {
    share,
    auc: aucLeast([members, nonMembers]),
    // As if a record of that kind took away, or added, as much error as the others have on average.
    reduction: share,
  };
}

/**
 * For means of AUCs over the categories that occur and are absent in every one of the groups: what the rarest may yet do
 * to them. Where resamples differ that is one more record of it, m records so far, ranked the other way: 1/(m + 1) of its AUC.
 * Where none does, nothing is known but that m records showed no other kind.
 *
 * @param groups those that the figure depends on, independent: their reaches are squared and added
 */
function aucLeast(groups: readonly Sample[]): Statistic<Draw>['least'] {
  const known = (c: number) => groups.every(({ occurs, ids }) => occurs[c]! > 0 && occurs[c]! < ids.length);
  const compared = rankedCategories(groups[0]!.categories).filter(known);
  const reach = (of: (fewest: number) => number) =>
    Math.hypot(
      ...groups.map(({ occurs, ids }) => {
        const fewest = Math.min(...compared.map((c) => Math.min(occurs[c]!, ids.length - occurs[c]!)));
        return of(fewest) / compared.length;
      }),
    );
  return (value, varies) => within(reach(varies ? (fewest) => 1 / (fewest + 1) : unseenShare))(value);
}

/** Ordinal: all the steps there are. Continuous: the largest error that anybody made there. */
const largestError = ({ categories, guesses }: Sample): number =>
  categories > 0
    ? categories - 1
    : Object.values(guesses).reduce(
        (largest, { errors }) => errors!.reduce((most, error) => Math.max(most, error), largest),
        0,
      );
