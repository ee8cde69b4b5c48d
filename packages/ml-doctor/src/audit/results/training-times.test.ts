/** How long targets took: sums of what each needed, of one machine only. */

import { expect, it } from 'vitest';
import type { FolderStore } from '../../study/store/folder-store.ts';
import type { PlannedCell } from '../plan/plan-cells.ts';
import { trainingTimes } from './training-times.ts';

const cell = (id: string, ...keys: readonly string[]) =>
  ({ id, target: { trainings: keys.map((key) => ({ key })) } }) as unknown as PlannedCell;

/** Seconds and host by key, and whether the training was resumed: its record then tells of no effort. */
const storeOf = (records: Readonly<Record<string, readonly [number, string, 'resumed'?]>>) =>
  ({
    record: async (key: string) => {
      const found = records[key];
      if (!found) return undefined;
      const [seconds, host, resumed] = found;
      const effort = { like: 'train', units: 1 };
      return { seconds, ...(!resumed && { effort }), runtime: { host, device: 'cpu', threads: 1 } };
    },
  }) as unknown as FolderStore;

it('adds up all that a model took, each once', async () => {
  const store = storeOf({ teacher: [10, 'a'], student: [5, 'a'] });
  const cells = [cell('none', 'teacher'), cell('kd', 'teacher', 'student', 'student')];
  expect(await trainingTimes(cells, store, new Set())).toEqual({ none: 10, kd: 15 });
});

it('tells of no training that is missing, and of one machine', async () => {
  const store = storeOf({ x: [1, 'a'], y: [2, 'b'], z: [3, 'b'] });
  const cells = [cell('1', 'x'), cell('2', 'y'), cell('3', 'z'), cell('4', 'x', 'y'), cell('5', 'gone')];
  expect(await trainingTimes(cells, store, new Set())).toEqual({ 2: 2, 3: 3 });
  expect(await trainingTimes(cells, store, new Set(['y', 'z']))).toEqual({ 1: 1 });
});

it('tells nothing of what was resumed, as the seconds are those of a part', async () => {
  const store = storeOf({ x: [10, 'a'], y: [1, 'a', 'resumed'] });
  expect(await trainingTimes([cell('1', 'x'), cell('2', 'x', 'y')], store, new Set())).toEqual({ 1: 10 });
});
