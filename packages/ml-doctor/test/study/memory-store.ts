/** A store that keeps its records in memory, for tests of what is around it at sizes that no disk takes in seconds. */

import { FolderStore, type NewRecord } from '../../src/study/store/folder-store.ts';
import type { TaskRecord } from '../../src/study/store/task-record.ts';

export class MemoryStore extends FolderStore {
  readonly #records = new Map<string, TaskRecord>();

  constructor() {
    super('/nowhere');
  }

  override async keys(): Promise<Set<string>> {
    return new Set(this.#records.keys());
  }

  override async record(key: string): Promise<TaskRecord | undefined> {
    return this.#records.get(key);
  }

  override async commit(record: NewRecord): Promise<TaskRecord> {
    const whole: TaskRecord = { schema: 'ml-doctor/task@1', ...record, blobs: {} };
    this.#records.set(record.key, whole);
    return whole;
  }
}
