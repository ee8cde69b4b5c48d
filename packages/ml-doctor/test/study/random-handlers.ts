/** The task of a random graph: what it does is written in its parameters. Loaded by tests and by worker processes. */

import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditError } from '../../src/errors.ts';
import type { FinishedTask, TaskHandler, TaskHandlers } from '../../src/study/task.ts';

/** `times` counts what passes: failures of `flaky`, deaths of `die`; nothing to the others. */
export type Fate = {
  readonly does: 'succeed' | 'fail' | 'throw text' | 'flaky' | 'die' | 'leave' | 'die after committing';
  readonly times: number;
};

export type NodeParams = {
  /** Where the logs are. */
  readonly folder: string;
  readonly index: number;
  readonly fate: Fate;
};

/** What a node computes of what its inputs have computed. */
export const computed = (index: number, inputs: readonly number[]): number =>
  inputs.reduce((sum, value) => (31 * sum + value) % 1_000_003, index + 1);

export const bytesOf = (index: number, value: number): Uint8Array =>
  new Uint8Array(Float64Array.of(index, value).buffer);

/** One line for each time a node came to its end, just before its commit. */
export const endsFile = (folder: string, tag: string): string => join(folder, `${tag}.ends`);
/** One byte for each attempt. */
export const attemptsFile = (folder: string, tag: string, index: number): string =>
  join(folder, `${tag}.${index}.attempts`);

/**
 * @param tag whose logs to write: two planners on one store count apart.
 * @param mortal whether this process may die; what would kill it fails in a plain way instead, or passes where a
 *   retry would.
 */
export function randomHandlers(tag: string, mortal: boolean): TaskHandlers {
  const node: TaskHandler<NodeParams, number> = {
    code: ['ml-doctor/study/canonical-json'],
    async run({ folder, index, fate: { does, times } }, inputs) {
      const attempts = attemptsFile(folder, tag, index);
      appendFileSync(attempts, '.');
      const attempt = readFileSync(attempts).length;
      const values = await Promise.all(inputs.map(valueIn));
      // So that tasks overtake each other.
      await sleep((13 * index) % 7);
      if (does === 'fail') throw new AuditError('MLD_SPLIT', 'it always fails', 'Leave it out.');
      if (does === 'throw text') throw 'text';
      if (does === 'flaky' && attempt <= times)
        throw new AuditError('MLD_DATA_UNREADABLE', 'not now', 'Wait.', { transient: true });
      if (mortal) await perish(does, attempt <= times);
      else if (does === 'leave' || (does === 'die' && times > 3)) throw new Error('it would have died');
      const result = computed(index, values);
      appendFileSync(endsFile(folder, tag), `${index}\n`);
      return { result, blobs: { value: bytesOf(index, result) } };
    },
  };
  return { node } as unknown as TaskHandlers;
}

async function valueIn(input: FinishedTask): Promise<number> {
  const [, value] = new Float64Array((await input.blob('value')).buffer);
  if (value !== input.result) throw new Error(`result ${input.result}, blob ${value}`);
  return value as number;
}

async function perish(does: Fate['does'], now: boolean): Promise<void> {
  if (does === 'leave') process.exit(1);
  if (does === 'die' && now) {
    process.kill(process.pid, 'SIGKILL');
    await sleep(60_000);
  }
  if (does === 'die after committing') {
    // The pool is about to hear of the end: now the record is written.
    const send = process.send?.bind(process) as (...all: unknown[]) => boolean;
    process.send = (...all: unknown[]) =>
      (all[0] as { type: string }).type === 'ended' ? process.kill(process.pid, 'SIGKILL') : send(...all);
  }
}

/** For worker processes, which load this module as `…?tag=NAME`. */
export const handlers = randomHandlers(new URL(import.meta.url).searchParams.get('tag') ?? '', true);
