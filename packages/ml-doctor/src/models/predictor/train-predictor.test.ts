import { describe, expect, it } from 'vitest';
import {
  accuracyOf,
  byCategory,
  byNumber,
  chance,
  meanError,
  normalRows,
  quiet,
  reordered,
  rowOf,
} from '../../../test/models/planted-examples.ts';
import type { Examples } from './predictor.ts';
import { linearHead, OVERLEARNING_HEAD, type PredictorRecipe, trainPredictor } from './train-predictor.ts';

const quick: PredictorRecipe = { hidden: [], epochs: 10, batchSize: 32, learningRate: 0.02 };

/** Three categories by the side of lines through 0, with a gap between them. */
const separable = (size: number, seed: number): Examples => {
  const rows = normalRows(size, 3, seed);
  for (let i = 0; i < size; i++) {
    const row = rowOf(rows, i);
    row[0] = 4 * ((i % 3) - 1) + 0.5 * Math.tanh(row[0]!);
  }
  return byCategory(rows, (_, i) => i % 3, 3);
};

/** Two Gaussians of variance 1 whose means lie d apart. */
const gaussians = (size: number, d: number, seed: number): Examples => {
  const rows = normalRows(size, 2, seed);
  for (let i = 0; i < size; i++) rowOf(rows, i)[0]! += (i % 2 === 1 ? 0.5 : -0.5) * d;
  return byCategory(rows, (_, i) => i % 2);
};

