/** The output folder: proved writable before any work, and filled file by file so that no reader ever meets half a file. */

import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AuditError } from '../errors.ts';
import { canonicalValue, reportToJson } from './canonical.ts';
import { renderHtml } from './html.ts';
import { type Run, runSchema, runToJson } from './run-record.ts';
import { type Report, reportSchema } from './schema.ts';

/** Owner only: reports name training records, artifacts contain them. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

const TEMPORARY = /^\.[\w.-]+\.(\d+)-[0-9a-f]{8}\.tmp$/;

export interface PreparedOutput {
  /** Absolute path. */
  readonly dir: string;
  /** Removes the folders made by {@link prepareOutput} that are still empty: for a run that ends before it has anything to keep. */
  discardIfEmpty(): Promise<void>;
}

/**
 * Creates the folder, writes and removes a probe file, and clears away temporary files of killed runs.
 * When it fails, what it created is gone again.
 *
 * @throws AuditError MLD_OUTPUT_UNWRITABLE when the path is a file, cannot be created or cannot be written to.
 */
export async function prepareOutput(path: string): Promise<PreparedOutput> {
  const dir = resolve(path);
  let firstMade: string | undefined;
  const discardIfEmpty = async () => {
    if (firstMade !== undefined) await removeEmptyUpTo(dir, firstMade);
  };
  try {
    await makeFolders(dir, (made) => {
      firstMade ??= made;
    });
    const probe = temporaryName(dir, 'probe');
    await writeSynced(probe, 'probe');
    await rm(probe);
    await clearLeftovers(dir);
  } catch (cause) {
    await discardIfEmpty();
    throw unwritable(dir, cause);
  }
  return { dir, discardIfEmpty };
}

/**
 * Writes `run.json`, `report.html` and, last, `report.json` into an existing folder; returns their paths.
 * All three are complete on disk before the first takes its name.
 *
 * @throws AuditError MLD_OUTPUT_UNWRITABLE; nothing half-written stays behind.
 */
export async function writeReport(
  dir: string,
  report: Report,
  run: Run,
): Promise<{ json: string; html: string; run: string }> {
  await writeFiles(dir, [
    ['run.json', runToJson(run)],
    [
      'report.html',
      renderHtml(canonicalValue(reportSchema, report, 'report'), canonicalValue(runSchema, run, 'run')),
    ],
    ['report.json', reportToJson(report)],
  ]);
  return { json: join(dir, 'report.json'), html: join(dir, 'report.html'), run: join(dir, 'run.json') };
}

/** Writes files into a folder with mode 0600, each replaced at once, in the order given. */
export async function writeFiles(
  dir: string,
  files: readonly (readonly [name: string, text: string])[],
): Promise<void> {
  const pending: { temporary: string; final: string }[] = [];
  try {
    for (const [name, text] of files) {
      const temporary = temporaryName(dir, name);
      pending.push({ temporary, final: join(dir, name) });
      await writeSynced(temporary, text);
    }
    for (const { temporary, final } of pending) await rename(temporary, final);
  } catch (cause) {
    await Promise.all(pending.map(({ temporary }) => rm(temporary, { force: true }).catch(() => undefined)));
    throw unwritable(dir, cause);
  }
}

/**
 * Creates what is missing of a path, from the top. Not mkdir's `recursive`, which never returns where a system folder
 * refuses new entries with ENOENT (`/proc` on Node 20).
 */
async function makeFolders(dir: string, onMade: (path: string) => void): Promise<void> {
  const missing: string[] = [];
  for (let path = dir; ; path = dirname(path)) {
    const found = await stat(path).catch(absent);
    if (found?.isDirectory()) break;
    if (found !== undefined)
      throw Object.assign(new Error(path), { code: path === dir ? 'EEXIST' : 'ENOTDIR' });
    missing.unshift(path);
  }
  for (const path of missing) {
    try {
      await mkdir(path, { mode: FOLDER_MODE });
    } catch (error) {
      // Another run made it in between; should it be a file, the next step says so.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    onMade(path);
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE);
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}

function temporaryName(dir: string, name: string): string {
  return join(dir, `.${name}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
}

async function clearLeftovers(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const pid = Number(TEMPORARY.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await rm(join(dir, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function removeEmptyUpTo(dir: string, top: string): Promise<void> {
  for (let current = dir; ; current = dirname(current)) {
    try {
      await rmdir(current);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return;
    }
    if (current === top || current === dirname(current)) return;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file',
  ENOTDIR: 'part of the path is a file',
  EISDIR: 'a folder stands where a file should go',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};

function unwritable(dir: string, cause: unknown): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  // An error without a system code is a fault of ours, not of the folder.
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return cause;
  return new AuditError(
    'MLD_OUTPUT_UNWRITABLE',
    `cannot write to ${dir}: ${REASONS[code] ?? code}`,
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'Free some space, or choose another folder (--out).'
      : 'Make it writable, or choose another folder (--out).',
    { cause },
  );
}
