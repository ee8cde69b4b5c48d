/** Audits a model that is a function: a small logistic regression, written and trained by hand, on too many features. */

import { audit, fromFunction } from 'ml-doctor';

const FEATURES = 120;

/** Records of two classes that hardly differ; the same numbers at every run. */
function makeRecords(count: number, seed: number): { x: number[][]; y: number[] } {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const y = Array.from({ length: count }, () => (uniform() < 0.5 ? 0 : 1));
  const x = y.map((label) =>
    Array.from({ length: FEATURES }, (_, i) => uniform() - 0.5 + (i < 3 ? 0.15 * label : 0)),
  );
  return { x, y };
}

const members = makeRecords(80, 1);
const nonMembers = makeRecords(80, 2);

const weights = new Float64Array(FEATURES);
const probability = (record: ArrayLike<number>): number =>
  1 / (1 + Math.exp(-weights.reduce((sum, weight, i) => sum + weight * (record[i] as number), 0)));
for (let step = 0; step < 300; step++)
  members.x.forEach((record, n) => {
    const error = (members.y[n] as number) - probability(record);
    record.forEach((value, i) => {
      weights[i] = (weights[i] as number) + 0.5 * error * value;
    });
  });

const result = await audit({
  target: fromFunction((records) => records.map((record) => [1 - probability(record), probability(record)])),
  data: { members, nonMembers },
  attacks: ['membership/loss-threshold', { 'membership/label-only': { method: 'gap' } }],
});

console.log(result.text());

export { result };
