/** Every attribute attack in one audit of a small network on table rows: a whole report. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackChoice, runTiny, tinyAudit, tinyWith } from '../../test/audit/tiny-audit.ts';
import { type AttributeName, attributeAttacks } from '../attacks/attribute/registry.ts';
import type { Choice } from '../config/config.ts';
import { loadDataset } from '../data/load-dataset.ts';
import { splitQuarters } from '../data/split.ts';
import { BASELINE } from '../evaluate/attribute/evidence.ts';
import { reportToJson } from '../report/canonical.ts';
import { reportSchema } from '../report/schema.ts';
import { runAudit } from './run-audit.ts';

const PER_ROLE = 80;

/** Variants that need different things of the planner; total by type. */
const variants: { readonly [Name in AttributeName]: readonly Record<string, unknown>[] } = {
  'attribute/embedding': [{ epochs: 2 }, { epochs: 2, attribute: 'age', auxiliary: 'partial', layer: 'fc1' }],
  'attribute/tabular': [
    { method: 'fredrikson' },
    { method: 'fredrikson', attribute: 'age', auxiliary: 'partial' },
    { method: 'confidence' },
    { method: 'label-only' },
    { method: 'learned' },
  ],
  'attribute/gradient': [{}, { decision: 'stationary' }],
};

const configWith = (catalog: string, model: string, attacks: readonly Choice[]) =>
  tinyWith({
    attacks,
    model,
    data: { catalog, split: 'ml-doctor-2022', recordsPerRole: PER_ROLE, overlap: 'allow' },
    training: { epochs: 2 },
  });

describe('an audit of table rows with every attribute attack there is', () => {
  const chosen = Object.entries(variants).flatMap(([name, all]) =>
    all.map((params) => attackChoice(name, params)),
  );
  const config = configWith('adult', 'mlp', chosen);
  let store: string;
  let found: Awaited<ReturnType<typeof runTiny>>;
  beforeAll(async () => {
    store = mkdtempSync(join(tmpdir(), 'ml-doctor-attribute-'));
    found = await runTiny({ store, config, workers: 1 });
  }, 180_000);
  afterAll(() => rmSync(store, { recursive: true, force: true }));

  it('knows them all', () => {
    expect(Object.keys(variants).sort()).toEqual(Object.keys(attributeAttacks).sort());
  });

  it('reports every one, without a hole, as its schema says', () => {
    const { report, run } = found;
    expect(report.holes).toEqual([]);
    expect(run.tasks).toMatchObject({ failed: 0, blocked: 0, cached: 0 });
    expect(reportSchema.safeParse(JSON.parse(reportToJson(report))).error).toBeUndefined();
    expect(report.results).toHaveLength(chosen.length);
  });

  it('names the attribute that is meant where none is named, and says whose was known', () => {
    for (const { attack, params, attribute, threatModel, records } of found.report.results) {
      expect(attribute?.name, attack).toBe(params['attribute']);
      expect(attribute?.kind).toBe(attribute?.name === 'age' ? 'continuous' : 'binary');
      const known = { none: 0, shadow: 2 * PER_ROLE, partial: PER_ROLE / 2, other: -1 };
      expect(attribute?.auxiliaryRecords, attack).toBe(known[threatModel.auxiliary]);
      // Of partial data half of the members is known, and the other half asked about; so of non-members.
      const members = threatModel.auxiliary === 'partial' ? PER_ROLE / 2 : PER_ROLE;
      expect(records, attack).toEqual({ members, nonMembers: members });
    }
    expect(found.report.results.filter(({ attribute }) => attribute?.name === 'sex')).toHaveLength(
      chosen.length - 2,
    );
  });

  it('measures each beside majority, imputation and non-members', () => {
    for (const { attack, attribute, metrics, baselines } of found.report.results) {
      const plain = attribute?.kind === 'continuous' ? 'meanAbsoluteError' : 'accuracy';
      const gain = attribute?.kind === 'continuous' ? 'errorReduction' : 'accuracyGain';
      for (const name of [plain, gain]) expect(metrics, `${attack} ${name}`).toHaveProperty([name]);
      expect(baselines.map(({ name }) => name)).toEqual([
        BASELINE.majority,
        BASELINE.imputation,
        ...(attack === 'attribute/embedding' ? [BASELINE.fromRecord] : []),
        BASELINE.nonMembers,
      ]);
      for (const baseline of baselines) expect(baseline.metrics).toHaveProperty([plain]);
    }
  });

  it('counts what the target is asked: every candidate of every record, and the records themselves', () => {
    for (const { attack, params, attribute, queries } of found.report.results) {
      const asked = 2 * PER_ROLE;
      const expected =
        attack !== 'attribute/tabular'
          ? 0
          : params['method'] === 'learned'
            ? asked + 2 * PER_ROLE
            : params['method'] !== 'fredrikson'
              ? 2 * asked
              : attribute?.name === 'age'
                ? undefined
                : 2 * asked + 2 * PER_ROLE;
      if (expected !== undefined) expect(queries, `${attack} ${params['method']}`).toBe(expected);
    }
  });

  it('keeps a guess of every record that was asked about, beside the truth', async () => {
    const { files } = await runAudit(config, {
      ...{ store, workers: 0, version: '0.0.0', onEvent: () => {} },
      signal: new AbortController().signal,
    });
    const data = await loadDataset('adult');
    const split = splitQuarters(data.size, { seed: tinyAudit.seed, perRole: PER_ROLE });
    const sex = data.attributes?.['sex'];
    const file = files.find(({ path }) => path.startsWith('artifacts/attribute_gradient'));
    const bytes = (await file?.read()) as Uint8Array;
    const rows = await parquetReadObjects({ file: bytes.slice().buffer as ArrayBuffer });
    expect(rows).toHaveLength(2 * PER_ROLE);
    const members = new Set(split['target-train']);
    for (const row of rows) {
      const id = row['record'] as number;
      expect(row['member']).toBe(members.has(id));
      expect(row['truth']).toBe(sex?.categories?.[sex.values[id] as number]);
      expect(row['correct']).toBe(row['guessed'] === row['truth']);
    }
  });

  it('computes nothing the second time', async () => {
    const { report, run } = await runTiny({ store, config });
    expect(run.tasks.ran).toBe(0);
    expect(reportToJson(report)).toBe(reportToJson(found.report));
  });
});

