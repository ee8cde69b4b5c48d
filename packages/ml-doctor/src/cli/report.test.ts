/** Audits and studies rendered again from their folders. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleReport, sampleRun } from '../../test/report/sample-report.ts';
import { sampleAbout, sampleAudits } from '../../test/report/sample-study.ts';
import { summariseStudy } from '../report/study/summarise-study.ts';
import { writeStudy } from '../report/study/write-study.ts';
import { writeReport } from '../report/write.ts';
import { addReport } from './report.ts';

const audits = sampleAudits({
  data: ['digits'],
  models: ['mlp'],
  defenses: [{ name: 'none', params: {} }],
  seeds: [0, 1],
});
const study = summariseStudy(audits, sampleAbout());

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mld-again-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What the command prints. */
async function report(...args: string[]): Promise<string> {
  let printed = '';
  const stdout = {
    write: (text: string) => {
      printed += text;
    },
  };
  const program = new Command().exitOverride().configureOutput({ outputError: () => {} });
  const io = { stdout, stderr: stdout, env: {} };
  addReport(program, { io, signal: new AbortController().signal, exitStatus: 0 });
  await program.parseAsync(['report', ...args], { from: 'user' });
  return printed;
}

const contents = (...names: string[]) => names.map((name) => readFileSync(join(root, name), 'utf8'));

describe('ml-doctor report of a study', () => {
  it('gives the files of the run again, byte for byte, and a text', async () => {
    await writeStudy(root, study, audits, sampleRun());
    const names = ['study.html', 'study.json', 'study.csv'];
    const before = contents(...names);
    for (const name of ['study.html', 'study.csv']) rmSync(join(root, name));
    const printed = await report(root, '--format', 'csv,txt,json,html');
    expect(printed).toBe(
      ['html', 'json', 'txt', 'csv'].map((format) => `${join(root, `study.${format}`)}\n`).join(''),
    );
    expect(contents(...names)).toEqual(before);
    expect(contents('study.txt')[0]).toContain('Privacy study: mlp on digits');
    expect(contents('study.txt')[0]).toContain('estimated 2 min 55 s');
  });

  it('with several defences gives its matrix again too', async () => {
    const defended = sampleAudits({
      data: ['digits'],
      models: ['mlp'],
      defenses: [
        { name: 'none', params: {} },
        { name: 'l2', params: { lambda: 0.1 } },
      ],
      seeds: [0],
    });
    await writeStudy(root, summariseStudy(defended, sampleAbout()), defended, sampleRun());
    const names = ['study.csv', 'matrix.csv', 'matrix.tex'];
    const before = contents(...names);
    for (const name of names) rmSync(join(root, name));
    const printed = await report(root, '--format', 'csv,latex');
    expect(printed).toBe(names.map((name) => `${join(root, name)}\n`).join(''));
    expect(contents(...names)).toEqual(before);
  });

  it('with one defence has no matrix, and says so', async () => {
    await writeStudy(root, study, audits, sampleRun());
    await expect(report(root, '--format', 'latex')).rejects.toMatchObject({
      code: 'MLD_USAGE',
      message: expect.stringContaining('a study without a matrix, which has no latex form'),
      hint: expect.stringContaining('two defences or more'),
    });
  });

  it('writes the page by default, without a run.json too', async () => {
    await writeStudy(root, study, audits, sampleRun());
    rmSync(join(root, 'run.json'));
    expect(JSON.parse(await report(root, '--json'))).toEqual([join(root, 'study.html')]);
    expect(contents('study.html')[0]).not.toContain('2026-03-02');
  });

  it('works on a single audit of it', async () => {
    await writeStudy(root, study, audits, sampleRun());
    const folder = join(root, 'audits', audits[1]!.id);
    expect(await report(folder)).toBe(`${join(folder, 'report.html')}\n`);
  });

  it('refuses what is no study', async () => {
    writeFileSync(join(root, 'study.json'), '{"schema":"ml-doctor/study@1"}');
    await expect(report(root)).rejects.toMatchObject({ code: 'MLD_REPORT_INVALID' });
    expect(readdirSync(root)).toEqual(['study.json']);
  });
});

describe('ml-doctor report of a folder', () => {
  it('with both renders the one written last, with its own run', async () => {
    await writeStudy(root, study, audits, { ...sampleRun(), startedAt: '2020-01-01T00:00:00.000Z' });
    await writeReport(root, sampleReport(), sampleRun());
    expect(await report(root)).toBe(`${join(root, 'report.html')}\n`);
    expect(contents('report.html')[0]).toContain('2026-03-02');
    await writeStudy(root, study, audits, { ...sampleRun(), startedAt: '2020-01-01T00:00:00.000Z' });
    expect(await report(root)).toBe(`${join(root, 'study.html')}\n`);
    expect(contents('study.html')[0]).toContain('2020-01-01');
  });

  it('of one audit gives every format there is', async () => {
    await writeReport(root, sampleReport(), sampleRun());
    const names = [
      ...['report.html', 'report.json', 'report.txt', 'report.md', 'report.csv', 'report.tex'],
      ...['report.junit.xml', 'report.sarif'],
    ];
    const json = contents('report.json');
    expect(await report(root, '--format', 'html,json,txt,md,csv,latex,junit,sarif')).toBe(
      names.map((name) => `${join(root, name)}\n`).join(''),
    );
    expect(contents('report.json')).toEqual(json);
    const [md, csv, tex, junit, sarif] = contents(...names.slice(3));
    expect(md).toMatch(/^## Privacy audit of/);
    expect(csv).toMatch(/^report,data,/);
    expect(tex).toContain('\\toprule');
    expect(junit).toMatch(/^<\?xml /);
    expect(JSON.parse(sarif!).version).toBe('2.1.0');
  });

  it('of a study has no sarif, and says what there is', async () => {
    await writeStudy(root, study, audits, sampleRun());
    rmSync(join(root, 'study.html'));
    await expect(report(root, '--format', 'html,sarif')).rejects.toMatchObject({
      code: 'MLD_USAGE',
      message: expect.stringContaining('which has no sarif form'),
      hint: expect.stringContaining('sarif is for single audits'),
    });
    expect(existsSync(join(root, 'study.html'))).toBe(false);
  });

  it('with neither names both files', async () => {
    await expect(report(root)).rejects.toMatchObject({
      code: 'MLD_REPORT_MISSING',
      message: `no report at ${join(root, 'report.json')}, and no study at ${join(root, 'study.json')}`,
    });
  });
});
