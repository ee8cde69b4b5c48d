import { shokri } from '../../../src/attacks/membership/shokri/shokri.ts';
import type { ContractCase } from '../contract-case.ts';

const quick = { shadows: 2, epochs: 20, batchSize: 20 };
/** Each class costs a network. */
const bench = { classes: 3 };

export const cases: readonly ContractCase[] = [
  { attack: shokri, params: quick, bench },
  {
    attack: shokri,
    variant: 'noisy shadow data',
    params: { ...quick, shadowData: 'noisy', noise: 0.2 },
    bench,
  },
  {
    attack: shokri,
    variant: 'shadow data from marginals',
    params: { ...quick, shadowData: 'marginals' },
    bench,
  },
];
