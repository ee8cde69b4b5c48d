/** Sentences for the reader of a report: what the evidence cannot tell, and what looks wrong. */
import type { Metric } from '../../stats/metric.ts';
import type { ClassRecords } from './class-records.ts';
import type { Closeness } from './closeness.ts';
import type { Baseline, InversionEvidence } from './evidence.ts';
import type { ClassPictures } from './repeats.ts';

/** Fewer members or non-members of a class make a nearest record that is far away. */
const FEW_RECORDS = 5;
/** With fewer nearest records the test can hardly reach its level: 2 · 2⁻⁶ is the first below 5 %. */
const FEW_NEIGHBOURS = 6;
/** Below this diversity, pictures of different classes look alike. */
const ALIKE = 0.1;
/** How near the error of the all-zero input says that the error measures nothing else. */
const ZERO_MARGIN = 0.05;
/** More classes than this are counted, not listed. */
const MOST_LISTED = 8;

export interface NoteFacts {
  readonly classes: number;
  readonly names: readonly string[] | undefined;
  readonly byClass: readonly ClassPictures[];
  readonly records: readonly ClassRecords[];
  readonly baselines: readonly (Baseline & {
    readonly byClass: readonly ClassPictures[];
    readonly metrics: Readonly<Record<string, Metric>>;
  })[];
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly closeness: Closeness | undefined;
  readonly target: InversionEvidence['target'];
}

export function inversionNotes(facts: NoteFacts): readonly string[] {
  return [
    ...judgeNotes(facts),
    ...recordNotes(facts),
    ...repeatNotes(facts),
    ...closenessNotes(facts),
    ...diversityNotes(facts.metrics),
    ...zeroNotes(facts),
    ...baselineNotes(facts),
  ];
}

/** Twice chance, or with few classes half of the way from chance to perfect. */
function judgeNotes({ classes, target, metrics: { judgeOwnAccuracy } }: NoteFacts): string[] {
  const weak = target && judgeOwnAccuracy && judgeOwnAccuracy.value <= target.right / target.records;
  return [
    ...(weak
      ? [
          `The judge is no stronger than the target: it is right about ${percent(judgeOwnAccuracy.value)} of records new to it, the ` +
            `target about ${percent(target.right / target.records)} of those new to the target. Read what it recognises with care.`,
        ]
      : []),
    ...uselessJudge({ classes, judgeOwnAccuracy }),
  ];
}

function uselessJudge({
  classes,
  judgeOwnAccuracy,
}: {
  readonly classes: number;
  readonly judgeOwnAccuracy: Metric | undefined;
}): string[] {
  const least = Math.min(2 / classes, (1 + 1 / classes) / 2);
  if (judgeOwnAccuracy!.value >= least) return [];
  return [
    `The judge recognises only ${percent(judgeOwnAccuracy!.value)} of real records that it has not seen (chance: ` +
      `${percent(1 / classes)}). A judge that knows no class is no judge: do not read its figures.`,
  ];
}

function recordNotes({ byClass, records, names }: NoteFacts): string[] {
  const fewest = ({ class: label }: ClassPictures) =>
    Math.min(records[label]!.members, records[label]!.nonMembers);
  const lacking = byClass.filter((each) => fewest(each) === 0);
  const few = byClass.filter((each) => fewest(each) > 0 && fewest(each) < FEW_RECORDS);
  return [
    ...(lacking.length > 0
      ? [
          `Left out of the comparison with records, for want of members or non-members: ${listed(lacking, names)}.`,
        ]
      : []),
    ...(few.length > 0
      ? [`Fewer than ${FEW_RECORDS} members or non-members to be near to: ${listed(few, names)}.`]
      : []),
  ];
}

function repeatNotes({ byClass, names }: NoteFacts): string[] {
  const single = byClass.filter(({ distinct }) => distinct.length === 1);
  if (single.length === 0) return [];
  const what = single.length === byClass.length ? 'Every class has' : `${listed(single, names)}:`;
  return [
    `${what} one reconstruction only, or copies of one; it cannot show how much luck there was in it, and intervals are wide.`,
  ];
}

function closenessNotes({ closeness, metrics: { memberCloser } }: NoteFacts): string[] {
  if (!closeness)
    return [
      'No class has members and non-members: whether the pictures show people or the class is unknown.',
    ];
  const few = !closeness.closer && closeness.neighbours < FEW_NEIGHBOURS;
  const away = memberCloser!.high < 0.5 && !closeness.closer;
  return [
    ...(few
      ? [
          `Only ${closeness.neighbours} different ${closeness.neighbours === 1 ? 'record is' : 'records are'} nearest to a reconstruction: too few to tell nearness to members from ` +
            'chance. More classes, or more reconstructions of each, would help.',
        ]
      : []),
    ...(away
      ? [
          'The reconstructions lie nearer to non-members than to members (the interval of memberCloser lies below .5). Either ' +
            'the groups are exchanged, or they are drawn from different distributions.',
        ]
      : []),
  ];
}

function diversityNotes({ diversity }: NoteFacts['metrics']): string[] {
  if (!diversity || diversity.value >= ALIKE) return [];
  return [
    'Every class gives nearly the same picture: the reconstructions do not tell one class from another.',
  ];
}

/** The baseline is known by what it is, not by its name. */
function zeroNotes({ baselines, metrics: { mseNormalised } }: NoteFacts): string[] {
  const zero = baselines.find(({ pictures }) => pictures.normalised.every((value) => value === 0));
  const error = zero?.metrics['mseNormalised'];
  if (!zero || !error || !mseNormalised) return [];
  if (Math.abs(mseNormalised.value - error.value) > ZERO_MARGIN * error.value) return [];
  return [
    `The error to the class mean (mseNormalised) is within ${percent(ZERO_MARGIN)} of that of '${zero.name}', a picture of nothing: ` +
      'it measures how the data is normalised and not what the attack found.',
  ];
}

function baselineNotes({ byClass, baselines, names }: NoteFacts): string[] {
  return baselines.flatMap((baseline) => {
    const missing = byClass.filter(
      (each) => !baseline.byClass.some(({ class: label }) => label === each.class),
    );
    if (missing.length === 0) return [];
    return [
      `The baseline '${baseline.name}' has no picture of ${listed(missing, names)}; the gain over it is that of the other classes.`,
    ];
  });
}

function listed(classes: readonly ClassPictures[], names: NoteFacts['names']): string {
  const first = classes.slice(0, MOST_LISTED).map(({ class: label }) => names?.[label] ?? `${label}`);
  const more = classes.length - first.length;
  return `${classes.length > 1 ? 'classes' : 'class'} ${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
