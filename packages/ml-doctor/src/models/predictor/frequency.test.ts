import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frequencyPredictor, majorityPredictor } from './frequency.ts';

describe('majorityPredictor', () => {
  it('says the same of everybody: the shares, and the commonest category', () => {
    const { predicted, beliefs } = majorityPredictor({
      truth: Int32Array.of(2, 1, 2, 0, 2),
      categories: 4,
    }).predict(2);
    expect([...predicted]).toEqual([2, 2]);
    expect([...beliefs!]).toEqual([0.2, 0.2, 0.6, 0, 0.2, 0.2, 0.6, 0]);
  });

  it('takes the first of equally common categories', () => {
    const { predicted } = majorityPredictor({ truth: Int32Array.of(2, 1, 1, 2), categories: 3 }).predict(1);
    expect([...predicted]).toEqual([1]);
  });

  it('says the median of numbers', () => {
    expect([...majorityPredictor({ truth: Float32Array.of(9, 1, 100) }).predict(2).predicted]).toEqual([
      9, 9,
    ]);
    const even = majorityPredictor({ truth: Float32Array.of(10, 9, 1, 100) }).predict(1);
    expect(even).toEqual({ predicted: Float64Array.of(9.5) });
  });

  it('knows nothing without examples', () => {
    expect([...majorityPredictor({ truth: new Int32Array(0), categories: 2 }).predict(1).beliefs!]).toEqual([
      0.5, 0.5,
    ]);
    expect([...majorityPredictor({ truth: new Float32Array(0) }).predict(1).predicted]).toEqual([0]);
  });
});

describe('frequencyPredictor', () => {
  it('counts by label, with one example more that has the shares of all', () => {
    const { predict } = frequencyPredictor({
      truth: Int32Array.of(0, 0, 1, 1, 1, 2, 1, 1),
      labels: [5, 5, 5, 7, 7, 7, 7, 7],
      categories: 3,
    });
    const { predicted, beliefs } = predict([5, 7, 6]);
    // All: 2/8, 5/8, 1/8. Label 5: 2, 1, 0 of 3; label 7: 0, 4, 1 of 5; label 6 was never seen.
    const expected = [2.25 / 4, 1.625 / 4, 0.125 / 4, 0.25 / 6, 4.625 / 6, 1.125 / 6, 2 / 8, 5 / 8, 1 / 8];
    for (const [i, belief] of expected.entries()) expect(beliefs![i]).toBeCloseTo(belief, 14);
    expect([...predicted]).toEqual([0, 1, 1]);
  });

  it('says the median of the label, of all for a label never seen', () => {
    const { predict } = frequencyPredictor({
      truth: Float32Array.of(1, 30, 2, 40, 50, 60, 70),
      labels: [0, 1, 0, 1, 1, 1, 1],
    });
    expect(predict([1, 0, 9])).toEqual({ predicted: Float64Array.of(50, 1.5, 40) });
  });

  it('gives probabilities, whatever was seen', () => {
    const examples = fc.array(fc.tuple(fc.nat(3), fc.nat(2)), { maxLength: 20 });
    fc.assert(
      fc.property(examples, (seen) => {
        const { predict } = frequencyPredictor({
          truth: Int32Array.from(seen, ([category]) => category),
          labels: seen.map(([, label]) => label),
          categories: 4,
        });
        const { predicted, beliefs } = predict([0, 1, 2, 3]);
        for (let row = 0; row < 4; row++) {
          const own = beliefs!.subarray(4 * row, 4 * row + 4);
          expect(own.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
          expect(Math.min(...own)).toBeGreaterThanOrEqual(0);
          expect(predicted[row]).toBe(own.indexOf(Math.max(...own)));
        }
      }),
    );
  });

  it('does not pair labels with other records', () => {
    const wrong = () => frequencyPredictor({ truth: Int32Array.of(0, 1), labels: [0], categories: 2 });
    expect(wrong).toThrow('internal: 1 labels for 2 examples');
  });
});
