/** Sentences for the reader of a report: what the records cannot tell, and what looks odd about the guesses. */
import type { Metric } from '../../stats/metric.ts';
import { type AttributeEvidence, BASELINE } from './evidence.ts';
import { hasTop, TOPS } from './figures.ts';
import { rankedCategories, rightGuesses, type Sample } from './sample.ts';
import type { Samples } from './statistics.ts';

/** Fewer members of a category say little about how well it is guessed. */
const FEW_MEMBERS = 10;
/** More categories than this are counted, not listed. */
const MOST_LISTED = 8;

export interface NoteFacts {
  readonly attribute: AttributeEvidence['attribute'];
  readonly samples: Samples;
  readonly metrics: { readonly [Name in 'auc' | 'errorReduction' | 'memberErrorReduction']?: Metric };
  /** Whether guesses can be nearly right. */
  readonly hasDistance: boolean;
}

export function attributeNotes(facts: NoteFacts): readonly string[] {
  const ofCategories = facts.samples.members.categories > 0;
  return [
    ...majorityNotes(facts),
    ...imputationNotes(facts),
    ...guessNotes(facts),
    ...(ofCategories ? [...categoryNotes(facts), ...sureNotes(facts)] : []),
    ...reductionNotes(facts),
  ];
}

function majorityNotes({ attribute: { categories }, samples: { members, nonMembers } }: NoteFacts): string[] {
  if (members.categories === 0) return [];
  const always = members.guesses.majority.predicted[0]!;
  return [
    `Always '${categories![always]!}', the commonest in the auxiliary data, is right about ` +
      `${percent(rightBy(members, 'majority'))} of the members and ${percent(rightBy(nonMembers, 'majority'))} of the non-members.`,
  ];
}

/** A gain over an imputation that knows less than nothing is none. */
function imputationNotes({ samples: { members } }: NoteFacts): string[] {
  const worse =
    members.categories > 0
      ? rightBy(members, 'imputation') < rightBy(members, 'majority')
      : meanError(members, 'imputation') > meanError(members, 'majority');
  if (!worse) return [];
  return [
    `On members the '${BASELINE.imputation}' does worse than always the same guess ('${BASELINE.majority}'): a gain over it alone ` +
      'says little. Read the gain over both.',
  ];
}

function guessNotes({ attribute: { categories }, samples: { members } }: NoteFacts): string[] {
  const { attack, imputation } = members.guesses;
  const [first] = attack.predicted;
  if (members.ids.length > 1 && attack.predicted.every((guess) => guess === first))
    return [
      `The attack's guess is the same for all members: ${categories ? `'${categories[first!]!}'` : first}.`,
    ];
  if (attack.predicted.every((guess, i) => guess === imputation.predicted[i]))
    return ["For every member the attack's guess is that of the imputation."];
  return [];
}

function categoryNotes({ attribute, samples: { members, nonMembers }, metrics }: NoteFacts): string[] {
  const named = (wanted: (count: number, category: number) => boolean) =>
    Array.from(members.occurs.keys()).filter((c) => wanted(members.occurs[c]!, c));
  const missing = named((count) => count === 0);
  const few = named((count) => count > 0 && count < FEW_MEMBERS);
  const list = (which: readonly number[]) => listed(which.map((c) => attribute.categories![c]!));
  const compared = ({ occurs, ids }: Sample) =>
    rankedCategories(members.categories).map((c) => occurs[c]! > 0 && occurs[c]! < ids.length);
  const [own, others] = [compared(members), compared(nonMembers)];
  return [
    ...(missing.length > 0 ? [`No member is of ${list(missing)}: not in any figure of members.`] : []),
    ...(few.length > 0
      ? [`Fewer than ${FEW_MEMBERS} members are of ${list(few)}: figures of these mean little.`]
      : []),
    ...(metrics.auc ? [] : ['All members are of one category: there is no AUC.']),
    ...(metrics.auc && own.some((known, c) => known !== others[c])
      ? ['Members and non-members do not have the same categories; AUCs are compared over those of both.']
      : []),
  ];
}

function sureNotes({ samples: { members } }: NoteFacts): string[] {
  const { attack } = members.guesses;
  const left = TOPS.filter((top) => !hasTop(members.ids.length, top));
  const belief = (i: number) => attack.beliefs![i * members.categories + attack.predicted[i]!]!;
  const alike = attack.predicted.every((_, i) => belief(i) === belief(0));
  return [
    ...(left.length > 0
      ? [
          `Of ${members.ids.length} members, the ${left.join(' or ')} surest are no choice: no ppvTop for these.`,
        ]
      : []),
    ...(alike && left.length < TOPS.length
      ? ['The attack is equally sure of all its guesses: the surest are as good as any.']
      : []),
  ];
}

function reductionNotes({ hasDistance, metrics }: NoteFacts): string[] {
  if (!hasDistance) return [];
  const none = (group: string) =>
    `The imputation errs about too few ${group} to say by which share of it the attack errs less.`;
  if (!metrics.errorReduction) return [none('members')];
  return metrics.memberErrorReduction ? [] : [none('non-members')];
}

type Compared = 'imputation' | 'majority';

const rightBy = (sample: Sample, guesser: Compared): number =>
  rightGuesses(sample, guesser) / sample.ids.length;

function meanError({ guesses, truth, ids }: Sample, guesser: Compared): number {
  const { predicted } = guesses[guesser];
  let sum = 0;
  for (const [i, value] of truth.entries()) sum += Math.abs(predicted[i]! - value);
  return sum / ids.length;
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_LISTED;
  const first = names.slice(0, MOST_LISTED).map((name) => `'${name}'`);
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
