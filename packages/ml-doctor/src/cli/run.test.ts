/** Commands run in this process with streams that remember what was written. */

import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleReport, sampleRun } from '../../test/report/sample-report.ts';
import { AuditError } from '../errors.ts';
import { reportToJson } from '../report/canonical.ts';
import { runCommandLine } from './run.ts';
import type { RunSettings } from './run-settings.ts';
import { type DemoOptions, type Services, services } from './services.ts';

type RunDemo = Services['runDemo'];

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mld-cli-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const finished: RunDemo = async () => ({ report: sampleReport(), files: [], run: sampleRun() });

async function run(
  args: string[],
  options: { runDemo?: RunDemo; tty?: boolean; env?: Record<string, string>; stop?: string } = {},
) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTTY: options.tty === true,
  });
  const stop = new AbortController();
  if (options.stop !== undefined) stop.abort(options.stop);
  const all: Services = { ...services, runDemo: options.runDemo ?? finished };
  const io = { stdout: sink('stdout'), stderr: sink('stderr'), env: options.env ?? {} };
  const status = await runCommandLine(args, io, all, stop.signal);
  return { status, ...written };
}

describe('ml-doctor demo', () => {
  it('writes the report, prints the summary and says where it is', async () => {
    const out = join(root, 'new/out');
    const { status, stdout, stderr } = await run(['demo', '--out', out]);
    expect(status).toBe(0);
    expect(stdout).toContain('Privacy audit of SimpleCNN');
    expect(stdout).toContain(`Report: ${join(out, 'report.html')}`);
    expect(stderr).toBe('');
    expect(readFileSync(join(out, 'report.json'), 'utf8')).toBe(reportToJson(sampleReport()));
  });

  it('prints the very bytes of report.json with --json', async () => {
    const { stdout } = await run(['demo', '--out', root, '--json']);
    expect(stdout).toBe(readFileSync(join(root, 'report.json'), 'utf8'));
  });

  it('hands every option on', async () => {
    const seen: (DemoOptions & RunSettings)[] = [];
    const runDemo: RunDemo = async (demo, settings, onEvent, signal) => {
      seen.push({ ...demo, ...settings });
      return finished(demo, settings, onEvent, signal);
    };
    await run(['demo', '--out', root], { runDemo });
    await run(
      [
        ...['demo', '--quick', '--out', root, '--store', join(root, 's'), '--seed', '7', '--workers', '3'],
        ...['--worker-memory', '2048', '--data-dir', join(root, 'd')],
      ],
      { runDemo },
    );
    expect(seen[0]).toMatchObject({ quick: false, store: join(root, 'store'), seed: 0 });
    expect(seen[0]!.workers).toBeGreaterThanOrEqual(1);
    expect(seen[0]!.workerMemoryMiB).toBeGreaterThan(100);
    expect(seen[1]).toEqual({
      ...{ quick: true, store: join(root, 's'), seed: 7, workers: 3 },
      ...{ workerMemoryMiB: 2048, dataDir: join(root, 'd') },
    });
  });

  it('ends with 3 when the report has holes', async () => {
    const holes = [{ task: 't', code: 'OG_DIVERGED', message: 'm', hint: 'h', blocked: [] }];
    const { status } = await run(['demo', '--out', root], {
      runDemo: async () => ({ report: { ...sampleReport(), holes }, files: [], run: sampleRun() }),
    });
    expect(status).toBe(3);
  });

  it('finds an unwritable folder before any work', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    let worked = false;
    const { status, stderr } = await run(['demo', '--out', file], {
      runDemo: async (...args) => {
        worked = true;
        return finished(...args);
      },
    });
    expect({ status, worked }).toEqual({ status: 2, worked: false });
    expect(stderr).toMatch(
      /^error\[MLD_OUTPUT_UNWRITABLE\]: cannot write to .*file: it is a file\n {2}fix: /,
    );
  });

  it('leaves no folder behind when the audit could not begin', async () => {
    const runDemo: RunDemo = () =>
      Promise.reject(new AuditError('MLD_DATA_CHECKSUM', 'images: wrong checksum', 'Install again.'));
    const { status, stdout, stderr } = await run(['demo', '--out', join(root, 'a/b')], { runDemo });
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe('error[MLD_DATA_CHECKSUM]: images: wrong checksum\n  fix: Install again.\n');
    expect(readdirSync(root)).toEqual([]);
  });

  it('prints an error as one JSON line with --json', async () => {
    const runDemo: RunDemo = () => Promise.reject(new AuditError('MLD_DATA_CHECKSUM', 'm', 'h'));
    const { stderr } = await run(['demo', '--out', root, '--json'], { runDemo });
    expect(JSON.parse(stderr)).toEqual({
      type: 'error',
      code: 'MLD_DATA_CHECKSUM',
      message: 'm',
      hint: 'h',
      exitStatus: 2,
    });
  });

  it('calls anything unexpected a defect, with its stack', async () => {
    const runDemo: RunDemo = () => Promise.reject(new Error('internal: lost a tensor'));
    const { status, stderr } = await run(['demo', '--out', root], { runDemo });
    expect(status).toBe(70);
    expect(stderr).toMatch(
      /^error\[MLD_INTERNAL\]: internal: lost a tensor\n {2}fix: .*report it.*\nError: internal: lost a tensor\n +at /,
    );
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('after %s ends with %i and says that work is kept', async (stop, expected) => {
    const runDemo: RunDemo = () => Promise.reject(new Error('whatever broke'));
    const { status, stderr } = await run(['demo', '--out', root], { runDemo, stop });
    expect(status).toBe(expected);
    expect(stderr).toContain('run the same command again to continue');
    expect(stderr).not.toContain('whatever broke');
  });

  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, {}, false],
  ])('on a terminal (%s) with %j uses colours: %s', async (tty, env, coloured) => {
    const { stdout } = await run(['demo', '--out', root], { tty, env });
    expect(stdout.includes('\u001b[')).toBe(coloured);
  });
});

