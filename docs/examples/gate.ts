/** Holds an audit against a policy in a program, as `ml-doctor gate` does. */

import { audit, evaluatePolicy, fromOutputs, parsePolicy } from 'ml-doctor';

const label = Array.from({ length: 400 }, (_, i) => i % 2);
const member = Array.from({ length: 400 }, (_, i) => (i < 200 ? 1 : 0));
// A model that has learned its records by heart.
const loss = label.map((_, i) => (member[i] === 1 ? 0.01 : 1) * (1 + Math.abs(Math.sin(i))));

const { report, run } = await audit({ target: fromOutputs({ loss, label, member }) });

const { policy } = parsePolicy(
  `
limits:
  - { attack: membership/loss-threshold, metric: auc, max: 0.6 }
verdicts: { membership: low }
maximumAge: 30d
`,
  'policy.yaml',
);
const { passes, checks } = evaluatePolicy(policy, { report, run, now: Date.now() });

for (const { ok, subject, found, wanted } of checks)
  console.log(`${ok ? 'ok' : 'NO'} ${subject}: found ${found}; wanted ${wanted}`);
console.log(passes ? 'The model may go on.' : 'The model stays.');

export { checks, passes };
