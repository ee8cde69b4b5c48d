/** Whole audits of a model trained on real pictures, small enough to be done in a second. */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeModel, encodeModel, predict } from 'onnx-grad';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackChoice, runTiny, tinyAudit, tinyRecipe, tinyWith } from '../../test/audit/tiny-audit.ts';
import * as oracle from '../../test/stats/high-precision.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { loadDataset } from '../data/load-dataset.ts';
import { splitQuarters } from '../data/split.ts';
import { mlp } from '../models/architectures/mlp.ts';
import { batchSource } from '../models/batch-source.ts';
import { trainClassifier } from '../models/recipe.ts';
import { reportToJson } from '../report/canonical.ts';
import { reportSchema } from '../report/schema.ts';
import { fromBytes } from '../study/kinds/typed-bytes.ts';
import { FolderStore } from '../study/store/folder-store.ts';
import type { Task } from '../study/task.ts';

const PROCESS = fileURLToPath(new URL('../../test/audit/audit-process.ts', import.meta.url));

/** One audit run inline, and its store. */
let base: Awaited<ReturnType<typeof runTiny>>;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-audit-'));
  base = await runTiny({ store: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const finishedTask = (label: string): Task => {
  const event = base.events.find((e) => e.type === 'finished' && e.task.label === label);
  if (event?.type !== 'finished') throw new Error(`no task "${label}" finished`);
  return event.task;
};
const stored = (label: string) => new FolderStore(folder).finished(finishedTask(label).key);

describe('an audit', () => {
  it('gives a whole report', () => {
    const { report, run } = base;
    expect(run.tasks).toEqual({ ran: 9, cached: 0, failed: 0, blocked: 0 });
    expect(reportSchema.safeParse(JSON.parse(reportToJson(report))).error).toBeUndefined();
    expect(report.holes).toEqual([]);
    expect(report.results.map(({ attack }) => attack)).toEqual(tinyAudit.attacks.map(({ name }) => name));
    for (const result of report.results)
      expect(result).toMatchObject({ queries: 120, records: { members: 60, nonMembers: 60 }, seed: 4 });
    expect(report.data.splits).toEqual({
      'target-train': 60,
      'target-test': 60,
      'shadow-train': 60,
      'shadow-test': 60,
    });
    expect(report.target).toMatchObject({ name: 'mlp', classes: 10, parameters: 235_146 });
  });

  it.each([1, 3])('gives the same bits in %d worker processes', async (workers) => {
    const { report, run } = await runTiny({ store: temporaryFolder(), workers });
    expect(run.tasks.ran).toBe(9);
    expect(reportToJson(report)).toBe(reportToJson(base.report));
  });

  it('computes nothing the second time and says so', async () => {
    const { report, run, events } = await runTiny({ store: folder, workers: 2 });
    expect(run.tasks).toEqual({ ran: 0, cached: 9, failed: 0, blocked: 0 });
    expect(events[0]).toEqual({ type: 'planned', total: 9, cached: 9, unneeded: 0, toRun: 0 });
    expect(events.slice(1).map(({ type }) => type)).toEqual(Array(9).fill('cached'));
    expect(reportToJson(report)).toBe(reportToJson(base.report));
  });

  it('computes only what a changed attack needs, and keeps the other figures', async () => {
    const attacks = [
      tinyAudit.attacks[0]!,
      attackChoice('membership/shadow-classifier', { epochs: 3, learningRate: 0.01 }),
    ];
    const { report, run } = await runTiny({ store: folder, config: tinyWith({ attacks }) });
    expect(run.tasks).toMatchObject({ ran: 2, cached: 7 });
    expect(report.results[0]).toEqual(base.report.results[0]);
    expect(report.results[1]?.metrics).not.toEqual(base.report.results[1]?.metrics);
  });

  it('gives other figures for another seed', async () => {
    const { report, run } = await runTiny({ store: folder, config: tinyWith({ seed: 5 }) });
    expect(run.tasks.ran).toBe(9);
    expect(report.results[0]?.metrics).not.toEqual(base.report.results[0]?.metrics);
  });
});

describe('the figures of an audit', () => {
  const split = splitQuarters(10_000, { seed: tinyAudit.seed, perRole: 60 });

  it('are those of a model trained on target-train alone', async () => {
    const data = await loadDataset('fashion-mnist-10k');
    const again = await trainClassifier({
      model: mlp.build({ recordShape: data.recordShape, classes: 10, seed: tinyAudit.seed }),
      data,
      records: split['target-train'],
      recipe: tinyRecipe,
      seed: tinyAudit.seed,
      threads: 1,
      device: 'cpu',
      signal: new AbortController().signal,
      onEvent: () => {},
    });
    const found = await (await stored('train target')).blob('model.onnx');
    expect(Buffer.compare(found, encodeModel(again.model))).toBe(0);
  });

  it('are on its members and as many others, in an order that tells nothing', async () => {
    for (const { name } of tinyAudit.attacks) {
      const ids = fromBytes(Uint32Array, await (await stored(`attack ${name}`)).blob('ids'));
      expect(ids).toEqual(Uint32Array.from([...split['target-train'], ...split['target-test']]).sort());
    }
  });

  it('follow from model and data by hand: accuracies, losses, AUC, balanced accuracy', async () => {
    const data = await loadDataset('fashion-mnist-10k');
    const attack = await stored('attack membership/loss-threshold');
    const ids = fromBytes(Uint32Array, await attack.blob('ids'));
    const scores = fromBytes(Float64Array, await attack.blob('scores'));
    const model = decodeModel(await (await stored('train target')).blob('model.onnx'));
    const logits = (await predict(model, batchSource(data, ids))).data as Float32Array;
    const isMember = new Set(split['target-train']);
    const groups = { members: [] as number[], nonMembers: [] as number[] };
    const right = { members: 0, nonMembers: 0 };
    ids.forEach((id, i) => {
      const row = logits.subarray(10 * i, 10 * i + 10);
      const label = data.y[id]!;
      expect(oracle.relativeError(-scores[i]!, oracle.crossEntropy(row, label))).toBeLessThan(1e-12);
      const group = isMember.has(id) ? 'members' : 'nonMembers';
      groups[group].push(scores[i]!);
      if (Math.max(...row) === row[label]) right[group]++;
    });
    const { target, results } = base.report;
    expect(target.trainAccuracy?.value).toBe(right.members / 60);
    expect(target.testAccuracy?.value).toBe(right.nonMembers / 60);
    let wins = 0;
    for (const a of groups.members) for (const b of groups.nonMembers) wins += a > b ? 1 : a === b ? 0.5 : 0;
    expect(results[0]?.metrics.auc?.value).toBeCloseTo(wins / 3600, 12);
    const { threshold } = attack.result as { threshold: number };
    const accepted = groups.members.filter((score) => score >= threshold).length;
    const refused = groups.nonMembers.filter((score) => score < threshold).length;
    expect(results[0]?.metrics.balancedAccuracy?.value).toBeCloseTo((accepted + refused) / 120, 12);
  });

  it('show the leak of a model that has learnt its records by heart', async () => {
    const training = { epochs: 60, batchSize: 64, milestones: [] };
    const { report } = await runTiny({
      store: temporaryFolder(),
      config: tinyWith({
        training,
        recordsPerRole: 100,
        attacks: [attackChoice('membership/loss-threshold')],
      }),
    });
    expect(report.target.trainAccuracy?.value).toBeGreaterThan(0.98);
    expect(report.target.testAccuracy?.value).toBeLessThan(0.9);
    expect(report.results[0]?.metrics.auc?.low).toBeGreaterThan(0.5);
    expect(report.results[0]?.metrics.balancedAccuracy?.low).toBeGreaterThan(0.5);
  });
});

describe('an audit that is stopped', () => {
  it.each([
    [0, 5],
    [2, 2],
  ])(
    'by SIGKILL (%d workers, %d tasks done) ends with the same report when run again',
    async (workers, done) => {
      const store = temporaryFolder();
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', '--conditions=source', PROCESS, store, String(workers)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let lines = 0;
      const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_, s) => resolve(s)));
      child.stdout.on('data', (chunk) => {
        lines += String(chunk).split('\n').length - 1;
        if (lines >= done) child.kill('SIGKILL');
      });
      expect(await ended).toBe('SIGKILL');
      const { report, run } = await runTiny({ store });
      expect(run.tasks.cached).toBeGreaterThanOrEqual(done);
      expect(run.tasks.ran + run.tasks.cached).toBe(9);
      expect(reportToJson(report)).toBe(reportToJson(base.report));
    },
  );

  it.each([0, 2])('through its signal says so and continues later (%d workers)', async (workers) => {
    const store = temporaryFolder();
    const abort = new AbortController();
    const stopped = runTiny({
      store,
      workers,
      signal: abort.signal,
      onEvent: ({ type }) => type === 'finished' && abort.abort(),
    });
    await expect(stopped).rejects.toMatchObject({
      code: 'MLD_ABORTED',
      hint: expect.stringContaining('again'),
    });
    const { report, run } = await runTiny({ store });
    expect(run.tasks.cached).toBeGreaterThanOrEqual(1);
    expect(run.tasks.ran).toBeGreaterThanOrEqual(1);
    expect(reportToJson(report)).toBe(reportToJson(base.report));
  });

  it('in the middle of a training keeps nothing of it', async () => {
    const store = temporaryFolder();
    const abort = new AbortController();
    const done: string[] = [];
    const stopped = runTiny({
      store,
      config: tinyWith({ training: { epochs: 1000 } }),
      signal: abort.signal,
      onEvent: (event) => {
        if (event.type === 'finished') done.push(event.task.key);
        if (event.type === 'progress' && event.task.kind === 'train') abort.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'MLD_ABORTED' });
    // The check of the split may come before the training, and needs nothing of it.
    expect(done.length).toBeLessThan(2);
    expect([...(await new FolderStore(store).keys())]).toEqual(done);
  });
});

