import { describe, expect, it } from 'vitest';
import { bare } from '../../../audit/selftest/bench/bare-input.ts';
import { savedOutputs } from '../../../targets/saved-outputs.ts';
import { lossThreshold } from './loss-threshold.ts';

const context = {
  seed: 0,
  threads: 1,
  device: 'cpu',
  signal: new AbortController().signal,
  progress: () => {},
} as const;

describe('lossThreshold', () => {
  // Rows whose softmax is known: (1/4, 3/4), (1/2, 1/2), (1/10, 9/10), logits rounded to float32.
  const table = {
    ids: Uint32Array.of(4, 7, 9),
    logits: Float32Array.of(0, Math.log(3), 5, 5, -1, -1 + Math.log(9)),
    classes: 2,
  };
  const records = { ids: Uint32Array.of(9, 4, 7), labels: Int32Array.of(1, 0, 0) };

  it('scores a record by the logarithm of the posterior of its label', async () => {
    const { scores, threshold } = await lossThreshold
      .configure({ auxiliary: 'none' })
      .run({ ...bare, target: savedOutputs(table), records, references: [] }, context);
    const expected = [Math.log(0.9), Math.log(0.25), Math.log(0.5)];
    expect(scores).toHaveLength(3);
    for (const [i, score] of expected.entries()) expect(scores[i]).toBeCloseTo(score, 6);
    expect(threshold).toBeUndefined();
  });

  it('takes its threshold from the shadow model: the loss that best tells its members from the others', async () => {
    const reference = {
      model: savedOutputs(table),
      members: { ids: Uint32Array.of(9, 7), labels: Int32Array.of(1, 0) },
      nonMembers: { ids: Uint32Array.of(4), labels: Int32Array.of(0) },
    };
    const { threshold } = await lossThreshold
      .configure()
      .run({ ...bare, target: savedOutputs(table), records, references: [reference] }, context);
    // Members score ln .9 and ln .5, the non-member ln .25.
    expect(threshold).toBeCloseTo(Math.log(0.5), 6);
  });

  it('says in its threat model whether it trains a shadow model', () => {
    expect(lossThreshold.configure().needs.auxiliary).toBe('shadow');
    expect(lossThreshold.configure({ auxiliary: 'none' })).toMatchObject({
      needs: { access: 'black-box', auxiliary: 'none', output: 'posteriors', record: 'xy' },
      references: { count: 0 },
    });
  });
});
