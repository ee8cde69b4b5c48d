/** The example of docs/ci, as a CI system would run it: the commands of its YAML, one after the other, on its own audit. */

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSarif } from '../gate/sarif-rules.ts';
import { temporaryFolder } from '../study/temporary-folder.ts';

const DOCS = fileURLToPath(new URL('../../../../docs/', import.meta.url));
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
}

const text = readFileSync(join(DOCS, 'ci/github-actions.yml'), 'utf8');
const steps = (parse(text) as { jobs: { gate: { steps: Step[] } } }).jobs.gate.steps;

/** What `npx ml-doctor` and `npm install` are here: the program in its sources, and nothing. */
const PRELUDE = `set -eo pipefail
npm() { [ "$1" = install ]; }
npx() { [ "$1" = ml-doctor ] && shift && "$NODE" --import "$TSX" --conditions=source "$MAIN" "$@"; }
`;

function runAll(folder: string): { readonly status: number; readonly output: string } {
  let status = 0;
  let output = '';
  for (const step of steps) {
    if (step.run === undefined || (status !== 0 && step.if !== 'always()')) continue;
    const ended = spawnSync('bash', ['-c', PRELUDE + step.run], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...{ MAIN, NODE: process.execPath, NO_COLOR: '1' },
        TSX: import.meta.resolve('tsx'),
        GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      },
    });
    output += ended.stdout + ended.stderr;
    status ||= ended.status ?? 70;
  }
  return { status, output };
}

describe.skipIf(process.platform === 'win32')('the GitHub Actions example', () => {
  it('lets its model pass, and stops it under a stricter policy', { timeout: 240_000 }, () => {
    const folder = temporaryFolder();
    for (const name of ['audit.yaml', 'policy.yaml']) cpSync(join(DOCS, 'ci', name), join(folder, name));
    const passed = runAll(folder);
    expect(passed.output).toContain('The gate lets it pass');
    expect(passed.status).toBe(0);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toMatch(/^## Privacy audit of mlp/);
    for (const { with: { sarif_file, path } = {} } of steps)
      for (const file of [sarif_file, ...(path ?? '').split('\n')].filter(
        (one) => one?.includes('report') || one?.endsWith('sarif'),
      ))
        expect(existsSync(join(folder, file!)), file).toBe(true);

    // The same report, as its store has everything, but another policy.
    const stricter = readFileSync(join(folder, 'policy.yaml'), 'utf8').replace('max: 0.6 ', 'max: 0.5 ');
    writeFileSync(join(folder, 'policy.yaml'), stricter);
    const stopped = runAll(folder);
    expect(stopped.status).toBe(1);
    expect(stopped.output).toContain('The gate says NO');
    expect(
      readSarif(readFileSync(join(folder, 'ml-doctor-out/gate.sarif'), 'utf8')).results.length,
    ).toBeGreaterThan(0);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8').match(/^## Privacy audit/gm)).toHaveLength(2);
  });

  it('is what docs/gate.md shows', () => {
    const page = readFileSync(join(DOCS, 'gate.md'), 'utf8');
    for (const { run } of steps)
      if (run !== undefined && !run.includes('\n')) expect(page).toContain(`- run: ${run}`);
  });
});
