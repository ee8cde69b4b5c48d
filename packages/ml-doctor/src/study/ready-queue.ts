/** The tasks that could start now, lowest rank first: a binary heap. */

import type { TaskNode } from './task-graph.ts';

export class ReadyQueue {
  readonly #heap: TaskNode[] = [];

  add(node: TaskNode): void {
    const heap = this.#heap;
    let at = heap.length;
    for (let up = (at - 1) >> 1; at > 0 && node.rank < heap[up]!.rank; up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = node;
  }

  /** Removes and returns the first; undefined when there is none. */
  take(): TaskNode | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && heap[child + 1]!.rank < heap[child]!.rank) child += 1;
      if (child >= heap.length || last.rank < heap[child]!.rank) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
