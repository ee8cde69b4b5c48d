import { describe, expect, it } from 'vitest';
import type { Task } from '../task.ts';
import { estimateRun } from './estimate.ts';

const task = (key: string, like: string | undefined, units = 1) =>
  ({ key, inputs: [], ...(like !== undefined && { effort: { like, units } }) }) as unknown as Task;

describe('an estimate', () => {
  const timings = new Map([
    ['train mlp on adult, batches of 64', [{ units: 10, seconds: 20 }]],
    ['train mlp on retail-100, batches of 64', [{ units: 10, seconds: 40 }]],
    ['train cnn on adult, batches of 64', [{ units: 1, seconds: 900 }]],
  ]);

  it('takes the pace of the same work on other data where there is none of its own', () => {
    const tasks = [
      task('own', 'train mlp on adult, batches of 64', 5),
      // The median of 2 and 4 seconds a unit.
      task('akin', 'train mlp on celeba-10k@32, batches of 64', 5),
      task('another batch size', 'train mlp on celeba-10k@32, batches of 32', 5),
      task('silent', undefined),
    ];
    const { secondsOf, borrowed, unknown } = estimateRun(tasks, timings, 1);
    expect(Object.fromEntries(secondsOf)).toEqual({ own: 10, akin: 15 });
    expect({ borrowed, unknown }).toEqual({ borrowed: 1, unknown: 2 });
  });

  it('borrows nothing where all is known', () => {
    const { borrowed, unknown } = estimateRun([task('a', 'train cnn on adult, batches of 64')], timings, 1);
    expect({ borrowed, unknown }).toEqual({ borrowed: 0, unknown: 0 });
  });
});
