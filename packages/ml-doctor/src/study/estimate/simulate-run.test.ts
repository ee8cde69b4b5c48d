import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Task } from '../task.ts';
import { simulateRun } from './simulate-run.ts';

const task = (key: string, inputs: readonly string[] = []): Task => ({
  ...{ key, kind: 'k', label: key, seed: 0, params: null, inputs, code: '' },
  runtime: { onnxruntime: '1', device: 'cpu', threads: 1 },
});
/** What starting up and the overhead of tasks add. */
const EXTRA = (tasks: number) => 1 + 0.005 * tasks;

/** Tasks with inputs among those before them, and seconds for each. */
const graph = fc
  .array(
    fc.record({ seconds: fc.integer({ min: 0, max: 20 }), from: fc.array(fc.nat(), { maxLength: 3 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((nodes) =>
    nodes.map(({ seconds, from }, i) => ({
      seconds,
      task: task(String(i), i === 0 ? [] : from.map((pick) => String(pick % i))),
    })),
  );

describe('simulateRun', () => {
  it('keeps within the bounds of every schedule', () => {
    fc.assert(
      fc.property(graph, fc.integer({ min: 1, max: 5 }), (nodes, workers) => {
        const seconds = new Map(nodes.map((node) => [node.task.key, node.seconds]));
        const tasks = nodes.map((node) => node.task);
        const took = simulateRun(tasks, ({ key }) => seconds.get(key)!, workers);
        const work = nodes.reduce((sum, node) => sum + node.seconds, 0);
        const longest = new Map<string, number>();
        for (const { key, inputs } of tasks)
          longest.set(key, seconds.get(key)! + Math.max(0, ...inputs.map((input) => longest.get(input)!)));
        const critical = Math.max(...longest.values());
        expect(took).toBeGreaterThanOrEqual(Math.max(critical, work / workers));
        // Graham's bound for a schedule that leaves no worker idle while something is ready.
        expect(took).toBeLessThanOrEqual(work / workers + critical + EXTRA(tasks.length) + 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('with one worker takes as long as all tasks together', () => {
    const tasks = [task('a'), task('b', ['a']), task('c')];
    expect(simulateRun(tasks, () => 7, 1)).toBeCloseTo(21 + EXTRA(3), 9);
  });

  it('runs what is independent side by side, and takes inputs that are no part of it as done', () => {
    const tasks = [task('a', ['stored']), task('b', ['stored']), task('c', ['a', 'b', 'a'])];
    expect(simulateRun(tasks, ({ key }) => (key === 'c' ? 1 : 10), 2)).toBeCloseTo(11 + 1 + 0.01, 9);
  });

  it('takes no time for nothing', () => {
    expect(simulateRun([], () => 1, 4)).toBe(0);
  });
});
