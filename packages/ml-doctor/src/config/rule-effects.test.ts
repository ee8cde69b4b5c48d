/** Rules against the plainest way to apply them: lists of combinations, one rule after the other. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FULL_STUDY } from '../../test/config/samples.ts';
import type { GridRule, StudyConfig } from './config.ts';
import { parseConfig } from './load-config.ts';
import { gridSize, type RuleEffect, ruleEffects } from './rule-effects.ts';

const base = parseConfig(FULL_STUDY, 'study.yaml').config as StudyConfig;

/** Every combination as its names and, as names may repeat, positions. */
const combinations = (study: StudyConfig, seeds: readonly number[]) =>
  study.data.flatMap((data, d) =>
    study.models.flatMap((model, m) =>
      study.defenses.flatMap((defense, f) =>
        study.attacks.flatMap((attack, a) =>
          seeds.map((seed) => ({
            id: `${d} ${m} ${f} ${a} ${seed}`,
            names: {
              data: data.catalog,
              model: model.model,
              defense: defense.name,
              attack: attack.name,
              seed,
            },
          })),
        ),
      ),
    ),
  );

const matches = (rule: GridRule, names: Readonly<Record<string, unknown>>) =>
  Object.entries(rule).every(([axis, values]) => (values as unknown[]).includes(names[axis]));

function byHand(study: StudyConfig): RuleEffect[] {
  let grid = new Set(combinations(study, study.seeds).map(({ id }) => id));
  const effects: RuleEffect[] = [];
  study.exclude.forEach((rule, index) => {
    const dropped = combinations(study, study.seeds).filter(
      ({ id, names }) => grid.has(id) && matches(rule, names),
    );
    grid = new Set([...grid].filter((id) => !dropped.some((one) => one.id === id)));
    effects.push({ kind: 'exclude', index, changed: dropped.length, left: grid.size });
  });
  study.include.forEach((rule, index) => {
    const before = grid.size;
    for (const { id, names } of combinations(study, rule.seed ?? study.seeds))
      if (matches(rule, names)) grid.add(id);
    effects.push({ kind: 'include', index, changed: grid.size - before, left: grid.size });
  });
  return effects;
}

const values = <T>(...of: T[]) => fc.subarray(of, { minLength: 1 });
const rule = (seeds: number[]): fc.Arbitrary<GridRule> =>
  fc.record(
    {
      data: values('adult', 'fashion-mnist-10k'),
      model: values('mlp', 'random-forest', 'simple-cnn'),
      defense: values('none', 'l2'),
      attack: values('membership/loss-threshold', 'membership/shadow-classifier'),
      seed: values(...seeds),
    },
    { requiredKeys: [] },
  );

describe('the rules of a study', () => {
  it('drop and add what they match', () => {
    const rules = (seeds: number[]) => fc.array(rule(seeds), { maxLength: 4 });
    fc.assert(
      fc.property(rules([0, 1, 2]), rules([0, 2, 3, 9]), (exclude, include) => {
        const study = { ...base, exclude, include };
        expect(ruleEffects(study)).toEqual(byHand(study));
      }),
    );
  });

  it('of the sample do what a person counts', () => {
    // Of 2 data sets × 3 models × 3 defences × 2 attacks × 3 seeds; two defences of the three are l2.
    expect(ruleEffects(base)).toEqual([
      { kind: 'exclude', index: 0, changed: 18, left: 90 },
      { kind: 'exclude', index: 1, changed: 40, left: 50 },
      { kind: 'include', index: 0, changed: 12, left: 62 },
    ]);
    expect(gridSize(base)).toBe(2 * 3 * 3 * 2 * 5);
  });
});
