/** An audit called from a program: what it takes, what it refuses, and what it leaves behind. */

import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fixtureModel } from '../../test/golden/models/read-models.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { reportToJson } from '../report/canonical.ts';
import { audit } from './audit.ts';
import { fromEndpoint, fromFunction, fromOnnx, fromOutputs } from './target.ts';

const loss = Float64Array.from({ length: 60 }, (_, i) => (i < 30 ? 0.1 : 1) * (1 + ((i * 7) % 10) / 10));
const label = Array.from({ length: 60 }, (_, i) => ['cat', 'dög'][i % 2] as string);
const member = Uint8Array.from(label, (_, i) => (i < 30 ? 1 : 0));
const outputs = fromOutputs({ loss, label, member });

const records = (count: number, shift: number) => ({
  x: Float32Array.from({ length: 4 * count }, (_, i) => ((i + shift) * 7919) % 101),
  y: Int32Array.from({ length: count }, (_, i) => i % 2),
  shape: [1, 2, 2],
});
const data = { members: records(12, 0), nonMembers: records(12, 50) };
const attacks = ['membership/loss-threshold'];
const even = fromFunction((batch) => batch.map(() => [0.5, 0.5]));

/** Folders of runs; other processes of the machine make some too. */
const privateTemp = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'test-'));
  vi.stubEnv('TMPDIR', folder);
  return folder;
};
afterEach(() => vi.unstubAllEnvs());

