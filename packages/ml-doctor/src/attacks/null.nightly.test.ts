/** Every attack over many seeds: on models that leak nothing it finds nothing, on models that know their records it finds all. */

import { describe, expect, it } from 'vitest';
import { type BenchOptions, bench, context } from '../audit/selftest/bench/membership-bench.ts';
import { builtInCases } from '../audit/selftest/built-in-cases.ts';
import { type ContractCase, titleOf } from '../audit/selftest/contract-case.ts';
import { evaluateMembership } from '../evaluate/membership.ts';
import type { Metric } from '../stats/metric.ts';

const cases = builtInCases.map((one) => [titleOf(one), one] as const);

interface Found {
  readonly auc: Metric;
  /** Whether the attack says the same of every record. */
  readonly indifferent: boolean;
}

const attacked = async (one: ContractCase, leak: BenchOptions['leak'], seed: number): Promise<Found> => {
  const configured = one.attack.configure(one.params);
  const { input, truth, close } = await bench(configured, { ...one.bench, seed, leak });
  try {
    const { scores } = await configured.run(input, { ...context, seed });
    const { auc } = evaluateMembership({ ids: input.records.ids, scores }, truth).metrics;
    return { auc, indifferent: scores.every((score) => score === scores[0]) };
  } finally {
    await close();
  }
};

/** The most misses of `count` 95 % intervals such that still more have a probability below .0005. */
const mostMisses = (count: number): number => {
  let probability = 0.95 ** count;
  let rest = 1 - probability;
  let misses = 0;
  while (rest >= 0.0005) {
    probability *= ((count - misses) / (misses + 1)) * (0.05 / 0.95);
    misses++;
    rest -= probability;
  }
  return misses;
};

describe('over many seeds', () => {
  it('at least 87 of 100 intervals must cover, and fewer of fewer', () => {
    // Binomial tails to 50 digits (mpmath): P(more than 13 of 100) = .00046, of 12 = .00147; of 5 of 20 = .00033, of 4 = .00257.
    expect([100, 20].map((count) => count - mostMisses(count))).toEqual([87, 15]);
  });

  it.each(cases)('%s finds nothing where nothing is', async (title, one) => {
    const count = one.nullSeeds ?? 100;
    const runs: Found[] = [];
    for (let seed = 0; seed < count; seed++) runs.push(await attacked(one, 'null', 1000 + seed));
    const aucs = runs.map(({ auc }) => auc);
    // Equal scores are right whatever the attack does: they show nothing of it.
    const indifferent = runs.filter((run) => run.indifferent).length;
    const covering = aucs.filter(({ low, high }) => low <= 0.5 && 0.5 <= high).length;
    const mean = aucs.reduce((sum, { value }) => sum + value, 0) / count;
    const variance = aucs.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (count - 1);
    const error = Math.sqrt(variance / count);
    const found = `${covering} of ${count} intervals hold .5, mean AUC ${mean.toFixed(4)}, standard error ${error.toFixed(4)}, all scores equal in ${indifferent}`;
    console.info(`${title}: ${found}`);
    expect(covering, found).toBeGreaterThanOrEqual(count - mostMisses(count));
    expect(indifferent, found).toBeLessThanOrEqual(count / 10);
    expect(Math.abs(mean - 0.5), found).toBeLessThanOrEqual(4 * error);
  });

  const seeing = cases.filter(([, { blind }]) => blind === undefined);
  it.each(seeing)('%s finds all that a lookup model leaks', async (_, one) => {
    for (let seed = 2000; seed < 2005; seed++) {
      const { auc } = await attacked(one, 'lookup', seed);
      expect(auc.value, `seed ${seed}`).toBeGreaterThanOrEqual(0.999);
    }
  });
});
