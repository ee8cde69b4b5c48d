/** Resident memory of a long training, in a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Bench, EngineCase, Measurement } from './case.ts';

export interface MemoryReport {
  readonly warmMb: number;
  readonly endMb: number;
  readonly stepMs: number;
}

const child = fileURLToPath(new URL('./memory-child.ts', import.meta.url));

const measure = async (bench: Bench): Promise<Measurement> => {
  const [warmUp, total] = bench.quick ? [100, 500] : [500, 10_000];
  const training = fork(child, [String(warmUp), String(total)]);
  const report = await new Promise<MemoryReport>((resolve, reject) => {
    training.once('message', (message) => resolve(message as MemoryReport));
    training.once('exit', (status) => reject(new Error(`the training process ended with status ${status}`)));
  });
  if (training.exitCode === null) await once(training, 'exit');
  const { warmMb, endMb, stepMs } = report;
  bench.note(
    `  resident after ${warmUp} steps: ${warmMb.toFixed(0)} MB; after ${total}: ${endMb.toFixed(0)} MB`,
  );
  return {
    name: 'memory-10k-steps',
    threads: 1,
    oursMs: stepMs,
    oursFastestMs: stepMs,
    torchMs: null,
    torchFastestMs: null,
    ratio: endMb / warmMb,
    bar: 1.1,
  };
};

export const memory: EngineCase = {
  name: 'memory-10k-steps',
  about: 'resident memory after 10,000 steps of `fit` on the MLP; ratio: to that after 500 steps',
  run: async (bench) => [await measure(bench)],
};
