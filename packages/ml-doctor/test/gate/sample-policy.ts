/** Policies for tests, complete. */

import type { Policy } from '../../src/report/gate/policy.ts';

export const policyWith = (rules: Partial<Policy>): Policy => ({
  limits: [],
  verdicts: {},
  inconclusive: 'moderate',
  required: [],
  holes: 'refuse',
  ...rules,
});
