/** Guesses at canaries against closed forms, hand counts and coins that nothing depends on. */
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { oneRunEpsilon } from '../stats/one-run-bound.ts';
import { evaluateOneRun } from './one-run.ts';

const coins = (seed: number, count: number) =>
  stream(seed, 'test', 'coins').integers(new Uint32Array(count), 2);

describe('evaluateOneRun', () => {
  it.each([
    [200, 200, 4.19],
    [1000, 200, 4.19],
    [1000, 1000, 5.81],
  ])('of %i canaries with %i guesses, all right: the closed form', (canaries, guesses, published) => {
    const truth = coins(canaries + 1, canaries);
    const scores = Float64Array.from(truth, (coin, i) => (coin === 1 ? 10 : -10) + (i % 7) / 100);
    const { metrics, notes } = evaluateOneRun({ scores }, truth, { guesses, delta: 0 });
    // With more guesses than half of the canaries some go to the wrong side, unless the coins are even.
    const ones = truth.reduce((a, b) => a + b, 0);
    const wrong = Math.max(0, guesses / 2 - ones) + Math.max(0, guesses / 2 - (canaries - ones));
    expect(metrics.guessAccuracy.value).toBe((guesses - wrong) / guesses);
    const closed = -Math.log(0.05 ** (-1 / guesses) - 1);
    expect(metrics.epsilonReach.value).toBeCloseTo(closed, 8);
    expect(Number(metrics.epsilonReach.value.toFixed(2))).toBe(published);
    if (wrong === 0) expect(metrics.epsilonLowerBound.value).toBeCloseTo(closed, 8);
    else expect(metrics.epsilonLowerBound.value).toBeLessThan(closed);
    expect(metrics.epsilonLowerBound.low).toBe(metrics.epsilonLowerBound.value);
    expect(metrics.epsilonLowerBound.high).toBeNull();
    expect(notes[0]).toContain(`${guesses - wrong} of ${guesses} guesses at ${canaries} canaries were right`);
  });

  it('counts the highest scores as "in" and the lowest as "out", and abstains in between', () => {
    //              out  in  -    -  in  out
    const scores = [0.1, 0.9, 0.5, 0.4, 0.8, 0.2];
    const guess = (truth: number[]) =>
      evaluateOneRun({ scores: Float64Array.from(scores) }, truth, { guesses: 4, delta: 0 }).metrics
        .guessAccuracy.value;
    expect(guess([0, 1, 0, 0, 1, 0])).toBe(1);
    expect(guess([0, 1, 1, 1, 1, 0])).toBe(1);
    expect(guess([1, 0, 1, 0, 0, 1])).toBe(0);
    expect(guess([0, 0, 1, 0, 1, 0])).toBe(0.75);
    expect(guess([1, 1, 0, 0, 1, 0])).toBe(0.75);
  });

  it('breaks ties in the order of the records, which knows no truth', () => {
    const scores = new Float64Array(4);
    const guess = (truth: number[]) =>
      evaluateOneRun({ scores }, truth, { guesses: 2, delta: 0 }).metrics.guessAccuracy.value;
    expect([guess([1, 0, 0, 0]), guess([0, 1, 1, 1]), guess([1, 0, 0, 1])]).toEqual([1, 0, 0.5]);
  });

  it('is the bound of as many right guesses, delta and all', () => {
    const truth = coins(4, 300);
    const scores = Float64Array.from(truth, (coin, i) => coin + ((i * 37) % 100) / 60);
    const run = { guesses: 100, delta: 1e-4 };
    const { metrics } = evaluateOneRun({ scores }, truth, run);
    const correct = Math.round(metrics.guessAccuracy.value * 100);
    const expected = oneRunEpsilon({ canaries: 300, correct, ...run });
    expect(expected).toBeGreaterThan(0.5);
    expect(metrics.epsilonLowerBound.value).toBe(expected);
    const without = evaluateOneRun({ scores }, truth, { ...run, delta: 0 }).metrics;
    expect(without.epsilonLowerBound.value).toBeGreaterThan(expected);
  });

  it('shows nothing of scores that know nothing, in 95 of 100 runs', () => {
    let shown = 0;
    for (let seed = 0; seed < 200; seed++) {
      const scores = Float64Array.from(stream(seed, 'test', 'scores').normal(new Float32Array(400)));
      const { metrics } = evaluateOneRun({ scores }, coins(seed, 400), { guesses: 120, delta: 1e-5 });
      if (metrics.epsilonLowerBound.value > 0) shown++;
    }
    // At most 5 % each: 21 or more of 200 have a probability below .0015.
    expect(shown).toBeLessThan(21);
    expect(shown).toBeGreaterThan(0);
  });
});
