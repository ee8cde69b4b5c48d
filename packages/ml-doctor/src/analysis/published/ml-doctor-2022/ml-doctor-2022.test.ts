/** The published figures against one another: what the paper says twice must agree, and correlations follow from points. */

import { describe, expect, it } from 'vitest';
import { epsilonOf } from '../../../privacy/epsilon.ts';
import { MODES } from '../../evidence/modes.ts';
import { compare } from '../compare.ts';
import { OVERFITTING, TABLE_5, testAccuracy } from './accuracy.ts';
import { attackFigure } from './attacks.ts';
import { FIGURE_9, OVERFITTING_CORRELATIONS, publishedCorrelation } from './correlations.ts';
import { TABLE_3, TABLE_4 } from './defended.ts';
import { FIGURE_8, FIGURE_8_EPOCHS } from './epochs.ts';
import {
  BATCH_SIZE,
  EPOCHS,
  PAPER_DATA,
  PAPER_MODELS,
  PAPER_MODES,
  type PaperMode,
  QUARTER,
} from './names.ts';
import { PRIVATE_DELTA, PRIVATE_TRAININGS } from './private-trainings.ts';
import { yardstick } from './yardsticks.ts';

const targets = PAPER_MODELS.flatMap((model) => PAPER_DATA.map((data) => ({ model, data })));
const overfitting = targets.map(({ model, data }) => OVERFITTING[model][data]!.value);
const points = (mode: PaperMode) => targets.map(({ model, data }) => attackFigure(mode, model, data)!.value);

function pearson(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const sum = (f: (i: number) => number) => xs.reduce((total, _, i) => total + f(i), 0);
  const cross = sum((i) => (xs[i]! - mx) * (ys[i]! - my));
  return cross / Math.sqrt(sum((i) => (xs[i]! - mx) ** 2) * sum((i) => (ys[i]! - my) ** 2));
}

describe('ML-Doctor’s targets', () => {
  it('have train accuracies of 1: test accuracy and overfitting add up in all eight cells, to rounding', () => {
    for (const model of ['SimpleCNN', 'VGG19'] as const)
      for (const data of PAPER_DATA)
        expect(Math.abs(TABLE_5[model][data]!.value + OVERFITTING[model][data]!.value - 1)).toBeLessThan(
          0.0011,
        );
  });

  it('have the test accuracy of Table 5, or one less the overfitting with its limits turned', () => {
    expect(testAccuracy('VGG19', 'STL10')).toEqual(TABLE_5.VGG19.STL10);
    const { value, low, high } = testAccuracy('AlexNet', 'STL10');
    expect([value, low, high].map((limit) => limit.toFixed(4))).toEqual(['0.5220', '0.5170', '0.5270']);
  });

  it('pay 3 to 20 points of accuracy for DP-SGD, and up to two for distillation', () => {
    const cost = (row: 'SimpleCNN, epsilon1' | 'SimpleCNN, epsilon2' | 'VGG19, distillation') =>
      PAPER_DATA.map(
        (data) =>
          TABLE_5[row.startsWith('V') ? 'VGG19' : 'SimpleCNN'][data]!.value - TABLE_5[row][data]!.value,
      );
    const costs = [...cost('SimpleCNN, epsilon1'), ...cost('SimpleCNN, epsilon2')];
    expect(Math.min(...costs)).toBeCloseTo(0.031, 10);
    expect(Math.max(...costs)).toBeCloseTo(0.203, 10);
    expect(Math.max(...cost('VGG19, distillation'))).toBeCloseTo(0.02, 10);
    expect(Math.min(...cost('VGG19, distillation'))).toBeCloseTo(-0.014, 10);
  });

  it('claim the epsilons that our accountant finds at their noise, and at no other of two digits', () => {
    for (const data of PAPER_DATA)
      for (const { epsilon, noiseMultiplier } of Object.values(PRIVATE_TRAININGS[data])) {
        const records = QUARTER[data];
        const steps = EPOCHS * Math.ceil(records / BATCH_SIZE);
        const off = (noise: number) => {
          const setting = { sampleRate: BATCH_SIZE / records, noiseMultiplier: noise, steps };
          return Math.abs(epsilonOf(setting, PRIVATE_DELTA, 'rdp-classic') - epsilon.value);
        };
        expect(off(noiseMultiplier)).toBeLessThanOrEqual(0.001);
        expect(off(noiseMultiplier + 0.01)).toBeGreaterThan(0.01);
        expect(off(noiseMultiplier - 0.01)).toBeGreaterThan(0.01);
      }
  });
});

