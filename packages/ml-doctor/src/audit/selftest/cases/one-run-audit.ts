import { oneRunAudit } from '../../../attacks/membership/one-run-audit/one-run-audit.ts';
import type { ContractCase } from '../contract-case.ts';

/** With their own labels: one of the wrong labels is the class that a lookup model calls everybody it does not know. */
export const cases: readonly ContractCase[] = [
  {
    attack: oneRunAudit,
    params: { canaries: 60, labels: 'own' },
    roughThreshold: 'half of the canaries are expected to be in, and it is not told how many are',
  },
];
