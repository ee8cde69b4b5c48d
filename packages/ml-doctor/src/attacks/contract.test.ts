/** What every attack of the registry must do, whatever its method. */

import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { type World, watchedTarget, world } from '../../test/attacks/membership-bench.ts';
import { evaluateMembership } from '../evaluate/membership.ts';
import { savedOutputs } from '../targets/saved-outputs.ts';
import type { AttackContext, ConfiguredAttack } from './membership/membership-attack.ts';
import { type AttackName, attackOf, attacks } from './registry.ts';

/** Parameters with which an attack that takes long is done in a moment; the others run with their defaults. */
const quick: { readonly [Name in AttackName]?: Readonly<Record<string, unknown>> } = {
  'membership/shadow-classifier': { epochs: 12, learningRate: 3e-3 },
};

const context = (seed = 0): AttackContext => ({
  seed,
  threads: 1,
  device: 'cpu',
  signal: new AbortController().signal,
  progress: () => {},
});

/** Runs an attack with as many references as it asks for. */
const attackWorld = (attack: ConfiguredAttack, { table, records, references }: World, seed = 0) =>
  attack.run(
    { target: savedOutputs(table), records, references: references.slice(0, attack.references.count) },
    context(seed),
  );

const evaluated = async (attack: ConfiguredAttack, bench: World) => {
  const found = await attackWorld(attack, bench);
  return evaluateMembership({ ids: bench.records.ids, ...found }, bench.truth).metrics;
};

const names = Object.keys(attacks) as AttackName[];

describe('the registry', () => {
  it('has attacks, and refuses a name it does not know', () => {
    expect(names.length).toBeGreaterThan(0);
    for (const name of ['membership/los-threshold', '', 'toString', '__proto__'])
      expect(() => attackOf(name)).toThrow(
        expect.objectContaining({ code: 'MLD_USAGE', hint: expect.stringContaining(names[0]!) }),
      );
  });
});

