/** Options of a training run that cannot be meant. */
import { expect, test } from 'vitest';
import { cloudOptions } from '../../test/train/toy.ts';
import { checkFitOptions, type FitOptions } from './fit-options.ts';

test('an improvement that no loss can be asked for', () => {
  const check = (minimumImprovement: number) => () =>
    checkFitOptions({ ...cloudOptions(), earlyStopping: { patience: 1, minimumImprovement } });
  for (const value of [-0.01, Number.NaN, Number.POSITIVE_INFINITY])
    expect(check(value)).toThrow(
      expect.objectContaining({
        code: 'OG_BAD_ARGUMENT',
        message: `earlyStopping.minimumImprovement is ${value}`,
      }),
    );
  for (const value of [0, 0.5]) expect(check(value)).not.toThrow();
});

test('checkpoints after every so many steps and when due as well', () => {
  const check = (checkpoint: Partial<FitOptions['checkpoint']>) => () =>
    checkFitOptions({ ...cloudOptions(), checkpoint: { save: () => undefined, ...checkpoint } });
  const due = () => true;
  expect(check({ everySteps: 1, due })).toThrow(
    expect.objectContaining({
      code: 'OG_BAD_ARGUMENT',
      message: 'checkpoint has both everySteps and due',
      hint: 'Pass one of them.',
    }),
  );
  for (const either of [{}, { due }, { everySteps: 1 }]) expect(check(either)).not.toThrow();
});
