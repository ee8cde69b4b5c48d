/** What ML-Leaks (Salem et al., NDSS 2019) did, in small and as published. */

import type { Preset, PresetPart } from './presets.ts';

const SOURCE = 'Salem et al., ML-Leaks, NDSS 2019';

/** One part for each target of the transfer matrix: on its own data set the attack would be another one. */
const transfers = (targets: readonly string[]): readonly PresetPart[] =>
  targets.map((target) => ({
    name: `transfer-${target}`,
    title: `${target}, attacked with shadow models on other data sets`,
  }));

const SMALL = transfers(['adult', 'location', 'retail-100', 'fashion-mnist-10k']);
const PAPER = transfers([
  ...['adult', 'cifar10', 'cifar100', 'lfw', 'location', 'mnist', '20newsgroups', 'purchase-100'],
]);

const names = (parts: readonly PresetPart[]): readonly string[] => parts.map(({ name }) => name);

export const mlLeaksSmall: Preset = {
  name: 'ml-leaks-small',
  title: 'ML-Leaks 2019 in small: ten data sets with 1,000 training records each',
  source: SOURCE,
  parts: [
    { name: 'data-sets', title: 'Adversaries 1 and 3 on ten data sets' },
    { name: 'epochs', title: 'Location and retail baskets, 10 to 100 epochs' },
    { name: 'posteriors', title: 'Numbers of posteriors and of shadow models' },
    ...SMALL,
    { name: 'defences', title: 'Dropout and model stacking' },
  ],
  figures: [
    { figure: 'ml-leaks-2019/figure-1', parts: ['data-sets'] },
    { figure: 'ml-leaks-2019/figure-2', parts: ['data-sets'] },
    { figure: 'ml-leaks-2019/figure-3', parts: ['epochs'] },
    { figure: 'ml-leaks-2019/figure-4', parts: ['posteriors'] },
    { figure: 'ml-leaks-2019/figure-5', parts: ['posteriors'] },
    { figure: 'ml-leaks-2019/transfer', parts: names(SMALL) },
    { figure: 'ml-leaks-2019/defences', parts: ['defences'] },
  ],
};

export const mlLeaksPaper: Preset = {
  name: 'ml-leaks-paper',
  title: 'ML-Leaks 2019 as published',
  source: SOURCE,
  parts: [
    { name: 'data-sets', title: 'Adversaries 1 and 3 on tables and texts' },
    { name: 'pictures', title: 'Adversaries 1 and 3 on pictures' },
    { name: 'epochs', title: '10 to 100 epochs' },
    { name: 'posteriors', title: 'Numbers of posteriors and of shadow models' },
    ...PAPER,
    { name: 'defences', title: 'Dropout and model stacking' },
  ],
  figures: [
    { figure: 'ml-leaks-2019/figure-1', parts: ['data-sets', 'pictures'] },
    { figure: 'ml-leaks-2019/figure-2', parts: ['data-sets', 'pictures'] },
    { figure: 'ml-leaks-2019/figure-3', parts: ['epochs'] },
    { figure: 'ml-leaks-2019/figure-4', parts: ['posteriors'] },
    { figure: 'ml-leaks-2019/figure-5', parts: ['posteriors'] },
    { figure: 'ml-leaks-2019/transfer', parts: names(PAPER) },
    { figure: 'ml-leaks-2019/defences', parts: ['defences'] },
  ],
};