describe('audit()', () => {
  it('finds losses that lie apart, names classes as given, and leaves nothing behind', async () => {
    const folder = privateTemp();
    const { report, html } = await audit({ target: outputs, seed: 3, name: 'Mine' });
    expect(report.results[0]?.metrics['auc']?.value).toBe(1);
    expect(report.seed).toBe(3);
    expect(JSON.stringify(report)).toContain('dög');
    expect(await html()).toContain('Mine');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('gives equal reports for equal arguments, wherever the folder of the run was', async () => {
    const [one, two] = [await audit({ target: outputs }), await audit({ target: outputs })];
    expect(reportToJson(one.report)).toBe(reportToJson(two.report));
    expect(reportToJson(one.report)).not.toContain(tmpdir());
    expect(one.report.command).toMatch(/called from a program/);
  });

  it('gives a function the records as they are scaled, in batches of the shape of the records', async () => {
    const seen: number[][] = [];
    const shapes: (readonly number[])[] = [];
    const target = fromFunction(
      (batch, { shape }) => {
        for (const record of batch) seen.push([...record]);
        shapes.push(shape);
        return batch.map(() => [0.5, 0.5]);
      },
      { scale: '1/2', batch: 5 },
    );
    const { report } = await audit({ target, data, attacks });
    expect(report.holes).toEqual([]);
    const asked = new Set(seen.map(String));
    const wanted = [data.members, data.nonMembers].flatMap(({ x, y }) =>
      Array.from(y, (_, i) => [...x.slice(4 * i, 4 * i + 4)].map((value) => value / 2)),
    );
    for (const record of wanted) expect(asked).toContain(String(record));
    for (const shape of shapes) {
      expect(shape.slice(1)).toEqual([1, 2, 2]);
      expect(shape[0]).toBeLessThanOrEqual(5);
    }
  });

  it('reaches a function from worker processes', async () => {
    const { report } = await audit({ target: even, data, attacks, workers: 1 });
    expect(report.holes).toEqual([]);
    expect(report.results[0]?.metrics['auc']?.value).toBe(0.5);
  });

  it('fails at once where the function does', async () => {
    const target = fromFunction(() => {
      throw new Error('no such weights');
    });
    await expect(audit({ target, data })).rejects.toMatchObject({
      code: 'MLD_ENDPOINT',
      message: expect.stringMatching(/no such weights/),
    });
    const narrow = fromFunction((batch) => batch.map(() => [1]));
    await expect(audit({ target: narrow, data })).rejects.toMatchObject({ code: 'MLD_ENDPOINT_ANSWER' });
  });

  it('asks a function that has a name once, where the store is kept', async () => {
    const store = temporaryFolder();
    let asked = 0;
    const target = fromFunction(
      (batch) => {
        asked += batch.length;
        return batch.map(() => [0.5, 0.5]);
      },
      { name: 'even 1' },
    );
    const first = await audit({ target, data, attacks, store });
    const before = asked;
    expect(before).toBeGreaterThan(0);
    const again = await audit({ target, data, attacks, store });
    expect(asked).toBe(before);
    expect(reportToJson(again.report)).toBe(reportToJson(first.report));
    await expect(audit({ target: even, data, store })).rejects.toMatchObject({
      code: 'MLD_USAGE',
      hint: expect.stringMatching(/Name the model/),
    });
  });

  it('takes a function that tells labels only, and attacks no more than labels', async () => {
    const target = fromFunction((batch) => batch.map(() => 1), { answers: 'label' });
    const { report } = await audit({ target, data });
    const names = report.results.map(({ attack }) => attack);
    expect(names).toContain('membership/label-only');
    expect(names).not.toContain('membership/loss-threshold');
  });

  it('takes the bytes of an ONNX file with arrays', async () => {
    const { bytes } = fixtureModel('sklearn-logistic');
    const rows = (shift: number) => ({
      x: Array.from({ length: 20 }, (_, i) => Array.from({ length: 30 }, (_, j) => (i * j + shift) % 17)),
      y: Array.from({ length: 20 }, (_, i) => i % 2),
    });
    const { report } = await audit({
      target: fromOnnx(bytes, { checkScaling: false }),
      data: { members: rows(0), nonMembers: rows(1) },
      attacks,
    });
    expect(report.results).toHaveLength(1);
    expect(report.target.name).toBe('model.onnx');
  });

  it.each<[string, Parameters<typeof audit>[0], string, RegExp]>([
    ['one side', { target: even, data: { members: data.members } }, 'MLD_CONFIG', /^data: .*nonMembers/],
    ['unknown attacks', { target: outputs, attacks: ['membership/nonsense'] }, 'MLD_CONFIG', /^attacks\[0\]/],
    [
      'numbers that do not fit the shape',
      { target: even, data: { ...data, members: { ...records(3, 0), shape: [5] } } },
      'MLD_DATA_INVALID',
      /data\.members has 12 numbers for 3 labels/,
    ],
    [
      'ragged rows',
      { target: even, data: { ...data, members: { x: [[1, 2], [3]], y: [0, 1] } } },
      'MLD_DATA_INVALID',
      /2 numbers in record 1 and 1 in record 2/,
    ],
    [
      'losses beside posteriors',
      { target: fromOutputs({ loss, posteriors: [], label, member }) },
      'MLD_DATA_INVALID',
      /posteriors and loss/,
    ],
    ['half a worker', { target: outputs, workers: 0.5 }, 'MLD_USAGE', /workers is 0\.5/],
    ['no such file', { target: fromOnnx('no-such.onnx'), data }, 'MLD_MODEL_UNREADABLE', /no-such\.onnx/],
    [
      'an endpoint that nobody agreed to',
      { target: fromEndpoint({ url: 'http://127.0.0.1:9/' }), data },
      'MLD_CONFIRM',
      /127\.0\.0\.1:9/,
    ],
  ])('refuses %s, and leaves nothing behind', async (_, options, code, message) => {
    const folder = privateTemp();
    await expect(audit(options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('asks for the cost of an endpoint, with its address and what is sent', async () => {
    const confirm = vi.fn(async () => false);
    const target = fromEndpoint({ url: 'http://127.0.0.1:9/' });
    await expect(audit({ target, data, confirm })).rejects.toMatchObject({ code: 'MLD_CONFIRM' });
    expect(confirm).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ name: expect.stringContaining('127.0.0.1:9'), records: expect.any(Number) }),
    );
  });

  it('stops when it is told to, before and while it runs', async () => {
    await expect(audit({ target: outputs, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'MLD_ABORTED',
    });
    const stop = new AbortController();
    const started: string[] = [];
    const run = audit({
      target: outputs,
      signal: stop.signal,
      onEvent: ({ type }) => {
        started.push(type);
        if (type === 'started') stop.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'MLD_ABORTED' });
    expect(started).toContain('planned');
  });

  it('writes a report whose store is gone', async () => {
    const { write } = await audit({ target: outputs, attacks });
    const { html, json, run } = await write(join(temporaryFolder(), 'new'));
    for (const file of [html, json, run]) expect(existsSync(file)).toBe(true);
  });
});
