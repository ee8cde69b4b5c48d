/** How long a graph of tasks takes with so many workers: the scheduler's way through it, played in time. */

import type { Task } from '../task.ts';

/** What a task costs beyond its own work: messages, reading inputs, the record. */
const OVERHEAD_SECONDS = 0.005;
/** What a worker process needs before its first task. */
const START_SECONDS = 1;

/**
 * Seconds from start to end. Pure.
 *
 * @param tasks in an order in which inputs come first; inputs that are not among them are done already. So is what a task
 *   goes on from, which it waits for where it is among them, wherever it stands.
 * @param secondsOf expected seconds of each task.
 */
export function simulateRun(
  tasks: readonly Task[],
  secondsOf: (task: Task) => number,
  workers: number,
): number {
  const waits = new Map<string, number>();
  const dependants = new Map<string, Task[]>(tasks.map((task) => [task.key, []]));
  const ready: Task[] = [];
  for (const task of tasks) {
    const awaited = [...task.inputs, ...(task.continues ? [task.continues.key] : [])];
    const inputs = [...new Set(awaited)].filter((key) => dependants.has(key));
    waits.set(task.key, inputs.length);
    for (const key of inputs) dependants.get(key)?.push(task);
    if (inputs.length === 0) ready.push(task);
  }
  ready.reverse();
  const running: { readonly task: Task; readonly end: number }[] = [];
  const width = Math.min(workers, tasks.length);
  let now = tasks.length > 0 ? START_SECONDS : 0;
  while (ready.length > 0 || running.length > 0) {
    while (ready.length > 0 && running.length < width) {
      const task = ready.pop() as Task;
      running.push({ task, end: now + secondsOf(task) + OVERHEAD_SECONDS });
    }
    let next = 0;
    running.forEach(({ end }, i) => {
      if (end < (running[next] as { end: number }).end) next = i;
    });
    const [ended] = running.splice(next, 1) as [{ task: Task; end: number }];
    now = ended.end;
    const freed = (dependants.get(ended.task.key) ?? []).filter(({ key }) => {
      const left = (waits.get(key) ?? 0) - 1;
      waits.set(key, left);
      return left === 0;
    });
    ready.push(...freed.reverse());
  }
  return now;
}
