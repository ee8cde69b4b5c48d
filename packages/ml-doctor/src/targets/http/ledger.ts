/**
 * Every query to an endpoint, in one file that only grows: how many records were sent, before they are; and each answer,
 * before it is used. So a killed run pays for what it sent, and no run pays for an answer twice.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders, syncFolder } from '../../files/atomic-write.ts';
import { systemReason, unwritable } from '../../files/system-error.ts';
import type { Drift } from './endpoint.ts';
import { damaged, type Entry, fromLine, packRow, toLine, unpackRow } from './ledger-lines.ts';
import { lockLedger } from './ledger-lock.ts';

export interface Answered {
  readonly key: string;
  readonly row: Float32Array;
}

export interface Ledger {
  readonly sent: number;
  /** Of this target, over all runs. */
  readonly drift: Drift;
  row(key: string): Float32Array | undefined;
  /** Whether the answer is from an earlier run. */
  isEarlier(key: string): boolean;
  /** Answers of earlier runs. */
  readonly earlier: number;
  /** Counts at once, and is on disk when it resolves. */
  spend(records: number): Promise<void>;
  /** On disk when it resolves, and only then to be seen. */
  keep(answers: readonly Answered[]): Promise<void>;
  note(drift: Drift): Promise<void>;
  close(): Promise<void>;
}

export interface LedgerOptions {
  /** Digest of everything that makes it the same target. */
  readonly of: string;
  readonly classes: number;
  /** Nothing is written, locked or made. */
  readonly readOnly: boolean;
}

/** @throws {AuditError} MLD_STORE_CORRUPT, MLD_STORE_BUSY, MLD_OUTPUT_UNWRITABLE */
export const openLedger = async (folder: string, options: LedgerOptions): Promise<Ledger> => {
  const path = join(folder, 'queries.jsonl');
  if (options.readOnly) return ledgerOf(await readAll(path, options), options);
  try {
    await makeFolders(folder);
    const lock = await lockLedger(folder);
    try {
      const read = await readAll(path, options);
      const handle = await open(path, 'a', 0o600);
      try {
        // A line that a killed process had begun.
        await handle.truncate(read.length);
        if (read.length === 0) await handle.appendFile(toLine({ ledger: 1 }));
        await handle.sync();
        await syncFolder(folder);
      } catch (error) {
        await handle.close();
        throw error;
      }
      const file = appender(handle, path);
      return ledgerOf(read, options, {
        append: file.append,
        close: async () => {
          await file.settled();
          await handle.close();
          await lock.release();
        },
      });
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw unwritable(folder, error);
  }
};

interface Contents {
  sent: number;
  drift: Drift;
  readonly rows: Map<string, Float32Array>;
  /** Bytes of whole lines. */
  length: number;
}

interface File {
  append(text: string): Promise<void>;
  close(): Promise<void>;
}

const ledgerOf = (read: Contents, { of }: LedgerOptions, file?: File): Ledger => {
  const early = new Set(read.rows.keys());
  const append = (entries: readonly Entry[]): Promise<void> => {
    if (file === undefined) throw new Error('internal: a ledger that is only read was written to');
    return file.append(entries.map(toLine).join(''));
  };
  let closed: Promise<void> | undefined;
  return {
    get sent() {
      return read.sent;
    },
    get drift() {
      return read.drift;
    },
    earlier: early.size,
    row: (key) => read.rows.get(key),
    isEarlier: (key) => early.has(key),
    spend: (records) => {
      read.sent += records;
      return append([{ sent: records }]);
    },
    keep: async (answers) => {
      await append(answers.map(({ key, row }) => ({ of, key, row: packRow(row) })));
      for (const { key, row } of answers) read.rows.set(key, row);
    },
    note: async (drift) => {
      read.drift = together(read.drift, drift);
      const { asked, differing, largestDifference: largest } = drift;
      await append([{ of, asked, differing, largest }]);
    },
    close: () => {
      closed ??= file?.close() ?? Promise.resolve();
      return closed;
    },
  };
};

const together = (a: Drift, b: Drift): Drift => ({
  asked: a.asked + b.asked,
  differing: a.differing + b.differing,
  largestDifference: Math.max(a.largestDifference, b.largestDifference),
});

/** Lines that come while others are written go to disk together. After a failure nothing more is written. */
const appender = (
  handle: FileHandle,
  path: string,
): { append: File['append']; settled: () => Promise<void> } => {
  let waiting: { text: string; readonly done: Promise<void> } | undefined;
  let last = Promise.resolve();
  const append = (text: string): Promise<void> => {
    if (waiting) {
      waiting.text += text;
      return waiting.done;
    }
    const write = async (): Promise<void> => {
      await last;
      const { text } = batch;
      waiting = undefined;
      try {
        await handle.appendFile(text);
        await handle.datasync();
      } catch (error) {
        throw unwritable(path, error);
      }
    };
    const batch: { text: string; done: Promise<void> } = { text, done: Promise.resolve() };
    batch.done = write();
    // Whoever waits for it hears of it.
    batch.done.catch(() => undefined);
    waiting = batch;
    last = batch.done;
    return batch.done;
  };
  return { append, settled: () => last.catch(() => undefined) };
};

const readAll = async (path: string, { of, classes }: LedgerOptions): Promise<Contents> => {
  const contents: Contents = {
    sent: 0,
    drift: { asked: 0, differing: 0, largestDifference: 0 },
    rows: new Map(),
    length: 0,
  };
  let lines = 0;
  const take = (line: Buffer): void => {
    lines += 1;
    const entry = fromLine(line.toString('utf8'), lines, path);
    contents.length += line.length + 1;
    if ('sent' in entry) contents.sent += entry.sent;
    if (!('of' in entry) || entry.of !== of) return;
    if ('asked' in entry) {
      const { asked, differing, largest: largestDifference } = entry;
      contents.drift = together(contents.drift, { asked, differing, largestDifference });
      return;
    }
    const row = unpackRow(entry.row);
    if (row.length !== classes)
      throw damaged(path, `line ${lines} holds ${row.length} numbers for ${classes} classes`);
    contents.rows.set(entry.key, row);
  };
  try {
    let rest: Buffer = Buffer.alloc(0);
    for await (const part of createReadStream(path)) {
      let bytes: Buffer = rest.length > 0 ? Buffer.concat([rest, part as Buffer]) : (part as Buffer);
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
        take(bytes.subarray(0, end));
        bytes = bytes.subarray(end + 1);
      }
      rest = bytes;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // No ledger yet.
    if (code === 'ENOENT') return contents;
    if (typeof code === 'string' && code.startsWith('MLD_')) throw error;
    throw damaged(path, systemReason(error));
  }
  return contents;
};
