/** How long a task would take: runs it for a moment, looks how far it got, and throws the result away. */

import type { Json } from '../canonical-json.ts';
import type { FinishedTask, Places, TaskHandler, TaskRuntime } from '../task.ts';

/** A task that stands for others: real parameters, inputs of the right shape whose content does not matter. */
export interface StandIn {
  readonly params: Json;
  readonly inputs: readonly FinishedTask[];
  /** The units of the task as it is run here, when it is smaller than the ones that it stands for. */
  readonly units: number;
}

interface Seen {
  readonly at: number;
  readonly fraction: number;
}

/**
 * Seconds for the whole stand-in. One that ends within the budget is timed; of one that does not, the pace between its
 * first and its last sign of progress is carried on to its end. Undefined when it fails, or shows no progress in time:
 * nothing is known then, and whoever runs it will see why it fails.
 *
 * @param budgetSeconds the stand-in is stopped after so long; one that does not stop by itself is not waited for.
 */
export async function measureTask(
  handler: TaskHandler,
  { params, inputs }: StandIn,
  options: {
    readonly runtime: TaskRuntime;
    readonly places: Places;
    readonly budgetSeconds: number;
    readonly signal: AbortSignal;
  },
): Promise<number | undefined> {
  const { runtime, places, budgetSeconds, signal } = options;
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const enough = new AbortController();
  const seen: Seen[] = [];
  const timer = setTimeout(() => enough.abort(), budgetSeconds * 1000);
  const stop = new Promise<'stopped'>((resolve) => {
    enough.signal.addEventListener('abort', () => setTimeout(() => resolve('stopped'), GRACE_MS).unref());
  });
  try {
    const running = handler
      .run(params, inputs, {
        signal: AbortSignal.any([enough.signal, signal]),
        seed: 0,
        threads: runtime.threads,
        device: runtime.device,
        places,
        checkpoint: { load: async () => undefined, save: async () => {} },
        progress: ({ fraction }) => {
          if (!enough.signal.aborted) seen.push({ at: elapsed(), fraction });
        },
      })
      .then(
        () => 'done' as const,
        () => 'stopped' as const,
      );
    const ended = await Promise.race([running, stop]);
    signal.throwIfAborted();
    return ended === 'done' ? elapsed() : extrapolated(seen);
  } finally {
    clearTimeout(timer);
  }
}

/** How long a stopped stand-in is waited for. */
const GRACE_MS = 1000;

/** Seconds at which the fraction would reach 1. */
export function extrapolated(seen: readonly Seen[]): number | undefined {
  const points = seen.filter(({ fraction }) => fraction > 0);
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return undefined;
  // One sign of progress: what it took to get there, start included, is all that is known.
  if (last.fraction <= first.fraction) return first.at / first.fraction;
  const pace = (last.at - first.at) / (last.fraction - first.fraction);
  return first.at + (1 - first.fraction) * pace;
}
