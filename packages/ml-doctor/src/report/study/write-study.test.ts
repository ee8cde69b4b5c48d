/** A study's folder holds every report and the study over them, written whole and in an order that readers can trust. */

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
import { sampleRun } from '../../../test/report/sample-report.ts';
import { sampleAbout, sampleAudits } from '../../../test/report/sample-study.ts';
import { reportToJson } from '../canonical.ts';
import { renderHtml } from '../html/page.ts';
import { kindIn, readReport, readRun } from '../read.ts';
import { readStudy } from './read-study.ts';
import { studyToCsv } from './study-csv.ts';
import { renderStudyHtml } from './study-html.ts';
import { studyToJson } from './study-schema.ts';
import { summariseStudy } from './summarise-study.ts';
import { writeStudy } from './write-study.ts';

// More audits than are written side by side.
const audits = sampleAudits({
  data: ['digits'],
  models: ['mlp', 'cnn'],
  defenses: [{ name: 'none', params: {} }],
  seeds: [0, 1, 2, 3, 4],
});
const study = summariseStudy(audits, sampleAbout());

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mld-study-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const mode = (path: string) => statSync(path).mode & 0o777;

describe('writeStudy', async () => {
  it('writes a matrix where defences are compared, and leaves none of an earlier study', async () => {
    const grid = { data: ['digits'], models: ['mlp'], seeds: [0] };
    const two = sampleAudits({
      ...grid,
      defenses: [
        { name: 'none', params: {} },
        { name: 'l2', params: {} },
      ],
    });
    const { matrix } = await writeStudy(root, summariseStudy(two, sampleAbout()), two, {
      ...sampleRun(),
      trainings: Object.fromEntries(two.map(({ id }, i) => [id, 10 + 5 * i])),
    });
    expect(matrix).toEqual({ csv: join(root, 'matrix.csv'), tex: join(root, 'matrix.tex') });
    expect(readFileSync(matrix!.csv, 'utf8').trimEnd().split('\n')).toHaveLength(1 + 2 * 2);
    expect(readFileSync(matrix!.csv, 'utf8')).toContain(',15,1.5,0,');
    expect(readFileSync(matrix!.tex, 'utf8')).toContain('\\begin{tabular}{lcc}');
    expect(mode(matrix!.csv)).toBe(mode(join(root, 'study.json')));
    const { matrix: none } = await writeStudy(root, study, audits, sampleRun());
    expect(none).toBeUndefined();
    expect(readdirSync(root).filter((name) => name.startsWith('matrix'))).toEqual([]);
  });

  it('writes all files for their owner only, and says where', async () => {
    const paths = await writeStudy(root, study, audits, sampleRun());
    expect(paths).toEqual({
      json: join(root, 'study.json'),
      html: join(root, 'study.html'),
      csv: join(root, 'study.csv'),
      run: join(root, 'run.json'),
      audits: join(root, 'audits'),
    });
    expect(readdirSync(root).sort()).toEqual(['audits', 'run.json', 'study.csv', 'study.html', 'study.json']);
    expect(readdirSync(paths.audits).sort()).toEqual(audits.map(({ id }) => id).sort());
    for (const { id } of audits) {
      const folder = join(paths.audits, id);
      expect(readdirSync(folder).sort()).toEqual(['report.html', 'report.json']);
      expect([mode(folder), mode(join(folder, 'report.html')), mode(join(folder, 'report.json'))]).toEqual([
        0o700, 0o600, 0o600,
      ]);
    }
    for (const name of ['run.json', 'study.csv', 'study.html', 'study.json'])
      expect(mode(join(root, name))).toBe(0o600);
  });

  it('writes what is read back and rendered again to the same bytes', async () => {
    const paths = await writeStudy(root, study, audits, sampleRun());
    const read = await readStudy(root);
    const run = await readRun(root, 'study');
    expect(await kindIn(root)).toBe('study');
    expect(run).toEqual({ ...sampleRun(), of: 'study' });
    expect(readFileSync(paths.json, 'utf8')).toBe(studyToJson(study));
    expect(studyToCsv(read)).toBe(readFileSync(paths.csv, 'utf8'));
    expect(renderStudyHtml(read, run)).toBe(readFileSync(paths.html, 'utf8'));
    for (const { id, report } of audits) {
      const folder = join(root, 'audits', id);
      const again = await readReport(folder);
      expect(reportToJson(again)).toBe(reportToJson(report));
      expect(await renderHtml(again)).toBe(readFileSync(join(folder, 'report.html'), 'utf8'));
    }
    for (const { report } of read.audits) expect(existsSync(join(root, report))).toBe(true);
  });

  it('leaves the audits of another grid where they are', async () => {
    await writeStudy(root, study, audits, sampleRun());
    const fewer = audits.slice(0, 2);
    await writeStudy(root, summariseStudy(fewer, sampleAbout()), fewer, sampleRun());
    expect(readdirSync(join(root, 'audits'))).toHaveLength(audits.length);
    expect((await readStudy(root)).audits.map(({ id }) => id)).toEqual(fewer.map(({ id }) => id));
  });

  it('keeps the former study when an audit cannot be written', async () => {
    await writeStudy(root, summariseStudy([], sampleAbout()), [], sampleRun());
    const before = readFileSync(join(root, 'study.json'), 'utf8');
    mkdirSync(join(root, 'audits'));
    writeFileSync(join(root, 'audits', audits[3]!.id), 'mine');
    await expect(writeStudy(root, study, audits, sampleRun())).rejects.toEqual(
      expect.objectContaining({
        code: 'MLD_OUTPUT_UNWRITABLE',
        message: expect.stringContaining(audits[3]!.id),
      }),
    );
    expect(readFileSync(join(root, 'study.json'), 'utf8')).toBe(before);
    expect(readFileSync(join(root, 'audits', audits[3]!.id), 'utf8')).toBe('mine');
    const left = readdirSync(join(root, 'audits'), { recursive: true }).map(String);
    expect(left.filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('writes nothing when study and reports do not belong together', async () => {
    await expect(writeStudy(root, study, audits.slice(1), sampleRun())).rejects.toThrow(/^internal: /);
    const hostile = [{ id: '../../escape', report: audits[0]!.report }];
    await expect(
      writeStudy(root, summariseStudy(hostile, sampleAbout()), hostile, sampleRun()),
    ).rejects.toThrow(/^internal: study breaks its schema at audits.0.id/);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('readStudy', async () => {
  it.each([
    ['{', 'MLD_REPORT_INVALID', /is not JSON/],
    ['{"schema": "ml-doctor/report@1"}', 'MLD_REPORT_INVALID', /not "ml-doctor\/study@1"/],
    [
      studyToJson(study).replace('"seed": 4', '"seed": -4'),
      'MLD_REPORT_INVALID',
      /study\.json at audits\.4\.seed/,
    ],
    [undefined, 'MLD_REPORT_MISSING', /no study at .*study\.json/],
  ])('refuses %.30s', async (text, code, message) => {
    if (text !== undefined) writeFileSync(join(root, 'study.json'), text);
    await expect(readStudy(root)).rejects.toEqual(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
