import { shokri } from '../../../attacks/membership/shokri/shokri.ts';
import type { ContractCase } from '../contract-case.ts';

const quick = { shadows: 2, epochs: 20, batchSize: 20 };
/** Of a lookup model nothing can be learnt by asking: it calls everything made up class 0. */
const BLIND_SHADOWS = 'climbing finds no record that a lookup model gives another class than 0';
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
  {
    attack: shokri,
    variant: 'shadow data by Algorithm 1',
    params: { ...quick, shadowData: 'model', minConfidence: 0.3, maxIterations: 200 },
    bench,
    blind: BLIND_SHADOWS,
    roughThreshold: BLIND_SHADOWS,
  },
];
