/** So many requests at once, so many a second, and none while the server asks for quiet. */
import type { Clock } from './clock.ts';

export interface Pace {
  /** Runs the work when it is its turn. @throws the signal's reason, from the work or while waiting */
  inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Waits until another request may begin. */
  slot(signal: AbortSignal): Promise<void>;
  /** No request begins before so many milliseconds from now. */
  quiet(milliseconds: number): void;
}

/** @param rate requests a second, at most; without it as fast as answers come */
export const openPace = (concurrency: number, rate: number | undefined, clock: Clock): Pace => {
  let free = concurrency;
  const queue: (() => void)[] = [];
  let next = 0;
  let quietUntil = 0;
  const enter = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        queue.splice(queue.indexOf(turn), 1);
        reject(signal.reason);
      };
      queue.push(turn);
      signal.addEventListener('abort', leave, { once: true });
    });
  };
  return {
    inTurn: async (work, signal) => {
      await enter(signal);
      try {
        return await work();
      } finally {
        const turn = queue.shift();
        // Handed on as it is, so that nobody comes in between.
        if (turn) turn();
        else free += 1;
      }
    },
    slot: async (signal) => {
      for (;;) {
        const at = Math.max(clock.now(), next, quietUntil);
        if (rate !== undefined) next = at + 1000 / rate;
        for (let now = clock.now(); now < at; now = clock.now()) await clock.sleep(at - now, signal);
        signal.throwIfAborted();
        // Asked for meanwhile: whoever waited takes a new place, so that not all begin at once afterwards.
        if (quietUntil <= clock.now()) return;
      }
    },
    quiet: (milliseconds) => {
      quietUntil = Math.max(quietUntil, clock.now() + milliseconds);
    },
  };
};
