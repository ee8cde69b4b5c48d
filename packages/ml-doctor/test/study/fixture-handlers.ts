/** Kinds of task that do on purpose what real ones do by misfortune. Loaded by tests and by their worker processes. */

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
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

/** Takes so long, and gives the id of its process. */
const nap: TaskHandler<{ readonly ms: number }, number> = {
  code,
  async run({ ms }) {
    await sleep(ms);
    return { result: process.pid };
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

/** As `wait`, but takes its process with it. */
const quit: TaskHandler<{ readonly log: string }, null> = {
  code,
  async run({ log }, _, { signal }) {
    appendFileSync(log, `${process.pid}\n`);
    await sleep(60_000, undefined, { signal }).catch(() => process.exit(3));
    return { result: null };
  },
};

/** As `wait`, but takes its time to stop. */
const linger: TaskHandler<{ readonly log: string; readonly index: number }, null> = {
  code,
  async run({ log }, _, { signal }) {
    appendFileSync(log, `${process.pid}\n`);
    await sleep(60_000, undefined, { signal }).catch(() => sleep(200));
    return { result: null };
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

/** What the handler was given, and who it is. */
const context: TaskHandler<{ readonly nested: { readonly list: readonly number[] } }> = {
  code,
  async run(params, inputs, { seed, threads, device, places }) {
    const given = { params, seed, threads, device, places: { ...places } as { readonly dataDir?: string } };
    const heapLimitMiB = getHeapStatistics().heap_size_limit / 2 ** 20;
    return { result: { ...given, inputs: inputs.map(({ key }) => key), pid: process.pid, heapLimitMiB } };
  },
};

/** Takes so many MiB outside of the JavaScript heap, with pauses or without, and holds on to them. */
const hoard: TaskHandler<{ readonly mib: number; readonly pauses: boolean }, null> = {
  code,
  async run({ mib, pauses }, _, { signal }) {
    const held: Buffer[] = [];
    for (let taken = 0; taken < mib; taken += 8) {
      held.push(Buffer.alloc(8 << 20, 1));
      if (pauses) await sleep(25);
    }
    if (pauses) await sleep(60_000, undefined, { signal });
    while (held.length > 0) existsSync('/');
    return { result: null };
  },
};

/** Says that its process holds so many MiB: in the middle of the task, or in the moment before it is known to have ended. */
const boast: TaskHandler<{ readonly mib: number; readonly late: boolean }, null> = {
  code,
  async run({ mib, late }) {
    const send = process.send?.bind(process) as (...all: unknown[]) => boolean;
    if (!late) {
      send({ type: 'memory', mib });
      await sleep(60_000);
    }
    process.send = (...all: unknown[]) => {
      if ((all[0] as { type: string }).type === 'ended') send({ type: 'memory', mib });
      return send(...all);
    };
    return { result: null };
  },
};

/** So many KiB of a blob that no other task has; adds one byte to the file `log` each time it runs. */
const bulky: TaskHandler<{ readonly kib: number; readonly index: number; readonly log: string }, number> = {
  code,
  async run({ kib, index, log }) {
    appendFileSync(log, '.');
    return { result: index, blobs: { bulk: new Uint8Array(kib << 10).fill(index) } };
  },
};

const kept: Buffer[] = [];

/** Leaves so many MiB behind in its process, whose id is its result. */
const litter: TaskHandler<{ readonly mib: number; readonly name: string }, number> = {
  code,
  async run({ mib }) {
    kept.push(Buffer.alloc(mib << 20, 1));
    return { result: process.pid };
  },
};

/** Kills its own process with `signal` when the record is written and the pool has not heard of it. */
const lastBreath: TaskHandler<{ readonly log: string; readonly signal: string }, number> = {
  code,
  async run({ log, signal }) {
    appendFileSync(log, '.');
    const send = process.send?.bind(process) as (...all: unknown[]) => boolean;
    process.send = (...all: unknown[]) =>
      (all[0] as { type: string }).type === 'ended' ? process.kill(process.pid, signal) : send(...all);
    return { result: process.pid };
  },
};

export const handlers = {
  constant,
  sum,
  fail,
  flaky,
  progress,
  wait,
  nap,
  settleForLess,
  quit,
  linger,
  spin,
  die,
  leave,
  exhaust,
  context,
  bulky,
  hoard,
  boast,
  litter,
  lastBreath,
};
