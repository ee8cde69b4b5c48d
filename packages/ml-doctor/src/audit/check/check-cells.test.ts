/** Records and attacks that cannot work are refused with what was found; what may be odd but works is not. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { AuditConfig } from '../../config/config.ts';
import { parseConfig } from '../../config/load-config.ts';
import { createDataset, type Dataset } from '../../data/dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import { inMemory } from '../../data/values.ts';
import { cellOf } from '../cell.ts';
import { checkCells, unwrittenSource } from './check-cells.ts';

type Changes = Parameters<typeof tinyWith>[0];

const errorOf = (act: () => void): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return 'accepted';
};

const checked = (changes: Changes = {}, data: Dataset = madePictures(), others: readonly Dataset[] = []) =>
  errorOf(() =>
    checkCells(
      [cellOf(tinyWith(changes))],
      new Map([['fashion-mnist-10k', data], ...others.map((one) => [one.id, one] as const)]),
      unwrittenSource,
    ),
  );

const withData = (given: Partial<AuditConfig['data']>): Changes => ({
  data: { catalog: 'fashion-mnist-10k', split: 'ml-doctor-2022', recordsPerRole: 60, ...given },
});

const refusal = (code: string, message: RegExp, hint: RegExp = /\.$/) => ({
  code,
  message: expect.stringMatching(message),
  hint: expect.stringMatching(hint),
});

const rows = (columns: number, parts: Partial<Dataset> = {}) =>
  createDataset({
    ...madePictures(),
    recordShape: [columns],
    x: Float32Array.from({ length: 400 * columns }, (_, i) => Math.floor(i / columns) + (i % columns) / 7),
    normalisation: { scale: 1, mean: Array(columns).fill(0), std: Array(columns).fill(1) },
    ...parts,
  });

describe('records', () => {
  it('that are all different are accepted', () => {
    expect(checked()).toBe('accepted');
  });

  it('that are members and non-members at once are refused, counted, unless allowed', () => {
    // 400 records of 170 pictures, which come in turns.
    const data = madePictures({ inputs: 170 });
    const roles = splitQuarters(400, { seed: 4, perRole: 60 });
    const pictures = (role: 'target-train' | 'target-test') => Array.from(roles[role], (id) => id % 170);
    const [members, others] = [pictures('target-train'), pictures('target-test')];
    const shared = members.filter((picture) => others.includes(picture));
    const back = others.filter((picture) => members.includes(picture)).length;
    // Records of one picture are 170 or 340 apart, so that their labels, the remainders of division by 3, differ.
    const otherLabel = [...roles['target-train']].filter((member) => {
      const same = [...roles['target-test']].filter((other) => other % 170 === member % 170);
      return same.length > 0 && same.every((other) => other % 3 !== member % 3);
    }).length;
    expect([shared.length, otherLabel].every((count) => count > 5)).toBe(true);
    expect(checked({}, data)).toMatchObject(
      refusal(
        'MLD_OVERLAP',
        new RegExp(
          `${shared.length} members .*\\(${new Set(shared).size} different inputs, ${back} non-members, ${otherLabel} of`,
        ),
        /overlap: allow/,
      ),
    );
    expect(checked(withData({ overlap: 'allow' }), data)).toBe('accepted');
  });

  it('that overlap elsewhere than between members and non-members are accepted', () => {
    // Among the members alone.
    const roles = splitQuarters(400, { seed: 4, perRole: 60 });
    const x = inMemory(madePictures().x).slice();
    const [first, second] = [...roles['target-train']] as [number, number];
    x.copyWithin(16 * second, 16 * first, 16 * first + 16);
    expect(checked({}, madePictures({ x }))).toBe('accepted');
  });

  it('of one class only are refused', () => {
    const data = madePictures({ y: new Int32Array(400).fill(1) });
    expect(checked({}, data)).toMatchObject(
      refusal('MLD_SPLIT', /all 60 records of target-train are of one class \('b'\)/),
    );
    // Of the members alone two.
    const y = new Int32Array(400);
    const roles = splitQuarters(400, { seed: 4, perRole: 60 });
    for (const id of roles['target-train'].slice(30)) y[id] = 1;
    expect(checked({}, madePictures({ y }))).toMatchObject(refusal('MLD_SPLIT', /of target-test .*'a'/));
  });

  it('that differ between members and non-members are not refused: the report says so', () => {
    const members = new Set(splitQuarters(400, { seed: 4, perRole: 60 })['target-train']);
    const x = inMemory(madePictures().x).map((value, i) =>
      i % 16 === 15 ? (members.has(Math.floor(i / 16)) ? 255 : 0) : value,
    );
    expect(checked({}, madePictures({ x: x as Uint8Array }))).toBe('accepted');
  });

  it('are sliced by categories they have, and by nothing else', () => {
    const attributes = {
      sex: { values: new Int32Array(400), categories: ['one', 'other'] },
      age: { values: new Float32Array(400) },
    };
    const people = madePictures({ attributes });
    expect(checked(withData({ slices: ['sex'] }), people)).toBe('accepted');
    expect(checked(withData({ slices: ['sex', 'age'] }), people)).toMatchObject(
      refusal('MLD_CONFIG', /'age' of fashion-mnist-10k is a number/, /categories: sex\./),
    );
    expect(checked(withData({ slices: ['race'] }), people)).toMatchObject(
      refusal('MLD_CONFIG', /no attribute 'race'/, /categories: sex\./),
    );
    expect(checked(withData({ slices: ['sex'] }))).toMatchObject(
      refusal('MLD_CONFIG', /no attribute 'sex'/, /Leave out slices/),
    );
  });
});

describe('attacks', () => {
  const attacked = (name: string, params: Record<string, unknown> = {}) => ({
    attacks: [attackChoice(`membership/${name}`, params)],
  });

  it.each([
    ['lira', { shift: 1 }],
    ['lira', { flip: true }],
    ['label-only', { method: 'augment' }],
  ])('%s %j asks about copies of pictures, which table rows are not', (name, params) => {
    expect(checked(attacked(name, params))).toBe('accepted');
    expect(checked(attacked(name, params), rows(5))).toMatchObject(
      refusal('MLD_ATTACK_UNSUITED', new RegExp(`^membership/${name} asks about shifted .*no pictures`)),
    );
    expect(checked(attacked(name, name === 'lira' ? {} : { method: 'gap' }), rows(5))).toBe('accepted');
  });

  it('that read gradients suit networks only', () => {
    const whiteBox = attacked('shadow-classifier', { access: 'white-box' });
    for (const model of ['mlp', 'logistic-regression'])
      expect(checked({ model, ...whiteBox })).toBe('accepted');
    expect(checked({ model: 'random-forest', ...whiteBox })).toMatchObject(
      refusal('MLD_ATTACK_UNSUITED', /reads gradients.*random-forest has none/, /black-box/),
    );
    expect(checked({ model: 'random-forest', ...attacked('shadow-classifier') })).toBe('accepted');
  });

  it('that know a third of the members need three', () => {
    // Of two records each role has two classes with some seed.
    const partial = attacked('shadow-classifier', { auxiliary: 'partial' });
    const seed = Array.from({ length: 50 }, (_, i) => i).find((one) => {
      const roles = splitQuarters(400, { seed: one, perRole: 2 });
      return (['target-train', 'shadow-train'] as const).every(
        (role) => new Set(Array.from(roles[role], (id) => id % 3)).size === 2,
      );
    }) as number;
    expect(checked({ seed, recordsPerRole: 2, ...partial })).toMatchObject(
      refusal('MLD_SPLIT', /at least 3 records per role; there are 2/),
    );
    expect(checked({ seed, recordsPerRole: 2, ...attacked('loss-threshold') })).toBe('accepted');
    expect(checked({ seed, recordsPerRole: 3, ...partial })).toBe('accepted');
  });

  it('that train models on other data need models that suit it', () => {
    const adult = rows(9, { id: 'adult' });
    const transfer = (architecture: string) =>
      attacked('ml-leaks', { adversary: 2, data: 'adult', architecture });
    expect(checked(transfer('mlp'), madePictures(), [adult])).toBe('accepted');
    expect(checked(transfer('random-forest'), madePictures(), [adult])).toBe('accepted');
    expect(checked(transfer('simple-cnn'), madePictures(), [adult])).toMatchObject({ code: 'MLD_CONFIG' });
  });

  it('that train models on other data do not have the target’s under another name', () => {
    const whole = madePictures({ id: 'fashion-mnist' });
    const transfer = attacked('ml-leaks', { adversary: 2, data: 'fashion-mnist' });
    expect(checked(transfer, madePictures(), [whole])).toMatchObject(
      refusal('MLD_OVERLAP', /fashion-mnist is of the same records .*fashion-mnist-10k/, /overlap: allow/),
    );
    expect(checked({ ...transfer, ...withData({ overlap: 'allow' }) }, madePictures(), [whole])).toBe(
      'accepted',
    );
  });
});

describe('a defence', () => {
  it('of training does not suit a forest', () => {
    const defense = { name: 'l2', params: { lambda: 0.01 } };
    expect(checked({ defense })).toBe('accepted');
    expect(checked({ model: 'random-forest', defense })).toMatchObject(
      refusal(
        'MLD_DEFENSE_UNSUITED',
        /l2 changes how a network is trained, and random-forest is not a network/,
      ),
    );
  });
});

it('what is refused stands at its place in the file', () => {
  const { config, source } = parseConfig(
    `data: { catalog: fashion-mnist-10k, recordsPerRole: 60 }
target: { train: { model: random-forest } }
attacks:
  - membership/loss-threshold
  - membership/shadow-classifier: { access: white-box }
`,
    'audit.yaml',
  );
  const place = (data: Dataset) =>
    errorOf(() =>
      checkCells([cellOf(config as AuditConfig)], new Map([['fashion-mnist-10k', data]]), source),
    );
  expect(place(madePictures({ inputs: 170 }))).toMatchObject(
    refusal('MLD_OVERLAP', /^audit\.yaml:1:7: fashion/),
  );
  expect(place(madePictures())).toMatchObject(
    refusal('MLD_ATTACK_UNSUITED', /^audit\.yaml:[45]:\d+: membership\/shadow-classifier/),
  );
});
