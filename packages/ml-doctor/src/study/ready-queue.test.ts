import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReadyQueue } from './ready-queue.ts';
import type { TaskNode } from './task-graph.ts';

test('always gives the lowest rank that is in it', () => {
  // A rank is added, null takes one.
  const acts = fc.array(fc.option(fc.nat(50)), { maxLength: 60 });
  fc.assert(
    fc.property(acts, (acts) => {
      const queue = new ReadyQueue();
      let sorted: number[] = [];
      for (const rank of [...acts, ...acts.map(() => null)]) {
        if (rank === null) {
          const [lowest, ...rest] = sorted;
          expect(queue.take()?.rank).toBe(lowest);
          sorted = rest;
        } else {
          queue.add({ rank } as TaskNode);
          sorted = [...sorted, rank].sort((a, b) => a - b);
        }
      }
      expect(queue.take()).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});
