/** How much work a run was, in words: what ran, how long it took, what had been expected. */

import { duration, grouped, plural } from './format.ts';
import type { Run } from './run-record.ts';

/** `5 tasks ran, 1 taken from the store; took 3 min 12 s; the tasks alone 3 min 05 s, estimated 2 min 55 s`. */
export function describeWork({ tasks, seconds, estimate }: Run): string {
  const parts = [
    `${plural(tasks.ran, 'task')} ran, ${grouped(tasks.cached)} taken from the store`,
    `took ${duration(seconds)}`,
  ];
  if (estimate !== undefined) {
    const { took, unknown } = estimate;
    const left = unknown === 0 ? '' : ` without ${plural(unknown, 'task')} of unknown length`;
    parts.push(`the tasks alone ${duration(took)}, estimated ${duration(estimate.seconds)}${left}`);
  }
  return parts.join('; ');
}
