/**
 * A folder of finished work: `blobs/ab/cdef…` immutable and named by their SHA-256, `tasks/ab/KEY.json` one record per
 * finished task, written last. A record that is there means the task is done; no locks are needed.
 */

import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AuditError } from '../../errors.ts';
import {
  makeFolders,
  sweepTemporaries,
  temporaryPath,
  writeFileAtomically,
  writeSynced,
} from '../../files/atomic-write.ts';
import { systemReason, unwritable } from '../../files/system-error.ts';
import { sha256 } from '../canonical-json.ts';
import type { FinishedTask, TaskCheckpoint } from '../task.ts';
import { folderCheckpoint } from './checkpoint.ts';
import {
  type BlobRef,
  blobName,
  corruptRecord,
  decodeRecord,
  encodeRecord,
  type TaskRecord,
} from './task-record.ts';

/** A record before the store has named its blobs. */
export type NewRecord = Omit<TaskRecord, 'schema' | 'blobs'>;

/**
 * Makes the folder if need be, proves that it can be written, and sweeps what killed writers left long ago.
 * Throws `MLD_OUTPUT_UNWRITABLE`.
 */
export async function openStore(folder: string): Promise<FolderStore> {
  const store = new FolderStore(folder);
  try {
    for (const path of [store.folder, join(store.folder, 'tasks'), join(store.folder, 'blobs')])
      await makeFolders(path);
    const probe = temporaryPath(store.folder);
    await writeSynced(probe, '');
    await rm(probe, { force: true });
  } catch (error) {
    throw unwritable(store.folder, error, '--store');
  }
  await sweepTemporaries(store.folder);
  for (const part of ['tasks', 'blobs']) {
    for (const name of await readdir(join(store.folder, part)))
      await sweepTemporaries(join(store.folder, part, name));
  }
  return store;
}

/** Any number of these, in any number of processes, may work on one folder. `openStore` comes first. */
export class FolderStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = resolve(folder);
  }

  /**
   * The task's record, or undefined when there is none or one of its blobs is missing or has the wrong length: then
   * the task is simply not done. Throws `MLD_STORE_CORRUPT` when the record itself is damaged.
   */
  async record(key: string): Promise<TaskRecord | undefined> {
    const path = this.recordPath(key);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw corruptRecord(path, `cannot be read: ${systemReason(error)}`, error);
    }
    const record = decodeRecord(text, key, path);
    const whole = await Promise.all(Object.values(record.blobs).map((ref) => this.#hasLength(ref)));
    return whole.every(Boolean) ? record : undefined;
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

  /** Writes the blobs, then the record that makes them visible. Throws `MLD_OUTPUT_UNWRITABLE`. */
  async commit(record: NewRecord, blobs: Readonly<Record<string, Uint8Array>>): Promise<TaskRecord> {
    const refs: Record<string, BlobRef> = {};
    for (const [name, bytes] of Object.entries(blobs)) {
      if (!blobName.safeParse(name).success) throw new Error(`internal: a blob cannot be called "${name}"`);
      refs[name] = await this.#putBlob(bytes);
    }
    const whole: TaskRecord = { schema: 'ml-doctor/task@1', ...record, blobs: refs };
    await writeFileAtomically(this.recordPath(record.key), encodeRecord(whole));
    return whole;
  }

  /** The state of an unfinished task. */
  checkpoint(key: string): TaskCheckpoint & { drop(): Promise<void> } {
    return folderCheckpoint(join(this.folder, 'scratch', key.slice(0, 2), `${key}.ckpt`));
  }

  recordPath(key: string): string {
    return join(this.folder, 'tasks', key.slice(0, 2), `${key}.json`);
  }

  blobPath(sha256: string): string {
    return join(this.folder, 'blobs', sha256.slice(0, 2), sha256.slice(2));
  }

  async #putBlob(bytes: Uint8Array): Promise<BlobRef> {
    const ref = { sha256: sha256(bytes), bytes: bytes.byteLength };
    // A file of that name is trusted only after hashing it, so that writing again heals a damaged one.
    const intact = await this.blob(ref).then(
      () => true,
      () => false,
    );
    if (!intact) await writeFileAtomically(this.blobPath(ref.sha256), bytes);
    return ref;
  }

  async #hasLength(ref: BlobRef): Promise<boolean> {
    const found = await stat(this.blobPath(ref.sha256)).catch(() => undefined);
    return found?.size === ref.bytes;
  }
}
