/** The cells of a grid against brute force: every combination asked, one by one, whether the rules want it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttackChoice, GridRule, StudyConfig } from '../config/config.ts';
import { mlDoctorRecipe } from '../models/recipe.ts';
import { FULL_OFFER } from '../targets/threat-model.ts';
import { cellId } from './cell.ts';
import { expandGrid } from './expand-grid.ts';

const DATA = ['adult', 'fashion-mnist-10k'];
const MODELS = ['mlp', 'simple-cnn'];
const DEFENSES = ['none', 'l2'];
const ATTACKS = ['membership/loss-threshold', 'membership/shadow-classifier'];
const THIEF = 'stealing/data-free';
/** Of the attacks there are, one goes through a copy. */
const CHOICES: readonly AttackChoice[] = [
  ...ATTACKS.map((name) => ({ name, params: {} })),
  { name: 'membership/loss-threshold', params: {}, through: THIEF },
  { name: THIEF, params: {} },
];
const label = ({ name, through }: AttackChoice) => `${name}>${through}`;

const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const optional = <T>(values: readonly T[]) => fc.option(some(values), { nil: undefined });
const rule: fc.Arbitrary<GridRule> = fc
  .record({
    data: optional(DATA),
    model: optional(MODELS),
    defense: optional(DEFENSES),
    attack: optional([...ATTACKS, THIEF]),
    seed: optional([0, 1, 7]),
  })
  .map((axes) => Object.fromEntries(Object.entries(axes).filter(([, values]) => values !== undefined)));

const study: fc.Arbitrary<StudyConfig> = fc
  .record({
    data: some(DATA),
    models: some(MODELS),
    defenses: some(DEFENSES),
    attacks: some(CHOICES),
    seeds: some([0, 1, 2]),
    include: fc.array(rule, { maxLength: 2 }),
    exclude: fc.array(rule, { maxLength: 2 }),
  })
  .map(({ data, models, defenses, attacks, ...rest }) => ({
    data: data.map((catalog) => ({ catalog, split: 'ml-doctor-2022' as const })),
    models: models.map((model) => ({ model, training: mlDoctorRecipe(1) })),
    offers: FULL_OFFER,
    defenses: defenses.map((name) => ({ name, params: {} })),
    attacks,
    ...rest,
  }));

const fits = (
  rule: GridRule,
  [data, model, defense, { name, through }, seed]: readonly [string, string, string, AttackChoice, number],
) =>
  [
    [rule.data, data],
    [rule.model, model],
    [rule.defense, defense],
    [rule.seed, seed],
  ].every(([wanted, value]) => wanted === undefined || (wanted as unknown[]).includes(value)) &&
  (rule.attack === undefined || [name, through].some((one) => rule.attack!.includes(String(one))));

describe('expandGrid', () => {
  it('has the combinations that brute force finds, and no other', () => {
    fc.assert(
      fc.property(study, (config) => {
        const expected = new Set<string>();
        for (const { catalog } of config.data)
          for (const { model } of config.models)
            for (const defense of config.defenses)
              for (const attack of config.attacks)
                for (let seed = 0; seed < 10; seed++) {
                  const point = [catalog, model, defense.name, attack, seed] as const;
                  const inGrid = config.seeds.includes(seed) && !config.exclude.some((r) => fits(r, point));
                  const included = config.include.some(
                    (r) => fits(r, point) && (r.seed ?? config.seeds).includes(seed),
                  );
                  if (inGrid || included)
                    expected.add([catalog, model, defense.name, label(attack), seed].join(' '));
                }
        const cells = expandGrid(config);
        const found = cells.flatMap(({ data, model, defense, attacks, seed }) =>
          attacks.map((attack) => [data.catalog, model.model, defense.name, label(attack), seed].join(' ')),
        );
        expect(new Set(found)).toEqual(expected);
        expect(found).toHaveLength(expected.size);
        // One cell a target, none without an attack.
        expect(new Set(cells.map(cellId)).size).toBe(cells.length);
        expect(cells.every(({ attacks }) => attacks.length > 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('says of every cell where it stands in the configuration, in the order of the axes', () => {
    const whole: StudyConfig = {
      data: DATA.map((catalog) => ({ catalog, split: 'ml-doctor-2022' as const })),
      models: MODELS.map((model) => ({ model, training: mlDoctorRecipe(1) })),
      offers: FULL_OFFER,
      defenses: [{ name: 'none', params: {} }],
      attacks: ATTACKS.map((name) => ({ name, params: {} })),
      seeds: [3, 1],
      include: [{ data: ['adult'], model: ['mlp'], seed: [9] }],
      exclude: [],
    };
    const cells = expandGrid(whole);
    expect(cells.map(({ data, model, seed }) => `${data.catalog} ${model.model} ${seed}`)).toEqual([
      ...['adult mlp 3', 'adult mlp 1', 'adult simple-cnn 3', 'adult simple-cnn 1'],
      ...['fashion-mnist-10k mlp 3', 'fashion-mnist-10k mlp 1'],
      ...['fashion-mnist-10k simple-cnn 3', 'fashion-mnist-10k simple-cnn 1'],
      'adult mlp 9',
    ]);
    for (const { origin, data, model, attacks } of cells) {
      expect(whole.data[origin.data[1] as number]).toBe(data);
      expect(whole.models[origin.model[1] as number]).toBe(model);
      expect(attacks.map(({ name }) => name)).toEqual(ATTACKS);
    }
  });
});