describe('trainPredictor', () => {
  it('has the published head', () => {
    expect(OVERLEARNING_HEAD).toMatchObject({ epochs: 50, batchSize: 64, learningRate: 1e-3 });
    expect(OVERLEARNING_HEAD.hidden).toHaveLength(1);
    expect(linearHead.hidden).toEqual([]);
  });

  it.each([{ hidden: [] }, { hidden: [16] }])(
    'tells what is separable, and is sure: $hidden',
    async ({ hidden }) => {
      const { predict } = await trainPredictor(separable(600, 1), { ...quick, hidden, epochs: 30 }, quiet());
      const asked = separable(300, 2);
      const guesses = await predict(asked.rows);
      expect(accuracyOf(guesses, asked)).toBeGreaterThanOrEqual(0.99);
      // A softmax of a softmax is never surer of one of three than e / (e + 2) = .58.
      const sure =
        Array.from(asked.truth).reduce((sum, value, i) => sum + guesses.beliefs![3 * i + value]!, 0) / 300;
      expect(sure).toBeGreaterThan(0.9);
    },
  );

  it('comes near the best there is for two Gaussians, with the beliefs of Bayes', async () => {
    const { predict } = await trainPredictor(
      gaussians(4000, 2, 1),
      { ...quick, learningRate: 3e-3 },
      quiet(),
    );
    const asked = gaussians(4000, 2, 2);
    const guesses = await predict(asked.rows);
    // Φ(1), and three standard errors of .0058.
    expect(Math.abs(accuracyOf(guesses, asked) - 0.8413)).toBeLessThan(0.0175);
    for (let i = 0; i < 200; i++) {
      const bayes = 1 / (1 + Math.exp(-2 * rowOf(asked.rows, i)[0]!));
      expect(Math.abs(guesses.beliefs![2 * i + 1]! - bayes)).toBeLessThan(0.06);
    }
  });

  it('finds the line, in the units of the attribute', async () => {
    const rows = normalRows(500, 2, 1);
    const line = (row: Float32Array) => 1000 + 30 * row[0]! - 20 * row[1]!;
    const { predict } = await trainPredictor(byNumber(rows, line), { ...quick, epochs: 40 }, quiet());
    const asked = byNumber(normalRows(100, 2, 2), line);
    const { predicted, beliefs } = await predict(asked.rows);
    expect(beliefs).toBeUndefined();
    for (const [i, value] of asked.truth.entries()) expect(Math.abs(value - predicted[i]!)).toBeLessThan(1);
  });

  it('predicts means with squared error, medians with absolute', async () => {
    const u = chance(3000, 1);
    // Exponential with mean 1 and median ln 2, whatever the row.
    const skewed = byNumber(normalRows(3000, 1, 1), (_, i) => -Math.log(1 - u[i]!));
    const middle = async (error: 'squared' | 'absolute') => {
      const recipe = { ...quick, error, batchSize: 256, epochs: 20 };
      const { predict } = await trainPredictor(skewed, recipe, quiet());
      return (await predict({ values: Float32Array.of(0), size: 1, width: 1 })).predicted[0];
    };
    expect(Math.abs((await middle('squared'))! - 1)).toBeLessThan(0.1);
    expect(Math.abs((await middle('absolute'))! - Math.LN2)).toBeLessThan(0.1);
  });

  it('needs a hidden layer for an exclusive or', async () => {
    const xor = (seed: number) => byCategory(normalRows(1000, 2, seed), ([a, b]) => (a! * b! > 0 ? 1 : 0));
    const asked = xor(2);
    const score = async (hidden: readonly number[]) => {
      const { predict } = await trainPredictor(xor(1), { ...quick, hidden, epochs: 25 }, quiet());
      return accuracyOf(await predict(asked.rows), asked);
    };
    expect(Math.abs((await score([])) - 0.5)).toBeLessThan(0.1);
    expect(await score([32])).toBeGreaterThan(0.95);
  });

  it('does no worse than the commonest where there is nothing to learn', async () => {
    const draw = (seed: number) => {
      const u = chance(1000, seed);
      return byCategory(normalRows(1000, 4, seed), (_, i) => (u[i]! < 0.7 ? 1 : 0));
    };
    const { predict } = await trainPredictor(draw(1), { ...quick, hidden: [8], epochs: 2 }, quiet());
    const asked = draw(2);
    const commonest = Array.from(asked.truth).reduce((a, b) => a + b, 0) / 1000;
    expect(accuracyOf(await predict(asked.rows), asked)).toBeGreaterThan(commonest - 0.02);
  });

  it('does not mind on which scale a column is', async () => {
    const examples = separable(200, 1);
    const scale = (rows: Examples['rows']) => ({
      ...rows,
      values: rows.values.map((value, i) => [1024, 2 ** -9, -3][i % 3]! * value + [0, 0.25, 7][i % 3]!),
    });
    const recipe = { ...quick, epochs: 3 };
    const plain = await trainPredictor(examples, recipe, quiet());
    const scaled = await trainPredictor({ ...examples, rows: scale(examples.rows) }, recipe, quiet());
    const asked = separable(50, 2).rows;
    const [a, b] = [await plain.predict(asked), await scaled.predict(scale(asked))];
    for (const [i, belief] of a.beliefs!.entries()) expect(b.beliefs![i]).toBeCloseTo(belief, 3);
  });

  it('gives the same bits again, and for a row whoever else is asked about', async () => {
    const examples = gaussians(300, 1, 1);
    const recipe = { ...quick, hidden: [8], epochs: 2 };
    const asked = normalRows(301, 2, 3);
    const first = await (await trainPredictor(examples, recipe, quiet(5))).predict(asked);
    const again = await trainPredictor(examples, recipe, quiet(5));
    expect(await again.predict(asked)).toEqual(first);
    const order = Array.from({ length: 301 }, (_, i) => (i * 44) % 301);
    const shuffled = await again.predict(reordered(asked, order));
    order.forEach((from, i) => {
      expect(shuffled.predicted[i]).toBe(first.predicted[from]);
      expect(shuffled.beliefs![2 * i]).toBe(first.beliefs![2 * from]);
    });
    const alone = await again.predict(reordered(asked, [17]));
    expect([...alone.beliefs!]).toEqual([...first.beliefs!.subarray(34, 36)]);
    const other = await (await trainPredictor(examples, recipe, quiet(6))).predict(asked);
    expect(other.beliefs).not.toEqual(first.beliefs);
  });

  it('makes do with little', async () => {
    const none = { values: new Float32Array(0), size: 0, width: 2 };
    const two = normalRows(2, 2, 1);
    const nobody = await trainPredictor(
      { rows: none, truth: new Int32Array(0), categories: 4 },
      quick,
      quiet(),
    );
    expect([...(await nobody.predict(two)).beliefs!]).toEqual(Array(8).fill(0.25));
    const numberless = await trainPredictor({ rows: none, truth: new Float32Array(0) }, quick, quiet());
    expect([...(await numberless.predict(two)).predicted]).toEqual([0, 0]);
    const one = { rows: normalRows(1, 2, 1), truth: Int32Array.of(1), categories: 2 };
    const { predict } = await trainPredictor(one, quick, quiet());
    expect([...(await predict(two)).predicted]).toEqual([1, 1]);
    expect(await predict(none)).toEqual({ predicted: new Int32Array(0), beliefs: new Float64Array(0) });
    const number = await trainPredictor(
      { ...one, categories: undefined!, truth: Float32Array.of(7) },
      quick,
      quiet(),
    );
    expect([...(await number.predict(two)).predicted]).toEqual([7, 7]);
    const only = await trainPredictor({ ...one, truth: Int32Array.of(0), categories: 1 }, quick, quiet());
    expect(await only.predict(two)).toEqual({ predicted: new Int32Array(2), beliefs: Float64Array.of(1, 1) });
    const wide = await trainPredictor(
      {
        rows: { values: new Float32Array(0), size: 3, width: 0 },
        truth: Int32Array.of(0, 1, 1),
        categories: 2,
      },
      quick,
      quiet(),
    );
    expect([...(await wide.predict({ values: new Float32Array(0), size: 1, width: 0 })).predicted]).toEqual([
      1,
    ]);
    await expect(predict(normalRows(1, 3, 1))).rejects.toThrow('internal: rows of 3 columns');
  });

  it('holds a category without examples to be unlikely, not impossible', async () => {
    const examples = { ...separable(300, 1), categories: 4 };
    const { predict } = await trainPredictor(examples, quick, quiet());
    const { beliefs } = await predict(examples.rows);
    const fourth = beliefs!.filter((_, i) => i % 4 === 3);
    expect(Math.max(...fourth)).toBeLessThan(0.01);
    expect(Math.min(...fourth)).toBeGreaterThan(0);
  });

  it('stops when told to, and says how far it is', async () => {
    const stop = new AbortController();
    const fractions: number[] = [];
    const progress = (fraction: number) => {
      fractions.push(fraction);
      if (fraction > 0.35) stop.abort();
    };
    const running = trainPredictor(gaussians(64, 1, 1), quick, { ...quiet(), signal: stop.signal, progress });
    await expect(running).rejects.toMatchObject({ code: 'OG_ABORTED' });
    expect(fractions).toEqual([0.1, 0.2, 0.3, 0.4].map((fraction) => expect.closeTo(fraction)));
  });

  it('is told nothing of a number but by its rows', async () => {
    const rows = normalRows(400, 2, 1);
    const u = chance(400, 2);
    const noise = byNumber(rows, (_, i) => u[i]!);
    const { predict } = await trainPredictor(noise, { ...quick, epochs: 2 }, quiet());
    const fresh = chance(400, 3);
    const asked = byNumber(normalRows(400, 2, 4), (_, i) => fresh[i]!);
    // Uniform: the median's mean error is a quarter.
    expect(Math.abs(meanError(await predict(asked.rows), asked) - 0.25)).toBeLessThan(0.03);
  });
});
