import { labelOnly } from '../../../attacks/membership/label-only/label-only.ts';
import type { ContractCase } from '../contract-case.ts';

export const cases: readonly ContractCase[] = [
  { attack: labelOnly, variant: 'gap', params: { method: 'gap' } },
  {
    attack: labelOnly,
    variant: 'augment by views',
    params: { method: 'augment', flip: false },
    bench: { features: 'image' },
  },
  {
    attack: labelOnly,
    variant: 'augment by noise',
    params: { method: 'augment', transform: 'noise', noise: 0.02, copies: 10 },
  },
  {
    attack: labelOnly,
    variant: 'boundary',
    params: { method: 'boundary', budget: 150, records: 200 },
    nullSeeds: 20,
  },
];
