import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { type MadeOptions, madeEvidence } from '../../../test/evaluate/attribute-evidence.ts';
import type { Guessed } from './evidence.ts';
import { figuresOf, meanKnown, TOPS } from './figures.ts';
import { sampleOf } from './sample.ts';

interface Judged {
  readonly truth: number;
  readonly predicted: number;
  readonly beliefs: readonly number[];
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** As the definitions say, over records written out one by one. */
function byDefinition(records: readonly Judged[], categories: number) {
  const present = [...new Set(records.map(({ truth }) => truth))];
  const f1 = present.map((c) => {
    const tp = records.filter(({ truth, predicted }) => truth === c && predicted === c).length;
    const fp = records.filter(({ truth, predicted }) => truth !== c && predicted === c).length;
    const fn = records.filter(({ truth, predicted }) => truth === c && predicted !== c).length;
    return tp === 0 ? 0 : 1 / ((1 / (tp / (tp + fp)) + 1 / (tp / (tp + fn))) / 2);
  });
  const rest = (categories === 2 ? [1] : Array.from({ length: categories }, (_, c) => c)).flatMap((c) => {
    const of = records.filter(({ truth }) => truth === c);
    const others = records.filter(({ truth }) => truth !== c);
    const wins = of.flatMap((a) => others.map((b) => (Math.sign(a.beliefs[c]! - b.beliefs[c]!) + 1) / 2));
    return wins.length > 0 ? [mean(wins)] : [];
  });
  return {
    accuracy: mean(records.map(({ truth, predicted }) => (truth === predicted ? 1 : 0))),
    macroF1: mean(f1),
    auc: rest.length > 0 ? mean(rest) : Number.NaN,
    meanError: mean(records.map(({ truth, predicted }) => Math.abs(truth - predicted))),
    top: TOPS.map((k) => {
      if (2 * k > records.length) return Number.NaN;
      const sure = records.map(({ beliefs, predicted }) => beliefs[predicted]!);
      const cut = [...sure].sort((a, b) => b - a)[k - 1]!;
      const right = (which: (belief: number) => boolean) =>
        records.filter(({ truth, predicted }, i) => which(sure[i]!) && truth === predicted).length;
      const places = k - sure.filter((belief) => belief > cut).length;
      const tied = sure.filter((belief) => belief === cut).length;
      return (right((belief) => belief > cut) + (places / tied) * right((belief) => belief === cut)) / k;
    }),
  };
}

const writtenOut = (
  { truth, attack: { predicted, beliefs } }: Guessed,
  counts: Uint8Array,
  categories: number,
): Judged[] =>
  Array.from(counts).flatMap((count, i) =>
    new Array<Judged>(count).fill({
      truth: truth[i]!,
      predicted: predicted[i]!,
      beliefs: [...beliefs!.slice(i * categories, (i + 1) * categories)],
    }),
  );

const resample = (seed: number, size: number): Uint8Array => {
  const counts = new Uint8Array(size);
  for (const i of stream(seed, 'resample').integers(new Uint32Array(size), size)) counts[i]!++;
  return counts;
};

describe('figures of any resample', () => {
  it.each<MadeOptions>([
    { kind: 'binary', members: 50 },
    { kind: 'categorical', members: 110 },
    { kind: 'categorical', members: 9, categories: 6 },
    { kind: 'ordinal', members: 220, first: 0.9 },
    { kind: 'binary', members: 1 },
  ])('are those of its records: %o', (options) => {
    for (let seed = 0; seed < 6; seed++) {
      const evidence = madeEvidence({ ...options, seed });
      const { members, attribute } = evidence;
      const categories = attribute.categories!.length;
      // Coarse, so that some tie.
      if (seed % 2)
        members.attack.beliefs!.forEach((belief, i, all) => {
          all[i] = Math.round(8 * belief) / 8;
        });
      const counts =
        seed === 0 ? new Uint8Array(members.ids.length).fill(1) : resample(seed, members.ids.length);
      const { attack } = figuresOf(sampleOf(attribute, members), counts);
      const expected = byDefinition(writtenOut(members, counts, categories), categories);
      expect(attack.accuracy).toBeCloseTo(expected.accuracy, 12);
      expect(attack.macroF1).toBeCloseTo(expected.macroF1, 12);
      expect(attack.meanError).toBeCloseTo(expected.meanError, 12);
      const auc = meanKnown(attack.auc);
      if (Number.isNaN(expected.auc)) expect(auc).toBeNaN();
      else expect(auc).toBeCloseTo(expected.auc, 12);
      expected.top.forEach((share, t) => {
        if (Number.isNaN(share)) expect(attack.top[t]).toBeNaN();
        else expect(attack.top[t]).toBeCloseTo(share, 12);
      });
      attack.recall.forEach((recall, c) => {
        const of = writtenOut(members, counts, categories).filter(({ truth }) => truth === c);
        if (of.length === 0) expect(recall).toBeNaN();
        else expect(recall).toBeCloseTo(mean(of.map(({ predicted }) => (predicted === c ? 1 : 0))), 12);
      });
    }
  });

  it('are the mean distance of numbers', () => {
    const { members, attribute } = madeEvidence({ kind: 'continuous', members: 20 });
    const counts = resample(3, 20);
    const { attack, imputation } = figuresOf(sampleOf(attribute, members), counts);
    for (const [figures, guesses] of [
      [attack, members.attack],
      [imputation, members.imputation],
    ] as const) {
      let sum = 0;
      counts.forEach((count, i) => {
        sum += count * Math.abs(guesses.predicted[i]! - members.truth[i]!);
      });
      expect(figures.meanError).toBeCloseTo(sum / 20, 12);
      expect(figures.accuracy).toBeNaN();
    }
  });
});

it('a mean over nothing is none', () => {
  expect(meanKnown(Float64Array.of(Number.NaN))).toBeNaN();
  expect(meanKnown(Float64Array.of(Number.NaN, 1, 2))).toBe(1.5);
});
