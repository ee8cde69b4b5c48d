/** What the auditor is told, what it makes of it, and that a planted leak gives the closed form. */
import { describe, expect, it } from 'vitest';
import { bench, context } from '../../../audit/selftest/bench/membership-bench.ts';
import { drawCanaries } from '../../../data/canaries.ts';
import { evaluateOneRun } from '../../../evaluate/one-run.ts';
import type { EpsilonTest } from '../membership-attack.ts';
import { oneRunAudit } from './one-run-audit.ts';

const audited = async (params: Record<string, unknown>, options: Parameters<typeof bench>[1]) => {
  const configured = oneRunAudit.configure(params);
  const { input, truth, close } = await bench(configured, options);
  const found = await configured.run(input, context);
  await close();
  return { ...found, input, truth, tests: configured.tests as EpsilonTest };
};

describe('parameters', () => {
  it.each([
    [{}, { canaries: 1000, guesses: 300, labels: 'wrong', delta: 1e-5 }],
    [{ canaries: 200 }, { canaries: 200, guesses: 60 }],
    [{ canaries: 30 }, { canaries: 30, guesses: 20 }],
    [
      { canaries: 50, guesses: 50, delta: 0 },
      { canaries: 50, guesses: 50, delta: 0 },
    ],
  ])('%j are completed', (given, expected) => {
    expect(oneRunAudit.configure(given).params).toMatchObject(expected);
  });

  it.each([
    [{ guesses: 1002 }, /more guesses than canaries/],
    [{ canaries: 31 }, /multiple of 2/],
    [{ canaries: 18 }, /canaries/],
    [{ guesses: 10 }, /guesses/],
    [{ delta: 1 }, /delta/],
    [{ labels: 'random' }, /labels/],
  ])('%j are refused', (given, message) => {
    expect(() => oneRunAudit.configure(given)).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringMatching(message) }),
    );
  });
});

describe('the audit', () => {
  it('is shown every canary, and of the coins nothing', async () => {
    const { input } = await audited({ canaries: 40 }, { seed: 3, leak: 'null', size: 50 });
    const { ids, fixed } = drawCanaries(200, { seed: 3 }, 40);
    expect(input.records.ids).toEqual(ids);
    const [reference, ...others] = input.references;
    expect(others).toEqual([]);
    const told = ['data', 'population', 'records', 'references', 'target'];
    expect(Object.keys(input).sort()).toEqual(told);
    expect(Object.keys(reference!).sort()).toEqual(['members', 'model', 'nonMembers']);
    expect(reference!.members.ids).toEqual(fixed);
    expect(reference!.nonMembers.ids).toHaveLength(0);
    expect(input.population.ids).toHaveLength(0);
    expect(input.known).toBeUndefined();
    expect(input.target.queries).toBe(0);
    await expect((input.target as Required<typeof input.target>).query(input.records)).rejects.toThrow();
  });

  it('of a model that knows by heart what it was trained on shows all that its guesses can', async () => {
    for (const seed of [1, 2, 3]) {
      const { scores, truth, tests } = await audited(
        { canaries: 200, labels: 'own', delta: 0 },
        { seed, leak: 'lookup' },
      );
      const { metrics } = evaluateOneRun({ scores }, truth, tests);
      expect(metrics.guessAccuracy.value).toBe(1);
      expect(metrics.epsilonLowerBound.value).toBeCloseTo(-Math.log(0.05 ** (-1 / 60) - 1), 8);
    }
  });

  it('of canaries with wrong labels: the model learns those labels, and is scored on them', async () => {
    const { input, scores, truth } = await audited({ canaries: 60 }, { seed: 5, leak: 'lookup', size: 50 });
    const own = await audited({ canaries: 60, labels: 'own' }, { seed: 5, leak: 'lookup', size: 50 });
    expect(own.input.records.ids).toEqual(input.records.ids);
    expect(own.truth).toEqual(truth);
    input.records.labels.forEach((label, i) => {
      expect(label).not.toBe(own.input.records.labels[i]);
      // Class 0 is what such a model calls everybody it does not know.
      if (label === 0) return;
      if (truth[i] === 1) expect(scores[i]).toBeGreaterThan(-1e-6);
      else expect(scores[i]).toBeLessThan(-1);
    });
  });
});
