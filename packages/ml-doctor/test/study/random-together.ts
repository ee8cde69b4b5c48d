/** Two planners with the same plan on one store at once: both end as if alone, and nobody's result is wrong. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { runStudy } from '../../src/study/scheduler.ts';
import type { RandomNode } from './random-graph.ts';
import type { PlannerTask } from './random-planner.ts';
import { type Crew, checkResults, endsOf, executorOf, type World } from './random-study.ts';

interface Ended {
  readonly aborted: number;
  readonly holes: readonly string[];
}

/** Both in this process. */
export async function runTogether(world: World, crews: readonly Crew[]): Promise<void> {
  const { model, store } = world;
  const ended = crews.map(async (crew, index) => {
    const executor = executorOf(crew, `together${index}`, store);
    const { aborted, holes } = await runStudy({ plan: model.plan, store, executor });
    await executor.close();
    return { aborted, holes: holes.map(({ task }) => task.key) };
  });
  await check(
    world,
    await Promise.all(ended),
    crews.map((_, index) => `together${index}`),
  );
}

/** Each in a process of its own, with so many workers. */
export async function runInProcesses(
  world: World,
  nodes: readonly RandomNode[],
  workers: readonly number[],
): Promise<void> {
  const { store, folder: logs } = world;
  const tags = workers.map((_, index) => `process${index}`);
  const planners = workers.map((workers, index) =>
    spawnPlanner({ store: store.folder, logs, tag: tags[index] as string, workers, nodes }),
  );
  await Promise.all(planners.map(({ ready }) => ready));
  for (const { go } of planners) go();
  await check(world, await Promise.all(planners.map(({ ended }) => ended)), tags);
}

function spawnPlanner(task: PlannerTask) {
  const script = fileURLToPath(new URL('./random-planner.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', script, JSON.stringify(task)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value as string;
  const ready = next();
  return {
    ready,
    ended: ready.then(async () => JSON.parse(await next()) as Ended),
    go: () => child.stdin.write('go\n'),
  };
}

async function check(world: World, ended: readonly Ended[], tags: readonly string[]): Promise<void> {
  const { tasks } = world.model;
  const missing = tasks.filter(({ ending }) => ending !== 'done').map(({ key }) => key);
  for (const { aborted, holes } of ended) {
    expect(aborted).toBe(0);
    expect([...holes].sort()).toEqual([...missing].sort());
  }
  for (const tag of tags) {
    const ends = endsOf(world.folder, tag);
    expect(new Set(ends).size).toBe(ends.length);
  }
  const done = tasks.filter(({ ending }) => ending === 'done').map(({ key }) => key);
  await checkResults(world, new Set(done));
}
