import { describe, expect, it } from 'vitest';
import {
  accuracyOf,
  byCategory,
  byNumber,
  meanError,
  normalRows,
  quiet,
  reordered,
} from '../../../test/models/planted-examples.ts';
import { trainForestPredictor } from './forest-predictor.ts';

/** Squares of a chessboard. */
const chess = ([a, b]: ArrayLike<number> & Iterable<number>) => (Math.floor(a!) + Math.floor(b!)) & 1;

describe('trainForestPredictor', () => {
  it('learns what a tree can say, with beliefs that sum to 1', async () => {
    const { predict } = await trainForestPredictor(byCategory(normalRows(1500, 3, 1), chess), quiet());
    const asked = byCategory(normalRows(500, 3, 2), chess);
    const guesses = await predict(asked.rows);
    expect(accuracyOf(guesses, asked)).toBeGreaterThan(0.85);
    for (let i = 0; i < 500; i++) {
      const [no, yes] = guesses.beliefs!.subarray(2 * i, 2 * i + 2);
      expect(no! + yes!).toBeCloseTo(1, 6);
      expect(Math.min(no!, yes!)).toBeGreaterThan(0);
    }
  });

  it('counts the shares of all as one tree of 101', async () => {
    const rows = { values: Float32Array.of(0, 0, 0, 0, 9, 9, 9, 9), size: 8, width: 1 };
    const examples = { rows, truth: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1), categories: 3 };
    const { beliefs } = await (await trainForestPredictor(examples, quiet())).predict(rows);
    // A tree errs only when it drew no record of one kind, once in 128.
    expect(beliefs![0]).toBeGreaterThan((100 * 0.95 + 0.5) / 101);
    expect(beliefs![0]! + beliefs![1]!).toBeCloseTo(1, 12);
    expect(beliefs![2]).toBe(0);
    expect(beliefs![1]! * 101 - 0.5).toBeCloseTo(Math.round(beliefs![1]! * 101 - 0.5), 9);
  });

  it('says of rows without any difference what was seen of them', async () => {
    const rows = { values: new Float32Array(400), size: 200, width: 2 };
    const examples = byCategory(rows, (_, i) => (i % 4 === 0 ? 1 : 0));
    const { beliefs } = await (await trainForestPredictor(examples, quiet())).predict(reordered(rows, [0]));
    expect(Math.abs(beliefs![1]! - 0.25)).toBeLessThan(0.02);
  });

  it('guesses numbers that follow no line', async () => {
    const bend = (row: ArrayLike<number>) => 10 * Math.abs(row[0]!);
    const { predict } = await trainForestPredictor(byNumber(normalRows(600, 2, 1), bend), quiet());
    const asked = byNumber(normalRows(300, 2, 2), bend);
    const guesses = await predict(asked.rows);
    expect(guesses.beliefs).toBeUndefined();
    // Always the median is 4.0 off.
    expect(meanError(guesses, asked)).toBeLessThan(1);
  });

  it('says of a row the same whoever else is asked about, and takes numbers that are none', async () => {
    const rows = normalRows(200, 2, 1);
    rows.values[3] = Number.NaN;
    rows.values[4] = Number.POSITIVE_INFINITY;
    const { predict } = await trainForestPredictor(byCategory(rows, chess), quiet());
    const all = await predict(rows);
    const order = Array.from({ length: 200 }, (_, i) => 199 - i);
    const turned = await predict(reordered(rows, order));
    for (const [i, from] of order.entries()) expect(turned.beliefs![2 * i]).toBe(all.beliefs![2 * from]);
    await expect(predict(normalRows(2, 3, 1))).rejects.toThrow('internal: rows of 3 columns');
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    const progress = (fraction: number) => fraction > 0.05 && stop.abort();
    const examples = byCategory(normalRows(50, 2, 1), chess);
    const running = trainForestPredictor(examples, { ...quiet(), signal: stop.signal, progress });
    await expect(running).rejects.toMatchObject({ code: 'MLD_ABORTED' });
  });
});
