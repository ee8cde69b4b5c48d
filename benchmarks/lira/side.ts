/** What one side, ours or PyTorch's, says of a run. */
import type { Span } from './spans.ts';

export interface SideRun {
  /** Wall-clock seconds from starting the program to its end. */
  readonly seconds: number;
  readonly spans: readonly Span[];
  /** Training steps of all models together. */
  readonly steps: number;
  /** Of the attack. */
  readonly auc: number;
  /** Of the target on what it was trained on, and on the other candidates. */
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
}

/** Wall-clock seconds of some work, and what it gave. */
export const timed = async <T>(work: () => Promise<T>): Promise<{ seconds: number; value: T }> => {
  const started = performance.now();
  const value = await work();
  return { seconds: (performance.now() - started) / 1000, value };
};
