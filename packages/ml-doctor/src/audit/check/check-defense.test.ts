/** Defences that cannot work are refused before anything is trained, with what was found and what to do. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { DefenseChoice } from '../../config/config.ts';
import { parseConfig } from '../../config/load-config.ts';
import { createDataset, type Dataset } from '../../data/dataset.ts';
import { defenseOf } from '../../defenses/registry.ts';
import { cellOf } from '../cell.ts';
import { checkCells, unwrittenSource } from './check-cells.ts';

const under = (name: string, params: Record<string, unknown> = {}): DefenseChoice => ({
  name,
  params: defenseOf(name).configure(params).params,
});

/** 400 pictures of 8×8, all different. */
const squares = createDataset({
  ...madePictures(),
  recordShape: [1, 8, 8],
  x: Uint8Array.from({ length: 400 * 64 }, (_, i) => Math.floor(i / 64) >> (i % 64)),
});

const checked = (changes: Parameters<typeof tinyWith>[0], others: readonly Dataset[] = []): unknown => {
  const data = new Map([['fashion-mnist-10k', squares], ...others.map((one) => [one.id, one] as const)]);
  try {
    checkCells([cellOf(tinyWith(changes))], data, unwrittenSource);
  } catch (error) {
    return error;
  }
  return 'accepted';
};

const refusal = (code: string, message: RegExp) => ({
  code,
  message: expect.stringMatching(message),
  hint: expect.stringMatching(/\.$/),
});

describe('dp-sgd', () => {
  it('suits a network', () => {
    expect(checked({ defense: under('dp-sgd') })).toBe('accepted');
  });

  it('takes no batch larger than the data', () => {
    expect(checked({ defense: under('dp-sgd', { batchSize: 61 }) })).toMatchObject(
      refusal('MLD_PRIVACY', /a batch of 61 records is larger than the data, of 60/),
    );
    expect(checked({ defense: under('dp-sgd', { batchSize: 60 }) })).toBe('accepted');
  });

  it('replaces batch normalisation, or refuses it with the fix', () => {
    const resnet = { model: 'resnet' };
    expect(checked({ ...resnet, defense: under('dp-sgd', { batchNorm: 'refuse' }) })).toMatchObject(
      refusal('MLD_DEFENSE_UNSUITED', /resnet has batch normalisation/),
    );
    expect(checked({ ...resnet, defense: under('dp-sgd') })).toBe('accepted');
  });

  it('refuses an epsilon that no noise keeps', () => {
    expect(checked({ defense: under('dp-sgd', { epsilon: 1e-9 }) })).toMatchObject(
      refusal('MLD_PRIVACY', /no noise up to 1000 keeps epsilon 1e-9/),
    );
  });

  it('is refused by the file for an epsilon or a delta that cannot be, at its place', () => {
    const file = (params: string) =>
      parseConfig(
        `data: fashion-mnist-10k\ntarget: { train: { model: mlp } }\nattacks: [membership/loss-threshold]\ndefense: { dp-sgd: { ${params} } }\n`,
        'a.yaml',
      );
    expect(() => file('epsilon: 0')).toThrow(/a\.yaml:4:.*epsilon/);
    expect(() => file('epsilon: -1')).toThrow(/a\.yaml:4:.*epsilon/);
    expect(() => file('delta: 0')).toThrow(/a\.yaml:4:.*delta/);
    expect(() => file('delta: 1')).toThrow(/a\.yaml:4:.*delta/);
    expect(() => file('epsilon: 8, noiseMultiplier: 1')).toThrow(/a\.yaml:4:.*one of the two/);
  });
});

describe('any defence', () => {
  it.each(['dp-sgd', 'dropout', 'stacking', 'l2'])('%s of a network is refused for a forest', (name) => {
    expect(checked({ model: 'random-forest', defense: under(name) })).toMatchObject(
      refusal(
        'MLD_DEFENSE_UNSUITED',
        new RegExp(`${name} changes how a network is trained, and random-forest is not a network`),
      ),
    );
  });

  it.each([
    ['top-k', { k: 2 }],
    ['label-only', {}],
    ['rounding', {}],
    ['temperature', {}],
  ] as const)('%s of answers suits a forest', (name, params) => {
    expect(checked({ model: 'random-forest', defense: under(name, params) })).toBe('accepted');
  });

  it('that hides nothing is refused', () => {
    // Of three classes.
    expect(checked({ defense: under('top-k', { k: 3 }) })).toMatchObject(
      refusal('MLD_DEFENSE_UNSUITED', /top-k with k 3 hides nothing: fashion-mnist-10k has 3 classes/),
    );
  });
});

describe('stacking', () => {
  it('needs records for three parts', () => {
    expect(checked({ defense: under('stacking'), recordsPerRole: 5 })).toMatchObject(
      refusal('MLD_DEFENSE_UNSUITED', /5/),
    );
  });

  it('has no gradients for attacks to read', () => {
    const white = attackChoice('membership/shadow-classifier', { access: 'white-box' });
    expect(checked({ defense: under('stacking'), attacks: [white] })).toMatchObject(
      refusal('MLD_ATTACK_UNSUITED', /mlp under stacking has none/),
    );
    const inverse = attackChoice('inversion/mi-face');
    expect(checked({ defense: under('stacking'), attacks: [inverse] })).toMatchObject(
      refusal('MLD_ATTACK_UNSUITED', /mlp under stacking has none/),
    );
  });

  it('is no matter to who attacks a copy', () => {
    const steal = attackChoice('stealing/posterior-matching');
    const through = { ...attackChoice('inversion/mi-face'), through: 'stealing/posterior-matching' };
    expect(checked({ defense: under('stacking'), attacks: [steal, through] })).toBe('accepted');
  });
});

describe('the attacker’s own models', () => {
  const small = createDataset({
    ...madePictures({ size: 80 }),
    id: 'adult',
    recordShape: [2],
    x: Float32Array.from({ length: 160 }, (_, i) => i),
    normalisation: { scale: 1, mean: [0, 0], std: [1, 1] },
  });
  const transfer = attackChoice('membership/ml-leaks', { adversary: 2, data: 'adult' });
  const with20 = under('dp-sgd', { batchSize: 40 });

  it('follow a defence on other data only where they can', () => {
    expect(checked({ defense: with20, attacks: [transfer] }, [small])).toMatchObject(
      refusal('MLD_PRIVACY', /a batch of 40 records is larger than the data, of 20/),
    );
    expect(checked({ defense: with20 }, [small])).toBe('accepted');
  });

  it('need not, where the attacker does not know of it', () => {
    expect(checked({ defense: { ...with20, adaptive: false }, attacks: [transfer] }, [small])).toBe(
      'accepted',
    );
  });
});
