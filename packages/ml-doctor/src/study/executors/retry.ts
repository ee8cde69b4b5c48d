/** Trying again what failed for a reason that may pass. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskOutcome } from './executor.ts';

/** Attempts after the first. */
export const MAX_RETRIES = 3;
/** Before the first retry; doubles each time. */
const FIRST_DELAY_MS = 100;

/**
 * @param attempt runs the task once; attempts count from 1.
 *
 * Only a failure marked transient is tried again. Aborting ends the wait between attempts at once.
 */
export async function withRetries(
  attempt: (number: number) => Promise<TaskOutcome>,
  signal: AbortSignal,
): Promise<TaskOutcome> {
  for (let number = 1; ; number += 1) {
    const outcome = await attempt(number);
    if (outcome.status !== 'failed' || !outcome.failure.transient || number > MAX_RETRIES) return outcome;
    try {
      await sleep(FIRST_DELAY_MS * 2 ** (number - 1), undefined, { signal });
    } catch {
      return { status: 'aborted' };
    }
  }
}
