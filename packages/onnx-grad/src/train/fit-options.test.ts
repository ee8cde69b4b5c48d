/** Options of a training run that cannot be meant. */
import { expect, test } from 'vitest';
import { cloudOptions } from '../../test/train/toy.ts';
import { checkFitOptions } from './fit-options.ts';

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
