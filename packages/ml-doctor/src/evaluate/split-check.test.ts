import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { batch } from '../data/dataset.ts';
import { loadDataset } from '../data/load-dataset.ts';
import { checkSplit } from './split-check.ts';
import type { SplitData } from './split-records.ts';

interface Split extends SplitData {
  readonly truth: Uint8Array;
}

/** Standard normal inputs and even classes; a third are members. */
function fair(seed: number, records: number, width: number, classes = 10): Split {
  return {
    inputs: stream(seed, 'inputs').normal(new Float32Array(records * width)),
    width,
    labels: Int32Array.from(stream(seed, 'labels').integers(new Uint32Array(records), classes)),
    truth: Uint8Array.from({ length: records }, (_, i) => (i % 3 === 0 ? 1 : 0)),
  };
}

/** The members' inputs changed: `j` is the place within the record. */
const changed = (split: Split, change: (x: number, j: number) => number): Split => ({
  ...split,
  inputs: split.inputs.map((x, at) =>
    split.truth[Math.floor(at / split.width)] === 1 ? change(x, at % split.width) : x,
  ),
});
const relabelled = (split: Split, label: (old: number, i: number) => number): Split => ({
  ...split,
  labels: split.labels.map((old, i) => (split.truth[i] === 1 ? label(old, i) : old)),
});

describe('checkSplit', () => {
  it.each([
    ['few inputs', 600, 12],
    ['many inputs', 600, 80],
  ])('is at chance on fair splits, %s', (_, records, width) => {
    let sum = 0;
    let shifted = 0;
    let missed = 0;
    const splits = 60;
    for (let seed = 0; seed < splits; seed++) {
      const { auc, shifted: found } = checkSplit(fair(seed, records, width), seed);
      sum += auc.value;
      if (found) shifted++;
      if (auc.low > 0.5 || auc.high < 0.5) missed++;
    }
    // 160 members and 320 others are judged: a standard error of .028 each.
    expect(Math.abs(sum / splits - 0.5)).toBeLessThan((4 * 0.028) / Math.sqrt(splits));
    // At 1 %, 5 or more of 60 have a probability of 4e-4; at 5 %, 11 or more one of 3e-4.
    expect(shifted).toBeLessThan(5);
    expect(missed).toBeLessThan(11);
  });

  const wide = fair(1, 3000, 200);
  const narrow = fair(2, 3000, 12);
  it.each<[string, Split]>([
    ['the mean of one input by .3 of 200', changed(wide, (x, j) => (j === 17 ? x + 0.3 : x))],
    ['the mean of one input by .3 of 12', changed(narrow, (x, j) => (j === 5 ? x + 0.3 : x))],
    ['all means by .02', changed(wide, (x) => x + 0.02)],
    ['all means by .06, up and down', changed(wide, (x, j) => (j % 2 === 0 ? x + 0.06 : x - 0.06))],
    ['the deviation of one input by 1.3 of 200', changed(wide, (x, j) => (j === 17 ? 1.3 * x : x))],
    ['the deviation of one input by 1.3 of 12', changed(narrow, (x, j) => (j === 5 ? 1.3 * x : x))],
    ['all deviations by 1.01', changed(wide, (x) => 1.01 * x)],
    ['the share of a class', relabelled(narrow, (label, i) => (i % 7 === 0 ? 0 : label))],
    [
      'the shares of 100 classes',
      relabelled(fair(3, 3000, 12, 100), (label, i) => (i % 2 === 0 ? label % 20 : label)),
    ],
  ])('catches a change of %s', (_, split) => {
    const { auc, shifted } = checkSplit(split, 5);
    expect(shifted).toBe(true);
    expect(auc.low).toBeGreaterThan(0.5);
  });

  it('catches labels that do not belong to their inputs', () => {
    const even = fair(4, 3000, 100);
    const inputs = even.inputs.map((x, at) => {
      const label = even.labels[Math.floor(at / 100)]!;
      return at % 10 === label ? x + 1 : x;
    });
    const split = { ...even, inputs };
    expect(checkSplit(split, 5).shifted).toBe(false);
    expect(
      checkSplit(
        relabelled(split, (label) => (label + 1) % 10),
        5,
      ).shifted,
    ).toBe(true);
  });

  it('catches brighter, blurred and noisy images, and no fair half of real ones', async () => {
    const data = await loadDataset('fashion-mnist-10k');
    const chosen = stream(1, 'images').sample(data.size, 2000);
    const { x, y } = batch(data, chosen);
    const truth = Uint8Array.from({ length: 2000 }, (_, i) => i % 2);
    const split = { inputs: x, width: 784, labels: y, truth };
    expect([1, 2].map((seed) => checkSplit(split, seed).shifted)).toEqual([false, false]);
    const noise = stream(2, 'images').normal(new Float32Array(split.inputs.length));
    const blurred = {
      ...split,
      inputs: split.inputs.map((v, at) =>
        truth[Math.floor(at / 784)] === 1 && at % 784 < 783 ? 0.9 * v + 0.1 * split.inputs[at + 1]! : v,
      ),
    };
    const noisy = {
      ...split,
      inputs: split.inputs.map((v, at) => (truth[Math.floor(at / 784)] === 1 ? v + 0.02 * noise[at]! : v)),
    };
    const found = [changed(split, (v) => v + 0.05), changed(split, (v) => 1.1 * v), blurred, noisy].map(
      (one) => checkSplit(one, 1).shifted,
    );
    expect(found).toEqual([true, true, true, true]);
  });

  it('gives the same for the same seed, and another draw for another', () => {
    expect(checkSplit(narrow, 1)).toEqual(checkSplit(narrow, 1));
    expect(checkSplit(narrow, 1).auc.value).not.toBe(checkSplit(narrow, 2).auc.value);
  });

  it('finds nothing where records are all the same, or too few', () => {
    const same = { ...narrow, inputs: new Float32Array(36_000).fill(0.1), labels: new Int32Array(3000) };
    expect(checkSplit(same, 1)).toMatchObject({ shifted: false, auc: { value: 0.5 } });
    const few = checkSplit(
      changed(fair(1, 57, 3), (x) => x + 9),
      1,
    );
    expect(few).toMatchObject({ shifted: false, auc: { value: 0.5, low: 0, high: 1 } });
    expect(few.auc.method).toContain('fewer than 20');
    expect(
      checkSplit(
        changed(fair(1, 63, 3), (x) => x + 9),
        1,
      ).shifted,
    ).toBe(true);
  });

  it('refuses sizes that do not fit', () => {
    expect(() => checkSplit({ ...narrow, width: 11 }, 1)).toThrow(/internal/);
    expect(() => checkSplit({ ...narrow, truth: new Uint8Array(7) }, 1)).toThrow(/internal/);
  });
});
