/** What a figure of ML-Leaks was measured on, and in what a target of ours is unlike it. */

import { grouped, quantity } from '../../../report/format.ts';
import { membersOf } from '../../evidence/facts.ts';
import type { Attacked } from '../shokri/attacked.ts';

/** Records of each part that the released code takes; of data sets that it does not speak of, a quarter of all. */
const MEMBERS: Readonly<Record<string, number>> = {
  cifar10: 10_520,
  cifar100: 15_000,
  'purchase-100': 49_331,
  location: 1252,
};

/** Of pictures and of everything else. */
const PICTURES = new Set(['cifar10', 'cifar100', 'mnist', 'lfw']);

const RECIPE: Readonly<Record<string, readonly [value: unknown, what: string]>> = {
  optimizer: ['adam', 'optimizer'],
  learningRate: [0.001, 'learning rate'],
  batchSize: [100, 'batch size'],
  epochs: [50, 'epochs'],
  weightDecay: [2e-7, 'weight decay'],
};

/** Undefined where the target is as the paper's own in all that its report tells; else what is not, in words. */
export function unlikePaper({ target }: Pick<Attacked, 'target'>, data: string): string | undefined {
  const members = MEMBERS[data];
  const own = membersOf(target);
  const network = PICTURES.has(data) ? 'ml-leaks-cnn' : 'ml-leaks-mlp';
  const { params } = target.model;
  const all = [
    ...(target.data.name === data ? [] : [`${target.data.name} in place of ${data}`]),
    ...(members === undefined || own === members
      ? []
      : [`${grouped(own)} training records, not ${grouped(members)}`]),
    ...(target.model.name === network ? [] : [`${target.model.name} in place of ${network}`]),
    ...Object.entries(RECIPE).flatMap(([key, [value, what]]) =>
      params[key] === value ? [] : [`${what} ${text(params[key])}, not ${text(value)}`],
    ),
    ...(Array.isArray(params.milestones) && params.milestones.length > 0
      ? ['a learning rate that falls at milestones']
      : []),
  ];
  return all.length === 0 ? undefined : all.join('; ');
}

const text = (value: unknown): string =>
  typeof value === 'number' ? quantity(value) : value === undefined ? 'unknown' : String(value);

/** The data set of the paper that ours stands in for; itself where it is the paper's own or stands for none. */
export function standsFor(data: string): string {
  const [id = data] = data.split('@');
  const retail = /^retail-(\d+)$/.exec(id);
  if (retail) return `purchase-${retail[1]}`;
  return Object.hasOwn(STAND_INS, id) ? (STAND_INS[id] as string) : id;
}

const STAND_INS: Readonly<Record<string, string>> = {
  'fashion-mnist': 'mnist',
  'fashion-mnist-10k': 'mnist',
  'cifar10-20k': 'cifar10',
  utkface: 'lfw',
  'utkface-64px': 'lfw',
  'lfw-funneled': 'lfw',
};

/** A note of every stand-in among some data sets; nothing of none. */
export function standInNotes(names: readonly string[]): readonly string[] {
  const stand = [...new Set(names)].filter((name) => standsFor(name) !== name.split('@')[0]);
  return stand.length === 0
    ? []
    : [`Stand-ins: ${stand.map((name) => `${name} for ${standsFor(name)}`).join(', ')}.`];
}
