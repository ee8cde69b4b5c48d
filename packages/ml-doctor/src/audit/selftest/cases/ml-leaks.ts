import { mlLeaks } from '../../../attacks/membership/ml-leaks/ml-leaks.ts';
import type { ContractCase } from '../contract-case.ts';

/** The paper's steps: larger ones end in dead units, and a network that answers everything alike shows nothing. */
const quick = { epochs: 30 };
const fixedShare = 'a fixed share of random inputs passes it, however well members stand out';

export const cases: readonly ContractCase[] = [
  { attack: mlLeaks, params: quick },
  {
    attack: mlLeaks,
    variant: 'softmax regression on the largest posterior',
    params: { epochs: 20, learningRate: 0.3, posteriors: 1, hidden: 0 },
    roughThreshold: 'a line takes more steps than this to come between posteriors of .97 and 1',
  },
  { attack: mlLeaks, variant: 'adversary 2', params: { ...quick, adversary: 2, data: 'adult' } },
  ...(['maximum', 'standard-deviation', 'entropy'] as const).map(
    (statistic): ContractCase => ({
      attack: mlLeaks,
      variant: `adversary 3, ${statistic}`,
      params: { adversary: 3, statistic, queries: 200 },
      roughThreshold: fixedShare,
    }),
  ),
  {
    attack: mlLeaks,
    variant: 'combining',
    params: { adversary: 'combining', epochs: 15 },
  },
];
