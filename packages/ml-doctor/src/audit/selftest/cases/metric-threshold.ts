import { metricThreshold } from '../../../attacks/membership/metric-threshold/metric-threshold.ts';
import type { ContractCase } from '../contract-case.ts';

export const cases: readonly ContractCase[] = [
  { attack: metricThreshold },
  { attack: metricThreshold, variant: 'correctness', params: { metric: 'correctness' } },
  { attack: metricThreshold, variant: 'confidence', params: { metric: 'confidence' } },
  {
    attack: metricThreshold,
    variant: 'entropy, one threshold',
    params: { metric: 'entropy', perClass: false },
  },
];
