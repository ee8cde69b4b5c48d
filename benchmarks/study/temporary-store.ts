/** A folder for stores that goes when a case ends. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FolderStore, openStore } from '../../packages/ml-doctor/src/study/store/folder-store.ts';

export class TemporaryStores implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ml-doctor-bench-'));
  #count = 0;

  /** The folder of a store that nobody has used. */
  fresh(): string {
    this.#count += 1;
    return join(this.#folder, String(this.#count));
  }

  open(): Promise<FolderStore> {
    return openStore(this.fresh());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
