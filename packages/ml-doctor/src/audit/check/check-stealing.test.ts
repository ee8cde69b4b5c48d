/** Stealing attacks that cannot work are refused before the first query, each with what was found. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { AttackChoice } from '../../config/config.ts';
import type { Dataset } from '../../data/dataset.ts';
import { FULL_OFFER } from '../../targets/threat-model.ts';
import { cellOf } from '../cell.ts';
import { copyCell, thiefOf } from '../copy-cell.ts';
import { checkCells, unwrittenSource } from './check-cells.ts';

interface World {
  readonly model?: string;
  readonly data?: Dataset;
  /** Of adult, as far as the tests go. */
  readonly other?: Dataset;
  readonly overlap?: 'allow';
}

const MATCHING = 'stealing/posterior-matching';
const KNOCKOFF = 'stealing/knockoff';

/** The same values, as rows of a table. */
const rows = (parts: Partial<Dataset> = {}): Dataset =>
  madePictures({
    recordShape: [16],
    normalisation: { scale: 1, mean: Array(16).fill(0), std: Array(16).fill(1) },
    ...parts,
  });

/** Pictures of another data set, none of them the target's. */
const strangers = (size: number, parts: Partial<Dataset> = {}): Dataset =>
  madePictures({
    id: 'adult',
    size,
    x: Uint8Array.from({ length: size * 16 }, (_, i) => (i % 16 === 15 ? 7 : Math.floor(i / 16))),
    ...parts,
  });

/** 60 records a role, of 400. */
const checkedAll = (
  attacks: readonly AttackChoice[],
  { model = 'mlp', data = madePictures(), other = strangers(90), overlap }: World = {},
): unknown => {
  const tiny = tinyWith({ model, attacks });
  try {
    checkCells(
      [cellOf({ ...tiny, data: { ...tiny.data, ...(overlap && { overlap }) } })],
      new Map([
        ['fashion-mnist-10k', data],
        ['adult', other],
        [other.id, other],
      ]),
      unwrittenSource,
    );
  } catch (error) {
    return error;
  }
  return 'accepted';
};

const checked = (name: string, params: Record<string, unknown> = {}, world: World = {}): unknown =>
  checkedAll([attackChoice(name, params)], world);

const refusal = (code: string, message: RegExp, hint: RegExp = /\.$/) => ({
  code,
  message: expect.stringMatching(message),
  hint: expect.stringMatching(hint),
});

describe('a pool', () => {
  it.each([
    ['shadow records, two roles of them', MATCHING, {}, 120],
    ['half of the members', MATCHING, { auxiliary: 'partial' }, 30],
    ['another data set', KNOCKOFF, { pool: 'adult' }, 90],
  ])('of %s is enough for as many queries, and no more', (_, name, params, size) => {
    expect(checked(name, params)).toBe('accepted');
    expect(checked(name, { ...params, budgets: [1, size] })).toBe('accepted');
    expect(checked(name, { ...params, budgets: [1, size + 1] })).toMatchObject(
      refusal('MLD_POOL_SMALL', new RegExp(`${size + 1}\\D.*\\D${size}\\D`)),
    );
  });

  it('that the attacker makes up has no end', () => {
    expect(checked(KNOCKOFF, { budgets: [100_000] })).toBe('accepted');
    expect(checked('stealing/data-free', { budgets: [1_000_000] }, { data: rows() })).toBe('accepted');
  });

  it('of the target’s own data set is refused', () => {
    expect(checked(KNOCKOFF, { pool: 'fashion-mnist-10k' })).toMatchObject(
      refusal('MLD_ATTACK_UNSUITED', /fashion-mnist-10k is the target’s own/, /posterior-matching/),
    );
  });

  it('with the target’s own records under another name is refused, unless that is allowed', () => {
    const same = { other: madePictures({ id: 'adult', size: 400 }) };
    expect(checked(KNOCKOFF, { pool: 'adult' }, same)).toMatchObject(
      refusal('MLD_OVERLAP', /120 of 120 .* in the pool adult/, /overlap: allow/),
    );
  });

  it('of the target’s own records in another size is refused, unless that is allowed', () => {
    const id = 'fashion-mnist@32';
    const other = strangers(90, { id, recordShape: [1, 2, 4], x: new Uint8Array(720).fill(3) });
    const params = { pool: id, resize: true };
    expect(checked(KNOCKOFF, params, { other })).toMatchObject(
      refusal(
        'MLD_OVERLAP',
        /fashion-mnist@32 is of the same records as fashion-mnist-10k/,
        /overlap: allow/,
      ),
    );
    expect(checked(KNOCKOFF, params, { other, overlap: 'allow' })).toBe('accepted');
  });

  it('is not to be resized where it fits', () => {
    expect(checked(KNOCKOFF, { pool: 'adult', resize: true })).toMatchObject(
      refusal('MLD_POOL_SHAPE', /shape already/, /Leave out resize/),
    );
  });

  it('of another shape or range is refused', () => {
    const flat = rows({ id: 'adult' });
    expect(checked(KNOCKOFF, { pool: 'adult' }, { other: flat })).toMatchObject(
      refusal('MLD_POOL_SHAPE', /\[16\].*\[1,4,4\]/),
    );
    const small = madePictures({ id: 'adult', size: 800, recordShape: [1, 2, 4], x: new Uint8Array(6400) });
    expect(checked(KNOCKOFF, { pool: 'adult' }, { other: small })).toMatchObject(
      refusal('MLD_POOL_SHAPE', /\[1,2,4\]/, /resize: true/),
    );
    expect(checked(KNOCKOFF, { pool: 'adult', resize: true }, { other: small })).toBe('accepted');
    const bright = madePictures({ id: 'adult', x: new Float32Array(6400).fill(300) });
    expect(checked(KNOCKOFF, { pool: 'adult' }, { other: bright })).toMatchObject(
      refusal('MLD_POOL_RANGE', /300/),
    );
  });
});

