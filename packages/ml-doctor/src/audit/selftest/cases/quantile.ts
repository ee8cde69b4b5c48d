import { quantile } from '../../../attacks/membership/quantile/quantile.ts';
import type { ContractCase } from '../contract-case.ts';

const quick = { hidden: 16, epochs: 8, learningRate: 3e-3 };
const roughThreshold =
  'the threshold holds the share of non-members at alpha, whatever that costs in members';

export const cases: readonly ContractCase[] = [
  { attack: quantile, params: quick, roughThreshold },
  {
    attack: quantile,
    variant: 'pinball loss',
    params: { ...quick, loss: 'pinball', alpha: 0.1 },
    roughThreshold,
  },
];
