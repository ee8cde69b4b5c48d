import { describe, expect, it } from 'vitest';
import { madeEvidence } from '../../../test/evaluate/attribute-evidence.ts';
import { clopperPearson } from '../../stats/binomial.ts';
import { evaluateAttribute } from './evaluate-attribute.ts';

describe('slices', () => {
  const evidence = madeEvidence({
    kind: 'categorical',
    categories: 3,
    members: 120,
    nonMembers: 70,
    seed: 1,
  });
  const { members, nonMembers } = evidence;
  const { slices } = evaluateAttribute(evidence);

  it('are one for each category, with the figures of its records', () => {
    expect(slices.map(({ by, value }) => [by, value])).toEqual(
      [0, 1, 2].map((c) => ['colour', `colour ${c}`]),
    );
    slices.forEach(({ records, metrics }, c) => {
      const places = Array.from(members.ids.keys());
      const of = places.filter((i) => members.truth[i] === c);
      const said = places.filter((i) => members.attack.predicted[i] === c);
      const both = of.filter((i) => members.attack.predicted[i] === c).length;
      const imputed = of.filter((i) => members.imputation.predicted[i] === c).length;
      expect(records).toEqual({
        members: of.length,
        nonMembers: nonMembers.truth.filter((value) => value === c).length,
      });
      expect(metrics.accuracy).toMatchObject({ value: both / of.length, ...clopperPearson(both, of.length) });
      expect(metrics.precision).toMatchObject({
        value: both / said.length,
        ...clopperPearson(both, said.length),
      });
      expect(metrics.accuracyGain!.value).toBeCloseTo((both - imputed) / of.length, 12);
      const surest = places
        .sort((a, b) => members.attack.beliefs![3 * b + c]! - members.attack.beliefs![3 * a + c]!)
        .slice(0, 10);
      expect(metrics.ppvTop10!.value).toBeCloseTo(
        surest.filter((i) => members.truth[i] === c).length / 10,
        12,
      );
    });
  });

  it('show a leak of one category only', () => {
    const known = members.attack.predicted.slice();
    members.truth.forEach((value, i) => {
      known[i] = value === 2 ? 2 : members.imputation.predicted[i]!;
    });
    const attack = { ...members.attack, predicted: known };
    const found = evaluateAttribute({ ...evidence, members: { ...members, attack } }).slices;
    expect(found[2]!.metrics.accuracy.value).toBe(1);
    expect(found[2]!.metrics.accuracyGain!.low).toBeGreaterThan(0.1);
    for (const c of [0, 1]) {
      expect(found[c]!.metrics.accuracyGain).toMatchObject({ value: 0 });
      expect(found[c]!.metrics.accuracyGain!.high).toBeCloseTo(
        1 - 0.025 ** (1 / found[c]!.records.members),
        12,
      );
    }
  });

  it('leave out what there is not', () => {
    const truth = members.truth.map((value) => (value === 2 ? 1 : value)) as Int32Array;
    const predicted = new Int32Array(120);
    const found = evaluateAttribute({
      ...evidence,
      members: { ...members, truth, attack: { ...members.attack, predicted } },
    }).slices;
    expect(found.map(({ value }) => value)).toEqual(['colour 0', 'colour 1']);
    expect(found[0]!.metrics.precision).toBeDefined();
    expect(found[1]!.metrics.precision).toBeUndefined();
    const few = evaluateAttribute(madeEvidence({ members: 19 })).slices;
    expect(few[0]!.metrics.ppvTop10).toBeUndefined();
  });
});
