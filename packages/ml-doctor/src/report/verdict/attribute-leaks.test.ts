/** Verdicts on evaluated guesses, leaks planted and not: whose attribute is learnt, and that a failure shows nothing. */
import { describe, expect, it } from 'vitest';
import { type MadeOptions, madeEvidence } from '../../../test/evaluate/attribute-evidence.ts';
import { evaluateAttribute } from '../../evaluate/attribute/evaluate-attribute.ts';
import type { AttributeEvidence } from '../../evaluate/attribute/evidence.ts';
import { attributeVerdict } from './attribute.ts';

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
const SIZE = { members: 120, nonMembers: 120, imputation: 1 };

/** How often each finding is made. */
function findings(of: (seed: number) => AttributeEvidence): Record<string, number> {
  const found: Record<string, number> = {};
  for (const evidence of SEEDS.map(of)) {
    const { metrics, baselines } = evaluateAttribute(evidence);
    const { finding = 'none' } = attributeVerdict(metrics, baselines, SIZE, evidence.attribute);
    found[finding] = (found[finding] ?? 0) + 1;
  }
  return found;
}

describe.each<[NonNullable<MadeOptions['kind']>, { readonly leak: number; readonly failure: number }]>([
  ['binary', { leak: 3, failure: 0 }],
  ['continuous', { leak: 0.4, failure: 2 }],
])('%s, 20 seeds', (kind, { leak, failure }) => {
  it('an attack that only fails on non-members keeps nothing of members', () => {
    const worse = (seed: number) => {
      const made = madeEvidence({ ...SIZE, kind, seed, onNonMembers: failure });
      return { ...made, members: { ...made.members, attack: made.members.imputation } };
    };
    expect(findings(worse)['training-records'] ?? 0).toBe(0);
  });

  it('nor one that is as good as the imputation on members, but by chance', () => {
    const found = findings((seed) => madeEvidence({ ...SIZE, kind, seed, attack: 1, onNonMembers: failure }));
    // At 2.5 % of each of two measures at most, more than 4 of 20 are found about once in 400 times.
    expect(found['training-records'] ?? 0).toBeLessThanOrEqual(4);
  });

  it('a planted leak of training records is found, whether or not the attack fails on others', () => {
    // In turn.
    const others = (seed: number) => (seed % 2 ? 1 : failure);
    const planted = (seed: number) =>
      madeEvidence({ ...SIZE, kind, seed, attack: leak, onNonMembers: others(seed) });
    expect(findings(planted)).toEqual({ 'training-records': 20 });
  });

  it('a leak of the population seldom passes for one of training records', () => {
    const found = findings((seed) => madeEvidence({ ...SIZE, kind, seed, attack: leak }));
    expect(found['population']).toBeGreaterThanOrEqual(17);
  });
});
