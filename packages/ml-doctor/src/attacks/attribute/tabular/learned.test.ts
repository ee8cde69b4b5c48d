import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { plantedInput } from '../../../../test/attacks/tabular-input.ts';
import { context } from '../../../audit/selftest/bench/membership-bench.ts';
import { featureRows } from './features.ts';
import { tabular } from './tabular.ts';

const SIZE = 160;
const bits = (purpose: string) =>
  Array.from(stream(3, 'test learned', purpose).bernoulli(new Float32Array(SIZE), 0.5));

const run = (planted: ReturnType<typeof plantedInput>, given = {}) =>
  tabular.configure({ method: 'learned', ...given }).run(planted.input, context);

const accuracy = (predicted: ArrayLike<number>, truth: readonly number[]) =>
  truth.filter((value, i) => predicted[i] === value).length / truth.length;

describe('featureRows', () => {
  const partial = {
    records: { ids: Uint32Array.of(4, 7), labels: Int32Array.of(2, 0) },
    rest: () => Float32Array.of(1, 2, 3, 4),
  };

  it('are the rest of the record, the label one-hot and log posteriors', () => {
    expect(featureRows(partial, 3)).toEqual({
      values: Float32Array.of(1, 2, 0, 0, 1, 3, 4, 1, 0, 0),
      ...{ size: 2, width: 5 },
    });
    const logits = Float32Array.of(Math.log(2), 0, 0, -900, Number.NEGATIVE_INFINITY, 5);
    const { values, width } = featureRows(partial, 3, { logits, classes: 3 });
    const answers = [values.subarray(5, width), values.subarray(width + 5)];
    [0.5, 0.25, 0.25].forEach((p, c) => {
      expect(answers[0]![c]).toBeCloseTo(Math.log(p), 6);
    });
    expect([...answers[1]!].map((v) => v + 0)).toEqual([-30, -30, 0]);
    expect([...values.subarray(0, 5), ...values.subarray(width, width + 5)]).toEqual([
      ...featureRows(partial, 3).values,
    ]);
  });
});

describe('attribute/tabular, learned', () => {
  const gender = bits('gender');
  const labels = bits('label');
  const noise = Array.from(stream(3, 'test learned', 'noise').normal(new Float32Array(SIZE)));

  it('reads an attribute off the answers that nothing else tells', async () => {
    const planted = plantedInput({
      columns: [{ name: 'noise' }, { name: 'gender', categories: ['Female', 'Male'] }],
      rows: gender.map((g, i) => [noise[i]!, g]),
      ...{ labels, classes: 2, attribute: 'gender', known: 60 },
      // Sure of class 1, more so of men.
      model: ([, g]) => [0, 2 + g!],
    });
    const { predicted, beliefs, notes } = await run(planted);
    expect(accuracy(predicted, planted.truth)).toBeGreaterThanOrEqual(0.99);
    expect(beliefs).toHaveLength(200);
    expect(notes).toEqual([expect.stringContaining('held out')]);
    // The records themselves, once each, and nothing made up.
    expect([planted.input.target.queries, planted.sent.length]).toEqual([SIZE, 0]);
  });

  it('works where the attribute is no part of the record, and for numbers', async () => {
    const height = gender.map((g, i) => 160 + 15 * g + (i % 5));
    const planted = plantedInput({
      columns: [{ name: 'noise' }, { name: 'half', categories: ['a', 'b'] }],
      rows: gender.map((g, i) => [noise[i]!, g]),
      attributes: { height: { values: Float32Array.from(height) } },
      ...{ labels, classes: 2, attribute: 'height', known: 60 },
      model: ([, g]) => [0, 2 + g!],
    });
    expect(planted.input.editor).toBeUndefined();
    const { predicted, beliefs } = await run(planted);
    expect(beliefs).toBeUndefined();
    const error = planted.truth.reduce((sum, value, i) => sum + Math.abs(value - predicted[i]!), 0) / 100;
    // Within a group heights spread over five, whose median errs by 1.2 on average; without the group by 7.
    expect(error).toBeLessThan(2.5);
  });
});
