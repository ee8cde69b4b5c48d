/** Every stealing attack in one audit of a small network, and other attacks through a stolen copy: whole reports. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { decodeModel, predict } from 'onnx-grad';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackChoice, tinyWith } from '../../test/audit/tiny-audit.ts';
import { type StealingName, stealingAttacks } from '../attacks/stealing/registry.ts';
import type { AttackChoice } from '../config/config.ts';
import { loadDataset } from '../data/load-dataset.ts';
import { splitQuarters } from '../data/split.ts';
import { BASELINE } from '../evaluate/stealing/evidence.ts';
import { batchSource } from '../models/batch-source.ts';
import { reportToJson } from '../report/canonical.ts';
import { reportSchema } from '../report/schema.ts';
import { argmax } from '../stats/argmax.ts';
import { runAudit } from './run-audit.ts';

const PER_ROLE = 60;

/** Variants that need different things of the planner; total by type. */
const variants: { readonly [Name in StealingName]: readonly Record<string, unknown>[] } = {
  'stealing/posterior-matching': [
    { epochs: 2, budgets: [30, 120], pricePerQuery: 0.5, queriesPerSecond: 10 },
    { epochs: 2, budgets: [10, 20, 30], auxiliary: 'partial', selection: 'k-centre', output: 'topK', k: 2 },
    { epochs: 2, budgets: [50, 51], output: 'label', loss: 'kl', selection: 'uncertainty' },
    { epochs: 2, architecture: 'logistic-regression' },
  ],
  'stealing/knockoff': [{ epochs: 2, budgets: [40], digits: 1, temperature: 2 }],
  'stealing/data-free': [
    { budgets: [150, 401], batchSize: 16, latent: 8, width: 4, studentSteps: 1, replays: 1 },
  ],
};

const stolen: AttackChoice[] = Object.entries(variants).flatMap(([name, all]) =>
  all.map((params) => attackChoice(name, params)),
);
const through: AttackChoice[] = [
  { ...attackChoice('membership/shadow-classifier', { epochs: 2 }), through: 'stealing/knockoff' },
  { ...attackChoice('inversion/mi-face', { classes: 2, iterations: 3 }), through: 'stealing/knockoff' },
];
const config = tinyWith({
  attacks: [...through, ...stolen, attackChoice('membership/shadow-classifier', { epochs: 2 })],
  recordsPerRole: PER_ROLE,
  training: { epochs: 2 },
  target: { train: tinyWith({}).target.train, offers: { access: 'black-box', output: 'posteriors' } },
});

const run = (store: string, workers: number) =>
  runAudit(config, {
    ...{ store, workers, version: '0.0.0', onEvent: () => {} },
    signal: new AbortController().signal,
  });

