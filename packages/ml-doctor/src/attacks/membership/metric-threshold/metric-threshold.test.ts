import { describe, expect, it } from 'vitest';
import { bare } from '../../../audit/selftest/bench/bare-input.ts';
import { bench, context } from '../../../audit/selftest/bench/membership-bench.ts';
import { evaluateMembership } from '../../../evaluate/membership.ts';
import { argmax } from '../../../stats/argmax.ts';
import { savedOutputs } from '../../../targets/saved-outputs.ts';
import { metricThreshold } from './metric-threshold.ts';

const l = Math.log;

/** Posteriors of the target: (.9, .1), (.6, .4), (.5, .5), with labels 0, 1, 0. */
const target = savedOutputs({
  ids: Uint32Array.of(1, 2, 3),
  logits: Float32Array.of(l(9), 0, l(6), l(4), 2, 2),
  classes: 2,
});
const records = { ids: Uint32Array.of(3, 1, 2), labels: Int32Array.of(0, 0, 1) };

/** Posteriors .8, .7 and .6 of label 0 with the first two members; .3, .2 and .1 of label 1 with the first a member. */
const shadow = {
  model: savedOutputs({
    ids: Uint32Array.of(10, 11, 12, 20, 21, 22),
    logits: Float32Array.of(l(4), 0, l(7 / 3), 0, l(1.5), 0, 0, l(3 / 7), 0, l(1 / 4), 0, l(1 / 9)),
    classes: 2,
  }),
  members: { ids: Uint32Array.of(10, 11, 20), labels: Int32Array.of(0, 0, 1) },
  nonMembers: { ids: Uint32Array.of(12, 21, 22), labels: Int32Array.of(0, 1, 1) },
};

const run = (params: object, references = [shadow]) =>
  metricThreshold.configure(params).run({ ...bare, target, records, references }, context);

const expectClose = (found: Float64Array, expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 6);
};

const h = (p: number) => -p * l(p) - (1 - p) * l(1 - p);

describe('metricThreshold', () => {
  it.each([
    // Of two classes: Mentr = −2 (1 − p) ln p.
    ['modified-entropy', [l(0.5), 0.2 * l(0.9), 1.2 * l(0.4)], 1.4 * l(0.3)],
    ['confidence', [l(0.5), l(0.9), l(0.4)], l(0.3)],
    ['entropy', [-h(0.5), -h(0.9), -h(0.4)], undefined],
  ] as const)('scores by %s', async (metric, scores, threshold) => {
    const found = await run({ metric, perClass: false });
    expectClose(found.scores, scores);
    // Members at label posteriors .8, .7, .3; others at .6, .2, .1: from .7 on 2 of 3 and no others are as good a rule
    // as 3 of 3 and 1; the higher threshold is taken.
    if (threshold !== undefined)
      expect(found.threshold).toBeCloseTo(metric === 'confidence' ? l(0.7) : 0.6 * l(0.7), 6);
    // Members' entropies are h(.8), h(.7), h(.3) = h(.7); others' h(.6), h(.2) = h(.8), h(.1): nothing below beats 1/3.
    else expect(found.threshold).toBeCloseTo(-h(0.7), 6);
  });

  it('scores relative to the threshold of the class, where 0 decides', async () => {
    const { scores, threshold, notes } = await run({ metric: 'confidence' });
    // Class 0: ln .7, class 1: ln .3.
    expectClose(scores, [l(0.5) - l(0.7), l(0.9) - l(0.7), l(0.4) - l(0.3)]);
    expect([threshold, notes]).toEqual([0, undefined]);
    expect(await run({ metric: 'confidence', perClass: true })).toEqual({ scores, threshold });
    expectClose((await run({})).scores, [
      l(0.5) - 0.6 * l(0.7),
      0.2 * l(0.9) - 0.6 * l(0.7),
      1.2 * l(0.4) - 1.4 * l(0.3),
    ]);
  });

  it('decides as the statistic against the threshold of its class, to the last bit', async () => {
    // The target is the shadow model: every record is at its own threshold or clear of it.
    const known = { ids: Uint32Array.of(11, 12, 20, 21), labels: Int32Array.of(0, 0, 1, 1) };
    const { scores } = await metricThreshold
      .configure()
      .run({ ...bare, target: shadow.model, records: known, references: [shadow] }, context);
    expect([...scores].map((score) => score >= 0)).toEqual([true, false, true, false]);
  });

  it('says which classes had no threshold of their own', async () => {
    const one = { ...shadow, nonMembers: { ids: Uint32Array.of(12), labels: Int32Array.of(0) } };
    const { scores, notes } = await run({ metric: 'confidence' }, [one]);
    // All together: .8 and .7 of three members against none; class 0 alone says the same.
    expectClose(scores, [l(0.5) - l(0.7), l(0.9) - l(0.7), l(0.4) - l(0.7)]);
    expect(notes).toEqual([expect.stringContaining('1 of 2 classes')]);
  });

  it('gives a posterior of 0 the worst of scores', async () => {
    const impossible = savedOutputs({
      ids: records.ids,
      logits: Float32Array.of(Number.NEGATIVE_INFINITY, 0, 0, 0, 0, 0),
      classes: 2,
    });
    for (const metric of ['confidence', 'modified-entropy']) {
      const { scores } = await metricThreshold
        .configure({ metric })
        .run({ ...bare, target: impossible, records, references: [shadow] }, context);
      expect([...scores].every(Number.isFinite)).toBe(true);
      expect(scores[0]).toBeLessThan(-1e300);
    }
  });

  it('by correctness needs labels only, no shadow model, and no option of thresholds', async () => {
    const attack = metricThreshold.configure({ metric: 'correctness' });
    expect(attack).toMatchObject({
      params: { metric: 'correctness' },
      needs: { output: 'label', auxiliary: 'none' },
      references: { count: 0 },
    });
    expect(attack.params).not.toHaveProperty('perClass');
    expect(await run({ metric: 'correctness' }, [])).toEqual({
      scores: Float64Array.of(1, 1, 0),
      threshold: 1,
    });
    expect(() => metricThreshold.configure({ metric: 'correctness', perClass: false })).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringContaining('perClass') }),
    );
  });

  it('by correctness is as accurate as half of train accuracy and test error', async () => {
    const attack = metricThreshold.configure({ metric: 'correctness' });
    const { input, truth, close } = await bench(attack, { seed: 3, leak: 'leaky' });
    const { scores, threshold } = await attack.run(input, context);
    const { logits, classes } = await input.target.query(input.records);
    await close();
    const share = [0, 0];
    truth.forEach((member, i) => {
      const right =
        argmax(logits.subarray(i * classes, (i + 1) * classes)) === input.records.labels[i] ? 1 : 0;
      share[member]! += right / (truth.length / 2);
    });
    const [test, train] = share as [number, number];
    expect(train - test).toBeGreaterThan(0.1);
    const { metrics } = evaluateMembership({ ids: input.records.ids, scores, threshold: threshold! }, truth);
    expect(metrics.balancedAccuracy?.value).toBeCloseTo(0.5 * (train + 1 - test), 12);
  });

  it('says what else it needs', () => {
    expect(metricThreshold.configure()).toMatchObject({
      params: { metric: 'modified-entropy', perClass: true },
      needs: { access: 'black-box', auxiliary: 'shadow', output: 'posteriors', record: 'xy' },
      references: { count: 1, pool: { kind: 'disjoint' } },
    });
  });
});
