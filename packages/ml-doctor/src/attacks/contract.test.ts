/** What every membership attack must do, whatever its method: on models of known leakage, with everything it asks for. */

import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { type BenchOptions, bench, context, watched } from '../../test/attacks/bench.ts';
import { allCases, type ContractCase, titleOf } from '../../test/attacks/contract-case.ts';
import { evaluateMembership } from '../evaluate/membership.ts';
import type { Counted, WhiteBoxAccess } from '../targets/access.ts';
import type { AttackInput, AttackScores } from './membership/membership-attack.ts';
import { membershipAttacks } from './membership/registry.ts';

const cases = await allCases();

type Input = AttackInput<WhiteBoxAccess>;

/** Runs an attack on a bench, its input changed or not. */
const attacked = async (
  { attack, params, bench: kind }: ContractCase,
  options: Omit<BenchOptions, 'features'>,
  change: (input: Input) => Input = (input) => input,
  seed = 0,
): Promise<AttackScores & { input: Input; truth: Uint8Array }> => {
  const configured = attack.configure(params);
  const { input, truth, close } = await bench(configured, { ...kind, ...options });
  try {
    const changed = change(input);
    return { ...(await configured.run(changed, { ...context, seed })), input: changed, truth };
  } finally {
    await close();
  }
};

const evaluated = async (one: ContractCase, options: Omit<BenchOptions, 'features'>) => {
  const { input, truth, scores, threshold } = await attacked(one, options);
  const ids = input.records.ids;
  return evaluateMembership({ ids, scores, ...(threshold !== undefined && { threshold }) }, truth).metrics;
};

describe('the cases', () => {
  it('are of every membership attack', () => {
    const names = Object.keys(membershipAttacks).sort();
    expect([...new Set(cases.map(({ attack }) => attack.name))].sort()).toEqual(names);
  });
});

describe.each(cases.map((one) => ({ ...one, title: titleOf(one) })))('$title', (one) => {
  const configured = one.attack.configure(one.params);

  it('wants models of its own only where it has data to train them on', () => {
    const { needs, references } = configured;
    // Made-up records need no data, and an owner who audits his training has his own.
    if (references.count > 0 && !['synthetic', 'canaries'].includes(references.pool.kind))
      expect(['shadow', 'other']).toContain(needs.auxiliary);
  });

  it('reaches for nothing but what its threat model allows, and its queries are counted', async () => {
    // The limited object has no such property at all.
    const { input } = await attacked(one, { seed: 1, leak: 'leaky', size: 40 }, (given) => ({
      ...given,
      target: watched(given.target as WhiteBoxAccess & Counted),
    }));
    if (configured.references.pool.kind === 'canaries') expect(input.target.queries).toBe(0);
    else expect(input.target.queries).toBeGreaterThanOrEqual(input.records.ids.length);
  });

  it('gives one finite score a record, the same for the same seed, and a threshold that is a number', async () => {
    const first = await attacked(one, { seed: 5, leak: 'leaky', size: 40 }, undefined, 9);
    expect(first.scores).toHaveLength(first.input.records.ids.length);
    expect([...first.scores].filter((score) => !Number.isFinite(score))).toEqual([]);
    expect(first.threshold).not.toBeNaN();
    const again = await attacked(one, { seed: 5, leak: 'leaky', size: 40 }, undefined, 9);
    expect(again.scores).toEqual(first.scores);
    expect(again.threshold).toBe(first.threshold);
  });

  it('scores records, not positions', async () => {
    const options = { seed: 4, leak: 'leaky', size: 60 } as const;
    const { scores, threshold, input } = await attacked(one, options);
    const order = stream(4, 'order').permutation(input.records.ids.length);
    const shuffled = await attacked(one, options, (given) => ({
      ...given,
      records: {
        ids: Uint32Array.from(order, (i) => given.records.ids[i]!),
        labels: Int32Array.from(order, (i) => given.records.labels[i]!),
      },
    }));
    const expected = Float64Array.from(order, (i) => scores[i]!);
    // Sums over batches of other records may round otherwise.
    shuffled.scores.forEach((score, i) => {
      expect(Math.abs(score - expected[i]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(score)));
    });
    expect(shuffled.threshold).toBe(threshold);
  });

  it('reports progress from 0 to 1, if any', async () => {
    const fractions: number[] = [];
    const { input, close } = await bench(configured, { ...one.bench, seed: 6, leak: 'leaky', size: 40 });
    await configured.run(input, { ...context, progress: (fraction) => fractions.push(fraction) });
    await close();
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    if (fractions.length > 0) expect(fractions.at(-1)).toBe(1);
    expect(fractions.every((fraction) => fraction > 0 && fraction <= 1)).toBe(true);
  });

  it.skipIf(one.blind !== undefined)('finds what a lookup model leaks', async () => {
    const metrics = await evaluated(one, { seed: 7, leak: 'lookup' });
    expect(metrics.auc.value).toBeGreaterThanOrEqual(0.999);
    if (metrics.balancedAccuracy && one.roughThreshold === undefined) {
      expect(metrics.balancedAccuracy.value).toBeGreaterThan(0.9);
      expect(metrics.recall?.value).toBeGreaterThan(0.9);
    }
  });

  it.skipIf(one.roughThreshold !== undefined)(
    'chooses a threshold nearly as good as the best in hindsight',
    async () => {
      const metrics = await evaluated(one, { seed: 8, leak: 'leaky', size: 200 });
      if (!metrics.balancedAccuracy) return;
      // Both are measured on 400 records: the standard error of a rate is .025.
      expect(metrics.balancedAccuracy.value).toBeGreaterThan(metrics.bestBalancedAccuracy.value - 0.08);
    },
  );

  it('finds nothing where nothing is', async () => {
    // Of five 95 % intervals more than two miss with probability .0012 over a redraw of the seeds.
    let misses = 0;
    for (let seed = 100; seed < 105; seed++) {
      const { auc, balancedAccuracy } = await evaluated(one, { seed, leak: 'null' });
      if (auc.low > 0.5 || auc.high < 0.5) misses++;
      expect(Math.abs((balancedAccuracy?.value ?? 0.5) - 0.5)).toBeLessThan(0.2);
    }
    expect(misses).toBeLessThanOrEqual(2);
  });
});
