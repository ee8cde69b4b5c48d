/** Every membership attack in one audit of a small network, in two workers: a whole report, with the models shared. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackChoice, runTiny, tinyWith } from '../../test/audit/tiny-audit.ts';
import { type MembershipName, membershipAttacks } from '../attacks/membership/registry.ts';
import { reportToJson } from '../report/canonical.ts';
import { reportSchema } from '../report/schema.ts';

/** Variants that need different things of the planner, as quick as they get; total by type. */
const quick: { readonly [Name in MembershipName]: readonly Record<string, unknown>[] } = {
  'membership/label-only': [
    { method: 'gap' },
    { method: 'augment', shift: 0 },
    { method: 'boundary', records: 2, budget: 150 },
  ],
  'membership/loss-threshold': [{}],
  'membership/metric-threshold': [{}],
  'membership/ml-leaks': [
    { epochs: 1 },
    { adversary: 2, data: 'adult', architecture: 'mlp', epochs: 1 },
    { adversary: 3, queries: 20 },
    { adversary: 'combining', epochs: 1 },
  ],
  'membership/one-run-audit': [{ canaries: 80 }, { canaries: 40, guesses: 20, labels: 'own' }],
  'membership/lira': [{ shadows: 4 }, { mode: 'offline', shadows: 2, flip: true }],
  'membership/rmia': [{ references: 4 }, { mode: 'offline', references: 2 }],
  'membership/quantile': [{ hidden: 4, epochs: 1 }],
  'membership/shadow-classifier': [{ epochs: 1 }, { epochs: 1, access: 'white-box', auxiliary: 'partial' }],
  'membership/shokri': [
    { shadows: 2, epochs: 1 },
    { shadows: 2, epochs: 1, shadowData: 'noisy' },
    { shadows: 1, epochs: 1, shadowData: 'marginals' },
  ],
};
const chosen = Object.entries(quick).flatMap(([name, variants]) =>
  variants.map((params) => attackChoice(name, params)),
);

let folder: string;
let found: Awaited<ReturnType<typeof runTiny>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-every-'));
  const config = tinyWith({ attacks: chosen, training: { epochs: 2 } });
  found = await runTiny({ store: folder, config, workers: 2 });
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an audit with every membership attack there is', () => {
  it('knows them all', () => {
    expect(Object.keys(quick).sort()).toEqual(Object.keys(membershipAttacks).sort());
  });

  it('reports every one, without a hole', () => {
    const { report, run } = found;
    expect(report.holes).toEqual([]);
    expect(run.tasks).toMatchObject({ failed: 0, blocked: 0, cached: 0 });
    expect(reportSchema.safeParse(JSON.parse(reportToJson(report))).error).toBeUndefined();
    // Results have an order of their own.
    const asked = chosen.map(({ name, params }) => JSON.stringify([name, params])).sort();
    const given = report.results.map(({ attack, params }) => JSON.stringify([attack, params])).sort();
    expect(given).toEqual(asked);
    expect(new Set(report.results.map(({ id }) => id)).size).toBe(chosen.length);
  });

  it('has figures of as many records as each attack scores', () => {
    for (const { attack, params, metrics, records, queries, artifacts } of found.report.results) {
      const shown = `${attack} ${JSON.stringify(params)}`;
      if (attack === 'membership/one-run-audit') {
        expect(records.members + records.nonMembers, shown).toBe(params['canaries']);
        expect(queries, shown).toBe(0);
        continue;
      }
      const each = params['method'] === 'boundary' ? 2 : params['auxiliary'] === 'partial' ? 20 : 60;
      expect(records, shown).toEqual({ members: each, nonMembers: each });
      expect(metrics['auc']?.value, shown).toBeGreaterThanOrEqual(0);
      expect(metrics['auc']?.value, shown).toBeLessThanOrEqual(1);
      expect(queries, shown).toBeGreaterThan(0);
      expect(artifacts, shown).toHaveLength(1);
    }
  });

  it('trains the fewest models that will do', () => {
    const labels = found.events.flatMap((event) =>
      event.type === 'finished' && event.task.kind === 'train' ? [event.task.label] : [],
    );
    expect(labels.map((label) => label.replace(/^train /, '')).sort()).toEqual([
      'canary model 1',
      'canary model 1',
      'reference model 1',
      'reference model 2',
      'reference model 3',
      'reference model 4',
      'shadow model 1',
      'shadow model 2',
      'shadow model 2, random-forest',
      'shadow model 3, logistic-regression',
      'synthetic model 1',
      'synthetic model 1',
      'synthetic model 2',
      'target',
      'transfer model 1',
    ]);
  });

  it('computes nothing the second time', async () => {
    const config = tinyWith({ attacks: chosen, training: { epochs: 2 } });
    const { report, run } = await runTiny({ store: folder, config });
    expect(run.tasks.ran).toBe(0);
    expect(reportToJson(report)).toBe(reportToJson(found.report));
  });
});
