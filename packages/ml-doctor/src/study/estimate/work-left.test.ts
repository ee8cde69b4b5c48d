import { expect, test } from 'vitest';
import type { Task } from '../task.ts';
import { estimateRun } from './estimate.ts';
import { simulateRun } from './simulate-run.ts';
import { workLeft } from './work-left.ts';

const task = (key: string, units: number, shorter?: readonly [key: string, share: number]): Task => ({
  ...{ key, kind: 'train', label: key, seed: 0, params: null, inputs: [], code: '' },
  effort: { like: 'train', units },
  runtime: { onnxruntime: '1', device: 'cpu', threads: 1 },
  ...(shorter && { continues: { key: shorter[0], share: shorter[1] } }),
});
const [five, ten, forty] = [task('5', 50), task('10', 100, ['5', 0.5]), task('40', 400, ['10', 0.25])];
const store = (...kept: readonly string[]) => ({ hasCheckpoint: async (key: string) => kept.includes(key) });
const unitsOf = async (...[tasks, kept]: Parameters<typeof workLeft>) =>
  (await workLeft(tasks, kept)).map(({ effort }) => effort?.units);

test('three trainings of one course are as much work as the longest', async () => {
  const tasks = [five, ten, forty];
  expect(await unitsOf(tasks, store())).toEqual([50, 50, 300]);
  expect(await unitsOf(tasks, undefined)).toEqual([50, 50, 300]);
  const timings = new Map([['train', [{ units: 1, seconds: 1 }]]]);
  const { seconds, secondsOf } = estimateRun(await workLeft(tasks, store()), timings, 8);
  expect([...secondsOf.values()]).toEqual([50, 50, 300]);
  // One after the other, however many workers there are; a second and some more is for the start.
  expect(seconds).toBeGreaterThanOrEqual(400);
  expect(seconds).toBeLessThan(402);
});

test('what is stored counts where its end was kept, and not where it was not', async () => {
  expect(await unitsOf([ten], store('5'))).toEqual([50]);
  expect(await unitsOf([ten], store())).toEqual([100]);
  expect(await unitsOf([ten], undefined)).toEqual([100]);
  expect(await unitsOf([five], store('5'))).toEqual([50]);
});

test('the longer waits for the shorter also where it is listed first', () => {
  const seconds = simulateRun([ten, five], ({ effort }) => effort?.units ?? 0, 2);
  expect(seconds).toBeGreaterThanOrEqual(150);
});
