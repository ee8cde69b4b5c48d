/** The program as a child process: exit statuses, streams and signals as a shell sees them. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const DEMO = fileURLToPath(new URL('../../test/cli/demo-process.ts', import.meta.url));

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mld-process-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function start(script: string, args: string[], mode = 'done') {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', script, ...args], {
    env: { ...process.env, MODE: mode, NO_COLOR: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
  return { child, ended };
}

describe('the ml-doctor program', () => {
  it('prints help with examples', async () => {
    const { status, stdout, stderr } = await start(MAIN, ['--help']).ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Usage: ml-doctor');
    expect(stdout).toContain('Examples:');
  });

  it('prints the version of its package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await start(MAIN, ['--version']).ended).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('ends with 2 on an unknown option', async () => {
    const { status, stdout, stderr } = await start(MAIN, ['--colour']).ended;
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain("error[MLD_USAGE]: unknown option '--colour'");
  });

  it('ends with 2 where there is no report', async () => {
    const { status, stderr } = await start(MAIN, ['report', root]).ended;
    expect(status).toBe(2);
    expect(stderr).toContain('error[MLD_REPORT_MISSING]');
  });

  it.runIf(process.platform === 'linux')('ends with 2 on a folder nobody can make', async () => {
    const { status, stderr } = await start(DEMO, ['demo', '--out', '/proc/ml-doctor']).ended;
    expect(status).toBe(2);
    expect(stderr).toContain('error[MLD_OUTPUT_UNWRITABLE]');
  });

  it('runs a demo to its end, result on stdout, progress on stderr', async () => {
    const { status, stdout, stderr } = await start(DEMO, ['demo', '--out', root]).ended;
    expect(status).toBe(0);
    expect(stderr).toBe('Nothing to train or compute: all 2 tasks are in the store.\n');
    expect(stdout).toContain('report.html');
    expect(readdirSync(root).sort()).toEqual(['report.html', 'report.json', 'run.json']);
  });

  it('finishes its work when the reader of stdout goes away', async () => {
    const { child, ended } = start(DEMO, ['demo', '--out', root, '--json']);
    child.stdout.destroy();
    const { status, stderr } = await ended;
    expect(status).toBe(0);
    expect(stderr).not.toContain('EPIPE');
    expect(readdirSync(root)).toContain('report.json');
  });

  it.skipIf(process.platform === 'win32').each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops cleanly on %s', async (signal, expected) => {
    const { child, ended } = start(DEMO, ['demo', '--out', join(root, 'out')], 'wait');
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk) => String(chunk).includes('waiting') && resolve());
    });
    child.kill(signal);
    const { status, stderr } = await ended;
    expect(status).toBe(expected);
    expect(stderr).toContain('error[MLD_ABORTED]');
    expect(stderr).toContain('run the same command again to continue');
    expect(readdirSync(root)).toEqual([]);
  });
});
