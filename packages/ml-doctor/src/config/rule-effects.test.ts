/** Rules against the plainest way to apply them: lists of combinations, one rule after the other. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FULL_STUDY } from '../../test/config/samples.ts';
import type { AttackChoice, GridRule, StudyConfig } from './config.ts';
import { parseConfig } from './load-config.ts';
import { gridSize, type RuleEffect, ruleEffects } from './rule-effects.ts';

const parsed = parseConfig(FULL_STUDY, 'study.yaml').config as StudyConfig;
const THIEF = 'stealing/data-free';
const [threshold, classifier] = parsed.attacks as [AttackChoice, AttackChoice];
/** One attack on targets, on copies, and on both. */
const base: StudyConfig = {
  ...parsed,
  attacks: [
    { ...threshold, through: THIEF },
    threshold,
    { name: THIEF, params: {} },
    { ...classifier, through: THIEF },
  ],
};

/** Every combination as its names and, as names may repeat, positions. */
const combinations = (study: StudyConfig, seeds: readonly number[]) =>
  study.data.flatMap((data, d) =>
    study.models.flatMap((model, m) =>
      study.defenses.flatMap((defense, f) =>
        study.attacks.flatMap((attack, a) =>
          seeds.map((seed) => ({
            id: `${d} ${m} ${f} ${a} ${seed}`,
            attack: a,
            place: `${d} ${m} ${f} ${seed}`,
            names: {
              data: data.catalog,
              model: model.model,
              defense: defense.name,
              attack: [attack.name, attack.through],
              seed,
            },
          })),
        ),
      ),
    ),
  );

const matches = (rule: GridRule, names: Readonly<Record<string, unknown>>) =>
  Object.entries(rule).every(([axis, values]) =>
    [names[axis]].flat().some((name) => (values as unknown[]).includes(name)),
  );

/** `orphans`: by include rule, attacks that it adds to where nobody steals the copy. */
function byHand(study: StudyConfig): { effects: RuleEffect[]; orphans: Map<number, Set<number>> } {
  const added: ReturnType<typeof combinations>[] = [];
  const orphans = new Map<number, Set<number>>();
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
    const matching = combinations(study, rule.seed ?? study.seeds).filter(({ names }) =>
      matches(rule, names),
    );
    added.push(matching.filter(({ id }) => !grid.has(id)));
    for (const { id } of matching) grid.add(id);
    effects.push({ kind: 'include', index, changed: added.at(-1)!.length, left: grid.size });
  });
  const thief = study.attacks.findIndex(({ name }) => name === THIEF);
  added.forEach((combos, index) => {
    const stranded = combos
      .filter(({ attack }) => study.attacks[attack]!.through === THIEF)
      .filter(({ place }) => {
        const [d, m, f, seed] = place.split(' ');
        return !grid.has(`${d} ${m} ${f} ${thief} ${seed}`);
      });
    if (stranded.length > 0) orphans.set(index, new Set(stranded.map(({ attack }) => attack)));
  });
  return { effects, orphans };
}

const values = <T>(...of: T[]) => fc.subarray(of, { minLength: 1 });
const rule = (seeds: number[]): fc.Arbitrary<GridRule> =>
  fc.record(
    {
      data: values('adult', 'fashion-mnist-10k'),
      model: values('mlp', 'random-forest', 'simple-cnn'),
      defense: values('none', 'l2'),
      attack: values('membership/loss-threshold', 'membership/shadow-classifier', THIEF),
      seed: values(...seeds),
    },
    { requiredKeys: [] },
  );

describe('the rules of a study', () => {
  it('drop and add what they match', () => {
    const rules = (seeds: number[]) => fc.array(rule(seeds), { maxLength: 4 });
    let some = false;
    fc.assert(
      fc.property(rules([0, 1, 2]), rules([0, 2, 3, 9]), (exclude, include) => {
        const study = { ...base, exclude, include };
        const { effects, orphans } = byHand(study);
        const found = ruleEffects(study);
        expect(found.map(({ orphan: _, ...effect }) => effect)).toEqual(effects);
        for (const { kind, index, orphan } of found) {
          const possible = kind === 'include' ? orphans.get(index) : undefined;
          if (possible === undefined) expect(orphan).toBeUndefined();
          else expect(possible.has(orphan!)).toBe(true);
        }
        some ||= orphans.size > 0;
      }),
    );
    expect(some).toBe(true);
  });

  it('drop and add attacks through a copy with what steals it', () => {
    const excluded = ruleEffects({ ...base, exclude: [{ attack: [THIEF] }], include: [] });
    // Three of the four attacks.
    expect(excluded[0]!.changed).toBe((3 / 4) * gridSize({ ...base, exclude: [], include: [] }));
    const place = { data: ['adult'], model: ['mlp'], defense: ['none'], seed: [9] };
    const include = (...attack: string[][]) =>
      ruleEffects({
        ...base,
        exclude: [],
        include: attack.map((one) => ({ ...place, attack: one })),
      }).map(({ changed, orphan }) => [changed, orphan]);
    expect(include([THIEF])).toEqual([[3, undefined]]);
    expect(include(['membership/loss-threshold'])).toEqual([[2, 0]]);
    expect(include(['membership/loss-threshold'], [THIEF])).toEqual([
      [2, undefined],
      [2, undefined],
    ]);
  });

  it('of the sample do what a person counts', () => {
    // Of 2 data sets × 3 models × 3 defences × 2 attacks × 3 seeds; two defences of the three are l2.
    expect(ruleEffects(parsed)).toEqual([
      { kind: 'exclude', index: 0, changed: 18, left: 90 },
      { kind: 'exclude', index: 1, changed: 40, left: 50 },
      { kind: 'include', index: 0, changed: 12, left: 62 },
    ]);
    expect(gridSize(parsed)).toBe(2 * 3 * 3 * 2 * 5);
  });
});
