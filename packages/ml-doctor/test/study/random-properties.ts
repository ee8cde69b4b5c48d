/** The properties of any study, whatever its graph, its workers and its accidents; run by a test and, longer, nightly. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { randomNodes } from './random-graph.ts';
import { type Crew, type Damage, damage, newWorld, runAndCheck, storedIn } from './random-study.ts';
import { runInProcesses, runTogether } from './random-together.ts';

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-'));
  try {
    await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const workers = fc.integer({ min: 1, max: 4 });
const damages = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Damage>('none') },
    { weight: 1, arbitrary: fc.constantFrom<Damage>('record lost', 'record cut', 'blob lost', 'blob cut') },
  ),
  { minLength: 25, maxLength: 25 },
);

/** A run that may be stopped, damage, a run to the end, and one that has nothing to do but what fails. */
export async function interruptedAndDamaged(numRuns: number, maxTasks: number, crews: fc.Arbitrary<Crew>) {
  await fc.assert(
    fc.asyncProperty(
      ...([
        randomNodes(maxTasks),
        crews,
        crews,
        damages,
        fc.option(fc.integer({ min: 1, max: 60 })),
      ] as const),
      async (nodes, first, second, damages, stopAt) =>
        inFolder(async (folder) => {
          const world = await newWorld(nodes, folder);
          await runAndCheck(world, { crew: first, tag: 'a', ...(stopAt !== null && { stopAt }) });
          for (const [place, task] of world.model.tasks.entries())
            await damage(world, task, damages[place] as Damage);
          await runAndCheck(world, { crew: second, tag: 'b' });
          expect(await runAndCheck(world, { crew: 'inline', tag: 'c' })).toMatchObject({ ran: 0 });
        }),
    ),
    { numRuns },
  );
}

/** Worker processes and this process alone give the same results. */
export async function sameAsInline(numRuns: number, maxTasks: number) {
  await fc.assert(
    fc.asyncProperty(randomNodes(maxTasks), workers, async (nodes, workers) =>
      inFolder(async (folder) => {
        const pooled = await newWorld(nodes, join(folder, 'both'));
        await runAndCheck(pooled, { crew: workers, tag: 'pool' });
        // The same folder of logs, as it is part of the keys.
        const alone = await newWorld(nodes, join(folder, 'both'), join(folder, 'alone'));
        await runAndCheck(alone, { crew: 'inline', tag: 'alone' });
        const stored = await storedIn(pooled);
        expect(await storedIn(alone)).toEqual(stored);
        for (const key of stored) {
          const [one, other] = await Promise.all([pooled.store.record(key), alone.store.record(key)]);
          expect([one?.result, one?.blobs]).toEqual([other?.result, other?.blobs]);
        }
      }),
    ),
    { numRuns },
  );
}

/** Two at once in one process. */
export async function together(numRuns: number, maxTasks: number, crews: fc.Arbitrary<readonly Crew[]>) {
  await fc.assert(
    fc.asyncProperty(randomNodes(maxTasks), crews, async (nodes, crews) =>
      inFolder(async (folder) => runTogether(await newWorld(nodes, folder), crews)),
    ),
    { numRuns },
  );
}

/** Two at once, each a process with workers of its own. */
export async function inProcesses(numRuns: number, maxTasks: number) {
  await fc.assert(
    fc.asyncProperty(randomNodes(maxTasks), workers, workers, async (nodes, one, other) =>
      inFolder(async (folder) => runInProcesses(await newWorld(nodes, folder), nodes, [one, other])),
    ),
    { numRuns },
  );
}

export const inlineCrew: fc.Arbitrary<Crew> = fc.constant('inline');
export const anyCrew: fc.Arbitrary<Crew> = fc.oneof(inlineCrew, workers);
export const localCrew: fc.Arbitrary<Crew> = workers;
