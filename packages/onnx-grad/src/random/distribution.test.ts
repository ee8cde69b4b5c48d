/**
 * Draws against the laws they claim, at fixed seeds. Each limit states how often a perfect generator with a fresh seed
 * would exceed it; with the seeds below the outcome never varies.
 */

import { expect, test } from 'vitest';
import { stream } from './stream.ts';

/** Standard normal distribution function by its everywhere convergent series; absolute error below 1e-14. */
function normalCdf(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-18; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}

/** Largest distance between the empirical distribution of `values` (sorted here) and `cdf`. */
function kolmogorovSmirnov(values: Float32Array | Float64Array, cdf: (x: number) => number): number {
  values.sort();
  const n = values.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const p = cdf(values[i]!);
    distance = Math.max(distance, p - i / n, (i + 1) / n - p);
  }
  return distance;
}

/** P(sqrt(n) D > 2.47) = 2 exp(-2 · 2.47²) = 1e-5. */
const KS_LIMIT = 2.47;

test('normal: Kolmogorov-Smirnov distance (false alarm 1e-5)', () => {
  const n = 2 ** 20;
  const z = stream(1, 'ks').normal(new Float32Array(n));
  expect(kolmogorovSmirnov(z, normalCdf) * Math.sqrt(n)).toBeLessThan(KS_LIMIT);
});

test('normal: moments, tails and serial correlation of 2^24 draws (false alarm 7 · 6e-7 and 6 · 6e-7)', () => {
  const n = 2 ** 24;
  const z = stream(2, 'moments').normal(new Float32Array(n));
  const sums = [0, 0, 0, 0, 0, 0, 0];
  const beyond = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = z[i]!;
    let power = 1;
    for (let k = 1; k <= 6; k++) {
      power *= x;
      sums[k]! += power;
    }
    const size = Math.abs(x);
    if (size > 3) {
      beyond[0]!++;
      if (size > 4) beyond[1]!++;
      if (size > 5) beyond[2]!++;
    }
  }
  // E z^k and Var z^k = E z^2k - (E z^k)²; five standard errors each.
  const moment = (k: number): number => (k % 2 === 1 ? 0 : k === 0 ? 1 : (k - 1) * moment(k - 2));
  for (let k = 1; k <= 6; k++) {
    const error = Math.sqrt((moment(2 * k) - moment(k) ** 2) / n);
    expect(Math.abs(sums[k]! / n - moment(k)) / error, `moment ${k}`).toBeLessThan(5);
  }
  for (const [i, probability] of [2.699796063260191e-3, 6.33424836662398e-5].entries()) {
    const error = Math.sqrt(n * probability);
    expect(Math.abs(beyond[i]! - n * probability) / error, `beyond ${i + 3}`).toBeLessThan(5);
  }
  // Lags 1 to 8 reach the other normal of a pair (4) and the neighbouring blocks; of values and of squares.
  for (let lag = 1; lag <= 8; lag++) {
    let values = 0;
    let squares = 0;
    for (let i = lag; i < n; i += 3) {
      const [a, b] = [z[i - lag]!, z[i]!];
      values += a * b;
      squares += (a * a - 1) * (b * b - 1);
    }
    const pairs = n / 3;
    expect(Math.abs(values) / Math.sqrt(pairs), `lag ${lag}`).toBeLessThan(5);
    expect(Math.abs(squares) / (2 * Math.sqrt(pairs)), `lag ${lag} of squares`).toBeLessThan(5);
  }
});

test('normal: draws beyond 5 sigma among 2^26 (false alarm 9e-6)', () => {
  const s = stream(3, 'tail');
  const z = new Float32Array(2 ** 20);
  let [above, below] = [0, 0];
  for (let part = 0; part < 64; part++) {
    s.normal(z, part * z.length);
    for (let i = 0; i < z.length; i++) {
      if (z[i]! > 5) above++;
      else if (z[i]! < -5) below++;
    }
  }
  // Poisson with mean 38.5: P(< 15) = 5e-6, P(> 69) = 3e-6.
  expect(above + below).toBeGreaterThanOrEqual(15);
  expect(above + below).toBeLessThanOrEqual(69);
  expect(Math.min(above, below)).toBeGreaterThan(0);
});

test('uniform: Kolmogorov-Smirnov distance and range (false alarm 1e-5 each)', () => {
  const n = 2 ** 19;
  for (const u of [
    stream(4, 'u32').uniform(new Float32Array(n)),
    stream(4, 'u64').uniform(new Float64Array(n)),
  ]) {
    expect(kolmogorovSmirnov(u, (x) => x) * Math.sqrt(n)).toBeLessThan(KS_LIMIT);
    expect(u[0]).toBeGreaterThanOrEqual(0);
    expect(u[n - 1]).toBeLessThan(1);
  }
});

test('uniform: resolution is 2^-24 in float32 and 2^-53 in float64', () => {
  const coarse = stream(4, 'bits').uniform(new Float32Array(1000));
  expect(coarse.every((u) => Number.isInteger(u * 2 ** 24))).toBe(true);
  expect(coarse.some((u) => u > 0.5 && !Number.isInteger(u * 2 ** 23))).toBe(true);
  const fine = stream(4, 'bits').uniform(new Float64Array(1000));
  expect(fine.every((u) => Number.isInteger(u * 2 ** 53))).toBe(true);
  expect(fine.some((u) => u > 0.5 && !Number.isInteger(u * 2 ** 52))).toBe(true);
});

test('uint32: every byte of a word is uniform (chi-square, 255 degrees, false alarm 4 · 1e-5)', () => {
  const n = 2 ** 20;
  const bytes = new Uint8Array(stream(5, 'bytes').uint32(new Uint32Array(n)).buffer);
  for (let position = 0; position < 4; position++) {
    const counts = new Float64Array(256);
    for (let i = position; i < bytes.length; i += 4) counts[bytes[i]!]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - n / 256) ** 2 / (n / 256), 0);
    expect(chiSquare).toBeLessThan(363);
  }
});

test('bernoulli: rate, values and ends (false alarm 6e-6 a rate)', () => {
  const n = 2 ** 18;
  const s = stream(6, 'mask');
  for (const probability of [0.001, 0.1, 0.5, 0.9]) {
    const mask = s.bernoulli(new Float32Array(n), probability, 2.5);
    const kept = mask.filter((value) => value === 2.5).length;
    expect(mask.filter((value) => value === 0).length).toBe(n - kept);
    const error = Math.sqrt(n * probability * (1 - probability));
    expect(Math.abs(kept - n * probability) / error).toBeLessThan(4.5);
  }
  expect(s.bernoulli(new Float32Array(5000), 0, 3).every((value) => value === 0)).toBe(true);
  expect(s.bernoulli(new Float32Array(5000), 1, 3).every((value) => value === 3)).toBe(true);
});
