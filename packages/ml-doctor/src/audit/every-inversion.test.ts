/** Every inversion attack in one audit of a small network, on pictures and on table rows: whole reports. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackChoice, runTiny, tinyWith } from '../../test/audit/tiny-audit.ts';
import { type InversionName, inversionAttacks } from '../attacks/inversion/registry.ts';
import { reportToJson } from '../report/canonical.ts';
import { reportSchema } from '../report/schema.ts';
import { AUXILIARY_BASELINES, GUIDED_START, START } from '../report/verdict/inversion-grade.ts';

/** As quick as they get; total by type. */
const quick: { readonly [Name in InversionName]: Readonly<Record<string, unknown>> } = {
  'inversion/mi-face': { perClass: 2, classes: [1, 0], iterations: 5 },
  'inversion/black-box': { classes: 2, queries: 50, directions: 10 },
  'inversion/secret-revealer': {
    classes: 2,
    perClass: 2,
    steps: 3,
    ganEpochs: 1,
    width: 4,
    ganBatchSize: 32,
  },
  'inversion/plg': { classes: 2, perClass: 2, steps: 3, ganEpochs: 1, width: 4, ganBatchSize: 32, top: 20 },
};
const chosen = Object.entries(quick).map(([name, params]) => attackChoice(name, params));

describe.each([
  { data: 'fashion-mnist-10k', classes: ['T-shirt/top', 'Trouser'] },
  { data: 'adult', classes: ['<=50K', '>50K'] },
])('an audit of $data with every inversion attack there is', ({ data, classes }) => {
  const config = tinyWith({
    attacks: chosen,
    data: { catalog: data, split: 'ml-doctor-2022', recordsPerRole: 60, overlap: 'allow' },
    training: { epochs: 2 },
  });
  let store: string;
  let found: Awaited<ReturnType<typeof runTiny>>;
  beforeAll(async () => {
    store = mkdtempSync(join(tmpdir(), 'ml-doctor-inversion-'));
    found = await runTiny({ store, config, workers: 1 });
  }, 180_000);
  afterAll(() => rmSync(store, { recursive: true, force: true }));

  it('knows them all', () => {
    expect(Object.keys(quick).sort()).toEqual(Object.keys(inversionAttacks).sort());
  });

  it('reports every one, without a hole, as its schema says', () => {
    const { report, run } = found;
    expect(report.holes).toEqual([]);
    expect(run.tasks).toMatchObject({ failed: 0, blocked: 0, cached: 0 });
    expect(reportSchema.safeParse(JSON.parse(reportToJson(report))).error).toBeUndefined();
    expect(report.results.map(({ attack }) => attack).sort()).toEqual(Object.keys(quick).sort());
  });

  it('shows each class with the records nearest to it, and says what the attacker had', () => {
    for (const { attack, gallery, reconstructions, generator, queries, records, artifacts } of found.report
      .results) {
      expect(
        gallery?.map((one) => one.class),
        attack,
      ).toEqual(classes);
      const kind = data === 'adult' ? 'values' : 'png';
      for (const { reconstruction, nearestMember, nearestNonMember } of gallery ?? [])
        for (const shown of [reconstruction, nearestMember, nearestNonMember])
          expect(shown).toHaveProperty(kind);
      const perClass = attack === 'inversion/black-box' ? 1 : 2;
      expect(reconstructions, attack).toEqual({ count: 2 * perClass, classes: 2 });
      const trained = {
        'inversion/secret-revealer': { auxiliaryRecords: 120, epochs: 1, guided: false },
        // 20 records for each class of the target.
        'inversion/plg': { auxiliaryRecords: data === 'adult' ? 40 : 200, epochs: 1, guided: true },
      };
      expect(generator, attack).toEqual(trained[attack as keyof typeof trained]);
      // Of two classes, of each as many members as non-members.
      expect(records.members).toBe(records.nonMembers);
      expect(records.members).toBeGreaterThan(0);
      expect(records.members).toBeLessThanOrEqual(60);
      if (attack === 'inversion/black-box') expect(queries).toBeGreaterThan(0);
      else expect(queries).toBe(0);
      expect(queries).toBeLessThanOrEqual(2 * 50);
      expect(artifacts).toHaveLength(1);
    }
  });

  it('measures each beside what needs no attack', () => {
    for (const { attack, metrics, baselines } of found.report.results) {
      for (const name of [
        'judgeAccuracy',
        'judgeMacroF1',
        'judgeOwnAccuracy',
        'mse',
        'memberCloser',
        'memberCloserP',
      ])
        expect(metrics, `${attack} ${name}`).toHaveProperty([name]);
      expect(Object.hasOwn(metrics, 'ssimNearestMember'), attack).toBe(data !== 'adult');
      // By the names that verdicts know them by.
      expect(baselines.map(({ name }) => name)).toEqual([
        ...AUXILIARY_BASELINES,
        attack === 'inversion/plg' ? GUIDED_START : START,
        'all-zero input',
      ]);
    }
  });

  it('computes nothing the second time', async () => {
    const { report, run } = await runTiny({ store, config });
    expect(run.tasks.ran).toBe(0);
    expect(reportToJson(report)).toBe(reportToJson(found.report));
  });
});