describe('a configuration that cannot be audited', () => {
  const fault = (
    catalog: string,
    attacks: readonly Record<string, unknown>[],
    name: AttributeName = 'attribute/embedding',
    model = 'mlp',
  ) => {
    const store = join(tmpdir(), 'ml-doctor-attribute-never-made');
    const config = configWith(
      catalog,
      model,
      attacks.map((params) => attackChoice(name, params)),
    );
    return expect(runTiny({ store, config })).rejects;
  };
  const code = (wanted: string, text: RegExp) =>
    expect.objectContaining({ code: wanted, message: expect.stringMatching(text) });

  it('is refused with its reason before anything runs', async () => {
    await fault('adult', [{ attribute: 'sexx' }]).toThrow(
      expect.objectContaining({ code: 'MLD_ATTRIBUTE_UNKNOWN', hint: expect.stringContaining("'sex'") }),
    );
    await fault('fashion-mnist-10k', [{}]).toThrow(code('MLD_ATTRIBUTE_UNKNOWN', /no sensitive attribute/));
    await fault('adult', [{ attribute: 'income' }]).toThrow(code('MLD_ATTRIBUTE_LABEL', /income/));
    await fault('adult', [{ attribute: 'workclass' }]).toThrow(
      code('MLD_ATTRIBUTE_MISSING', /'\?'.* records/),
    );
    await fault('adult', [{ attribute: 'education' }]).toThrow(
      code('MLD_ATTRIBUTE_UNSEEN', /Preschool|1st-4th/),
    );
    await fault('adult', [{ layer: 'fc9' }]).toThrow(
      expect.objectContaining({ code: 'MLD_LAYER_UNKNOWN', hint: expect.stringContaining('fc') }),
    );
    await fault('adult', [{}, { attribute: 'sex' }]).toThrow(code('MLD_CONFIG', /twice/));
    await fault('adult', [{}], 'attribute/embedding', 'logistic-regression').toThrow(
      code('MLD_ATTACK_UNSUITED', /the record itself/),
    );
    await fault('adult', [{}], 'attribute/gradient', 'random-forest').toThrow(
      code('MLD_ATTACK_UNSUITED', /network/),
    );
  });
});
