/**
 * A folder of finished work: `blobs/ab/cdef…` immutable and named by their SHA-256, `tasks/ab/KEY.json` one record per
 * finished task, written last. A record that is there means the task is done; no locks are needed.
 */

import { access, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AuditError } from '../../errors.ts';
import { makeFolders, writeFileAtomically, writeSynced } from '../../files/atomic-write.ts';
import { systemReason, unwritable } from '../../files/system-error.ts';
import { sweepTemporaries, temporaryPath } from '../../files/temporaries.ts';
import { sha256 } from '../canonical-json.ts';
import type { FinishedTask, TaskCheckpoint } from '../task.ts';
import { folderCheckpoint } from './checkpoint.ts';
import { DECODED } from './decoded.ts';
import { inParallel } from './in-parallel.ts';
import { type StoreSession, startSession, type Waiting } from './sessions.ts';
import { SmallFiles } from './small-files.ts';
import {
  type BlobRef,
  blobName,
  corruptRecord,
  decodeRecord,
  encodeRecord,
  type TaskRecord,
} from './task-record.ts';
import { listPart, placeOf } from './walk.ts';
import { type Write, writeInOrder } from './write-in-order.ts';

/** A record before the store has named its blobs. */
export type NewRecord = Omit<TaskRecord, 'schema' | 'blobs'>;

/**
 * Makes the folder if need be, proves that it can be written, and sweeps what killed writers left.
 * Throws `MLD_OUTPUT_UNWRITABLE`.
 */
export async function openStore(folder: string): Promise<FolderStore> {
  const store = new FolderStore(folder);
  try {
    for (const path of [store.folder, join(store.folder, 'tasks'), join(store.folder, 'blobs')])
      await makeFolders(path);
    const probe = temporaryPath(store.folder);
    try {
      await writeSynced(probe, '');
    } finally {
      await rm(probe, { force: true });
    }
  } catch (error) {
    throw unwritable(store.folder, error, '--store');
  }
  await sweepTemporaries(store.folder);
  await sweepTemporaries(join(store.folder, DECODED));
  for (const part of ['tasks', 'blobs', 'scratch']) {
    const names = await readdir(join(store.folder, part)).catch(() => []);
    await inParallel(names, (name) => sweepTemporaries(join(store.folder, part, name)));
  }
  return store;
}

/** Any number of these, in any number of processes, may work on one folder. `openStore` comes first. */
export class FolderStore {
  readonly folder: string;
  readonly #small = new SmallFiles();

  constructor(folder: string) {
    this.folder = resolve(folder);
  }

  /**
   * Announces that this process writes, so that nobody tidies meanwhile. Hold one while tasks run; only commands that
   * delete look at it. Throws as {@link startSession}.
   */
  startSession(waiting?: Waiting): Promise<StoreSession> {
    return startSession(this.folder, waiting);
  }

  /** Keys of all tasks that have a record, whole or not. Throws `MLD_STORE_CORRUPT` when a folder cannot be read. */
  async keys(): Promise<Set<string>> {
    return new Set((await listPart(this.folder, 'tasks')).ids);
  }

  /**
   * The task's record, or undefined when there is none or one of its blobs is missing or has the wrong length: then
   * the task is simply not done. Throws `MLD_STORE_CORRUPT` when the record itself is damaged.
   */
  async record(key: string): Promise<TaskRecord | undefined> {
    const text = await this.recordText(key);
    if (text === undefined) return undefined;
    const record = decodeRecord(text, key, this.recordPath(key));
    return (await this.lacking(record)).length === 0 ? record : undefined;
  }

  /** The record as it lies on disk, unchecked; undefined when there is none. Throws `MLD_STORE_CORRUPT` when it cannot be read. */
  async recordText(key: string): Promise<string | undefined> {
    const path = this.recordPath(key);
    try {
      return await this.#small.text(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw corruptRecord(path, `cannot be read: ${systemReason(error)}`, error);
    }
  }

