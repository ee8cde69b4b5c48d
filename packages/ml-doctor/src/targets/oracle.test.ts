import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answers, Inputs } from './access.ts';
import { openOracle } from './oracle.ts';

/** Two classes; answers each row with itself and its negative, later than it is asked. Counts rows by itself. */
const fakeTarget = ({ fails = false } = {}) => {
  const seen = { rows: 0 };
  const answersOf = async ({ values, rows }: Inputs): Promise<Answers> => {
    seen.rows += rows;
    await new Promise((resolve) => setImmediate(resolve));
    if (fails) throw new Error('the line is dead');
    return {
      logits: Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 ? -1 : 1) * values[i >> 1]!),
      classes: 2,
    };
  };
  return { target: { classes: 2, answersOf }, seen };
};

const inputs = (rows: number): Inputs => ({ values: new Float32Array(rows).fill(1), rows });
const overBudget = expect.objectContaining({ code: 'MLD_BUDGET' });

describe('openOracle', () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a budget of %d', (budget) => {
    const { target } = fakeTarget();
    expect(() => openOracle(target, { output: 'label' }, budget)).toThrow(overBudget);
  });

  it.each([
    { output: 'topK' },
    { output: 'topK', k: 0 },
    { output: 'posteriors', digits: 0.5 },
    { output: 'posteriors', temperature: 0 },
    { output: 'posteriors', temperature: Number.NaN },
  ] as const)('takes %j for a mistake of ours', (form) => {
    expect(() => openOracle(fakeTarget().target, form, 5)).toThrow(/internal/);
  });

  it('answers in the order of the inputs, in the form', async () => {
    const oracle = openOracle(fakeTarget().target, { output: 'label' }, 3);
    expect(await oracle.ask({ values: Float32Array.of(-2, 3, -1), rows: 3 })).toEqual({
      shows: 'label',
      labels: Int32Array.of(1, 0, 1),
    });
    expect([oracle.classes, oracle.queries, oracle.left]).toEqual([2, 3, 0]);
  });

  it('never shows the target more rows than the budget, whatever is asked and when', async () => {
    const asks = fc.array(fc.record({ rows: fc.nat(9), waits: fc.boolean() }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(asks, fc.integer({ min: 1, max: 30 }), fc.boolean(), async (plan, budget, fails) => {
        const { target, seen } = fakeTarget({ fails });
        const oracle = openOracle(target, { output: 'posteriors' }, budget);
        let allowed = 0;
        const all = [];
        for (const { rows, waits } of plan) {
          const fits = allowed + rows <= budget;
          const before = seen.rows;
          const answer = oracle.ask(inputs(rows)).then(
            (replies) => {
              expect(fits && (!fails || rows === 0)).toBe(true);
              expect(replies.shows === 'posteriors' && replies.posteriors.length).toBe(2 * rows);
            },
            (error) => {
              if (fits) expect([error.message, fails]).toEqual(['the line is dead', true]);
              else expect(error).toEqual(overBudget);
            },
          );
          if (fits) allowed += rows;
          expect(seen.rows - before).toBe(fits ? rows : 0);
          expect(seen.rows).toBeLessThanOrEqual(budget);
          expect([oracle.queries, oracle.left]).toEqual([seen.rows, budget - seen.rows]);
          all.push(answer);
          if (waits) await answer;
        }
        await Promise.all(all);
        expect(oracle.queries).toBe(allowed);
      }),
    );
  });

  it('says what was asked, spent and allowed', async () => {
    const oracle = openOracle(fakeTarget().target, { output: 'label' }, 10);
    await oracle.ask(inputs(7));
    await expect(oracle.ask(inputs(4))).rejects.toThrow('4 more queries where 7 of 10 are spent');
    await oracle.ask(inputs(3));
    await expect(oracle.ask(inputs(1))).rejects.toThrow(overBudget);
  });

  it.each([-1, 0.5, Number.NaN])('counts no %d rows', async (rows) => {
    const { target, seen } = fakeTarget();
    const oracle = openOracle(target, { output: 'label' }, 10);
    await expect(oracle.ask({ values: new Float32Array(1), rows })).rejects.toThrow(/internal/);
    expect([oracle.queries, seen.rows]).toEqual([0, 0]);
  });

  it.each([
    { logits: new Float32Array(4), classes: 4 },
    { logits: new Float32Array(2), classes: 2 },
  ])('takes answers of another size for a mistake of ours: %j', async (answers) => {
    const oracle = openOracle({ classes: 2, answersOf: async () => answers }, { output: 'label' }, 9);
    await expect(oracle.ask(inputs(2))).rejects.toThrow(/internal/);
  });
});
