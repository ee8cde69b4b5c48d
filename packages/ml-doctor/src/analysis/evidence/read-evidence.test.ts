/** What a study wrote is read as it was, and nothing in its place. */

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleSource } from '../../../test/analysis/sample-evidence.ts';
import { writeSampleStudy } from '../../../test/analysis/write-sample-study.ts';
import { canonicalText } from '../../report/canonical.ts';
import type { StudySource } from './evidence.ts';
import { readEvidence } from './read-evidence.ts';

const one = (model: string) => ({ data: 'celeba', model, modes: { 'MemInf <B,S>': 0.6 } });

let root: string;
const at = (name: string) => ({ name, dir: join(root, name) });

const write = (source: StudySource, name: string) => writeSampleStudy(join(root, name), source);

const source = sampleSource([one('simple-cnn'), one('mlp')], { onnxruntime: '1.2.3' });

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mld-evidence-'));
  await write(source, 'a');
  await write(sampleSource([one('resnet')]), 'b');
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('readEvidence', () => {
  it('reads studies with all their reports, in the order they are named', async () => {
    const [b, a, ...more] = await readEvidence([at('b'), at('a')]);
    expect(more).toEqual([]);
    expect([b?.name, b?.study.audits[0]?.model.name, a?.name]).toEqual(['b', 'resnet', 'a']);
    expect([...a!.reports.keys()]).toEqual(['audit_0', 'audit_1']);
    for (const [id, report] of a!.reports)
      expect(canonicalText(report)).toBe(canonicalText(source.reports.get(id)));
    expect(canonicalText(a!.study)).toBe(canonicalText(source.study));
    expect(a!.onnxruntime).toBe('1.2.3');
  });

  it('knows no version where there is no run', async () => {
    await write(source, 'no-run');
    rmSync(join(root, 'no-run', 'run.json'));
    const [study] = await readEvidence([at('no-run')]);
    expect(study).not.toHaveProperty('onnxruntime');
  });

  it('refuses a folder that is named twice, by whatever name', async () => {
    symlinkSync(join(root, 'a'), join(root, 'again'), 'dir');
    await expect(readEvidence([at('a'), at('b'), at('again')])).rejects.toMatchObject({ code: 'MLD_USAGE' });
  });

  it('refuses a study that is not there, that lacks a report, or whose report is none', async () => {
    await expect(readEvidence([at('nowhere')])).rejects.toMatchObject({ code: 'MLD_REPORT_MISSING' });
    await write(source, 'gap');
    const report = join(root, 'gap', 'audits', 'audit_1', 'report.json');
    writeFileSync(report, '{}');
    await expect(readEvidence([at('gap')])).rejects.toMatchObject({ code: 'MLD_REPORT_INVALID' });
    rmSync(report);
    await expect(readEvidence([at('gap')])).rejects.toMatchObject({
      code: 'MLD_REPORT_MISSING',
      message: expect.stringContaining('audit_1'),
    });
  });
});
