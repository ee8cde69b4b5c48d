/** Many small files, read on this thread while that is quick, and in the background where waits are worth overlapping. */

import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { setImmediate as otherWork } from 'node:timers/promises';

/** A read that takes longer, in milliseconds, waits for a disk or a network: then several should wait at a time. */
const QUICK_MS = 0.25;
/** A single long one, as when memory is collected in between, proves nothing. */
const LONGEST_MS = 1;
const WEIGHT = 1 / 16;
/** While reads are slow, one in so many is still done here, to see whether it was only a busy moment. */
const PROBE_EVERY = 32;
/** Reads between two looks at timers and signals: a few milliseconds. */
const UNINTERRUPTED = 128;

/** Remembers how quick its folder has been. */
export class SmallFiles {
  #meanMs = 0;
  #count = 0;
  #pause: Promise<void> | undefined;

  /** Throws the system's error. */
  text(path: string): Promise<string> {
    return this.#quickest(
      () => readFileSync(path, 'utf8'),
      () => readFile(path, 'utf8'),
    );
  }

  /** Length in bytes; undefined for a file that is not there or cannot be looked at. */
  length(path: string): Promise<number | undefined> {
    return this.#quickest(
      () => statSync(path).size,
      async () => (await stat(path)).size,
    ).catch(() => undefined);
  }

  async #quickest<T>(here: () => T, inBackground: () => Promise<T>): Promise<T> {
    this.#count += 1;
    if (this.#meanMs > QUICK_MS && this.#count % PROBE_EVERY !== 0) return inBackground();
    if (this.#count % UNINTERRUPTED === 0) this.#pause = otherWork();
    // All who read wait, or those who read at the same time would leave no gap.
    await this.#pause;
    const started = performance.now();
    try {
      return here();
    } finally {
      const took = Math.min(performance.now() - started, LONGEST_MS);
      this.#meanMs += WEIGHT * (took - this.#meanMs);
    }
  }
}
