/** Inversion attacks that cannot work are refused before anything is trained, each with what was found. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import { createDataset, type Dataset } from '../../data/dataset.ts';
import { cellOf } from '../cell.ts';
import { checkCells, unwrittenSource } from './check-cells.ts';

const checked = (
  name: string,
  params: Record<string, unknown>,
  { model = 'mlp', data = madePictures() }: { model?: string; data?: Dataset } = {},
): unknown => {
  const config = tinyWith({ model, attacks: [attackChoice(name, params)] });
  try {
    checkCells([cellOf(config)], new Map([['fashion-mnist-10k', data]]), unwrittenSource);
  } catch (error) {
    return error;
  }
  return 'accepted';
};

const refusal = (code: string, message: RegExp, hint: RegExp) => ({
  code,
  message: expect.stringMatching(message),
  hint: expect.stringMatching(hint),
});

// Three classes.
describe('classes', () => {
  it.each(['inversion/mi-face', 'inversion/black-box', 'inversion/plg', 'inversion/secret-revealer'])(
    'of %s that do not exist are refused',
    (name) => {
      expect(checked(name, { classes: 4 })).toMatchObject(
        refusal('MLD_CONFIG', /classes is 4; .* has 3 classes/, /at most 3/),
      );
      expect(checked(name, { classes: [0, 3] })).toMatchObject(
        refusal('MLD_CONFIG', /names class 3; those of .* are 0 to 2/, /'all'/),
      );
      expect(checked(name, { classes: 3 })).toBe('accepted');
      expect(checked(name, { classes: [2] })).toBe('accepted');
      expect(checked(name, { classes: 'all' })).toBe('accepted');
    },
  );
});

describe('a model without gradients', () => {
  it('is refused for attacks that follow them, by its name', () => {
    expect(checked('inversion/mi-face', {}, { model: 'random-forest' })).toMatchObject(
      refusal('MLD_ATTACK_UNSUITED', /random-forest has none/, /inversion\/black-box/),
    );
  });

  it('is accepted by the attack that asks only', () => {
    expect(checked('inversion/black-box', {}, { model: 'random-forest' })).toBe('accepted');
  });
});

describe('pictures that no generator can make', () => {
  const narrow = createDataset({ ...madePictures(), recordShape: [1, 2, 8] });

  it('are refused for attacks that want one', () => {
    for (const name of ['inversion/plg', 'inversion/secret-revealer'])
      expect(checked(name, {}, { data: narrow })).toMatchObject(
        refusal('MLD_ATTACK_UNSUITED', /2 × 8 pixels are too small/, /without a generator/),
      );
    expect(checked('inversion/mi-face', {}, { data: narrow })).toBe('accepted');
  });
});

describe('table rows', () => {
  const rows = createDataset({
    ...madePictures(),
    recordShape: [2],
    x: Float32Array.from({ length: 800 }, (_, i) => i / 7),
    normalisation: { scale: 1, mean: [0, 0], std: [1, 1] },
  });

  it('are inverted as they are', () => {
    expect(checked('inversion/mi-face', {}, { data: rows })).toBe('accepted');
    expect(checked('inversion/secret-revealer', {}, { data: rows })).toBe('accepted');
  });

  it('are refused where options are for pictures', () => {
    for (const [name, option] of [
      ['mi-face', { smoothness: 1 }],
      ['mi-face', { denoise: 5 }],
      ['black-box', { blocks: 2 }],
    ] as const)
      expect(checked(`inversion/${name}`, option, { data: rows })).toMatchObject(
        refusal('MLD_ATTACK_UNSUITED', new RegExp(`${Object.keys(option)}: \\d is for pictures`), /^Leave/),
      );
  });
});
