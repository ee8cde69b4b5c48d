/** In what a target of ours is unlike ML-Doctor's of the same name: what keeps figures from being compared one by one. */

import { grouped, plural } from '../../report/format.ts';
import type { Target } from '../evidence/evidence.ts';
import { epochsOf, membersOf } from '../evidence/facts.ts';
import { BATCH_SIZE, EPOCHS, type PaperData, type PaperModel, QUARTER } from './ml-doctor-2022/names.ts';
import { dataStandIn, modelStandIn } from './stand-ins.ts';

/** A target of the paper; what is left out is as all its targets have it. */
export interface PaperSetting {
  readonly data: PaperData;
  readonly model: PaperModel;
  /** Records of each role. */
  readonly members?: number;
  readonly epochs?: number;
  /** A side; either of several where it is not sure which. */
  readonly pixels?: readonly number[];
}

/** As many as the summary of the paper has, and as many as its code has. */
export const PAPER_PIXELS: readonly number[] = [32, 64];

/** A few records more or less are a matter of the archive that was read. */
const FEW = 0.01;

/** Besides epochs and batch size: SGD, its rate divided by ten at two milestones. */
const RECIPE = {
  learningRate: 0.01,
  momentum: 0.9,
  weightDecay: 0.0005,
  milestones: [50, 100],
} as const;

const WORDS: Readonly<Record<keyof typeof RECIPE, string>> = {
  learningRate: 'another learning rate',
  momentum: 'another momentum',
  weightDecay: 'another weight decay',
  milestones: 'other milestones of the learning rate',
};

/**
 * Undefined where the target is the paper's own in all that its report tells; else what is unlike, in words, for
 * {@link compare}. Defences and the settings of attacks are not looked at.
 */
export function unlikePaper(target: Target, setting: PaperSetting): string | undefined {
  const { members = QUARTER[setting.data], epochs = EPOCHS, pixels = PAPER_PIXELS } = setting;
  const [data, model] = [dataStandIn(target), modelStandIn(target)];
  const [records, passes, side] = [membersOf(target), epochsOf(target), data?.pixels];
  const all = [
    data?.for === setting.data ? data.unlike : `${target.data.name} in place of ${setting.data}`,
    model?.for === setting.model ? model.unlike : `${target.model.name} in place of ${setting.model}`,
    Math.abs(records - members) > FEW * members
      ? `${plural(records, 'training record')}, not ${grouped(members)}`
      : undefined,
    passes === epochs
      ? undefined
      : `${passes === undefined ? 'no epochs' : plural(passes, 'epoch')}, not ${epochs}`,
    side === undefined || pixels.includes(side)
      ? undefined
      : `${side} pixels a side, not ${pixels.join(' or ')}`,
    ...recipeDifferences(target),
  ].filter((one) => one !== undefined);
  return all.length === 0 ? undefined : all.join('; ');
}

function recipeDifferences({ model }: Target): readonly string[] {
  const { params } = model;
  const optimizer =
    typeof params.optimizer === 'string' && params.optimizer !== 'sgd' ? params.optimizer : undefined;
  const decays = params.learningRateDecay !== undefined && params.learningRateDecay !== 0;
  const settings = (Object.keys(RECIPE) as (keyof typeof RECIPE)[]).filter(
    (key) => JSON.stringify(params[key]) !== JSON.stringify(RECIPE[key]),
  );
  return [
    ...(params.batchSize === BATCH_SIZE ? [] : [`batches of ${params.batchSize}, not ${BATCH_SIZE}`]),
    ...(optimizer === undefined ? [] : [`${optimizer}, not sgd`]),
    ...(decays ? ['a learning rate that falls with every step'] : []),
    ...settings.map((key) => WORDS[key]),
  ];
}

/**
 * For notes beside figures over many targets, such as correlations, which are claims about models in general and so
 * compared all the same: what these targets are, and the paper's.
 *
 * @param models the paper's targets of each data set: all five architectures when left out
 */
export function targetsNote(targets: readonly Target[], models?: string): string {
  const distinct = (values: readonly string[]) => [...new Set(values)];
  const data = distinct(targets.map(({ data }) => data.name));
  const own = distinct(targets.map(({ model }) => model.name));
  const stand = distinct(targets.flatMap((target) => dataStandIn(target)?.unlike ?? []));
  const strangers = distinct(
    targets.flatMap((target) => {
      const found = modelStandIn(target);
      return found === undefined || found.unlike !== undefined ? [target.model.name] : [];
    }),
  );
  const range = (values: readonly number[]) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return low === high ? grouped(low) : `${grouped(low)} to ${grouped(high)}`;
  };
  const passes = targets.flatMap((target) => epochsOf(target) ?? []);
  return [
    `These are ${plural(targets.length, 'target')}, of ${data.join(', ')} and ${own.join(', ')}`,
    `${range(targets.map(membersOf))} training records${passes.length > 0 ? ` and ${range(passes)} epochs` : ''} each`,
    `the paper's are ${models === undefined ? '20, ' : ''}of CelebA, FMNIST, STL10, UTKFace and ${models ?? 'five architectures'}, with 3,250 to 50,649 records and ${EPOCHS} epochs`,
    ...(stand.length > 0 ? [`here are ${stand.join(', ')}`] : []),
    ...(strangers.length > 0 ? [`not the paper's architectures: ${strangers.join(', ')}`] : []),
  ]
    .join('; ')
    .concat('.');
}
