/** A counting semaphore: at most so many at once, first come, first served. */
export class Slots {
  #free: number;
  // A set keeps insertion order and, unlike an array, gives up its first element in constant time.
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Runs `work` once a slot is free, and frees the slot when it ends either way. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resume) => this.#waiting.add(resume));
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next === undefined) this.#free += 1;
      else {
        this.#waiting.delete(next);
        next();
      }
    }
  }
}