describe('an audit with a fault', () => {
  /** The first step leaves weights whose loss is no number. */
  const exploding = 1e30;

  it('in one attack reports the other, and the hole', async () => {
    const attacks = [
      attackChoice('membership/shadow-classifier', { epochs: 2, learningRate: exploding }),
      tinyAudit.attacks[0]!,
    ];
    const { report, run } = await runTiny({ store: temporaryFolder(), config: tinyWith({ attacks }) });
    expect(run.tasks).toEqual({ ran: 7, cached: 0, failed: 1, blocked: 1 });
    expect(report.results).toEqual([base.report.results[0]]);
    expect(report.holes).toEqual([
      {
        task: 'attack membership/shadow-classifier',
        code: 'OG_DIVERGED',
        message: expect.any(String),
        hint: expect.any(String),
        blocked: ['evaluate membership/shadow-classifier'],
      },
    ]);
    expect(() => reportToJson(report)).not.toThrow();
  });

  it('in every training still reports what it was about', async () => {
    const config = tinyWith({ training: { learningRate: exploding } });
    const { report } = await runTiny({ store: temporaryFolder(), config });
    expect(report.results).toEqual([]);
    expect(report.target).toMatchObject({ parameters: null, trainAccuracy: null, testAccuracy: null });
    expect(report.holes.map(({ task }) => task).sort()).toEqual(['train shadow model 1', 'train target']);
    // Whoever fails first: the report is the same with any number of workers.
    const workers = await runTiny({ store: temporaryFolder(), config, workers: 2 });
    expect(reportToJson(workers.report)).toBe(reportToJson(report));
    const blocked = new Set(report.holes.flatMap((hole) => hole.blocked));
    expect(blocked.size).toBe(6);
    expect(() => reportToJson(report)).not.toThrow();
  });

  it.each([
    [
      'data nobody knows',
      { ...tinyAudit, data: { catalog: 'fashion', split: 'ml-doctor-2022' as const } },
      'MLD_DATA_UNKNOWN',
    ],
    ['a model nobody knows', tinyWith({ model: 'vgg' }), 'MLD_CONFIG'],
    ['too many records', tinyWith({ recordsPerRole: 2501 }), 'MLD_SPLIT'],
  ])('of the user, %s, is refused before anything is written', async (_, config, code) => {
    const store = join(temporaryFolder(), 'store');
    await expect(runTiny({ store, config })).rejects.toMatchObject({ code });
    expect(existsSync(store)).toBe(false);
  });

  it('of the disk, a store that cannot be made, is named', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(runTiny({ store: join(file, 'store') })).rejects.toMatchObject({
      code: 'MLD_OUTPUT_UNWRITABLE',
    });
  });
});
