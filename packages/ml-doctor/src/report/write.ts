/** The output folder: proved writable before any work, and filled file by file so that no reader ever meets half a file. */

import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolders, syncFolder, writeSynced } from '../files/atomic-write.ts';
import { unwritable } from '../files/system-error.ts';
import { canonicalValue, reportToJson } from './canonical.ts';
import { renderHtml } from './html/page.ts';
import { type Run, runSchema, runToJson } from './run-record.ts';
import { type Report, reportSchema } from './schema.ts';

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
    throw unwritable(dir, cause, '--out');
  }
  return { dir, discardIfEmpty };
}

/** A file that belongs to a report, as the scores of single records. */
export interface ReportFile {
  /** Relative to the folder of the report: `artifacts/NAME`. */
  readonly path: string;
  readonly read: () => Promise<Uint8Array>;
}

/** Writes the files that belong to a report below its folder. */
export async function writeReportFiles(dir: string, files: readonly ReportFile[]): Promise<void> {
  for (const { path, read } of files) {
    const folder = join(dir, dirname(path));
    try {
      await makeFolders(folder);
      await clearLeftovers(folder);
    } catch (cause) {
      throw unwritable(folder, cause, '--out');
    }
    await writeFiles(folder, [[basename(path), await read()]]);
  }
}

/**
 * Writes `artifacts/`, `run.json`, `report.html` and, last, `report.json` into an existing folder; returns their paths.
 * The last three are complete on disk before the first takes its name.
 *
 * @throws AuditError MLD_OUTPUT_UNWRITABLE; nothing half-written stays behind.
 */
export async function writeReport(
  dir: string,
  report: Report,
  run: Run,
  files: readonly ReportFile[] = [],
): Promise<{ json: string; html: string; run: string }> {
  const html = await renderHtml(
    canonicalValue(reportSchema, report, 'report'),
    canonicalValue(runSchema, run, 'run'),
  );
  await writeReportFiles(dir, files);
  await writeFiles(dir, [
    ['run.json', runToJson({ ...run, of: 'audit' })],
    ['report.html', html],
    ['report.json', reportToJson(report)],
  ]);
  return { json: join(dir, 'report.json'), html: join(dir, 'report.html'), run: join(dir, 'run.json') };
}

/** Writes files into a folder, for their owner only as reports name training records, each replaced at once, in the order given. */
export async function writeFiles(
  dir: string,
  files: readonly (readonly [name: string, content: string | Uint8Array])[],
): Promise<void> {
  const pending: { temporary: string; final: string }[] = [];
  try {
    for (const [name, content] of files) {
      const temporary = temporaryName(dir, name);
      pending.push({ temporary, final: join(dir, name) });
      await writeSynced(temporary, content);
    }
    for (const { temporary, final } of pending) await rename(temporary, final);
    await syncFolder(dir);
  } catch (cause) {
    await Promise.all(pending.map(({ temporary }) => rm(temporary, { force: true }).catch(() => undefined)));
    throw unwritable(dir, cause, '--out');
  }
}

function temporaryName(dir: string, name: string): string {
  return join(dir, `.${name}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
}

/** Removes temporary files of killed runs from a folder. Throws the system's error. */
export async function clearLeftovers(dir: string): Promise<void> {
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
