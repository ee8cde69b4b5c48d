/** A run of more epochs goes on from one of fewer: to the bits of a run by itself, or it is refused. */
import { describe, expect, test } from 'vitest';
import { bitsOf, cloudOptions } from '../../test/train/toy.ts';
import { adam } from '../optim/adam.ts';
import { cosine, multiStep, type Schedule } from '../optim/schedules.ts';
import { sgd } from '../optim/sgd.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { type FitEvent, type FitOptions, fit } from './fit.ts';

/** Without validation, so that every epoch is run. */
const plain = (changes: Partial<FitOptions> = {}): FitOptions => {
  const { validation: _, earlyStopping: __, ...options } = cloudOptions();
  return { ...options, ...changes };
};

/** The state at the end of a run that is never due for a checkpoint, which is all that it saves. */
const endOf = async (options: FitOptions): Promise<Uint8Array> => {
  const kept: Uint8Array[] = [];
  const save = (bytes: Uint8Array) => void kept.push(bytes);
  await fit({ ...options, checkpoint: { due: () => false, atEnd: true, save } });
  expect(kept).toHaveLength(1);
  return kept[0] as Uint8Array;
};

const stepsOf = async (options: FitOptions) => {
  const events: FitEvent[] = [];
  const result = await fit({ ...options, onEvent: (event) => events.push(event) });
  return { bits: bitsOf(result), steps: events.filter(({ type }) => type === 'step').length };
};

/** As the reference is: the rate falls with every step, whatever the epoch. */
const decaying = (): FitOptions['optimizer'] => {
  const own = sgd({ learningRate: 0.1, momentum: 0.9 });
  return { ...own, scalarsAt: (step, rate) => own.scalarsAt(step, rate / (1 + (step - 1) * 0.05)) };
};

/** Half the rate in the last epoch. */
const lastAtHalf: Schedule = { name: 'last', factor: (e, all) => (e === all - 1 ? 0.5 : 1) };

const alike: Record<string, (epochs: number) => FitOptions> = {
  'momentum, batch normalisation and dropout, a milestone between': (epochs) =>
    plain({ epochs, schedule: multiStep([1, 3]) }),
  'Adam, its weights decaying': (epochs) =>
    plain({ epochs, optimizer: adam({ learningRate: 0.02, weightDecay: 0.01 }) }),
  'a rate that falls with every step': (epochs) => plain({ epochs, optimizer: decaying() }),
  'a schedule that looks at the end late only': (epochs) =>
    plain({ epochs, schedule: { name: 'last', factor: (e, all) => (e > 2 && e === all - 1 ? 0.5 : 1) } }),
  'early stopping that has not come': (epochs) => ({
    ...cloudOptions(),
    epochs,
    earlyStopping: { patience: 9 },
  }),
};

describe('a run of five epochs', () => {
  test.each(Object.entries(alike))('goes on from the end of one of two: %s', async (_, options) => {
    const whole = await stepsOf(options(5));
    const resume = await endOf(options(2));
    const rest = await stepsOf({ ...options(5), resume });
    expect(rest.bits).toBe(whole.bits);
    expect([whole.steps, rest.steps]).toEqual([25, 15]);
  });

  test('goes on from the middle of the other, is stopped, and goes on from there', async () => {
    const options = (epochs: number) => plain({ epochs, schedule: multiStep([1, 3]) });
    const whole = bitsOf(await fit(options(5)));
    const saved = new Map<number, Uint8Array>();
    const keep = (given: FitOptions) => {
      const saves: Uint8Array[] = [];
      return fit({
        ...given,
        checkpoint: { everySteps: 1, save: (bytes) => void saves.push(bytes) },
        onEvent: (event) => event.type === 'checkpoint' && saved.set(event.step, saves.at(-1) as Uint8Array),
      });
    };
    await keep(options(2));
    await keep({ ...options(5), resume: saved.get(7) as Uint8Array });
    for (const step of [7, 8, 10, 13, 24])
      expect(bitsOf(await fit({ ...options(5), resume: saved.get(step) as Uint8Array })), `${step}`).toBe(
        whole,
      );
  });

  test('of which the other was stopped early is over, too, with the same model', async () => {
    // No epoch is so much better than the first.
    const options = (epochs: number): FitOptions => ({
      ...cloudOptions(),
      epochs,
      earlyStopping: { patience: 2, minimumImprovement: 100 },
    });
    const whole = await fit(options(9));
    expect(whole.stoppedEarly).toBe(true);
    const resume = await endOf(options(whole.history.length + 1));
    const rest = await stepsOf({ ...options(9), resume });
    expect(rest).toEqual({ bits: bitsOf(whole), steps: 0 });
  });

  const refused: Record<string, [short: FitOptions, long: FitOptions]> = {
    'where the rates depend on how many there are': [
      plain({ epochs: 2, schedule: cosine() }),
      plain({ epochs: 5, schedule: cosine() }),
    ],
    'where the rate of one epoch that was run does': [
      plain({ epochs: 2, schedule: lastAtHalf }),
      plain({ epochs: 5, schedule: lastAtHalf }),
    ],
    'of another seed': [plain({ epochs: 2, seed: 43 }), plain({ epochs: 5 })],
    'with another milestone': [
      plain({ epochs: 2, schedule: multiStep([1]) }),
      plain({ epochs: 5, schedule: multiStep([]) }),
    ],
    'with another batch size': [plain({ epochs: 2, batchSize: 6 }), plain({ epochs: 5 })],
    'that was longer': [plain({ epochs: 6 }), plain({ epochs: 5 })],
  };
  test.each(Object.entries(refused))('does not go on from one %s', async (_, [short, long]) => {
    const resume = await endOf(short);
    await expect(fit({ ...long, resume })).rejects.toMatchObject({ code: 'OG_CHECKPOINT' });
  });

  test('goes on from one of six that has begun no more than five', async () => {
    const saved: Uint8Array[] = [];
    await fit(plain({ epochs: 6, checkpoint: { everySteps: 1, save: (bytes) => void saved.push(bytes) } }));
    const whole = bitsOf(await fit(plain({ epochs: 5 })));
    expect(bitsOf(await fit(plain({ epochs: 5, resume: saved[24] as Uint8Array })))).toBe(whole);
    const tooLong = fit(plain({ epochs: 5, resume: saved[25] as Uint8Array }));
    await expect(tooLong).rejects.toThrow('epoch 6 of a training of 6, and 5 are asked for');
  });

  test('does not take a file from before for one of other epochs', async () => {
    const { progress, ...rest } = decodeCheckpoint(await endOf(plain({ epochs: 2 })));
    const { epochs, ...before } = progress;
    expect(epochs).toBe(2);
    const resume = encodeCheckpoint({ ...rest, progress: before });
    await expect(fit({ ...plain({ epochs: 5 }), resume })).rejects.toMatchObject({ code: 'OG_CHECKPOINT' });
    expect(bitsOf(await fit({ ...plain({ epochs: 2 }), resume }))).toBe(
      bitsOf(await fit(plain({ epochs: 2 }))),
    );
  });
});
