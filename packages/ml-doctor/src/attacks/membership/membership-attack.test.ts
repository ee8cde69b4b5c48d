import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bare } from '../../audit/selftest/bench/bare-input.ts';
import { savedOutputs } from '../../targets/saved-outputs.ts';
import type { AttackContext } from '../attack-context.ts';
import { membershipAttack } from './membership-attack.ts';

const context: AttackContext = {
  seed: 0,
  threads: 1,
  device: 'cpu',
  signal: new AbortController().signal,
  progress: () => {},
};

/** Scores by the first logit, scaled. */
const custom = membershipAttack({
  name: 'membership/custom',
  title: 'Custom',
  source: 'this test, 2024',
  params: z.strictObject({
    scale: z.number().positive().default(2),
    shadows: z.number().int().min(0).default(0),
  }),
  needs: ({ shadows }) => ({
    access: 'black-box',
    auxiliary: shadows > 0 ? 'shadow' : 'none',
    output: 'posteriors',
    record: 'xy',
  }),
  references: ({ shadows }) => ({ count: shadows, pool: { kind: 'disjoint' } }),
  run: async ({ target, records }, { scale }) => {
    const { logits, classes } = await target.query(records);
    return { scores: Float64Array.from(records.ids, (_, i) => scale * logits[i * classes]!) };
  },
});

describe('membershipAttack', () => {
  const target = () =>
    savedOutputs({ ids: Uint32Array.of(1, 2), logits: Float32Array.of(1, 9, 3, 9), classes: 2 });
  const records = { ids: Uint32Array.of(2, 1), labels: Int32Array.of(0, 0) };

  it('hands the attack its parameters, completed', async () => {
    const run = (params?: unknown) =>
      custom.configure(params).run({ ...bare, target: target(), records, references: [] }, context);
    expect([...(await run()).scores]).toEqual([6, 2]);
    expect([...(await run({ scale: 10 })).scores]).toEqual([30, 10]);
    expect(custom.configure({ scale: 10 }).params).toEqual({ scale: 10, shadows: 0 });
  });

  it('derives threat model and references from the parameters', () => {
    expect(custom.configure()).toMatchObject({ needs: { auxiliary: 'none' }, references: { count: 0 } });
    expect(custom.configure({ shadows: 3 })).toMatchObject({
      needs: { auxiliary: 'shadow' },
      references: { count: 3 },
    });
  });

  it('does not compile for an attack that reaches past its access or is no membership attack', () => {
    const rest = { title: '', source: '', params: z.strictObject({}) };
    const broken = [
      () =>
        membershipAttack({
          ...rest,
          name: 'membership/greedy',
          needs: () => custom.configure().needs,
          references: () => custom.configure().references,
          // @ts-expect-error: black-box access has no graph
          run: async ({ target }) => ({ scores: Float64Array.of(target.graph.nodes.length) }),
        }),
      () =>
        membershipAttack({
          ...rest,
          // @ts-expect-error: the name says the family
          name: 'stealing/other',
          needs: () => custom.configure().needs,
          references: () => custom.configure().references,
          run: async () => ({ scores: new Float64Array() }),
        }),
    ];
    // The compiler is the judge; the directives above fail the type check when there is nothing to refuse.
    expect(broken).toHaveLength(2);
  });
});
