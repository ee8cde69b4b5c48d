/** Sentences for the reader of a report: what the records cannot tell, and what looks odd about the copies. */
import { binomialAtLeast } from '../../stats/binomial.ts';
import { CONFIDENCE, errorPerSide } from '../../stats/metric.ts';
import { agreeing } from './draw.ts';
import { BASELINE } from './evidence.ts';
import { type Judged, type Sample, same } from './sample.ts';
import { targetErrors } from './shares.ts';

/** With fewer, a share is uncertain by ten points and more to each side. */
const FEW_RECORDS = 100;
/** Of fewer errors it says little how many were repeated. */
const FEW_ERRORS = 20;
/** More classes than this are counted, not listed. */
const MOST_LISTED = 8;

/** @param hasSkill whether there is an agreementSkill */
export function stealingNotes(sample: Sample, hasSkill: boolean): readonly string[] {
  return [
    ...recordNotes(sample),
    ...errorNotes(sample),
    ...baselineNotes(sample, hasSkill),
    ...answerNotes(sample),
    ...curveNotes(sample),
    ...closenessNotes(sample),
    ...zeroNotes(sample),
  ];
}

function recordNotes({ ids, labels, classes }: Sample): string[] {
  const missing = classes.filter((_, label) => !labels.includes(label));
  return [
    ...(ids.length < FEW_RECORDS
      ? [`The copy was judged on only ${records(ids.length)}: intervals are wide.`]
      : []),
    ...(missing.length > 0 ? [`No record is of ${listed(missing)}.`] : []),
  ];
}

function errorNotes(sample: Sample): string[] {
  const errors = targetErrors(sample);
  if (errors === 0) return ['The target is wrong about no record: there is no agreementOnErrors.'];
  if (errors >= FEW_ERRORS) return [];
  return [
    `The target is wrong about only ${errors} of ${records(sample.ids.length)}: how often the copy repeats its errors is uncertain.`,
  ];
}

function baselineNotes(sample: Sample, hasSkill: boolean): string[] {
  const rivals = agreeing(sample);
  const most = Math.max(...rivals);
  const name = [BASELINE.constant, ...sample.baselines.map((each) => each.name)][rivals.indexOf(most)]!;
  const open = sample.ids.length - most;
  return [
    ...(sample.baselines.length === 0
      ? ['No model was learnt without a query to compare with: the gain is over a constant guess only.']
      : []),
    ...(open === 0
      ? [
          `The baseline '${name}' agrees with the target on every record: queries could gain nothing, and there is no agreementSkill.`,
        ]
      : []),
    ...(open > 0 && !hasSkill
      ? [
          `The baseline '${name}' disagrees with the target on only ${records(open)}: too few to say which share of them the copy wins.`,
        ]
      : []),
  ];
}

function answerNotes({ target, classes, copies }: Sample): string[] {
  const same = (answers: Int32Array) => answers.every((answer) => answer === answers[0]);
  const { answers } = copies.at(-1)!;
  return [
    ...(target.length > 1 && same(target)
      ? [`The target gives one answer to all records, '${classes[target[0]!]!}': agreement says nothing.`]
      : []),
    ...(target.length > 1 && same(answers)
      ? [`The last copy gives one answer to all records: '${classes[answers[0]!]!}'.`]
      : []),
  ];
}

/**
 * The surest fall of the curve from one copy to a later one, by the exact test of McNemar (Psychometrika 12, 1947) on the
 * records where only one of the two agrees with the target; one side, divided by the number of pairs (Bonferroni).
 */
function curveNotes(sample: Sample): string[] {
  const { target, copies } = sample;
  const pairs = copies.flatMap((before, b) => copies.slice(b + 1).map((after) => ({ before, after })));
  const falls = pairs
    .map((pair) => ({ ...pair, chance: chanceOfFall(target, pair.before, pair.after) }))
    .filter(({ chance }) => chance * pairs.length <= errorPerSide(CONFIDENCE))
    .sort((a, b) => a.chance - b.chance);
  const [surest] = falls;
  if (!surest) return [];
  const { before, after } = surest;
  const agrees = ({ answers }: Judged) => percent(same(target, answers) / target.length);
  return [
    `More queries did not make a better copy: that of ${after.queries} queries agrees with the target on ${agrees(after)} of the ` +
      `records, that of ${before.queries} on ${agrees(before)}; chance does not explain that.`,
  ];
}

/** That so many of the records where the two differ in agreement, or more, would be for the earlier one if both were as good. */
function chanceOfFall(target: Int32Array, before: Judged, after: Judged): number {
  const only = (one: Judged, other: Judged) =>
    same(target, one.answers, (i) => other.answers[i] !== target[i]);
  const [lost, won] = [only(before, after), only(after, before)];
  return binomialAtLeast(lost, lost + won, 0.5);
}

/** Posteriors tell of learning that answers do not show yet, as after few steps, or by a loss that is slow. */
function closenessNotes({ target, copies, baselines }: Sample): string[] {
  const last = copies.at(-1)!;
  const mean = ({ divergence }: Judged) => divergence.reduce((sum, value) => sum + value, 0) / target.length;
  const [own] = [...baselines].sort((a, b) => mean(a) - mean(b));
  if (!own || mean(last) >= mean(own) || same(target, last.answers) > same(target, own.answers)) return [];
  return [
    `The copy agrees no oftener than what was ${own.name}, but its posteriors are closer to the target’s ` +
      `(${mean(last).toPrecision(3)} nats against ${mean(own).toPrecision(3)}): it has learnt something of the answers. ` +
      'More epochs, or the loss kl, may make more of it.',
  ];
}

function zeroNotes({ ids, copies }: Sample): string[] {
  const { withZeros } = copies.at(-1)!;
  if (withZeros === 0) return [];
  return [
    `For ${withZeros} of ${records(ids.length)} the last copy gives a class a posterior of 0 where the target does not: it counts as the ` +
      'smallest number that single precision holds, so klDivergence is the least that it can be.',
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_LISTED;
  const first = names.slice(0, MOST_LISTED).map((name) => `'${name}'`);
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const records = (count: number): string => `${count} ${count === 1 ? 'record' : 'records'}`;

const percent = (part: number): string => `${Number((100 * part).toPrecision(3))} %`;