describe('attacks of ML-Doctor', () => {
  it('have the names that our figures give them', () => {
    expect(MODES.map(({ name }) => name)).toEqual([...PAPER_MODES]);
  });

  it('are all there on all targets, but attribute inference on faces alone', () => {
    for (const { model, data } of targets)
      for (const mode of PAPER_MODES) {
        const faces = data === 'CelebA' || data === 'UTKFace';
        expect(attackFigure(mode, model, data) === undefined, `${mode} ${model} ${data}`).toBe(
          mode.startsWith('AttrInf') && !faces,
        );
      }
  });

  it('correlate as Fig. 9 prints, those with attribute inference over the ten targets with faces', () => {
    for (const { between, r } of FIGURE_9) {
      const faces = between.some((mode) => mode.startsWith('AttrInf'));
      const over = targets.filter(({ data }) => !faces || data === 'CelebA' || data === 'UTKFace');
      expect(r.where).toContain(`over ${over.length} targets`);
      const [xs, ys] = between.map((mode) =>
        over.map(({ model, data }) => attackFigure(mode as PaperMode, model, data)!.value),
      );
      expect(Math.abs(pearson(xs!, ys!) - r.value), between.join(', ')).toBeLessThan(0.01);
    }
    expect(pearson(points('MemInf <B,S>'), points('ModSteal <B,S>'))).toBeCloseTo(-0.822, 3);
  });

  it('correlate with overfitting as is said to be recomputed', () => {
    expect(OVERFITTING_CORRELATIONS.map(({ r }) => r.value)).toEqual([0.88, -0.67, -0.95]);
    for (const { between, r } of OVERFITTING_CORRELATIONS) {
      expect(Math.abs(pearson(overfitting, points(between[1])) - r.value)).toBeLessThan(0.005);
      expect(r.where).toMatch(/^recomputed from Figs\. \d and 7 /);
    }
  });

  it('have their correlations by Fisher’s z, found in either order', () => {
    // atanh(−.821) = −1.1597; 1.9600/√17 = .4754.
    const r = publishedCorrelation('ModSteal <B,S>', 'MemInf <B,S>')!;
    expect(r).toBe(publishedCorrelation('MemInf <B,S>', 'ModSteal <B,S>'));
    expect(r.value).toBe(-0.821);
    expect(r.low).toBeCloseTo(Math.tanh(-1.1597 - 0.4754), 3);
    expect(r.high).toBeCloseTo(Math.tanh(-1.1597 + 0.4754), 3);
    expect(publishedCorrelation('overfitting', 'ModSteal <B,S>')!.value).toBe(-0.95);
    expect(publishedCorrelation('MemInf <B,S>', 'MemInf <B,P>')).toBeUndefined();
    expect(publishedCorrelation('MemInf <B,S>', 'MemInf <B,S>')).toBeUndefined();
  });

  it('tell of one training the same at its last epoch as of the target', () => {
    for (const { mode, model, data, points: series } of FIGURE_8) {
      const [last, whole] = [series[300]!, attackFigure(mode, model, data)!];
      expect(Math.abs(last.value - whole.value)).toBeLessThan(0.01);
      for (const epochs of Object.keys(series)) expect(FIGURE_8_EPOCHS).toContain(Number(epochs));
    }
  });

  it('have limits as they were read, and by how far runs deviate', () => {
    const off = (
      mode: PaperMode,
      model: (typeof PAPER_MODELS)[number],
      data: (typeof PAPER_DATA)[number],
    ) => {
      const { value, low, high } = attackFigure(mode, model, data)!;
      expect(high - value).toBeCloseTo(value - low, 12);
      return high - value;
    };
    expect(off('MemInf <B,P>', 'SimpleCNN', 'STL10')).toBeCloseTo(0.011, 12);
    expect(off('ModInv <W,S>', 'SimpleCNN', 'STL10')).toBeCloseTo(0.053, 12);
    expect(off('ModInv <W,N>', 'VGG19', 'STL10')).toBeCloseTo(0.0005, 12);
    expect(off('ModInv <W,N>', 'AlexNet', 'STL10')).toBeCloseTo(0.005, 12);
    expect(off('MemInf <B,S>', 'VGG19', 'STL10')).toBeCloseTo(0.05, 12);
    expect(off('MemInf <B,S>', 'AlexNet', 'STL10')).toBeCloseTo(Math.sqrt(0.01 ** 2 + 0.011 ** 2), 12);
    expect(off('MemInf <B,S>', 'ResNet18', 'STL10')).toBeCloseTo(Math.sqrt(0.01 ** 2 + 0.05 ** 2), 12);
    expect(off('MemInf <B,S>', 'Xception', 'UTKFace')).toBeCloseTo(Math.sqrt(0.01 ** 2 + 0.05 ** 2), 12);
    expect(off('ModInv <W,S>', 'AlexNet', 'CelebA')).toBeCloseTo(Math.sqrt(0.02 ** 2 + 0.053 ** 2), 12);
    expect(attackFigure('MemInf <B,S>', 'SimpleCNN', 'STL10')!.where).toMatch(/^Table 3, /);
    expect(attackFigure('MemInf <B,S>', 'VGG19', 'STL10')!.where).toMatch(/^Table 4, /);
    expect(attackFigure('ModSteal <B,S>', 'AlexNet', 'STL10')!.where).toBe('Fig. 5, read off');
  });
});

