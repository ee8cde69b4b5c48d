/** Timed rounds: who is measured takes turns, so that a busy moment of the machine hits all alike. */

export interface Side {
  /** Do that many steps and return the milliseconds they took together. */
  readonly round: (steps: number) => Promise<number>;
}

export interface Timing {
  /** Median over rounds of a round's mean step, in ms: what a step costs once in a while (collecting garbage) counts. */
  readonly median: number;
  /** The fastest round's mean step, in ms: what remains when the machine is quiet. */
  readonly fastest: number;
  /** Every round's mean step, in ms, in order. */
  readonly rounds: readonly number[];
}

export interface Effort {
  readonly rounds: number;
  /** About how long one side's round lasts. */
  readonly roundMs: number;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

/** Of the ratios of one side's rounds to the other's beside them, those below which a quarter and three quarters lie. */
export const ratioQuartiles = (ours: Timing, theirs: Timing): readonly [number, number] => {
  const ratios = ours.rounds.map((ms, i) => ms / (theirs.rounds[i] as number)).sort((a, b) => a - b);
  const at = (part: number) => ratios[Math.round(part * (ratios.length - 1))] as number;
  return [at(0.25), at(0.75)];
};

/** Threads that spin after their work, on either side, are asleep again after this. */
const settleMs = 60;

const settle = () => new Promise((resolve) => setTimeout(resolve, settleMs));

/** Warm up, choose for each side a number of steps that fills a round, then alternate. */
export const alternate = async (sides: readonly Side[], { rounds, roundMs }: Effort): Promise<Timing[]> => {
  const steps: number[] = [];
  for (const side of sides) {
    await side.round(3);
    const once = (await side.round(3)) / 3;
    steps.push(Math.min(200, Math.max(1, Math.round(roundMs / once))));
  }
  const seen: number[][] = sides.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, side] of sides.entries()) {
      await settle();
      // The first step pays for caches the other side has filled; both sides lose theirs alike.
      await side.round(1);
      const count = steps[i] as number;
      (seen[i] as number[]).push((await side.round(count)) / count);
    }
  return seen.map((values) => ({ median: median(values), fastest: Math.min(...values), rounds: values }));
};

/** A side of ours: one call of `step` is one step. */
export const side = (step: () => Promise<void>): Side => ({
  round: async (steps) => {
    const start = performance.now();
    for (let i = 0; i < steps; i++) await step();
    return performance.now() - start;
  },
});
