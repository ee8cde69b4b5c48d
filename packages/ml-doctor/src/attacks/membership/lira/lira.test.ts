import { describe, expect, it } from 'vitest';
import { bench, context } from '../../../audit/selftest/bench/membership-bench.ts';
import { auc } from '../../../stats/auc.ts';
import { groupScores } from '../../../stats/roc.ts';
import type { Reference } from '../membership-attack.ts';
import { lira } from './lira.ts';
import { trialOf, trialThreshold } from './trial.ts';

describe('lira', () => {
  it('asks for the shadow models and the copies its parameters name', () => {
    expect(lira.configure()).toMatchObject({
      references: { count: 16, pool: { kind: 'with-candidates' }, asked: ['pool'] },
      asks: { views: [{ dx: 0, dy: 0, flip: false }] },
    });
    const given = { mode: 'offline', shadows: 5, shift: 1, flip: true, augmentations: 3 };
    const { references, asks } = lira.configure(given);
    expect(references).toMatchObject({
      count: 5,
      pool: { kind: 'disjoint' },
      asked: ['candidates', 'pool'],
    });
    expect(asks.views).toHaveLength(3);
    expect(asks.views[1]).toEqual({ dx: 0, dy: 0, flip: true });
    expect(lira.configure({ shift: 1, flip: true }).asks.views).toHaveLength(18);
  });

  it('refuses numbers of shadow models that leave a record without two on either side', () => {
    const refusal = expect.objectContaining({
      code: 'MLD_USAGE',
      message: expect.stringMatching(/shadows/),
    });
    for (const shadows of [2, 5]) expect(() => lira.configure({ shadows })).toThrow(refusal);
    expect(() => lira.configure({ mode: 'offline', shadows: 1 })).toThrow(refusal);
    expect(lira.configure({ mode: 'offline', shadows: 2 }).references.count).toBe(2);
  });

  it.each([
    ['auto', 62, 'fixed'],
    ['auto', 64, 'per-example'],
  ])('%s with %i shadow models is %s', async (variance, shadows, meant) => {
    // Answers of three records by models that differ; only the variance may tell the runs apart.
    const records = { ids: Uint32Array.of(0, 1, 2), labels: new Int32Array(3) };
    const model = (m: number) => ({
      classes: 2,
      query: async () => ({
        logits: Float32Array.from([0, 1, 2].flatMap((r) => [Math.sin(m * (r + 2)) * (r + 1), 0])),
        classes: 2,
      }),
    });
    const references = Array.from({ length: shadows }, (_, m) => {
      const inside = [0, 1, 2].filter((r) => (m + (m >> 1) + r) % 2 === 0);
      const of = (ids: readonly number[]) => ({
        ids: Uint32Array.from(ids),
        labels: new Int32Array(ids.length),
      });
      return {
        model: model(m),
        members: of(inside),
        nonMembers: of([0, 1, 2].filter((r) => !inside.includes(r))),
      };
    }) as unknown as Reference[];
    const input = { target: { ...model(0.5), queries: 0 }, records, references } as never;
    const run = async (chosen: string) =>
      (await lira.configure({ shadows, variance: chosen }).run(input, context)).scores;
    expect(await run(variance)).toEqual(await run(meant));
    expect(await run(variance)).not.toEqual(await run(meant === 'fixed' ? 'per-example' : 'fixed'));
  });

  it.each([
    [{ shadows: 8 }, 0.95],
    [{ shadows: 8, variance: 'per-example' }, 0.9],
    [{ mode: 'offline', shadows: 8 }, 0.9],
  ])('%j ranks the members of a leaky model above %d', async (given, least) => {
    const attack = lira.configure(given);
    const { input, truth, close } = await bench(attack, { seed: 3, leak: 'leaky', size: 100 });
    const { scores } = await attack.run(input, context);
    await close();
    expect(auc(groupScores(scores, truth))).toBeGreaterThan(least);
  });

  it('decides by even odds where there is no model to spare, and says so', async () => {
    const run = async (given: Record<string, unknown>) => {
      const attack = lira.configure(given);
      const { input, close } = await bench(attack, { seed: 3, leak: 'leaky', size: 20 });
      const found = await attack.run(input, context);
      await close();
      return found;
    };
    const online = await run({ shadows: 4 });
    expect(online.threshold).toBe(0);
    expect(online.notes?.[0]).toMatch(/likelier than not/);
    const offline = await run({ mode: 'offline', shadows: 4 });
    expect(offline.threshold).toBeUndefined();
    expect(offline.notes?.[0]).toMatch(/only ranked/);
  });
});

describe('trialOf', () => {
  const records = (...ids: number[]) => ({ ids: Uint32Array.from(ids), labels: Int32Array.from(ids) });
  const reference = (name: string, members: number[], nonMembers: number[]) =>
    ({
      model: name,
      members: records(...members),
      nonMembers: records(...nonMembers),
    }) as unknown as Reference;
  const references = [
    reference('a', [1, 2], [3, 4]),
    reference('b', [3, 4], [1, 2]),
    reference('c', [1, 3], [2, 4]),
    reference('d', [2, 4], [1, 3]),
  ];

  it('puts the first model in the place of the target, and leaves its partner out', () => {
    const trial = trialOf(references);
    expect(trial?.target).toBe('a');
    expect([...(trial?.records.ids ?? [])]).toEqual([1, 2, 3, 4]);
    expect(trial?.references.map(({ model }) => model)).toEqual(['c', 'd']);
    expect(trialOf([])).toBeUndefined();
  });

  it('sets the threshold halfway to the next lower score, ignoring records without one', () => {
    const trial = trialOf(references);
    if (!trial) throw new Error('no trial');
    // Members score 5 and 7, non-members 1 and 2.
    expect(trialThreshold(Float64Array.of(5, 7, 1, 2), trial)).toBe(3.5);
    expect(trialThreshold(Float64Array.of(5, Number.NaN, 6, 2), trial)).toBe(3.5);
    expect(trialThreshold(Float64Array.of(1, 2, 5, 7), trial)).toBe(Number.POSITIVE_INFINITY);
  });
});
