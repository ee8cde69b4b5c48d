import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import type { TaskOutcome } from './executor.ts';
import { withRetries } from './retry.ts';

const waits: number[] = [];

vi.mock('node:timers/promises', async (original) => {
  const real = await original<typeof import('node:timers/promises')>();
  const setTimeout: typeof real.setTimeout = (delay = 0, ...rest) => {
    waits.push(delay);
    return real.setTimeout(delay === 100 ? 100 : 0, ...rest);
  };
  return { ...real, setTimeout };
});
afterEach(() => void waits.splice(0));

const failed = (transient: boolean): TaskOutcome => ({
  status: 'failed',
  failure: { code: 'MLD_DATA_UNREADABLE', message: 'gone', hint: 'Wait.', transient },
});
const { signal } = new AbortController();

test('waits longer each time, and gives up after the third retry', async () => {
  const numbers: number[] = [];
  const outcome = await withRetries(async (number) => {
    numbers.push(number);
    return failed(true);
  }, signal);
  expect(outcome).toEqual(failed(true));
  expect(numbers).toEqual([1, 2, 3, 4]);
  expect(waits).toEqual([100, 200, 400]);
});

test.each([{ status: 'done' }, { status: 'aborted' }, failed(false)] as const)(
  'takes $status for an answer unless it may pass',
  async (last) => {
    const outcomes: TaskOutcome[] = [failed(true), last];
    expect(await withRetries(async () => outcomes.shift() as TaskOutcome, signal)).toEqual(last);
    expect([outcomes.length, waits]).toEqual([0, [100]]);
  },
);

test('an abort ends the wait, and there is no other attempt', async () => {
  const abort = new AbortController();
  let attempts = 0;
  const outcome = withRetries(async () => {
    attempts += 1;
    return failed(true);
  }, abort.signal);
  await sleep(5);
  abort.abort();
  expect(await outcome).toEqual({ status: 'aborted' });
  expect(attempts).toBe(1);
});
