/** How much work a run was, in words: what ran, how long it took, what had been expected. */

import { duration, grouped, plural } from './format.ts';
import type { Run } from './run-record.ts';

/** `5 tasks ran, 1 taken from the store; took 2 min 40 s; estimated 2 min 55 s`. */
export function describeWork({ tasks, seconds, estimate }: Run): string {
  const parts = [
    `${plural(tasks.ran, 'task')} ran, ${grouped(tasks.cached)} taken from the store`,
    `took ${duration(seconds)}`,
  ];
  if (estimate !== undefined) {
    const left =
      estimate.unknown === 0 ? '' : ` without ${plural(estimate.unknown, 'task')} of unknown length`;
    parts.push(`estimated ${duration(estimate.seconds)}${left}`);
  }
  return parts.join('; ');
}
