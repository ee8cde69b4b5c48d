/** What stands in which cell of a matrix, worked out by hand. */

import { describe, expect, it } from 'vitest';
import { type HandMade, handMade, UNDEFENDED } from '../../../../test/report/sample-matrix.ts';
import { sampleStudy } from '../../../../test/report/sample-study.ts';
import { SAME } from '../changes.ts';
import { studySchema } from '../study-schema.ts';
import { effectOf } from './effect.ts';
import { type Figure, type Matrix, matricesOf } from './matrix.ts';

const l2 = (lambda: number) => ({ name: 'l2', params: { lambda } });
const only = (targets: readonly HandMade[]): Matrix => {
  const [matrix, ...others] = matricesOf(handMade(targets));
  expect(others).toEqual([]);
  return matrix!;
};
const figure = (cell: Figure | string | undefined): Figure => {
  if (cell === undefined || typeof cell === 'string') throw new Error(`no figure: ${cell}`);
  return cell;
};

describe('matricesOf', () => {
  it('puts the undefended first, and tells one defence from another by what differs', () => {
    const { columns, rows } = only([
      { id: 'a', defense: l2(1), attack: 0.6, accuracy: 0.7 },
      { id: 'b', defense: { ...l2(1), adaptive: false }, attack: 0.65 },
      { id: 'c', defense: UNDEFENDED, attack: 0.7 },
      { id: 'd', defense: l2(2), attack: 0.7 },
    ]);
    expect(columns.map(({ label }) => label)).toEqual([
      'none',
      'l2 (lambda 1)',
      'l2 (lambda 1, attackers unaware)',
      'l2 (lambda 2)',
    ]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ label: 'membership/loss-threshold', metric: 'balancedAccuracy' });
    const cells = rows[0]!.cells.map(figure);
    expect(cells.map(({ metric }) => metric.value)).toEqual([0.7, 0.6, 0.65, 0.7]);
    expect(cells.map(({ effect }) => effect?.verdict)).toEqual([undefined, 'better', 'better', 'undecided']);
    const [, accuracy] = columns.map(({ testAccuracy }) => figure(testAccuracy));
    expect(accuracy).toMatchObject({ metric: { value: 0.7 }, effect: { verdict: 'worse', strength: 3 } });
    expect(accuracy!.change!.value).toBeCloseTo(-0.1, 6);
  });

  it('says what is missing, and why', () => {
    const study = handMade([
      { id: 'a', defense: UNDEFENDED, attack: 0.7 },
      { id: 'b', defense: l2(1), holes: 1 },
      { id: 'c', defense: l2(2) },
      { id: 'd', defense: UNDEFENDED, model: 'cnn', attack: 0.7 },
      { id: 'e', defense: l2(1), model: 'cnn', attack: 0.6 },
      { id: 'f', defense: UNDEFENDED, model: 'forest', attack: 0.6 },
    ]);
    const [mlp, cnn, ...others] = matricesOf(study);
    expect(others).toEqual([]);
    expect(mlp!.rows[0]!.cells.slice(1)).toEqual(['failed', 'left out']);
    expect(cnn!.rows[0]!.cells[2]).toBe('left out');
    expect(cnn!.columns[2]).toMatchObject({ seeds: [], testAccuracy: 'left out' });
  });

  it('is none for a single defence', () => {
    expect(matricesOf(handMade([{ id: 'a', defense: UNDEFENDED, attack: 0.7 }]))).toEqual([]);
    expect(matricesOf(handMade([]))).toEqual([]);
  });

  it('has means over seeds, as the repeats of the study do, and changes seed by seed', () => {
    const study = handMade([
      { id: 'a', defense: UNDEFENDED, attack: 0.7, accuracy: 0.9 },
      { id: 'b', defense: UNDEFENDED, attack: 0.8, seed: 1, accuracy: 0.8 },
      { id: 'c', defense: UNDEFENDED, attack: 0.9, seed: 2 },
      { id: 'd', defense: l2(1), attack: 0.65, accuracy: 0.86 },
      { id: 'e', defense: l2(1), attack: 0.77, seed: 1, accuracy: 0.76 },
    ]);
    const { rows, columns } = matricesOf(study)[0]!;
    const [none, defended] = rows[0]!.cells.map(figure);
    expect(none).toMatchObject({
      metric: study.repeats[0]!.metrics['balancedAccuracy']!.mean,
      seeds: [0, 1, 2],
    });
    expect(defended).toMatchObject({
      metric: study.repeats[1]!.metrics['balancedAccuracy']!.mean,
      change: study.repeats[1]!.changes!['balancedAccuracy']!.mean,
      seeds: [0, 1],
    });
    // −.05 and −.03, although the means are .8 and .71.
    expect(defended!.change!.value).toBeCloseTo(-0.04, 6);
    expect(study.repeats[1]!.changes!['balancedAccuracy']!.spread).toBeCloseTo(0.01 * Math.SQRT2, 9);
    // Student's t for 1 degree of freedom on s/√2 = .01, and the sampling error that seeds may share.
    const reach = Math.hypot(12.7062047 * 0.01, 0.01 * Math.SQRT2);
    expect(defended!.change!.low).toBeCloseTo(-0.04 - reach, 5);
    expect(figure(columns[1]!.testAccuracy).change!.value).toBeCloseTo(-0.04, 6);
    expect(studySchema.safeParse(study).error).toBeUndefined();
  });

  it('keeps the change of a single seed where only one has both', () => {
    const { rows } = only([
      { id: 'a', defense: UNDEFENDED, attack: 0.7 },
      { id: 'd', defense: l2(1), attack: 0.65 },
      { id: 'e', defense: l2(1), attack: 0.9, seed: 1 },
    ]);
    expect(figure(rows[0]!.cells[1]).change!.value).toBeCloseTo(-0.05, 6);
  });

  it('holds training times of the same seeds against each other', () => {
    const study = handMade([
      { id: 'a', defense: UNDEFENDED, attack: 0.7 },
      { id: 'b', defense: UNDEFENDED, attack: 0.7, seed: 1 },
      { id: 'c', defense: l2(1), attack: 0.7 },
      { id: 'd', defense: l2(1), attack: 0.7, seed: 1 },
      { id: 'e', defense: l2(2), attack: 0.7 },
    ]);
    const ratios = (trainings?: Record<string, number>) =>
      matricesOf(study, trainings && { trainings })[0]!.columns.map(({ training }) => training);
    expect(ratios({ a: 10, b: 30, c: 20, d: 100 })).toEqual([
      { seconds: 20, ratio: 1 },
      { seconds: 60, ratio: 3 },
      undefined,
    ]);
    // Of one seed nothing is known: 20/10, though the mean of all is 60.
    expect(ratios({ a: 10, c: 20, d: 100, e: 7 })).toEqual([
      { seconds: 10, ratio: 1 },
      { seconds: 60, ratio: 2 },
      { seconds: 7, ratio: 0.7 },
    ]);
    expect(ratios({ d: 100 })[1]).toEqual({ seconds: 100 });
    // The mean counts, not the sum.
    expect(ratios({ a: 1.5, b: 1.5, c: 9, d: 9 })[1]).toEqual({ seconds: 9, tooShort: true });
    expect(ratios()).toEqual([undefined, undefined, undefined]);
  });

  it('has no ratio of times that are too short to tell', () => {
    const study = handMade([
      { id: 'a', defense: UNDEFENDED, attack: 0.7 },
      { id: 'c', defense: l2(1), attack: 0.7 },
    ]);
    const defended = (a: number, c: number) =>
      matricesOf(study, { trainings: { a, c } })[0]!.columns[1]!.training;
    expect(defended(1.99, 10)).toEqual({ seconds: 10, tooShort: true });
    expect(defended(10, 1.99)).toEqual({ seconds: 1.99, tooShort: true });
    expect(defended(2, 10)).toEqual({ seconds: 10, ratio: 5 });
    expect(defended(0, 0)).toEqual({ seconds: 0, tooShort: true });
  });

  it('has no change over seeds where no seed can have changed, and the weakest claim', () => {
    const targets = [0, 1, 2].flatMap((seed): HandMade[] => [
      { id: `a${seed}`, defense: UNDEFENDED, attack: 0.6 + seed / 10, seed },
      { id: `b${seed}`, defense: l2(1), attack: 0.6 + seed / 10, seed },
    ]);
    const result = handMade(targets).audits[1]!.results[0]!.id;
    const sameIn = (...seeds: readonly number[]) =>
      handMade(
        targets,
        seeds.flatMap((seed) => {
          const about = { from: `a${seed}`, audit: `b${seed}`, metrics: 'same' as const };
          return [about, { ...about, result }];
        }),
      );
    const study = sameIn(0, 1, 2);
    const none = { value: 0, low: 0, high: 0, method: SAME };
    const effect = { verdict: 'same', strength: 1 };
    const claimed = (...epsilons: (number | null)[]) => {
      const draft = studySchema.parse(study);
      const own = draft.audits.filter(({ defense }) => defense.name === 'l2');
      epsilons.forEach((epsilon, i) => {
        own[i]!.privacy = { epsilon, delta: (i + 1) * 1e-5 };
      });
      return matricesOf(draft)[0]!;
    };
    const { rows, columns } = claimed(2, 3);
    expect(figure(rows[0]!.cells[1])).toMatchObject({ change: none, effect });
    expect(figure(columns[1]!.testAccuracy)).toMatchObject({ change: none, effect });
    expect(columns.map(({ claim }) => claim)).toEqual([undefined, { epsilon: 3, delta: 2e-5, alarm: false }]);
    expect(claimed(2, null).columns[1]!.claim).toMatchObject({ epsilon: null });
    const some = matricesOf(sameIn(0))[0]!;
    expect(figure(some.rows[0]!.cells[1]).effect?.verdict).toBe('undecided');
    expect(figure(some.columns[1]!.testAccuracy).effect?.verdict).toBe('undecided');
  });

  it('takes the metric that all have, of one-run audits epsilon, and says which', () => {
    const headline = (attack: string, ...metrics: readonly (readonly string[])[]) => {
      const study = studySchema.parse(
        handMade([
          { id: 'a', defense: UNDEFENDED, attack: 0.7 },
          { id: 'b', defense: l2(1), attack: 0.7 },
        ]),
      );
      study.audits.forEach(({ results }, i) => {
        const { balancedAccuracy } = results[0]!.metrics;
        results[0]!.attack = attack;
        results[0]!.metrics = Object.fromEntries(metrics[i]!.map((name) => [name, balancedAccuracy!]));
      });
      return matricesOf(study)[0]?.rows.map(({ metric }) => metric);
    };
    const best = 'bestBalancedAccuracy';
    expect(headline('membership/rmia', ['auc', best], ['auc', best, 'balancedAccuracy'])).toEqual([best]);
    expect(headline('membership/one-run-audit', [best, 'epsilonLowerBound'], ['epsilonLowerBound'])).toEqual([
      'epsilonLowerBound',
    ]);
    expect(headline('inversion/x', ['mse', 'judgeAccuracy'], ['mse', 'judgeAccuracy'])).toEqual([
      'judgeAccuracy',
    ]);
    expect(headline('inversion/x', ['mse'], ['mse'])).toEqual(['mse']);
    expect(headline('attribute/x', ['errorReduction'], ['errorReduction'])).toEqual(['errorReduction']);
    expect(headline('stealing/x', ['agreement', 'accuracy'], ['agreement'])).toEqual(['agreement']);
    expect(headline('stealing/x', ['accuracy'], ['accuracy'])).toEqual([]);
  });

  it('has all of a grid, with its holes', () => {
    const matrices = matricesOf(sampleStudy().study);
    expect(matrices.map(({ data, model }) => `${model} ${data}`)).toEqual([
      'simple-cnn fashion-mnist-10k',
      'mlp fashion-mnist-10k',
      'simple-cnn digits',
      'mlp digits',
    ]);
    const cells = matrices.flatMap(({ rows }) => rows.flatMap((row) => row.cells.map(figure)));
    expect(cells).toHaveLength(4 * 2 * 4);
    expect(figure(matrices[0]!.rows[0]!.cells[1]).seeds).toEqual([0, 2]);
  });
});

