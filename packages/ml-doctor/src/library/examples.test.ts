/** The examples of the documentation run, find what is there to be found, and stand in docs/library.md as they are. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fixtureModel } from '../../test/golden/models/read-models.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';

const docs = fileURLToPath(new URL('../../../../docs/', import.meta.url));
const example = (name: string) => import(join(docs, 'examples', name));

describe('the examples of the documentation', () => {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    vi.spyOn(console, 'warn').mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(() => vi.restoreAllMocks());

  it('audit a function, and find that it has learned its records by heart', async () => {
    const { result } = await example('function.ts');
    const [loss] = result.report.results;
    expect(loss.metrics.auc.low).toBeGreaterThan(0.6);
    expect(lines.join('\n')).toContain('a function, 2 classes');
    expect(result.report.data.source).toBe(
      'members: in-memory/members.npz (80 records); non-members: in-memory/nonMembers.npz (80 records)',
    );
  });

  it('audit an ONNX file, and write the report', async () => {
    const folder = temporaryFolder();
    vi.stubEnv('REPORT', folder);
    const { result } = await example('onnx.ts').finally(() => vi.unstubAllEnvs());
    const loss = result.report.results.find((one: { attack: string }) => /loss-threshold/.test(one.attack));
    expect(loss.metrics.auc.value).toBeCloseTo(fixtureModel('sklearn-forest').expected.lossAuc, 2);
    expect(lines.join('\n')).toMatch(/right on (\d+) of \1 members/);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['report.html', 'report.json', 'run.json']));
    expect(statSync(join(folder, 'report.json')).mode & 0o777).toBe(0o600);
  });

  it('audit outputs in memory', async () => {
    const { report } = await example('outputs.ts');
    expect(report.data.source).toBe('saved outputs: in-memory/outputs.npz (400 rows)');
    expect(lines[0]).toMatch(/^membership\/loss-threshold: AUC 0\.\d+ \(0\.\d+ to 0\.\d+\)$/);
  });

  it('hold an audit against a policy', async () => {
    const { passes, checks } = await example('gate.ts');
    expect(passes).toBe(false);
    expect(checks.map(({ ok }: { ok: boolean }) => ok)).toEqual([false, false, true]);
    expect(lines.at(-1)).toBe('The model stays.');
  });
});

describe('docs/library.md', () => {
  const page = readFileSync(join(docs, 'library.md'), 'utf8');

  it('shows every example as it is', () => {
    const files = readdirSync(join(docs, 'examples'));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files)
      expect(page, file).toContain(`\`\`\`ts\n${readFileSync(join(docs, 'examples', file), 'utf8')}\`\`\``);
  });
});
