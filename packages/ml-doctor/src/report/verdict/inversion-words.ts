/** What is found about reconstructions, in words: the sentences and the advice of the verdict on an inversion. */

import { formatMetric, percent, percentWithInterval, plural } from '../format.ts';
import type { Level, Metric, Result } from '../schema.ts';
import {
  type Asked,
  AUXILIARY_BASELINES,
  type Baselines,
  CLOSENESS,
  chanceOfClass,
  GUIDED_START,
  gainOver,
  judgeIsGood,
  type Metrics,
  measured,
  POINTS_AT_MEMBERS,
  START,
  wide,
} from './inversion-grade.ts';

export function opening(level: Level, metrics: Metrics, closer: boolean): string {
  switch (level) {
    case 'high':
      return 'This attack shows training records: most reconstructions lie closer to a record that the model was trained on than to any other of the class.';
    case 'moderate':
      return 'This attack shows training records: reconstructions lie closer to records that the model was trained on than to others of the class, by more than chance explains.';
    case 'low':
      if (closer)
        return 'Reconstructions lie slightly closer to training records than chance explains, and point at none of them.';
      if (measured(metrics).length === 0)
        return 'This attack shows the class; whether also the people was not measured.';
      if (wide(metrics).length > 0)
        return 'This attack shows the class: reconstructions are recognised as their class. Whether they show people too cannot be told from so few.';
      return 'This attack shows the class, not the people: reconstructions are recognised as their class, and no closer to training records than to other records of it, as far as can be told.';
    case 'inconclusive':
      return 'It cannot be told what these reconstructions show.';
    case 'none-found':
      return 'The reconstructions show neither training records nor classes; that is not proof of safety, as a stronger attack may find more.';
  }
}

export function closenessFacts(
  metrics: Metrics,
  { members, nonMembers }: Result['records'],
  closer: boolean,
): string[] {
  const shares = CLOSENESS.flatMap(({ share, p, by }) => {
    const metric = metrics[share];
    const test = metrics[p];
    if (metric === undefined) return [];
    return `${percentWithInterval(metric)} ${by}${test === undefined ? '' : ` (p ${formatMetric(p, test).value})`}`;
  });
  if (shares.length === 0) return [];
  const leaves = wide(metrics).length > 0 && !closer;
  return [
    `Compared with ${plural(members, 'member')} and ${plural(nonMembers, 'non-member')} of these classes, reconstructions have a member nearest in ${shares.join(' and in ')}; chance: 50 %.`,
    ...(leaves
      ? [
          `With so few reconstructions that is no proof that they show nobody: ${percent(POINTS_AT_MEMBERS)} cannot be ruled out.`,
        ]
      : []),
  ];
}

export function judgeFacts(metrics: Metrics, asked: Omit<Asked, 'attacks'>): string[] {
  const { judgeAccuracy, judgeOwnAccuracy } = metrics;
  if (judgeAccuracy === undefined) return ['Whether they are recognised as their class was not measured.'];
  const own =
    judgeOwnAccuracy === undefined
      ? ''
      : `; on real records that judge is right in ${percentWithInterval(judgeOwnAccuracy)}`;
  return [
    `An independent judge recognises ${percentWithInterval(judgeAccuracy)} of them as the class asked for; chance: ${percent(chanceOfClass(asked))}${own}.`,
  ];
}

/** What an attacker with data of that kind had before. */
export function auxiliaryFacts(baselines: Baselines): string[] {
  const compared = AUXILIARY_BASELINES.flatMap((name) => {
    const gain = gainOver(baselines, name);
    return gain === undefined ? [] : [{ name, gain }];
  });
  if (compared.length === 0) return [];
  const list = compared.map(({ name, gain }) => `${gainText(gain)} against the ${name}`).join(', ');
  const beaten = compared.every(({ gain }) => (gain.low ?? Number.NEGATIVE_INFINITY) > 0);
  return [
    beaten
      ? `They are recognised more often than an attacker’s own data of the same kind: ${list}.`
      : `They are not recognised measurably more often than an attacker’s own data of the same kind (${list}): whoever has such data learns nothing new about how the class looks.`,
  ];
}

export function startFacts(baselines: Baselines): string[] {
  return [START, GUIDED_START].flatMap((name) => {
    const gain = gainOver(baselines, name);
    return gain === undefined ? [] : [`Against its own ${name} the attack gains ${gainText(gain)}.`];
  });
}

export function doubts(metrics: Metrics, { classes, asked }: Omit<Asked, 'attacks'>): string[] {
  if (asked === 1)
    return [
      'Of a single class it cannot be told whether pictures show it or are called by its name whatever they show: ask for two classes or more.',
    ];
  if (!judgeIsGood(metrics, classes))
    return ['The judge itself is too poor, or unknown, to say that nothing is recognised.'];
  return ['There are too few reconstructions to rule out either.'];
}

function gainText(gain: Metric): string {
  const { value, interval } = formatMetric('judgeAccuracyGain', gain);
  return `${value} (${interval})`;
}

const FACES =
  'If a class is one person (face or voice recognition, one class for each customer), what shows the class shows the person: treat this as high.';
const DIFFERENTIAL_PRIVACY =
  'Do not count on differential privacy (DP-SGD) to hide what a class looks like: it protects single records, and lowered the accuracy of inversion by 1 to 17 points only in Liu et al. (USENIX Security 2022).';
const WEIGHTS =
  'Do not publish the weights; answering with the label only costs little and stops attacks that estimate gradients from probabilities.';

export function advise(level: Level): string[] {
  switch (level) {
    case 'high':
      return [
        'Do not release this model or its weights before this is reduced, and treat the pictures in this report as training data.',
        'Retrain with differential privacy (DP-SGD), which limits what any single record leaves in the model, and audit again; what a class looks like it hides little.',
        'Remove duplicates and over-fitting, which make a model keep single records; merge classes that hold few people.',
        'Meanwhile answer with the label only and limit queries: cheap, and enough against attacks that have no weights.',
      ];
    case 'moderate':
      return [
        FACES,
        'Reduce over-fitting and remove duplicates; if that is not enough, retrain with differential privacy (DP-SGD), which limits what any single record leaves in the model. Then audit again.',
        WEIGHTS,
      ];
    case 'low':
      return [FACES, 'Merge classes so that each holds many people.', WEIGHTS, DIFFERENTIAL_PRIVACY];
    case 'inconclusive':
      return [
        'Audit again with more reconstructions of each class, and with more records to compare them with and to train the judge on.',
      ];
    case 'none-found':
      return [
        'Run stronger inversion attacks before relying on this: one with auxiliary data and a generator shows more than gradients alone.',
      ];
  }
}
