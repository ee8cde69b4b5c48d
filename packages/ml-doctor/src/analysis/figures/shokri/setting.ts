/** What a published figure was measured on, and in what ours is unlike it. */

import { grouped, plural, quantity } from '../../../report/format.ts';
import { membersOf } from '../../evidence/facts.ts';
import type { Attacked } from './attacked.ts';

/** Of the paper's targets. */
export interface PublishedSetting {
  /** Name in the catalogue. */
  readonly data: string;
  readonly members: number;
  readonly shadows: number;
  /** A network of the authors, with its most epochs; absent of targets that Google's service trained. */
  readonly local?: { readonly model: string; readonly epochs: number };
}

/** Of its networks: stochastic gradient descent of Torch7. Momentum, batch size and weight decay are not given. */
const RATE = 0.001;
const RATE_DECAY = 1e-7;

const NN = { model: 'shokri-nn', epochs: 200 } as const;
const CNN = { model: 'shokri-cnn', epochs: 100 } as const;

/** By data set: how many records and shadow models the paper takes, and the network where it trains one itself. */
const DATA: Readonly<Record<string, Omit<PublishedSetting, 'data' | 'local'> & { network?: typeof NN }>> = {
  adult: { members: 10_000, shadows: 20 },
  mnist: { members: 10_000, shadows: 50 },
  location: { members: 1200, shadows: 60 },
  'purchase-2': { members: 10_000, shadows: 20 },
  'purchase-10': { members: 10_000, shadows: 20 },
  'purchase-20': { members: 10_000, shadows: 20 },
  'purchase-50': { members: 10_000, shadows: 20 },
  'purchase-100': { members: 10_000, shadows: 20, network: NN },
  'texas-100': { members: 10_000, shadows: 10, network: NN },
};

/** A target that Google's service trained. */
export function googleSetting(data: string): PublishedSetting {
  const { members, shadows } = known(data);
  return { data, members, shadows };
}

/** A target that is the authors' own network: of `purchase-100` or `texas-100`. */
export function networkSetting(data: string): PublishedSetting {
  const { members, shadows, network } = known(data);
  return { data, members, shadows, ...(network && { local: network }) };
}

/** A target that is the authors' convolutional network: of `cifar10` or `cifar100`. */
export function cifarSetting(data: string, members: number): PublishedSetting {
  return { data, members, shadows: 100, local: CNN };
}

function known(data: string) {
  const found = Object.hasOwn(DATA, data) ? DATA[data] : undefined;
  if (found === undefined) throw new Error(`internal: ${data} is not of Shokri et al.`);
  return found;
}

/** What is not as in the paper, in words; undefined where all that it tells is alike. */
export function unlikeText(
  { data, members, shadows, local }: PublishedSetting,
  ours: Attacked,
): string | undefined {
  const { target } = ours;
  const own = { members: membersOf(target), shadows: ours.found[0].result.references.count };
  const unlike = [
    ...(target.data.name === data ? [] : [`${target.data.name} in place of ${data}`]),
    ...(own.members === members ? [] : [`${grouped(own.members)} training records, not ${grouped(members)}`]),
    ...(own.shadows === shadows ? [] : [`${plural(own.shadows, 'shadow model')}, not ${shadows}`]),
    ...(local ? unlikeTraining(local, target.model) : [`${target.model.name} in place of Google’s service`]),
  ];
  return unlike.length === 0 ? undefined : unlike.join('; ');
}

function unlikeTraining(
  { model, epochs }: NonNullable<PublishedSetting['local']>,
  { name, params }: Attacked['target']['model'],
): string[] {
  const { learningRate, learningRateDecay = 0, milestones } = params;
  const falls = Array.isArray(milestones) && milestones.length > 0;
  return [
    ...(name === model ? [] : [`${name} in place of ${model}`]),
    ...(params.epochs === epochs ? [] : [`${params.epochs} epochs, not ${epochs}`]),
    ...(params.optimizer === undefined || params.optimizer === 'sgd' ? [] : [`${params.optimizer}, not SGD`]),
    ...(learningRate === RATE ? [] : [`learning rate ${quantity(Number(learningRate))}, not ${RATE}`]),
    ...(learningRateDecay === RATE_DECAY && !falls ? [] : ['another schedule of the learning rate']),
  ];
}

/** The data sets that ours stand in for: retail baskets, clustered as the paper's purchases are. */
export function standsFor(data: string): string {
  return data.replace(/^retail-(\d+)$/, 'purchase-$1');
}
