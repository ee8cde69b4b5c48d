import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Question } from '../../../test/service/gateway-asker.ts';
import { AuditError } from '../../errors.ts';
import type { RemoteTarget } from '../remote.ts';
import { gatewayTarget, startGateway } from './gateway.ts';
import { socketPlace } from './socket-place.ts';

const never = new AbortController().signal;

/** Something that happens once (Node 20 has no `Promise.withResolvers`). */
const moment = () => {
  let resolve = () => {};
  const promise = new Promise<void>((happened) => {
    resolve = happened;
  });
  return { promise, resolve };
};

/** Two classes: the sum of a record, and minus that. */
const summing: RemoteTarget = {
  answers: async ({ values, rows }) => {
    const width = values.length / rows;
    const logits = new Float32Array(2 * rows);
    for (let i = 0; i < rows; i++) {
      const sum = values.subarray(i * width, (i + 1) * width).reduce((a, b) => a + b, 0);
      logits.set([sum, -sum], 2 * i);
    }
    return { logits, classes: 2 };
  },
};

/** Answers when it is told to; says when it was asked and when it was stopped. */
const waiting = () => {
  const asked = moment();
  const stopped = moment();
  const target: RemoteTarget = {
    answers: (_, signal) => {
      asked.resolve();
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          stopped.resolve();
          reject(signal.reason);
        }),
      );
    },
  };
  return { target, asked: asked.promise, stopped: stopped.promise };
};

const gateway = async (targets: Record<string, RemoteTarget>) => {
  const started = await startGateway(targets);
  onTestFinished(() => started.close());
  return started;
};

const failing = (error: unknown): RemoteTarget => ({ answers: () => Promise.reject(error) });