describe.each(names)('%s', (name) => {
  const definition = attackOf(name);
  const attack = definition.configure(quick[name]);
  const defaults = definition.configure();

  it('is registered under its own name, with title and source', () => {
    expect(definition.name).toBe(name);
    expect(definition.title.trim()).not.toBe('');
    expect(definition.source).toMatch(/\b(19|20)\d\d\b/);
  });

  it('has complete defaults that are JSON, accepted when given back', () => {
    expect(JSON.parse(JSON.stringify(defaults.params))).toEqual(defaults.params);
    expect(definition.configure(defaults.params)).toMatchObject({
      params: defaults.params,
      needs: defaults.needs,
      references: defaults.references,
    });
    expect(definition.configure({}).params).toEqual(defaults.params);
  });

  it('refuses parameters that are unknown, out of range or of another type, and names them', () => {
    const refusal = (parameter: string) =>
      expect.objectContaining({
        code: 'MLD_USAGE',
        message: expect.stringMatching(new RegExp(`${name}[^]*${parameter}`)),
      });
    expect(() => definition.configure({ nonsense: 1 })).toThrow(refusal('nonsense'));
    for (const [parameter, value] of Object.entries(defaults.params)) {
      const wrong = typeof value === 'number' ? [-1, Number.NaN, '3'] : ['no such value', 7, null];
      for (const bad of wrong)
        expect(() => definition.configure({ [parameter]: bad }), `${parameter} ${bad}`).toThrow(
          refusal(parameter),
        );
    }
    expect(() => definition.configure(7)).toThrow(expect.objectContaining({ code: 'MLD_USAGE' }));
  });

  it('wants models of its own exactly when it has data to train them on', () => {
    for (const { needs, references } of [attack, defaults])
      expect(references.count > 0).toBe(needs.auxiliary !== 'none');
  });

  it('uses nothing but counted queries, and asks for each record once', async () => {
    const { table, records, references } = world({ seed: 1, lead: 2, size: 40 });
    const { target, asked } = watchedTarget(table);
    const given = references.slice(0, attack.references.count);
    await attack.run({ target, records, references: given }, context());
    expect(target.queries).toBe(records.ids.length);
    expect(asked.sort((a, b) => a - b)).toEqual([...records.ids]);
  });

  it('leaves what it is given as it was', async () => {
    const bench = world({ seed: 2, lead: 2, size: 40 });
    await attackWorld(attack, bench);
    expect(bench).toEqual({ ...world({ seed: 2, lead: 2, size: 40 }), references: expect.anything() });
    expect(bench.references[0]?.members).toEqual(
      world({ seed: 2, lead: 2, size: 40 }).references[0]?.members,
    );
  });

  it('gives one finite score a record, also where posteriors are 0 or 1', async () => {
    const bench = world({ seed: 3, lead: 2, size: 40 });
    const { logits, classes } = bench.table;
    const label = bench.records.labels;
    logits.fill(0, 0, classes);
    logits.fill(Number.NEGATIVE_INFINITY, classes, 2 * classes)[classes + ((label[1]! + 1) % classes)] = 0;
    logits.fill(-1e4, 2 * classes, 3 * classes)[2 * classes + label[2]!] = 1e4;
    logits.fill(-1e4, 3 * classes, 4 * classes)[3 * classes + ((label[3]! + 1) % classes)] = 1e4;
    const { scores, threshold } = await attackWorld(attack, bench);
    expect(scores).toHaveLength(bench.records.ids.length);
    expect([...scores].filter((score) => !Number.isFinite(score))).toEqual([]);
    expect(threshold).not.toBeNaN();
    // Sure and right looks more like a member than sure and wrong.
    expect(scores[2]).toBeGreaterThan(scores[3]!);
  });

  it('scores records, not positions', async () => {
    const bench = world({ seed: 4, lead: 2, size: 150 });
    const { scores, threshold } = await attackWorld(attack, bench);
    const order = stream(4, 'order').permutation(bench.records.ids.length);
    const shuffled = await attackWorld(attack, {
      ...bench,
      records: {
        ids: Uint32Array.from(order, (i) => bench.records.ids[i]!),
        labels: Int32Array.from(order, (i) => bench.records.labels[i]!),
      },
    });
    expect(shuffled.scores).toEqual(Float64Array.from(order, (i) => scores[i]!));
    expect(shuffled.threshold).toBe(threshold);
  });

  it('gives the same bits for the same seed', async () => {
    const bench = world({ seed: 5, lead: 1, size: 40 });
    expect(await attackWorld(attack, bench, 9)).toEqual(await attackWorld(attack, bench, 9));
  });

  it('reports progress from 0 to 1, if any', async () => {
    const { table, records, references } = world({ seed: 6, lead: 1, size: 40 });
    const fractions: number[] = [];
    await attack.run(
      { target: savedOutputs(table), records, references: references.slice(0, attack.references.count) },
      { ...context(), progress: (fraction) => fractions.push(fraction) },
    );
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    if (fractions.length > 0) expect(fractions.at(-1)).toBe(1);
    expect(fractions.every((fraction) => fraction > 0 && fraction <= 1)).toBe(true);
  });

  it('finds a planted leak, with a threshold of its own', async () => {
    // Members lead by 12 standard deviations.
    const metrics = await evaluated(attack, world({ seed: 7, lead: 12 }));
    expect(metrics.auc.value).toBeGreaterThan(0.99);
    expect(metrics.balancedAccuracy?.value).toBeGreaterThan(0.9);
    expect(metrics.recall?.value).toBeGreaterThan(0.9);
  });

  it('chooses a threshold nearly as good as the best in hindsight', async () => {
    // The shadow model leaks as the target does, so its threshold carries over up to the noise of 300 records.
    const metrics = await evaluated(attack, world({ seed: 8, lead: 2 }));
    expect(metrics.bestBalancedAccuracy.value).toBeGreaterThan(0.7);
    expect(metrics.balancedAccuracy?.value).toBeGreaterThan(metrics.bestBalancedAccuracy.value - 0.05);
  });

  it('finds nothing where nothing is', async () => {
    // 95 % intervals: of 12, more than 3 miss with probability .0022 over a redraw of the seeds.
    let misses = 0;
    for (let seed = 100; seed < 112; seed++) {
      const { auc, balancedAccuracy } = await evaluated(attack, world({ seed, lead: 0, size: 100 }));
      if (auc.low > 0.5 || auc.high < 0.5) misses++;
      expect(Math.abs((balancedAccuracy?.value ?? 0.5) - 0.5)).toBeLessThan(0.15);
    }
    expect(misses).toBeLessThanOrEqual(3);
  });
});