describe('an audit of pictures with every stealing attack there is', () => {
  let store: string;
  let found: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    store = mkdtempSync(join(tmpdir(), 'ml-doctor-stealing-'));
    found = await run(store, 1);
  }, 180_000);
  afterAll(() => rmSync(store, { recursive: true, force: true }));
  const results = () => found.report.results;
  const stealing = () => results().filter(({ attack }) => attack.startsWith('stealing/'));

  it('knows them all', () => {
    expect(Object.keys(variants).sort()).toEqual(Object.keys(stealingAttacks).sort());
  });

  it('reports every one in its place, without a hole, as its schema says', () => {
    const { report, run: record } = found;
    expect(report.holes).toEqual([]);
    expect(record.tasks).toMatchObject({ failed: 0, blocked: 0, cached: 0 });
    expect(reportSchema.safeParse(JSON.parse(reportToJson(report))).error).toBeUndefined();
    expect(report.results.map(({ attack }) => attack)).toEqual(config.attacks.map(({ name }) => name));
    expect(new Set(report.results.map(({ id }) => id)).size).toBe(report.results.length);
  });

  it('sends what the budgets allow, and no query more', () => {
    for (const { attack, queries, curves, params, records } of stealing()) {
      const points = curves.budget ?? [];
      const budgets = params['budgets'] as readonly number[];
      expect(points, attack).toHaveLength(budgets.length);
      points.forEach((point, i) => {
        expect(point.queries, attack).toBe(budgets[i]);
      });
      expect(queries).toBe(points.at(-1)?.queries);
      expect(records).toEqual({ members: 0, nonMembers: PER_ROLE });
    }
    // A sixteenth of the 120 shadow records, and doublings.
    expect(stealing()[3]?.params['budgets']).toEqual([7, 15, 30, 60, 120]);
  });

  it('says what the queries cost, where a price is given', () => {
    const [priced, unpriced] = stealing();
    expect(priced?.curves.budget?.map(({ cost, seconds }) => [cost, seconds])).toEqual([
      [15, 3],
      [60, 12],
    ]);
    expect(unpriced?.curves.budget?.map(({ cost, seconds }) => [cost, seconds])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  it('holds each copy against what needs no query, or no thought', () => {
    for (const { attack, baselines, copy } of stealing()) {
      const names = baselines.map(({ name }) => name).sort();
      const own = {
        'stealing/posterior-matching': [BASELINE.ownLabels],
        'stealing/knockoff': [],
        'stealing/data-free': [BASELINE.randomInputs],
      }[attack];
      expect(names, attack).toEqual([BASELINE.constant, ...(own ?? [])].sort());
      const pool = {
        'stealing/posterior-matching': /shadow|partial/,
        'stealing/knockoff': /uniform/,
        'stealing/data-free': /generator/,
      }[attack];
      expect(copy?.pool).toMatch(pool as RegExp);
    }
    expect(stealing().map(({ copy }) => copy?.poolRecords)).toEqual([120, 30, 120, 120, null, null]);
    expect(stealing()[3]?.copy?.architecture).toBe('logistic-regression');
  });

  it('leaves the stolen model as a file that answers as the table beside it says', async () => {
    const data = await loadDataset('fashion-mnist-10k');
    const ids = splitQuarters(data.size, { seed: config.seed, perRole: PER_ROLE })
      ['target-test'].slice()
      .sort();
    for (const { attack, artifacts, metrics } of stealing()) {
      expect(artifacts.map(({ kind }) => kind)).toEqual(['copies', 'model']);
      const [table, model] = await Promise.all(
        artifacts.map(({ path }) =>
          (found.files.find((file) => file.path === path) as { read: () => Promise<Uint8Array> }).read(),
        ),
      );
      expect(artifacts[1]?.path).toMatch(/\.onnx$/);
      const rows = await parquetReadObjects({ file: (table as Uint8Array).slice().buffer });
      const { data: logits, dims } = await predict(
        decodeModel(model as Uint8Array),
        batchSource(data, ids),
        {},
      );
      const classes = dims[1] as number;
      const answers = Array.from(ids, (_, i) =>
        argmax((logits as Float32Array).subarray(i * classes, (i + 1) * classes)),
      );
      expect(rows.map(({ record }) => Number(record))).toEqual([...ids]);
      expect(
        rows.map(({ copy }) => String(copy)),
        attack,
      ).toEqual(answers.map((answer) => data.classes[answer]));
      const agreed = rows.filter(({ copy, target }) => copy === target).length;
      expect(metrics['agreement']?.value).toBeCloseTo(agreed / PER_ROLE, 5);
    }
  });

  it('runs other attacks on a stolen copy, and says so', () => {
    const [membership, inversion] = results();
    const direct = results().at(-1);
    const theft = stealing().find(({ attack }) => attack === 'stealing/knockoff');
    for (const result of [membership, inversion]) {
      expect(result?.through).toEqual({ attack: 'stealing/knockoff', params: theft?.params, queries: 40 });
      // Of the target nothing but answers is needed, though the copy is in the attacker's hands.
      expect(result?.threatModel).toMatchObject({ access: 'black-box', output: 'posteriors' });
      expect(result?.queries).toBe(40);
    }
    expect(membership?.threatModel.auxiliary).toBe('shadow');
    expect(inversion?.threatModel.auxiliary).toBe('none');
    expect(direct?.through).toBeUndefined();
    expect(direct?.attack).toBe(membership?.attack);
    expect(direct?.id).not.toBe(membership?.id);
    // The copy was made from noise: what it says of members is not what the target says.
    expect(membership?.metrics).not.toEqual(direct?.metrics);
  });

  it('computes nothing the second time', async () => {
    const again = await run(store, 0);
    expect(again.run.tasks.ran).toBe(0);
    expect(reportToJson(again.report)).toBe(reportToJson(found.report));
  });
});
