/** Two trainings in two worker threads at once, against each of them alone. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Bench, EngineCase, Measurement } from './case.ts';
import { alternate, type Side } from './measure.ts';

class TrainingWorker implements AsyncDisposable {
  readonly #worker = new Worker(new URL('./worker-entry.mjs', import.meta.url));
  readonly #ended = new Promise((resolve) => this.#worker.once('exit', resolve));

  async ready(): Promise<void> {
    await once(this.#worker, 'message');
  }

  async round(steps: number): Promise<number> {
    const answer = once(this.#worker, 'message');
    this.#worker.postMessage(steps);
    return (await answer)[0] as number;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#worker.postMessage(0);
    await this.#ended;
  }
}

const measure = async (bench: Bench): Promise<Measurement> => {
  await using first = new TrainingWorker();
  await using second = new TrainingWorker();
  await Promise.all([first.ready(), second.ready()]);
  const together: Side = {
    round: async (steps) => {
      const [a, b] = await Promise.all([first.round(steps), second.round(steps)]);
      return (a + b) / 2;
    },
  };
  const [one, other, both] = await alternate([first, second, together], bench.effort);
  const alone = ((one?.median ?? Number.NaN) + (other?.median ?? Number.NaN)) / 2;
  const oursMs = both?.median ?? Number.NaN;
  bench.note(
    `  one training alone: ${alone.toFixed(1)} ms a step; two at once: ${oursMs.toFixed(1)} ms each`,
  );
  return {
    name: 'two-workers',
    threads: 1,
    oursMs,
    oursFastestMs: both?.fastest ?? Number.NaN,
    torchMs: null,
    torchFastestMs: null,
    ratio: oursMs / alone,
    bar: 1.15,
  };
};

export const twoWorkers: EngineCase = {
  name: 'two-workers',
  about: 'CNN steps in two workers at once; ratio: to a worker that trains alone',
  run: async (bench) => [await measure(bench)],
};