describe('the gateway', () => {
  it('brings float32 there and back bit by bit', async () => {
    const echo: RemoteTarget = { answers: async ({ values }) => ({ logits: values.slice(), classes: 3 }) };
    const { address } = await gateway({ echo });
    const values = fc.array(fc.float(), { maxLength: 60 }).map((row) => Float32Array.from(row));
    await fc.assert(
      fc.asyncProperty(values, fc.nat(5), async (drawn, offset) => {
        const whole = drawn.subarray(0, drawn.length - (drawn.length % 3));
        // A view into a larger buffer, as a batch of a data set is.
        const sent = new Float32Array(whole.length + offset).subarray(offset);
        sent.set(whole);
        const got = await gatewayTarget(address, 'echo').answers(
          { values: sent, rows: whole.length / 3 },
          never,
        );
        expect(got.logits).toEqual(whole);
        expect(got.classes).toBe(3);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps −∞, which is a posterior of 0', async () => {
    const zero: RemoteTarget = {
      answers: async () => ({ logits: Float32Array.of(0, -Infinity), classes: 2 }),
    };
    const { address } = await gateway({ zero });
    const got = await gatewayTarget(address, 'zero').answers({ values: new Float32Array(1), rows: 1 }, never);
    expect([...got.logits]).toEqual([0, -Infinity]);
  });

  it('answers several questions at once, each with its own answer', async () => {
    const all = moment();
    let open = 0;
    const { address } = await gateway({
      together: {
        answers: async (inputs, signal) => {
          // No question is answered before all of them are here.
          if (++open === 8) all.resolve();
          await all.promise;
          return summing.answers(inputs, signal);
        },
      },
    });
    const target = gatewayTarget(address, 'together');
    const got = await Promise.all(
      Array.from({ length: 8 }, (_, k) => target.answers({ values: Float32Array.of(k, 1), rows: 1 }, never)),
    );
    expect(got.map(({ logits }) => logits[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('asks the target of the name', async () => {
    const constant = (value: number): RemoteTarget => ({
      answers: async () => ({ logits: Float32Array.of(value), classes: 1 }),
    });
    const { address } = await gateway({ one: constant(1), 'a/b c?#%': constant(2) });
    const ask = (name: string) =>
      gatewayTarget(address, name).answers({ values: new Float32Array(1), rows: 1 }, never);
    expect((await ask('one')).logits[0]).toBe(1);
    expect((await ask('a/b c?#%')).logits[0]).toBe(2);
    await expect(ask('toString')).rejects.toThrow(
      'internal: the gateway has no target "toString"; known: one, a/b c?#%',
    );
  });

  it('passes errors for users on as they are', async () => {
    const { address } = await gateway({
      poor: failing(new AuditError('MLD_BUDGET', 'spent: 5 of 5 “queries”', 'Allow more.')),
      flaky: failing(new AuditError('MLD_ENDPOINT', 'no answer', 'Wait.', { transient: true })),
    });
    const errorOf = (name: string) =>
      gatewayTarget(address, name)
        .answers({ values: new Float32Array(9), rows: 3 }, never)
        .then(
          () => undefined,
          (error: unknown) => error,
        );
    const poor = await errorOf('poor');
    expect(poor).toBeInstanceOf(AuditError);
    expect(poor).toMatchObject({
      code: 'MLD_BUDGET',
      message: 'spent: 5 of 5 “queries”',
      hint: 'Allow more.',
      transient: false,
    });
    expect(await errorOf('flaky')).toMatchObject({ code: 'MLD_ENDPOINT', transient: true });
  });

  it('passes any other error on as a defect', async () => {
    const { address } = await gateway({
      broken: failing(new TypeError('x is not a function')),
      odd: failing('text'),
    });
    const ask = (name: string) =>
      gatewayTarget(address, name).answers({ values: new Float32Array(1), rows: 1 }, never);
    await expect(ask('broken')).rejects.toThrow(/^internal: x is not a function$/);
    await expect(ask('odd')).rejects.toThrow(/^internal: text$/);
    await expect(ask('broken')).rejects.not.toBeInstanceOf(AuditError);
  });

  it('refuses an answer of another number of rows', async () => {
    const short: RemoteTarget = { answers: async () => ({ logits: new Float32Array(4), classes: 2 }) };
    const { address } = await gateway({ short });
    const asking = gatewayTarget(address, 'short').answers({ values: new Float32Array(3), rows: 3 }, never);
    await expect(asking).rejects.toThrow('internal: 4 numbers came back for 3 inputs of 2 classes');
  });

  it('stops the target when whoever asked aborts', async () => {
    const { target, asked, stopped } = waiting();
    const { address } = await gateway({ slow: target });
    const abort = new AbortController();
    const asking = gatewayTarget(address, 'slow').answers(
      { values: new Float32Array(1), rows: 1 },
      abort.signal,
    );
    const outcome = expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    await asked;
    abort.abort();
    await outcome;
    await stopped;
  });

  it('sends nothing for a question that is aborted before', async () => {
    let asked = 0;
    const { address } = await gateway({
      counting: {
        answers: (...question) => {
          asked += 1;
          return summing.answers(...question);
        },
      },
    });
    const reason = new Error('too late');
    await expect(
      gatewayTarget(address, 'counting').answers(
        { values: new Float32Array(1), rows: 1 },
        AbortSignal.abort(reason),
      ),
    ).rejects.toBe(reason);
    expect(asked).toBe(0);
  });

  it('ends open questions on both sides when it closes, and leaves nothing behind', async () => {
    const { target, asked, stopped } = waiting();
    const { address, close } = await startGateway({ slow: target });
    const asking = gatewayTarget(address, 'slow').answers({ values: new Float32Array(1), rows: 1 }, never);
    const outcome = expect(asking).rejects.toMatchObject({ code: 'MLD_ENDPOINT', transient: true });
    await asked;
    await Promise.all([close(), close()]);
    await stopped;
    await outcome;
    await expect(stat(dirname(address))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(
      gatewayTarget(address, 'slow').answers({ values: new Float32Array(1), rows: 1 }, never),
    ).rejects.toMatchObject({ code: 'MLD_ENDPOINT', transient: true });
  });

  it.skipIf(process.platform === 'win32')('is closed to other users', async () => {
    const { address } = await gateway({});
    expect((await stat(dirname(address))).mode & 0o777).toBe(0o700);
  });

  it('survives one who leaves in the middle of a question', async () => {
    const { address } = await gateway({ summing });
    const half = request({
      socketPath: address,
      method: 'POST',
      path: '/summing',
      headers: { 'content-length': 800 },
    });
    half.on('error', () => {});
    await new Promise((sent) => half.write(Buffer.alloc(400), sent));
    half.destroy();
    const got = await gatewayTarget(address, 'summing').answers(
      { values: Float32Array.of(4), rows: 1 },
      never,
    );
    expect(got.logits[0]).toBe(4);
  });
});

describe('a place for a socket', () => {
  it.skipIf(process.platform === 'win32')(
    'is short enough for the system wherever temporary files are',
    async () => {
      const deep = join(tmpdir(), 'x'.repeat(90));
      const place = await socketPlace(deep);
      onTestFinished(() => place.remove());
      expect(Buffer.byteLength(place.address)).toBeLessThan(104);
      expect(statSync(dirname(place.address)).isDirectory()).toBe(true);
    },
  );
});

describe('the gateway, asked by other processes', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  const asker = () => {
    const child = fork(new URL('../../../test/service/gateway-asker.ts', import.meta.url), {
      execArgv: ['--import', 'tsx', '--conditions=source'],
    });
    children.push(child);
    const ask = async (question: Question): Promise<unknown> => {
      child.send(question);
      return (await once(child, 'message'))[0];
    };
    return { child, ask };
  };

  it('answers them, 100 MB too', async () => {
    const { address } = await gateway({ summing });
    const [one, two] = [asker(), asker()];
    const [small, large] = await Promise.all([
      one.ask({ address, name: 'summing', rows: 2, width: 3 }),
      two.ask({ address, name: 'summing', rows: 1_300_000, width: 20 }),
    ]);
    // Records 0 1 2 and 3 4 5.
    expect(small).toEqual({ classes: 2, first: 3, last: -12, count: 4 });
    // 0 + … + 19 first; up to 26 million the last, where float32 knows even numbers only.
    let last = 0;
    for (let i = 25_999_980; i < 26_000_000; i++) last += Math.fround(i);
    expect(large).toEqual({ classes: 2, first: 190, last: -Math.fround(last), count: 2_600_000 });
  });

  it('stops the target when they abort or are killed', async () => {
    const [first, second] = [waiting(), waiting()];
    const { address } = await gateway({ first: first.target, second: second.target });
    const one = asker();
    const aborted = one.ask({ address, name: 'first', rows: 1, width: 1 });
    await first.asked;
    one.child.send({ address, name: 'first', rows: 1, width: 1, abort: true } satisfies Question);
    expect(await aborted).toMatchObject({ failed: { kind: 'AbortError' } });
    await first.stopped;
    const two = asker();
    two.child.send({ address, name: 'second', rows: 1, width: 1 } satisfies Question);
    await second.asked;
    two.child.kill('SIGKILL');
    await second.stopped;
  });

  it('carries errors to them', async () => {
    const { address } = await gateway({
      poor: failing(new AuditError('MLD_BUDGET', 'spent', 'Allow more.')),
    });
    expect(await asker().ask({ address, name: 'poor', rows: 1, width: 1 })).toEqual({
      failed: {
        kind: 'AuditError',
        code: 'MLD_BUDGET',
        message: 'spent',
        hint: 'Allow more.',
        transient: false,
      },
    });
  });
});
