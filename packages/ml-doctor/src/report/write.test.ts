/** Files appear whole, for their owner only, or not at all. */

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleReport, sampleRun } from '../../test/report/sample-report.ts';
import { reportToJson } from './canonical.ts';
import { kindIn, readReport, readRun } from './read.ts';
import { runToJson } from './run-record.ts';
import { prepareOutput, writeFiles, writeReport } from './write.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mld-report-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const unwritable = (pattern: RegExp) =>
  expect.objectContaining({ code: 'MLD_OUTPUT_UNWRITABLE', message: expect.stringMatching(pattern) });

describe('prepareOutput', () => {
  it('creates the folder and leaves nothing in it', async () => {
    const { dir } = await prepareOutput(join(root, 'a/b'));
    expect(dir).toBe(join(root, 'a/b'));
    expect(readdirSync(dir)).toEqual([]);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  it('refuses a file, and a path through a file', async () => {
    const file = join(root, 'file');
    writeFileSync(file, 'mine');
    await expect(prepareOutput(file)).rejects.toEqual(unwritable(/it is a file/));
    await expect(prepareOutput(join(file, 'below'))).rejects.toEqual(
      unwritable(/part of the path is a file/),
    );
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it.runIf(process.platform === 'linux')('refuses a place where nothing can be made', async () => {
    await expect(prepareOutput('/proc/ml-doctor')).rejects.toEqual(
      unwritable(
        /cannot write to \/proc\/ml-doctor: a folder of the path does not exist and cannot be made$/,
      ),
    );
  });

  it('takes away on request what it made, unless it is in use', async () => {
    const fresh = await prepareOutput(join(root, 'x/y/z'));
    await fresh.discardIfEmpty();
    expect(readdirSync(root)).toEqual([]);

    const used = await prepareOutput(join(root, 'x/y'));
    writeFileSync(join(root, 'x/mine'), '');
    await used.discardIfEmpty();
    expect(readdirSync(join(root, 'x'))).toEqual(['mine']);

    const old = await prepareOutput(root);
    await old.discardIfEmpty();
    expect(existsSync(root)).toBe(true);
  });

  it('clears away what a killed run left, not what a living one writes', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(root, `.report.json.${dead}-0123abcd.tmp`), '{');
    writeFileSync(join(root, `.report.json.${process.pid}-0123abcd.tmp`), '{');
    writeFileSync(join(root, '.hidden.tmp'), '');
    await prepareOutput(root);
    expect(readdirSync(root).sort()).toEqual(['.hidden.tmp', `.report.json.${process.pid}-0123abcd.tmp`]);
  });
});

describe('writeReport', () => {
  it('writes three files for their owner only, and nothing else', async () => {
    await writeReport(root, sampleReport(), sampleRun());
    expect(readdirSync(root).sort()).toEqual(['report.html', 'report.json', 'run.json']);
    for (const name of readdirSync(root)) expect(statSync(join(root, name)).mode & 0o777).toBe(0o600);
  });

  it('writes what readReport reads', async () => {
    await writeReport(root, sampleReport(), sampleRun());
    expect(reportToJson(await readReport(root))).toBe(reportToJson(sampleReport()));
    expect(await readRun(root, 'audit')).toEqual({ ...sampleRun(), of: 'audit' });
  });

  it('keeps the old files when a new one cannot be made', async () => {
    await writeReport(root, sampleReport(), sampleRun());
    const before = readFileSync(join(root, 'report.json'), 'utf8');
    await expect(
      writeFiles(root, [
        ['report.json', 'new'],
        ['no/such/folder.html', 'new'],
      ]),
    ).rejects.toEqual(unwritable(/a folder of the path does not exist/));
    expect(readFileSync(join(root, 'report.json'), 'utf8')).toBe(before);
    expect(readdirSync(root).sort()).toEqual(['report.html', 'report.json', 'run.json']);
  });

  it('refuses when a folder stands where a file should go', async () => {
    mkdirSync(join(root, 'report.html'));
    await expect(writeFiles(root, [['report.html', 'x']])).rejects.toEqual(unwritable(/a folder stands/));
    expect(readdirSync(root)).toEqual(['report.html']);
  });

  it('lets a fault of ours pass as what it is', async () => {
    const report = sampleReport();
    report.results[0]!.metrics.auc!.value = 7;
    await expect(writeReport(root, report, sampleRun())).rejects.toThrow(
      /^internal: report breaks its schema/,
    );
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('readReport', () => {
  const refusal = (code: string, pattern: RegExp) =>
    expect.objectContaining({ code, message: expect.stringMatching(pattern) });

  it('says that there is none', async () => {
    await expect(readReport(root)).rejects.toEqual(refusal('MLD_REPORT_MISSING', /no report at/));
    expect(await readRun(root, 'audit')).toBeUndefined();
  });

  it.each([
    ['{"schema": "ml-doctor/rep', /is not JSON/],
    ['null', /has schema none/],
    ['{"schema": "ml-doctor/report@2"}', /has schema "ml-doctor\/report@2", not "ml-doctor\/report@1"/],
    ['{"schema": "ml-doctor/report@1"}', /report\.json at tool: /],
  ])('refuses %s', async (text, pattern) => {
    writeFileSync(join(root, 'report.json'), text);
    await expect(readReport(root)).rejects.toEqual(refusal('MLD_REPORT_INVALID', pattern));
  });

  it('names the place of a wrong value', async () => {
    const report = JSON.parse(reportToJson(sampleReport()));
    report.results[1].metrics.auc.low = 0.99;
    writeFileSync(join(root, 'report.json'), JSON.stringify(report));
    await expect(readReport(root)).rejects.toEqual(
      refusal('MLD_REPORT_INVALID', /results\.1\.metrics\.auc: the interval does not contain the value/),
    );
  });
});

describe('kindIn', () => {
  const put = (...names: string[]) => {
    for (const name of names) writeFileSync(join(root, name), '{}');
  };

  it.each([
    [['report.json'], 'audit'],
    [['study.json'], 'study'],
    [['report.json', 'study.json'], 'audit'],
  ])('of %j is %s', async (names, kind) => {
    put(...names);
    expect(await kindIn(root)).toBe(kind);
  });

  it.each(['audit', 'study'] as const)('of both is the one written last: %s', async (of) => {
    put('report.json', 'study.json');
    writeFileSync(join(root, 'run.json'), runToJson({ ...sampleRun(), of }));
    expect(await kindIn(root)).toBe(of);
    expect(await readRun(root, of)).toEqual({ ...sampleRun(), of });
    expect(await readRun(root, of === 'audit' ? 'study' : 'audit')).toBeUndefined();
  });

  it('of a run that does not say serves both', async () => {
    writeFileSync(join(root, 'run.json'), runToJson(sampleRun()));
    expect(await readRun(root, 'audit')).toEqual(sampleRun());
    expect(await readRun(root, 'study')).toEqual(sampleRun());
  });

  it('of neither names both files', async () => {
    await expect(kindIn(join(root, 'no'))).rejects.toEqual(
      expect.objectContaining({
        code: 'MLD_REPORT_MISSING',
        message: expect.stringMatching(/no[/\\]report\.json.* no[/\\]?.*study\.json/),
      }),
    );
  });
});
