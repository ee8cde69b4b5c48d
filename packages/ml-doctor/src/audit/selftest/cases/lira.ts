import { lira } from '../../../attacks/membership/lira/lira.ts';
import type { ContractCase } from '../contract-case.ts';

export const cases: readonly ContractCase[] = [
  { attack: lira },
  { attack: lira, variant: 'per-example variance', params: { variance: 'per-example' } },
  { attack: lira, variant: 'offline', params: { mode: 'offline', shadows: 8 } },
  {
    attack: lira,
    variant: 'shifted and mirrored copies',
    params: { shadows: 8, shift: 1, flip: true, augmentations: 4 },
    bench: { features: 'image' },
  },
  { attack: lira, variant: 'fewest shadow models', params: { shadows: 4 } },
];
