import { rmia } from '../../../attacks/membership/rmia/rmia.ts';
import type { ContractCase } from '../contract-case.ts';

export const cases: readonly ContractCase[] = [
  { attack: rmia },
  { attack: rmia, variant: 'offline', params: { mode: 'offline' } },
  {
    attack: rmia,
    variant: 'offline, one reference',
    params: { mode: 'offline', references: 1 },
    roughThreshold: 'there is no second model to choose it on',
  },
];