describe('the copy', () => {
  it('is a network: of another target one must be named', () => {
    for (const name of [MATCHING, KNOCKOFF]) {
      expect(checked(name, {}, { model: 'random-forest' })).toMatchObject(
        refusal('MLD_ATTACK_UNSUITED', new RegExp(`^${name} .*random-forest cannot`), /architecture: .*mlp/),
      );
      expect(checked(name, { architecture: 'mlp' }, { model: 'random-forest' })).toBe('accepted');
    }
  });

  it('suits the records', () => {
    const data = rows();
    expect(checked(MATCHING, { architecture: 'simple-cnn' }, { data })).toMatchObject({
      code: 'MLD_CONFIG',
    });
    expect(checked(MATCHING, { architecture: 'wide-mlp' }, { data })).toBe('accepted');
  });

  it('may show as many of the largest posteriors as there are classes', () => {
    for (const k of [1, 3]) expect(checked(MATCHING, { output: 'topK', k })).toBe('accepted');
    expect(checked(MATCHING, { output: 'topK', k: 4 })).toMatchObject(
      refusal('MLD_CONFIG', /k is 4; fashion-mnist-10k has 3 classes/, /at most/),
    );
  });

  it('without data needs records that a generator can make', () => {
    const narrow = madePictures({ recordShape: [1, 2, 8] });
    expect(checked('stealing/data-free', {}, { data: narrow })).toMatchObject({
      code: 'MLD_ATTACK_UNSUITED',
    });
  });
});

describe('an attack through a copy', () => {
  const through = (name: string, params: Record<string, unknown> = {}): AttackChoice => ({
    ...attackChoice(name, params),
    through: MATCHING,
  });
  const whiteBox = ['membership/shadow-classifier', { access: 'white-box' }] as const;

  it('suits the copy’s architecture, whatever the target is', () => {
    const forest = { model: 'random-forest' };
    const thief = attackChoice(MATCHING, { architecture: 'mlp' });
    for (const [name, params] of [whiteBox, ['inversion/mi-face', {}] as const]) {
      expect(checked(name, params, forest)).toMatchObject({ code: 'MLD_ATTACK_UNSUITED' });
      expect(checkedAll([through(name, params), thief], forest)).toBe('accepted');
    }
    // What is wrong with the records is as wrong on a copy.
    expect(checkedAll([through('inversion/mi-face', { classes: 4 }), thief])).toMatchObject({
      code: 'MLD_CONFIG',
      message: expect.stringContaining('classes is 4'),
    });
  });

  it('is not blamed for a copy that cannot be made', () => {
    expect(
      checkedAll([through(...whiteBox), attackChoice(MATCHING)], { model: 'random-forest' }),
    ).toMatchObject(refusal('MLD_ATTACK_UNSUITED', /^stealing\/posterior-matching /));
  });

  it('needs what steals the copy once among the attacks', () => {
    const attack = through('membership/loss-threshold');
    expect(checkedAll([attack])).toMatchObject(refusal('MLD_CONFIG', /there is none/, /once/));
    const both = [attackChoice(MATCHING), attackChoice(MATCHING, { loss: 'kl' })];
    expect(checkedAll([attack, ...both])).toMatchObject(refusal('MLD_CONFIG', /there are 2/, /once/));
  });

  it('has all of the copy in hand, and the target’s data', () => {
    const attacks = [
      through('membership/loss-threshold'),
      attackChoice(MATCHING, { architecture: 'wide-mlp' }),
    ];
    const config = tinyWith({ attacks });
    const cell = { ...cellOf(config), offers: { access: 'black-box', output: 'label' } as const };
    const thief = thiefOf(cell, attacks[0]!)!;
    expect(thief.choice).toBe(attacks[1]);
    expect(copyCell(cell, thief.configured)).toEqual({
      ...cell,
      model: { ...cell.model, model: 'wide-mlp' },
      offers: FULL_OFFER,
    });
    expect(thiefOf(cell, attacks[1]!)).toBeUndefined();
  });
});
