/** Checkpoints: an interrupted run ends with the bits of an uninterrupted one, or is refused. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { bitsOf, cloudModel, cloudOptions, clouds } from '../../test/train/toy.ts';
import { crossEntropy } from '../nn/losses.ts';
import { adam } from '../optim/adam.ts';
import { cosine, multiStep } from '../optim/schedules.ts';
import { sgd } from '../optim/sgd.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { type FitEvent, type FitOptions, fit } from './fit.ts';

/** The records of the run, the last with another label. */
const relabelled = () => {
  const data = clouds(23, 5);
  const [last] = data.labels.slice(-1) as [number];
  data.labels[data.labels.length - 1] = (last + 1) % 3;
  return data;
};

const saved: Uint8Array[] = [];
let whole = '';

beforeAll(async () => {
  whole = bitsOf(await fit(cloudOptions()));
  const checkpoint = { everySteps: 1, save: (bytes: Uint8Array) => void saved.push(bytes) };
  expect(bitsOf(await fit({ ...cloudOptions(), checkpoint }))).toBe(whole);
});

describe('a run with batch normalisation, dropout, momentum and a schedule', () => {
  test('saved after every step and resumed from each ends with the same bits', async () => {
    expect(saved.length).toBe(15);
    for (const [i, resume] of saved.entries()) {
      const events: FitEvent[] = [];
      const result = await fit({ ...cloudOptions(), resume, onEvent: (event) => events.push(event) });
      expect(bitsOf(result), `from step ${i + 1}`).toBe(whole);
      expect(events[0]).toMatchObject({ type: 'start', resumedAt: i + 1 });
      expect(events.filter((event) => event.type === 'step').length).toBe(14 - i);
    }
  });

  test('resumed in another process ends with the same bits', () => {
    const script = fileURLToPath(new URL('../../test/train/resume-in-child.ts', import.meta.url));
    const child = spawnSync(process.execPath, ['--import', 'tsx', '--conditions', 'source', script], {
      input: saved[6],
      encoding: 'utf8',
    });
    expect(child.stderr).toBe('');
    expect(child.stdout).toBe(whole);
  });

  test('Adam, interrupted twice', async () => {
    const options = (): FitOptions => ({
      ...cloudOptions(),
      optimizer: adam({ learningRate: 0.02, weightDecay: 0.01, decoupled: true }),
      schedule: cosine(),
    });
    const straight = bitsOf(await fit(options()));
    const stopAfter = async (steps: number, resume?: Uint8Array): Promise<Uint8Array> => {
      const controller = new AbortController();
      const kept: Uint8Array[] = [];
      const run = fit({
        ...options(),
        ...(resume && { resume }),
        signal: controller.signal,
        checkpoint: { everySteps: 1, save: (bytes) => void kept.push(bytes) },
        onEvent: (event) => event.type === 'checkpoint' && event.step === steps && controller.abort(),
      });
      await expect(run).rejects.toMatchObject({ code: 'OG_ABORTED' });
      return kept.at(-1) as Uint8Array;
    };
    const twice = await stopAfter(8, await stopAfter(3));
    expect(bitsOf(await fit({ ...options(), resume: twice }))).toBe(straight);
  });

  test('a checkpoint after every third step, or after each epoch when nothing is said', async () => {
    const stepsOf = async (everySteps?: number) => {
      const steps: number[] = [];
      await fit({
        ...cloudOptions(),
        checkpoint: { ...(everySteps && { everySteps }), save: () => undefined },
        onEvent: (event) => event.type === 'checkpoint' && steps.push(event.step),
      });
      return steps;
    };
    expect(await stepsOf(3)).toEqual([3, 6, 9, 12, 15]);
    expect(await stepsOf()).toEqual([5, 10, 15]);
  });

  test('at any moments that `due` says, asked once after each step; the moments change nothing', async () => {
    const moments = fc.array(fc.boolean(), { minLength: 15, maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(moments, async (moments) => {
        const kept = new Map<number, Uint8Array>();
        let asked = 0;
        let last: Uint8Array | undefined;
        const result = await fit({
          ...cloudOptions(),
          checkpoint: {
            due: () => moments[asked++] as boolean,
            save: async (bytes) => {
              // A slow disk: training waits for it.
              await new Promise((resolve) => setImmediate(resolve));
              last = bytes;
            },
          },
          onEvent: (event) => event.type === 'checkpoint' && kept.set(event.step, last as Uint8Array),
        });
        expect(bitsOf(result)).toBe(whole);
        expect(asked).toBe(15);
        expect([...kept.keys()]).toEqual(moments.flatMap((due, i) => (due ? [i + 1] : [])));
        for (const resume of kept.values())
          expect(bitsOf(await fit({ ...cloudOptions(), resume }))).toBe(whole);
      }),
      { numRuns: 5 },
    );
  });

  const others: Record<string, Partial<FitOptions>> = {
    seed: { seed: 43 },
    'a seed of another type': { seed: '42' },
    'batch size': { batchSize: 6 },
    'learning rate': { optimizer: sgd({ learningRate: 0.2, momentum: 0.9, weightDecay: 1e-3 }) },
    momentum: { optimizer: sgd({ learningRate: 0.1, momentum: 0.8, weightDecay: 1e-3 }) },
    'weight decay': { optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) },
    optimiser: { optimizer: adam({ learningRate: 0.1 }) },
    schedule: { schedule: cosine() },
    'schedule at one epoch': { schedule: multiStep([1]) },
    'number of records': { data: clouds(24, 5) },
    'as many other records': { data: clouds(23, 6) },
    'other labels': { data: relabelled() },
    loss: { loss: crossEntropy({ labelSmoothing: 0.1 }) },
    'first weights': { model: cloudModel(2) },
    dropLast: { dropLast: true },
    patience: { earlyStopping: { patience: 3 } },
    'number of validation records': { validation: clouds(11, 6) },
    'as many other validation records': { validation: clouds(10, 7) },
  };
  test.each(Object.entries(others))('a checkpoint of another run is refused: %s', async (_, change) => {
    const resumed = fit({ ...cloudOptions(), ...change, resume: saved[7] as Uint8Array });
    await expect(resumed).rejects.toMatchObject({ code: 'OG_CHECKPOINT' });
  });

  test('7 and 7n are one seed', async () => {
    const result = await fit({ ...cloudOptions(), seed: 42n, resume: saved[7] as Uint8Array });
    expect(bitsOf(result)).toBe(whole);
  });
});

describe('the bytes of a checkpoint', () => {
  test('cut short anywhere are refused', () => {
    const bytes = saved[7] as Uint8Array;
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeCheckpoint(bytes.subarray(0, length)), `${length} of ${bytes.length}`).toThrow(
        expect.objectContaining({ code: 'OG_CHECKPOINT' }),
      );
  });

  test('that are no checkpoint are refused by fit, which leaves nothing running', async () => {
    const resume = new TextEncoder().encode('not a checkpoint');
    await expect(fit({ ...cloudOptions(), resume })).rejects.toMatchObject({ code: 'OG_CHECKPOINT' });
  });

  test('keep numbers JSON has no text for', () => {
    const history = [
      { epoch: 0, loss: 1 / 3, learningRate: 5e-324, validationLoss: Number.POSITIVE_INFINITY },
    ];
    const best = { loss: Number.NaN, epoch: 0 };
    const progress = { epoch: 1, step: 4, stepInEpoch: 0, lossSum: 0.1 + 0.2, recordsSeen: 7, history, best };
    const checkpoint = { progress, state: new Map(), fingerprint: 'f' };
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
  });
});
