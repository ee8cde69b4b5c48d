import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

test('never more at once than slots, all of them used, first come first served', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.nat(3), { maxLength: 20 }),
      async (count, jobs) => {
        const slots = new Slots(count);
        const begun: number[] = [];
        let now = 0;
        let most = 0;
        const work = async (turns: number, index: number) => {
          begun.push(index);
          now += 1;
          most = Math.max(most, now);
          for (let left = turns; left >= 0; left -= 1) await turn();
          now -= 1;
          if (turns === 3) throw new Error('a failing job frees its slot too');
        };
        await Promise.allSettled(jobs.map((turns, index) => slots.use(() => work(turns, index))));
        expect(most).toBe(Math.min(count, jobs.length));
        expect(begun).toEqual(jobs.map((_, index) => index));
      },
    ),
    { numRuns: 50 },
  );
});
