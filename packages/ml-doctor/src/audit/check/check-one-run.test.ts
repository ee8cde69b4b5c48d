/** One-run audits that cannot work are refused with what was found. */
import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { AttackChoice } from '../../config/config.ts';
import { parseConfig } from '../../config/load-config.ts';
import { drawCanaries } from '../../data/canaries.ts';
import { splitQuarters } from '../../data/split.ts';
import { defenseOf } from '../../defenses/registry.ts';
import { ONE_RUN } from '../../report/privacy.ts';
import { cellOf } from '../cell.ts';
import { checkCells, unwrittenSource } from './check-cells.ts';

describe('refused before anything runs', () => {
  const refused = (attacks: readonly AttackChoice[], changes: Parameters<typeof tinyWith>[0] = {}) => {
    const pictures = madePictures();
    try {
      const datasets = new Map([[pictures.id, pictures]]);
      checkCells([cellOf(tinyWith({ ...changes, attacks }))], datasets, unwrittenSource);
    } catch (error) {
      return error;
    }
    return 'accepted';
  };

  it('more canaries than two roles have records', () => {
    expect(splitQuarters(400, { seed: 4, perRole: 60 })['target-train']).toHaveLength(60);
    expect(refused([attackChoice(ONE_RUN, { canaries: 120 })])).toBe('accepted');
    expect(refused([attackChoice(ONE_RUN, { canaries: 122 })])).toMatchObject({
      code: 'MLD_SPLIT',
      message: expect.stringContaining('122 canaries'),
    });
  });

  it('a training that the defence cannot audit, as the coins leave too few records for a batch', () => {
    const defense = { name: 'dp-sgd', params: defenseOf('dp-sgd').configure({ noiseMultiplier: 1 }).params };
    const left = (seed: number) =>
      drawCanaries(400, { seed, perRole: 60 }, 80).included.reduce((sum, coin) => sum + coin, 20);
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const [fewer, more] = [seeds.find((seed) => left(seed) < 60), seeds.find((seed) => left(seed) >= 60)];
    const audited = (seed: number, batchSize: number) =>
      refused([attackChoice(ONE_RUN, { canaries: 80 })], { seed, defense, training: { batchSize } });
    expect(audited(more!, 60)).toBe('accepted');
    expect(audited(fewer!, left(fewer!))).toBe('accepted');
    expect(audited(fewer!, 60)).toMatchObject({
      code: 'MLD_PRIVACY',
      message: expect.stringContaining(`larger than the data, of ${left(fewer!)}`),
    });
  });

  it('an audit of a copy that somebody else trained', () => {
    const thief = attackChoice('stealing/posterior-matching', { budgets: [20] });
    expect(
      refused([
        thief,
        { ...attackChoice(ONE_RUN, { canaries: 80 }), through: 'stealing/posterior-matching' },
      ]),
    ).toMatchObject({
      code: 'MLD_CONFIG',
      message: expect.stringMatching(/audits how the target is trained; it cannot go through a stolen copy/),
    });
  });

  it('more guesses than canaries, at their place in the file', () => {
    expect(() =>
      parseConfig(
        `data: { catalog: fashion-mnist-10k, recordsPerRole: 60 }
target: { train: { model: mlp } }
attacks:
  - membership/one-run-audit: { canaries: 40, guesses: 60 }
`,
        'audit.yaml',
      ),
    ).toThrow(
      expect.objectContaining({
        code: 'MLD_CONFIG',
        message: expect.stringMatching(/audit\.yaml:4:\d+.*more guesses than canaries/s),
      }),
    );
  });
});
