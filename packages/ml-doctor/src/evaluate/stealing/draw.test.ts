import { stream } from 'onnx-grad';
import { expect, it } from 'vitest';
import { madeStealing } from '../../../test/evaluate/stealing-evidence.ts';
import { drawer } from './draw.ts';
import { sampleOf } from './sample.ts';

const softmax = (row: readonly number[]): number[] => {
  const powers = row.map((z) => Math.exp(z));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
};

it.each([1, 4, 30, 80])('counts what %i resampled records written out one by one hold', (records) => {
  for (let seed = 0; seed < 12; seed++) {
    // With weak baselines a constant guess is the best, in a resample not always the same.
    const evidence = madeStealing({
      ...{ records, classes: 2 + (seed % 6), seed },
      ...{ baselines: seed % 3, baseline: seed < 6 ? 1.2 : 0 },
    });
    const width = evidence.classes.length;
    const draw = drawer(sampleOf(evidence));
    const counts = new Uint8Array(records);
    for (const i of stream(seed, 'resample').integers(new Uint32Array(records), records)) counts[i]!++;
    const drawn = Array.from(counts).flatMap((count, i) => new Array<number>(count).fill(i));
    const row = (logits: Float32Array, i: number) => [...logits.slice(i * width, (i + 1) * width)];
    const answer = (logits: Float32Array, i: number) => {
      const own = row(logits, i);
      return own.indexOf(Math.max(...own));
    };
    const agrees = (logits: Float32Array) =>
      drawn.filter((i) => answer(logits, i) === answer(evidence.target, i)).length;
    const constants = (of: readonly number[]) =>
      evidence.classes.map((_, c) => of.filter((i) => answer(evidence.target, i) === c).length);
    const all = constants([...evidence.ids.keys()]);
    const found = draw(counts);
    const rivals = [
      constants(drawn)[all.indexOf(Math.max(...all))],
      ...evidence.baselines.map(({ logits }) => agrees(logits)),
    ];
    expect(found.records).toBe(records);
    expect(found.copy).toBe(agrees(evidence.copies[2]!.logits));
    expect([...found.baselines]).toEqual(rivals);
    expect(found.best).toBe(Math.max(...constants(drawn), ...rivals.map(Number)));
    [...evidence.copies, ...evidence.baselines].forEach(({ logits }, m) => {
      const divergences = drawn.map((i) => {
        const [p, q] = [softmax(row(evidence.target, i)), softmax(row(logits, i))];
        return p.reduce((sum, w, j) => sum + w * Math.log(w / q[j]!), 0);
      });
      expect(found.divergence[m]).toBeCloseTo(divergences.reduce((a, b) => a + b, 0) / records, 10);
    });
  }
});