describe('bad usage', () => {
  it.each([
    [['demo', '--ouz', 'x'], /unknown option '--ouz'\n {2}fix: Did you mean --out\?/],
    [['dmeo'], /unknown command 'dmeo'\n {2}fix: Did you mean demo\?/],
    [['demo', '--seed', '-1'], /'-1' is invalid.*whole number from 0/],
    [['demo', '--seed', '1e3'], /whole number/],
    [['demo', '--workers', '0'], /whole number from 1 to/],
    [['demo', '--out', ''], /--out.*must name a folder/],
    [['demo', '--store', ''], /--store.*must name a folder/],
    [['report', ''], /must name a folder/],
    [['demo', 'surplus'], /too many arguments/],
    [['list'], /missing required argument 'topic'/],
    [
      ['list', 'cakes'],
      /Allowed choices are attacks, defenses, datasets, models, protocols, figures, presets\./,
    ],
    [['report', '.', '--format', 'html,pdf'], /"pdf" is none of html, json, txt/],
  ])('%j ends with 2', async (args, pattern) => {
    const { status, stdout, stderr } = await run(args);
    expect(stderr).toMatch(/^error\[MLD_USAGE\]: /);
    expect(stderr).toMatch(pattern);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('without a command prints the help to stderr and ends with 2', async () => {
    const { status, stdout, stderr } = await run([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('Usage: ml-doctor');
  });
});

describe('ml-doctor list', () => {
  it('lists the data sets of the catalogue', async () => {
    const { status, stdout } = await run(['list', 'datasets']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^fashion-mnist-10k\n {2}title /m);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('as JSON, with licence and size', async () => {
    const { stdout } = await run(['list', 'datasets', '--json']);
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ name: 'fashion-mnist-10k', licence: 'MIT', records: 10_000 }),
    );
  });
});

describe('ml-doctor report', () => {
  it('renders the formats asked for, and no other', async () => {
    await run(['demo', '--out', root]);
    const page = readFileSync(join(root, 'report.html'), 'utf8');
    rmSync(join(root, 'report.html'));
    const { status, stdout } = await run(['report', root, '--format', 'txt,html']);
    expect(status).toBe(0);
    expect(stdout).toBe(`${join(root, 'report.html')}\n${join(root, 'report.txt')}\n`);
    expect(readFileSync(join(root, 'report.html'), 'utf8')).toBe(page);
    expect(readFileSync(join(root, 'report.txt'), 'utf8')).toContain('Privacy audit of SimpleCNN');
  });

  it('needs no run.json, and by default writes the page', async () => {
    writeFileSync(join(root, 'report.json'), reportToJson(sampleReport()));
    const { stdout } = await run(['report', root, '--json']);
    expect(JSON.parse(stdout)).toEqual([join(root, 'report.html')]);
  });

  it.each([
    [undefined, 'MLD_REPORT_MISSING'],
    ['{', 'MLD_REPORT_INVALID'],
    ['{"schema":"other"}', 'MLD_REPORT_INVALID'],
  ])('with report.json %j ends with 2 and writes nothing', async (text, code) => {
    if (text !== undefined) writeFileSync(join(root, 'report.json'), text);
    const { status, stderr } = await run(['report', root]);
    expect(status).toBe(2);
    expect(stderr).toContain(`error[${code}]`);
    expect(existsSync(join(root, 'report.html'))).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'in a read-only folder ends with 2',
    async () => {
      writeFileSync(join(root, 'report.json'), reportToJson(sampleReport()));
      chmodSync(root, 0o500);
      const { status, stderr } = await run(['report', root]);
      chmodSync(root, 0o700);
      expect(status).toBe(2);
      expect(stderr).toContain('permission denied');
    },
  );
});