describe('defences of ML-Doctor', () => {
  const membership = PAPER_MODES.filter((mode) => mode.startsWith('MemInf'));

  it('take membership inference to chance where they are DP-SGD: at most .543', () => {
    const cells = membership.flatMap((mode) =>
      PAPER_DATA.flatMap((data) => [
        TABLE_3[mode][data]!.epsilon1.value,
        TABLE_3[mode][data]!.epsilon2.value,
      ]),
    );
    expect(Math.max(...cells)).toBe(0.543);
    expect(Math.min(...cells)).toBe(0.498);
  });

  it('lower it where they are distillation in all but two cells, from nothing to everything', () => {
    const rise = membership.flatMap((mode) =>
      PAPER_DATA.filter(
        (data) => TABLE_4[mode][data]!.distillation.value > TABLE_4[mode][data]!.none.value,
      ).map((data) => `${mode} ${data}`),
    );
    expect(rise).toEqual(['MemInf <B,P> FMNIST', 'MemInf <W,P> FMNIST']);
    expect(TABLE_4['MemInf <B,S>'].CelebA!.distillation.value).toBe(0.5);
  });

  it('can make stealing easier, and are told of faces alone where attributes are inferred', () => {
    const { none, epsilon1 } = TABLE_3['ModSteal <B,S>'].CelebA!;
    expect([none.value, epsilon1.value]).toEqual([0.803, 0.903]);
    for (const table of [TABLE_3, TABLE_4])
      for (const mode of PAPER_MODES)
        expect(Object.keys(table[mode])).toEqual(
          mode.startsWith('AttrInf') ? ['CelebA', 'UTKFace'] : [...PAPER_DATA],
        );
  });
});

describe('yardsticks', () => {
  it('are chance, and a tenth of an error', () => {
    expect(yardstick('MemInf <W,P>', 'STL10', 0.8)).toEqual({ nothing: 0.5, within: 0.05 });
    expect(yardstick('ModInv <W,S>', 'UTKFace', 0.9)).toEqual({ nothing: 0.24, within: 0.05 });
    expect(yardstick('AttrInf <W,S>', 'CelebA', 0.7)).toEqual({ nothing: 0.25, within: 0.05 });
    expect(yardstick('ModSteal <B,P>', 'CelebA', 0.7)).toEqual({ nothing: 0.125, within: 0.05 });
    expect(yardstick('ModSteal <B,S>', 'UTKFace', 0.7).nothing).toBe(0.25);
    expect(yardstick('ModInv <W,N>', 'UTKFace', 0.07)).toEqual({ within: 0.07 * 0.1 });
  });

  it('keep an error from agreeing with one half as large', () => {
    const error = attackFigure('ModInv <W,N>', 'VGG19', 'UTKFace')!;
    const ours = { value: 0.05, low: 0.025, high: 0.075, method: 'bootstrap' };
    expect(compare('mse', error, ours).agreement).toBe('reproduced');
    expect(compare('mse', error, ours, yardstick('ModInv <W,N>', 'UTKFace', error.value)).agreement).toBe(
      'not comparable',
    );
  });
});