describe('effectOf', () => {
  const change = (value: number, low: number | null, high: number | null) => ({
    value,
    low,
    high,
    method: 'm',
  });

  it('decides by the interval alone, for whoever defends', () => {
    const verdict = (name: string, ...limits: [number | null, number | null]) =>
      effectOf(name, change(limits[0] ?? limits[1] ?? 0, ...limits), 0.7).verdict;
    expect(verdict('auc', -0.2, -0.1)).toBe('better');
    expect(verdict('auc', 0.1, 0.2)).toBe('worse');
    expect(verdict('auc', -0.1, 0)).toBe('undecided');
    expect(verdict('auc', null, -0.1)).toBe('better');
    expect(verdict('auc', -0.1, null)).toBe('undecided');
    expect(verdict('auc', null, null)).toBe('undecided');
    expect(verdict('mse', 0.1, 0.2)).toBe('better');
    expect(verdict('testAccuracy', -0.2, -0.1)).toBe('worse');
  });

  it('is the stronger, the more of the edge over guessing is gone', () => {
    const strength = (name: string, value: number, undefended?: number) =>
      effectOf(name, change(value, value, value), undefended).strength;
    expect([-0.01, -0.05, -0.1, -0.14, -0.2].map((value) => strength('auc', value, 0.65))).toEqual([
      1, 2, 3, 3, 3,
    ]);
    expect([-0.1, -0.4, -0.7].map((value) => strength('epsilonLowerBound', value, 1))).toEqual([1, 2, 3]);
    expect(strength('agreement', -0.01, 0.9)).toBe(2);
    expect(strength('auc', 0.3, 0.4)).toBe(2);
    expect([-0.01, -0.03, -0.06].map((value) => strength('testAccuracy', value))).toEqual([1, 2, 3]);
  });
});
