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
  surprise,
} from '../../../test/models/planted-examples.ts';
import { bestPredictor } from './best-predictor.ts';
import { trainForestPredictor } from './forest-predictor.ts';
import type { Examples } from './predictor.ts';
import { trainPredictor } from './train-predictor.ts';

/** What the attribute depends on, and the learners one would pick for it. */
const kinds: Record<string, { draw: (seed: number) => Examples; chosen: RegExp }> = {
  linear: {
    draw: (seed) => {
      const u = chance(400, seed);
      return byCategory(normalRows(400, 8, seed), (row, i) =>
        u[i]! < 1 / (1 + Math.exp(-2 * row[0]! - row[1]! + row[2]!)) ? 1 : 0,
      );
    },
    chosen: /^(linear|mlp)/,
  },
  'exclusive or': {
    draw: (seed) => byCategory(normalRows(400, 4, seed), ([a, b]) => (a! * b! > 0 ? 1 : 0)),
    chosen: /mlp|forest/,
  },
  'tree-like': {
    draw: (seed) =>
      byCategory(normalRows(600, 3, seed), ([a, b]) => (Math.floor(a!) + Math.floor(1.5 * b!)) & 1),
    chosen: /forest/,
  },
};

describe('bestPredictor', () => {
  it.each(Object.entries(kinds))('is as good as each of its learners: %s', async (_, { draw, chosen }) => {
    const [examples, asked] = [draw(1), draw(2)];
    const best = await bestPredictor(examples, quiet());
    expect(best.chosen).toMatch(chosen);
    const guesses = await best.predict(asked.rows);
    const mlp = { hidden: [64], epochs: 25, batchSize: 16, learningRate: 2e-3 };
    for (const single of [
      await trainPredictor(examples, { ...mlp, hidden: [], learningRate: 3e-3 }, quiet()),
      await trainPredictor(examples, mlp, quiet()),
      await trainForestPredictor(examples, quiet()),
    ]) {
      const others = await single.predict(asked.rows);
      expect(surprise(guesses, asked)).toBeLessThan(surprise(others, asked) + 0.02);
      expect(accuracyOf(guesses, asked)).toBeGreaterThan(accuracyOf(others, asked) - 0.025);
    }
  });

  it('guesses numbers with little error, linear or not', async () => {
    const u = chance(300, 1);
    const noisy = (row: Float32Array, i: number) => 40 + 5 * row[0]! + (u[i]! - 0.5);
    const line = await bestPredictor(byNumber(normalRows(300, 3, 1), noisy), quiet());
    const asked = byNumber(normalRows(300, 3, 2), noisy);
    // A quarter is the noise's own.
    expect(meanError(await line.predict(asked.rows), asked)).toBeLessThan(0.4);
    const bend = (row: Float32Array) => 10 * Math.abs(row[0]!);
    const bent = await bestPredictor(byNumber(normalRows(300, 3, 1), bend), quiet());
    const bentAsked = byNumber(normalRows(300, 3, 2), bend);
    expect(bent.chosen).not.toBe('linear');
    expect(meanError(await bent.predict(bentAsked.rows), bentAsked)).toBeLessThan(0.8);
  });

  it('is no worse than the commonest where there is nothing to learn', async () => {
    const draw = (seed: number) => {
      const u = chance(400, seed);
      return byCategory(normalRows(400, 30, seed), (_, i) => (u[i]! < 0.7 ? 1 : 0));
    };
    const asked = draw(2);
    const { predict } = await bestPredictor(draw(1), quiet());
    const commonest = Array.from(asked.truth).reduce((a, b) => a + b, 0) / 400;
    const guesses = await predict(asked.rows);
    expect(accuracyOf(guesses, asked)).toBeGreaterThan(commonest - 0.04);
    // Of shares .7 and .3 it is .611.
    expect(surprise(guesses, asked)).toBeLessThan(0.68);
  });

  it('gives the same bits again, and for a row whoever else is asked about', async () => {
    const examples = kinds['exclusive or']!.draw(3);
    const few = {
      ...examples,
      rows: reordered(examples.rows, [...Array(30).keys()]),
      truth: examples.truth.slice(0, 30),
    };
    const first = await bestPredictor(few, quiet(4));
    const again = await bestPredictor(few, quiet(4));
    expect(again.chosen).toBe(first.chosen);
    const asked = normalRows(33, 4, 9);
    const said = await first.predict(asked);
    expect(await again.predict(asked)).toEqual(said);
    const alone = await again.predict(reordered(asked, [32]));
    expect([...alone.beliefs!]).toEqual([...said.beliefs!.subarray(64)]);
  });

  it('makes do with few examples', async () => {
    const few = byCategory(normalRows(12, 2, 1), (row) => (row[0]! > 0 ? 1 : 0));
    const { predict, chosen } = await bestPredictor(few, quiet());
    expect(chosen).toBe('linear');
    expect(accuracyOf(await predict(few.rows), few)).toBeGreaterThan(0.8);
    const none = { rows: { values: new Float32Array(0), size: 0, width: 2 }, truth: new Float32Array(0) };
    expect((await (await bestPredictor(none, quiet())).predict(few.rows)).predicted).toHaveLength(12);
    const rare = byCategory(normalRows(30, 2, 1), (_, i) => (i === 7 ? 2 : i % 2), 4);
    const { beliefs } = await (await bestPredictor(rare, quiet())).predict(rare.rows);
    expect(beliefs!.every((belief) => belief >= 0 && belief <= 1)).toBe(true);
  });

  it('says how far it is, and stops when told to', async () => {
    const fractions: number[] = [];
    const examples = byCategory(normalRows(30, 2, 1), (row) => (row[0]! > 0 ? 1 : 0));
    await bestPredictor(examples, { ...quiet(), progress: (fraction) => fractions.push(fraction) });
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeCloseTo(1);
    const stop = new AbortController();
    const progress = (fraction: number) => fraction > 0.36 && stop.abort();
    const running = bestPredictor(examples, { ...quiet(), signal: stop.signal, progress });
    await expect(running).rejects.toMatchObject({ code: expect.stringMatching(/^(OG|MLD)_ABORTED$/) });
  });
});
