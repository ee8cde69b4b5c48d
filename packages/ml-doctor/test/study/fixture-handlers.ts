/** Kinds of task that do on purpose what real ones do by misfortune. Loaded by tests and by their worker processes. */

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { OnnxGradError } from '../../../onnx-grad/src/errors.ts';
import { AuditError } from '../../src/errors.ts';
import type { TaskHandler } from '../../src/study/task.ts';

const code = ['ml-doctor/study/canonical-json'];

/** A number, also as a blob of eight bytes; adds one byte to the file `log` each time it really runs. */
const constant: TaskHandler<{ readonly value: number; readonly log: string }, number> = {
  code,
  async run({ value, log }) {
    appendFileSync(log, '.');
    return { result: value, blobs: { value: new Uint8Array(new Float64Array([value]).buffer) } };
  },
};

/** Adds what its inputs computed, once from their results and once from their blobs. */
const sum: TaskHandler<{ readonly log: string }, number> = {
  code,
  async run({ log }, inputs) {
    appendFileSync(log, '.');
    let result = 0;
    let fromBlobs = 0;
    for (const input of inputs) {
      result += input.result as number;
      fromBlobs += new Float64Array((await input.blob('value')).buffer)[0] ?? Number.NaN;
    }
    if (result !== fromBlobs) throw new Error(`results add up to ${result}, blobs to ${fromBlobs}`);
    return { result, blobs: { value: new Uint8Array(new Float64Array([result]).buffer) } };
  },
};

type Failure = 'audit' | 'onnx-grad' | 'plain' | 'string' | 'nan';

/** Fails in the way `how` says. */
const fail: TaskHandler<{ readonly how: Failure }, number> = {
  code,
  async run({ how }) {
    if (how === 'audit') throw new AuditError('MLD_SPLIT', 'quarters overlap', 'Use fewer records.');
    if (how === 'onnx-grad')
      throw new OnnxGradError('OG_DIVERGED', 'the loss is NaN', 'Lower the learning rate.');
    if (how === 'plain') throw new TypeError('x is not a function');
    if (how === 'string') throw 'just text';
    return { result: Number.NaN };
  },
};

/** Fails for a passing reason until its file `log` holds `failures` bytes. */
const flaky: TaskHandler<{ readonly log: string; readonly failures: number }, number> = {
  code,
  async run({ log, failures }) {
    appendFileSync(log, '.');
    const attempts = readFileSync(log).length;
    if (attempts > failures) return { result: attempts };
    throw new AuditError('MLD_DATA_UNREADABLE', 'the network is gone', 'Wait.', { transient: true });
  },
};

/** Sends `events` events, the last without a figure that JSON could hold. */
const progress: TaskHandler<{ readonly events: number }, null> = {
  code,
  async run({ events }, _, context) {
    for (let event = 1; event <= events; event += 1) {
      context.progress({
        fraction: event / events,
        figures: { loss: event === events ? Number.NaN : 1 / event },
      });
    }
    return { result: null };
  },
};

/** Writes its process id to `log` and stops when asked to. */
const wait: TaskHandler<{ readonly log: string }, null> = {
  code,
  async run({ log }, _, { signal }) {
    appendFileSync(log, `${process.pid}\n`);
    await sleep(60_000, undefined, { signal });
    return { result: null, blobs: { late: new Uint8Array(1) } };
  },
};

/** As `wait`, but answers an abort with half a result. */
const settleForLess: TaskHandler<{ readonly log: string }, string> = {
  code,
  async run({ log }, _, { signal }) {
    appendFileSync(log, `${process.pid}\n`);
    await sleep(60_000, undefined, { signal }).catch(() => undefined);
    return { result: 'half' };
  },
};

/** Writes its process id to `log` and never gives control back. */
const spin: TaskHandler<{ readonly log: string }, null> = {
  code,
  async run({ log }) {
    appendFileSync(log, `${process.pid}\n`);
    for (;;) existsSync(log);
  },
};

/** Kills its own process with `signal` until its file `log` holds `deaths` bytes. */
const die: TaskHandler<{ readonly log: string; readonly deaths: number; readonly signal: string }, number> = {
  code,
  async run({ log, deaths, signal }) {
    appendFileSync(log, '.');
    if (readFileSync(log).length > deaths) return { result: readFileSync(log).length };
    process.kill(process.pid, signal);
    await sleep(60_000);
    return { result: -1 };
  },
};

/** Leaves through `process.exit`, as a careless library might. */
const leave: TaskHandler<null, null> = {
  code,
  async run() {
    console.error('last words');
    process.exit(7);
  },
};

/** Fills the JavaScript heap. */
const exhaust: TaskHandler<null, number> = {
  code,
  async run() {
    const hoard: number[][] = [];
    for (;;) hoard.push(Array.from({ length: 10_000 }, (_, index) => index + Math.random()));
  },
};

/** What the handler was given. */
const context: TaskHandler<{ readonly nested: { readonly list: readonly number[] } }> = {
  code,
  async run(params, inputs, { seed, threads, device }) {
    return {
      result: { params, seed, threads, device, pid: process.pid, inputs: inputs.map(({ key }) => key) },
    };
  },
};

export const handlers = {
  constant,
  sum,
  fail,
  flaky,
  progress,
  wait,
  settleForLess,
  spin,
  die,
  leave,
  exhaust,
  context,
};
