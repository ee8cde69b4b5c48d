/** What is found about a guessed attribute, in words: the sentences of the verdict on an attribute attack. */

import { formatMetric, percent, plural, quantity } from '../format.ts';
import type { Attribute, Level, Metric, Result } from '../schema.ts';
import {
  type Baselines,
  type Finding,
  FROM_RECORD,
  GAIN,
  IMPUTATION,
  lowOf,
  MEASURES,
  type Measure,
  type Metrics,
  NON_MEMBERS,
  showsGain,
} from './attribute-grade.ts';

export type Named = Pick<Attribute, 'name' | 'kind'>;

export function opening(level: Level, finding: Finding, metrics: Metrics, { name }: Named): string {
  switch (finding) {
    case 'training-records':
      return `Leakage of training records: this attack learns “${name}” from the model, and more of records that it was trained on than of others.`;
    case 'population':
      return `Leakage of the population: this attack learns “${name}” from the model, of anybody; ${comparesMembers(metrics) ? 'not measurably more of records that it was trained on' : 'whether more of records that it was trained on was not measured'}.`;
    case 'correlation':
      return `A correlation that any model would show: this attack guesses “${name}” better than by its commonest value, but an attacker without this model guesses as well.`;
    default:
  }
  return level === 'none-found'
    ? `This attack learns nothing of “${name}” from the model that can be measured; that is not proof of safety, as a stronger attack may learn more.`
    : `It cannot be told whether the model gives away “${name}”.`;
}

/** The figures: always those of the attribute's kind, others where they decide. */
export function figureFacts(
  metrics: Metrics,
  baselines: Baselines,
  records: Result['records'],
  attribute: Named,
): string[] {
  const main = attribute.kind === 'continuous' ? 'meanAbsoluteError' : 'accuracy';
  return MEASURES.filter(({ figure }) => metrics[figure] !== undefined)
    .filter((measure) => measure.figure === main || decides(measure, metrics))
    .map((measure) => factOf(measure, metrics, baselines, records, attribute));
}

/** Whether no other measure reaches as high with its lower end, on members or beyond non-members. */
function decides(measure: Measure, metrics: Metrics): boolean {
  return (['gain', 'beyond'] as const).some((part) => {
    const low = lowOf(metrics[measure[part]]);
    return low > 0 && MEASURES.every((other) => lowOf(metrics[other[part]]) <= low);
  });
}

function factOf(
  { figure, gain, beyond }: Measure,
  metrics: Metrics,
  baselines: Baselines,
  { members, nonMembers }: Result['records'],
  { name, kind }: Named,
): string {
  const of = (baseline: string) => {
    const found = figureOf(baselines, baseline, figure);
    return found && formatMetric(figure, found).value;
  };
  const [without, elsewhere] = [of(IMPUTATION), of(NON_MEMBERS)];
  const [gained, more] = [metrics[gain], metrics[beyond]];
  const told = {
    value: withInterval(figure, metrics[figure] as Metric),
    gained: gained && withInterval(gain, gained),
    more: more && withInterval(beyond, more),
  };
  const [inside, outside] = [plural(members, 'member'), plural(nonMembers, 'non-member')];
  const unit = kind === 'ordinal' ? 'steps' : `in the units of “${name}”`;
  const parts = {
    accuracy: [
      `It guesses “${name}” of ${told.value} of ${inside} right`,
      without && `; without the model it would be ${without}`,
      told.gained && `, a gain of ${told.gained}`,
      elsewhere && `. Of ${outside} it guesses ${elsewhere} right`,
      told.more && `; beyond what the model adds for others, it adds ${told.more} for members`,
    ],
    meanAbsoluteError: [
      `Its guesses of “${name}” for ${inside} are off by ${told.value} on average, ${unit}`,
      without && `; without the model by ${without}`,
      told.gained && `, an error reduction of ${told.gained}`,
      elsewhere && `. For ${outside} they are off by ${elsewhere}`,
      told.more && `; beyond the error reduction for others, that for members is ${told.more}`,
    ],
    auc: [
      `The order of its beliefs (AUC) reaches ${told.value}`,
      without && `; without the model it would be ${without}`,
      told.gained && `, a gain of ${told.gained}`,
      told.more && `; beyond what the model adds for others, it adds ${told.more} for members`,
    ],
  }[figure];
  return `${parts.filter((part) => part !== undefined).join('')}.`;
}

function comparesMembers(metrics: Metrics): boolean {
  return MEASURES.some(({ beyond }) => metrics[beyond] !== undefined);
}

function figureOf(baselines: Baselines, baseline: string, figure: string): Metric | undefined {
  return baselines.find(({ name }) => name === baseline)?.metrics[figure];
}

function withInterval(name: string, metric: Metric): string {
  const { value, interval } = formatMetric(name, metric);
  return `${value} (${interval})`;
}

/** Where the attacker does not have the record: what those who have it guess without any model. */
export function fromRecordFacts(metrics: Metrics, baselines: Baselines, { name, kind }: Named): string[] {
  const figure = kind === 'continuous' ? 'meanAbsoluteError' : 'accuracy';
  const guessed = figureOf(baselines, FROM_RECORD, figure);
  if (guessed === undefined) return [];
  const gain = figureOf(baselines, FROM_RECORD, figure === 'accuracy' ? 'accuracyGain' : 'errorReduction');
  const figures =
    figure === 'accuracy' ? `${percent(guessed.value)} right` : `off by ${quantity(guessed.value)}`;
  const beaten = lowOf(gain) > 0;
  if (beaten)
    return [`Whoever has the rest of a record, but not the model, guesses “${name}” worse: ${figures}.`];
  return [
    `Whoever has the rest of a record guesses “${name}” without the model (${figures})${showsGain(metrics) ? ', so this leak concerns those who see embeddings but not records' : ''}.`,
  ];
}

/** Why nothing could be told. */
export function doubts(metrics: Metrics, { members, nonMembers }: Result['records']): string[] {
  if (MEASURES.every(({ gain }) => metrics[gain] === undefined))
    return ['How much is guessed without the model was not measured.'];
  if (!comparesMembers(metrics))
    return ['Whether members are guessed better than non-members was not measured.'];
  return [
    `Judged on ${plural(members, 'member')} and ${plural(nonMembers, 'non-member')}: too few to rule out a gain of ${GAIN.moderate * 100} points.`,
  ];
}
