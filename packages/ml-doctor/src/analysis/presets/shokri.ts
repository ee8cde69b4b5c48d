/** What Shokri et al. (S&P 2017) did, in small and as published. */

import type { Preset } from './presets.ts';

const SOURCE = 'Shokri et al., S&P 2017';

export const shokriSmall: Preset = {
  name: 'shokri-small',
  title: 'Shokri et al. 2017 in small: retail baskets, Location and CIFAR-10, few shadow models',
  source: SOURCE,
  parts: [
    { name: 'classes', title: 'Retail baskets in 2 to 100 classes, and Location' },
    { name: 'sizes', title: 'CIFAR-10 with 500 to 2,000 training records' },
    { name: 'shadow-data', title: 'Shadow models of real, noisy and made-up records' },
    { name: 'mitigations', title: 'Mitigations on retail baskets and Location' },
  ],
  figures: [
    { figure: 'shokri-2017/per-class', parts: ['sizes', 'shadow-data'] },
    { figure: 'shokri-2017/table-2', parts: ['classes'] },
    { figure: 'shokri-2017/classes', parts: ['classes'] },
    { figure: 'shokri-2017/training-size', parts: ['sizes'] },
    { figure: 'shokri-2017/shadow-data', parts: ['shadow-data'] },
    { figure: 'shokri-2017/table-3', parts: ['mitigations'] },
  ],
};

export const shokriPaper: Preset = {
  name: 'shokri-paper',
  title: 'Shokri et al. 2017 as published; the services of Google and Amazon as the network of the paper',
  source: SOURCE,
  parts: [
    { name: 'data-sets', title: 'Purchases in 2 to 100 classes, and Adult' },
    { name: 'location', title: 'Location, with real and noisy shadow records' },
    { name: 'mnist', title: 'MNIST' },
    { name: 'cifar10', title: 'CIFAR-10 with 2,500 to 15,000 training records' },
    { name: 'cifar100', title: 'CIFAR-100 with 4,600 to 15,000 training records' },
    { name: 'purchase-shadow-data', title: 'Purchase-100, with real and made-up shadow records' },
    { name: 'purchase-mitigations', title: 'Mitigations on Purchase-100' },
    { name: 'texas-mitigations', title: 'Mitigations on Texas-100' },
  ],
  figures: [
    { figure: 'shokri-2017/per-class', parts: ['data-sets', 'location', 'mnist', 'cifar10', 'cifar100'] },
    { figure: 'shokri-2017/table-2', parts: ['data-sets', 'location', 'mnist', 'texas-mitigations'] },
    { figure: 'shokri-2017/classes', parts: ['data-sets'] },
    { figure: 'shokri-2017/training-size', parts: ['cifar10', 'cifar100'] },
    { figure: 'shokri-2017/shadow-data', parts: ['location', 'purchase-shadow-data'] },
    { figure: 'shokri-2017/table-3', parts: ['purchase-mitigations', 'texas-mitigations'] },
  ],
};
