/** Audits what a model answered, from arrays in memory, and reads a figure with its interval. */

import { audit, fromOutputs } from 'ml-doctor';

// Your own: what the model answered about 400 records, what is right, and who was in its training data.
const label = Array.from({ length: 400 }, (_, i) => i % 3);
const member = Array.from({ length: 400 }, (_, i) => (i < 200 ? 1 : 0));
const posteriors = label.map((right, i) => {
  const sure = 0.5 + 0.4 * Math.abs(Math.sin(i)) ** (member[i] === 1 ? 0.5 : 1);
  return [0, 1, 2].map((one) => (one === right ? sure : (1 - sure) / 2));
});

const { report } = await audit({ target: fromOutputs({ posteriors, label, member }) });

for (const { attack, metrics } of report.results) {
  const { auc } = metrics;
  if (auc) console.log(`${attack}: AUC ${auc.value} (${auc.low} to ${auc.high})`);
}

export { report };
