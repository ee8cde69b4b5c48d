/** Endpoints over the tiny model, with a clock on which nobody waits. */
import { expect, onTestFinished } from 'vitest';
import type { Clock } from '../../src/targets/http/clock.ts';
import type { Endpoint, EndpointChoice, EndpointOptions } from '../../src/targets/http/endpoint.ts';
import { openEndpointWith } from '../../src/targets/http/open-endpoint.ts';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { inputsOf } from './rows.ts';
import { CLASSES } from './server.ts';

export const choiceOf = (url: string, more: Partial<EndpointChoice> = {}): EndpointChoice => ({
  url,
  protocol: 'json',
  method: 'POST',
  headers: {},
  answers: 'probabilities',
  layout: 'nchw',
  batch: 8,
  concurrency: 1,
  timeoutSeconds: 10,
  retries: 2,
  budget: 1000,
  ...more,
});

/** Time passes by sleeping only; `slept` says how long. */
export const testClock = (start = 0): Clock & { readonly slept: number[] } => {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
};

export interface Asking {
  readonly more?: Partial<EndpointChoice>;
  readonly options?: Partial<EndpointOptions>;
  readonly clock?: Clock;
}

export const openAt = async (url: string, { more, options, clock }: Asking = {}): Promise<Endpoint> => {
  const endpoint = await openEndpointWith(
    choiceOf(url, more),
    { recordShape: [4], classes: CLASSES, ledger: temporaryFolder(), env: {}, ...options },
    clock ?? testClock(),
  );
  onTestFinished(() => endpoint.close());
  return endpoint;
};

/** Record i of as many as wanted, all different. */
export const record = (i: number): number[] => [i / 8, 1 - i / 16, (i % 5) / 4, 0 - i / 32];

export const records = (count: number, from = 0): number[][] =>
  Array.from({ length: count }, (_, i) => record(from + i));

/** Posteriors by row. */
export const ask = async (
  endpoint: Endpoint,
  rows: readonly (readonly number[])[],
  signal: AbortSignal = new AbortController().signal,
): Promise<number[][]> => {
  const { logits, classes } = await endpoint.answers(inputsOf(rows), signal);
  return rows.map((_, i) => Array.from(logits.subarray(i * classes, (i + 1) * classes), Math.exp));
};

export const closeTo = (expected: readonly (readonly number[])[]) =>
  expected.map((row) => row.map((p) => expect.closeTo(p, 5)));