  /** Names of the record's blobs that are missing or have the wrong length. */
  async lacking({ blobs }: Pick<TaskRecord, 'blobs'>): Promise<string[]> {
    const lacking: string[] = [];
    for (const [name, ref] of Object.entries(blobs))
      if ((await this.#small.length(this.blobPath(ref.sha256))) !== ref.bytes) lacking.push(name);
    return lacking;
  }

  /** A finished task with access to its blobs. Throws `MLD_STORE_CORRUPT` when it is not in the store, or damaged. */
  async finished(key: string): Promise<FinishedTask> {
    const record = await this.record(key);
    if (record === undefined) {
      throw new AuditError(
        'MLD_STORE_CORRUPT',
        `the result of task ${key} is not in ${this.folder}`,
        'Run again: the task is computed anew.',
      );
    }
    const { kind, label, params, result, blobs } = record;
    return {
      key,
      kind,
      label,
      params,
      result,
      blobNames: Object.keys(blobs),
      blob: async (name) => {
        const ref = Object.hasOwn(blobs, name) ? blobs[name] : undefined;
        if (ref === undefined) throw new Error(`internal: "${label}" has no blob "${name}"`);
        return this.blob(ref);
      },
    };
  }

  /** The bytes, hashed again, in a buffer of their own. Throws `MLD_STORE_CORRUPT`, naming the file, when they are not what was written. */
  async blob(ref: BlobRef): Promise<Uint8Array> {
    const path = this.blobPath(ref.sha256);
    const hint = `Delete ${path} and run again: the tasks that produced it are computed anew.`;
    let bytes: Uint8Array;
    try {
      // A plain Uint8Array at offset 0: a Buffer's slice() would share memory, and typed arrays need aligned bytes.
      bytes = new Uint8Array(await readFile(path));
    } catch (error) {
      const reason = systemReason(error);
      throw new AuditError('MLD_STORE_CORRUPT', `the blob ${path} cannot be read: ${reason}`, hint, {
        cause: error,
      });
    }
    if (sha256(bytes) !== ref.sha256) {
      throw new AuditError(
        'MLD_STORE_CORRUPT',
        `the blob ${path} is damaged: its bytes do not match its name`,
        hint,
      );
    }
    return bytes;
  }

  /**
   * Writes the blobs, then the record that makes them visible; all of it is on disk when this returns. Throws
   * `MLD_OUTPUT_UNWRITABLE`, leaving no record, no temporary file, and no blob that is not whole.
   */
  async commit(record: NewRecord, blobs: Readonly<Record<string, Uint8Array>>): Promise<TaskRecord> {
    const refs: Record<string, BlobRef> = {};
    for (const [name, bytes] of Object.entries(blobs)) {
      if (!blobName.safeParse(name).success) throw new Error(`internal: a blob cannot be called "${name}"`);
      refs[name] = { sha256: sha256(bytes), bytes: bytes.byteLength };
    }
    const whole: TaskRecord = { schema: 'ml-doctor/task@1', ...record, blobs: refs };
    const written = new Map<string, Write>();
    for (const [name, bytes] of Object.entries(blobs)) {
      const ref = refs[name]!;
      // A file of that name is trusted only after hashing it, so that writing again heals a damaged one.
      if (written.has(ref.sha256) || (await this.#isIntact(ref))) continue;
      written.set(ref.sha256, { path: this.blobPath(ref.sha256), bytes });
    }
    await writeInOrder([...written.values()], {
      path: this.recordPath(record.key),
      bytes: encodeRecord(whole),
    });
    // Whoever tidies may have taken a blob that was here already and had no record. It looks for records after taking
    // blobs, this looks for blobs after writing the record: one of the two sees the other.
    for (const name of await this.lacking(whole))
      await writeFileAtomically(this.blobPath(refs[name]!.sha256), blobs[name]!);
    return whole;
  }

  /** The state of an unfinished task. */
  checkpoint(key: string): TaskCheckpoint & { drop(): Promise<void> } {
    return folderCheckpoint(placeOf.scratch(this.folder, key));
  }

  /** Whether there is a state of the task, of whatever worth. */
  async hasCheckpoint(key: string): Promise<boolean> {
    return access(placeOf.scratch(this.folder, key)).then(
      () => true,
      () => false,
    );
  }

  recordPath(key: string): string {
    return placeOf.tasks(this.folder, key);
  }

  blobPath(sha256: string): string {
    return placeOf.blobs(this.folder, sha256);
  }

  async #isIntact(ref: BlobRef): Promise<boolean> {
    return this.blob(ref).then(
      () => true,
      () => false,
    );
  }
}
