import { describe, expect, it } from 'vitest';
import { type SampleTarget, sampleSource } from '../../../../test/analysis/sample-evidence.ts';
import { evidenceFrom } from '../../evidence/evidence.ts';
import { modeOf } from '../../evidence/modes.ts';
import { accuracyChangeOf, changeOf } from './changes.ts';

describe('what a defence changed, where the target without it is in another study', () => {
  const stealing = modeOf('ModSteal <B,S>');
  const one = (over: Partial<SampleTarget>): SampleTarget => ({
    ...{ data: 'celeba', model: 'simple-cnn', testAccuracy: 0.8, modes: { 'ModSteal <B,S>': 0.9 } },
    ...over,
  });
  const defense = { name: 'l2', params: { lambda: 0.1 } };
  const evidence = evidenceFrom([
    sampleSource([one({})], { name: 'undefended' }),
    sampleSource([
      one({ defense, testAccuracy: 0.7, modes: { 'ModSteal <B,S>': 0.6 } }),
      one({ defense, model: 'mlp' }),
    ]),
  ]);
  const [, defended, alone] = evidence.targets;

  it('is defended less undefended, with the squares of both widths added', () => {
    for (const [change, value] of [
      [changeOf(evidence, defended!, stealing), -0.3],
      [accuracyChangeOf(evidence, defended!), -0.1],
    ] as const) {
      expect(change!.value).toBeCloseTo(value, 12);
      expect(change!.low).toBeCloseTo(value - 0.01 * Math.SQRT2, 12);
      expect(change!.high).toBeCloseTo(value + 0.01 * Math.SQRT2, 12);
    }
  });

  it('is not told of another model', () => {
    expect(changeOf(evidence, alone!, stealing)).toBeUndefined();
    expect(accuracyChangeOf(evidence, alone!)).toBeUndefined();
  });
});
