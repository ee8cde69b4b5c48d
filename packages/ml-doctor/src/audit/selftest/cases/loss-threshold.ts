import { lossThreshold } from '../../../attacks/membership/loss-threshold/loss-threshold.ts';
import type { ContractCase } from '../contract-case.ts';

export const cases: readonly ContractCase[] = [
  { attack: lossThreshold },
  { attack: lossThreshold, variant: 'without shadow model', params: { auxiliary: 'none' } },
];
