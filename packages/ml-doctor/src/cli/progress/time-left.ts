/** How long a run still takes: what was expected of its tasks, corrected by how it has gone so far. */

/** From this share of the expected work on, the pace so far says more than the estimate. */
const TRUSTED_SHARE = 0.1;

export class TimeLeft {
  readonly #secondsOf: ReadonlyMap<string, number>;
  readonly #wallSeconds: number;
  readonly #startedAt: number;
  /** Of tasks that run, the share done. */
  readonly #fractions = new Map<string, number>();
  readonly #total: number;
  #ended = 0;

  /**
   * @param secondsOf expected seconds by task key. @param wallSeconds expected from start to end.
   * @param startedAt milliseconds.
   */
  constructor(secondsOf: ReadonlyMap<string, number>, wallSeconds: number, startedAt: number) {
    this.#secondsOf = secondsOf;
    this.#wallSeconds = wallSeconds;
    this.#startedAt = startedAt;
    this.#total = [...secondsOf.values()].reduce((sum, seconds) => sum + seconds, 0);
  }

  progress(key: string, fraction: number): void {
    this.#fractions.set(key, fraction);
  }

  /** Done, failed or blocked: nothing more is to be expected of it. */
  end(key: string): void {
    this.#fractions.delete(key);
    this.#ended += this.#secondsOf.get(key) ?? 0;
  }

  /** Seconds; undefined where nothing was expected. @param now milliseconds. */
  seconds(now: number): number | undefined {
    if (this.#total <= 0) return undefined;
    let done = this.#ended;
    for (const [key, fraction] of this.#fractions) done += fraction * (this.#secondsOf.get(key) ?? 0);
    const share = Math.min(1, done / this.#total);
    if (share < TRUSTED_SHARE) return this.#wallSeconds * (1 - share);
    return (((now - this.#startedAt) / 1000) * (1 - share)) / share;
  }
}
