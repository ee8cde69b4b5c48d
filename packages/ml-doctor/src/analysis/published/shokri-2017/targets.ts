/** Targets of Shokri et al. (IEEE S&P 2017) and how precise the attack was: the text, and Tables I and II. */

import type { Published } from '../../figure.ts';
import { give, printed, recalled } from '../provenance.ts';

export interface PublishedTarget {
  readonly trainAccuracy?: Published;
  readonly testAccuracy: Published;
  /** Of the attack, over all classes. */
  readonly precision?: Published;
}

/** Networks on CIFAR at their largest training sets: 15,000 and 29,540 records. */
export const CIFAR: Readonly<Record<'cifar10' | 'cifar100', PublishedTarget & { readonly members: number }>> =
  {
    cifar10: {
      members: 15_000,
      testAccuracy: printed(0.6, 1, 'the text'),
      precision: printed(0.74, 2, 'the text'),
    },
    cifar100: {
      members: 29_540,
      testAccuracy: printed(0.2, 1, 'the text'),
      precision: printed(0.988, 3, 'the text'),
    },
  };

/** Training records at which the networks on CIFAR were attacked. */
export const CIFAR_MEMBERS = {
  cifar10: [2500, 5000, 10_000, 15_000],
  cifar100: [4600, 10_520, 19_920, 29_540],
} as const;

/** Median over the classes of CIFAR-10 of the precision, by training records: it falls as they become more. */
export const CIFAR10_MEDIAN_PRECISION: Readonly<Record<2500 | 15_000, Published>> = {
  2500: printed(0.78, 2, 'the text'),
  15000: printed(0.71, 2, 'the text'),
};

/** Recall on CIFAR-10, at every size: almost 1. */
export const CIFAR10_RECALL: Published = { ...give(0.99, 0.01, 'the text'), high: 1 };

const accuracies = (train: number, test: number, where: string) => ({
  trainAccuracy: recalled(train, 'surely', where),
  testAccuracy: recalled(test, 'surely', where),
});

/** Purchase-100 on four platforms; the network is a hidden layer of 128 units, `shokri-nn`. */
export const TABLE_1: Readonly<
  Record<'Google' | 'Amazon (10, 1e-6)' | 'Amazon (100, 1e-4)' | 'network', PublishedTarget>
> = {
  Google: accuracies(0.999, 0.656, 'Table I'),
  'Amazon (10, 1e-6)': accuracies(0.941, 0.468, 'Table I'),
  'Amazon (100, 1e-4)': accuracies(1, 0.504, 'Table I'),
  network: accuracies(0.83, 0.67, 'Table I'),
};

export type Table2Data =
  | 'adult'
  | 'mnist'
  | 'location'
  | 'purchase-2'
  | 'purchase-10'
  | 'purchase-20'
  | 'purchase-50'
  | 'purchase-100'
  | 'texas-100';

/** Precisions that the text repeats. */
const confirmed = (precision: number): Published => printed(precision, 3, 'Table II');
const remembered = (precision: number): Published => recalled(precision, 'surely', 'Table II');

/** Models of Google's platform, whose kind nobody knows. */
export const TABLE_2: Readonly<Record<Table2Data, PublishedTarget & { readonly precision: Published }>> = {
  adult: { ...accuracies(0.848, 0.842, 'Table II'), precision: remembered(0.503) },
  mnist: { ...accuracies(0.984, 0.928, 'Table II'), precision: remembered(0.517) },
  location: { ...accuracies(1, 0.673, 'Table II'), precision: confirmed(0.678) },
  'purchase-2': { ...accuracies(0.999, 0.984, 'Table II'), precision: confirmed(0.505) },
  'purchase-10': { ...accuracies(0.999, 0.866, 'Table II'), precision: remembered(0.55) },
  'purchase-20': { ...accuracies(1, 0.781, 'Table II'), precision: remembered(0.59) },
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: as measured
  'purchase-50': { ...accuracies(1, 0.693, 'Table II'), precision: remembered(0.86) },
  'purchase-100': { ...accuracies(0.999, 0.659, 'Table II'), precision: confirmed(0.935) },
  'texas-100': { ...accuracies(0.668, 0.517, 'Table II'), precision: remembered(0.657) },
};

/** Median over the classes of Purchase-100 of the attack's accuracy. */
export const PURCHASE_100_MEDIANS: Readonly<Record<'Google' | 'Amazon (10, 1e-6)', Published>> = {
  Google: printed(0.94, 2, 'the text, second-hand'),
  'Amazon (10, 1e-6)': printed(0.74, 2, 'the text, second-hand'),
};
