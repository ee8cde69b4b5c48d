/** Stand-ins that take a known time, as far as a shared machine keeps to it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TaskContext, TaskHandler } from '../task.ts';
import { extrapolated, measureTask } from './measure.ts';

const measure = (run: (context: TaskContext) => Promise<void>, budgetSeconds = 0.3, signal?: AbortSignal) => {
  const handler: TaskHandler = {
    code: [],
    run: async (_params, _inputs, context) => {
      await run(context);
      return { result: null };
    },
  };
  return measureTask(
    handler,
    { params: null, inputs: [], units: 1 },
    {
      ...{ runtime: { onnxruntime: '1', device: 'cpu', threads: 1 }, places: {}, budgetSeconds },
      signal: signal ?? new AbortController().signal,
    },
  );
};
/** Works in even steps until told to stop. */
const steps = (count: number, milliseconds: number) => async (context: TaskContext) => {
  for (let i = 1; i <= count; i++) {
    await sleep(milliseconds, undefined, { signal: context.signal });
    context.progress({ fraction: i / count });
  }
};

describe('measureTask', () => {
  it('times what ends in time', async () => {
    const seconds = await measure(steps(5, 10), 30);
    expect(seconds).toBeGreaterThanOrEqual(0.049);
    expect(seconds).toBeLessThan(10);
  });

  it('carries the pace of what does not on to its end', async () => {
    const seconds = await measure(steps(1000, 10), 0.5);
    expect(seconds).toBeGreaterThanOrEqual(9.9);
  });

  it('knows nothing of what fails, or shows no progress', async () => {
    expect(await measure(() => Promise.reject(new Error('no')))).toBeUndefined();
    expect(await measure(({ signal }) => sleep(60_000, undefined, { signal }))).toBeUndefined();
  });

  it('does not wait for what ignores the end of its time', async () => {
    const forever = new AbortController();
    expect(await measure(() => sleep(60_000, undefined, { signal: forever.signal }))).toBeUndefined();
    forever.abort();
  });

  it('stops when the run is stopped', async () => {
    const stop = new AbortController();
    const measuring = measure(steps(1000, 10), 30, stop.signal);
    stop.abort(new Error('told to'));
    await expect(measuring).rejects.toThrow('told to');
  });
});

describe('extrapolated', () => {
  it('leaves the start out of the pace', () => {
    // Two seconds to get going, then a tenth every second.
    const seen = [1, 2, 3].map((n) => ({ at: 2 + n, fraction: n / 10 }));
    expect(extrapolated(seen)).toBeCloseTo(12, 9);
  });

  it('makes do with one sign of progress, and with none', () => {
    expect(
      extrapolated([
        { at: 2, fraction: 0 },
        { at: 3, fraction: 0.25 },
      ]),
    ).toBeCloseTo(12, 9);
    expect(extrapolated([{ at: 1, fraction: 0 }])).toBeUndefined();
    expect(extrapolated([])).toBeUndefined();
  });
});
