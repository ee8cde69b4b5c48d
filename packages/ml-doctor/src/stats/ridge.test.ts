import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { ridgeWeights, solvePositive } from './ridge.ts';

/** Columns of mean 0 and variance 1, as the function wants them. */
function standardised(rows: number, columns: number, seed: number): Float32Array {
  const table = stream(seed, 'ridge').normal(new Float32Array(rows * columns));
  for (let j = 0; j < columns; j++) {
    const at = Array.from({ length: rows }, (_, i) => i * columns + j);
    const mean = at.reduce((sum, k) => sum + table[k]!, 0) / rows;
    const deviation = Math.sqrt(at.reduce((sum, k) => sum + (table[k]! - mean) ** 2, 0) / rows);
    for (const k of at) table[k] = (table[k]! - mean) / deviation;
  }
  return table;
}

describe('ridgeWeights', () => {
  it('solves the normal equations with its penalty, each weight shrunk by 1 - 1/t²', () => {
    const [n, p] = [200, 6];
    const x = standardised(n, p, 1);
    const noise = stream(2, 'ridge').normal(new Float32Array(n));
    const y = Float64Array.from(noise, (v, i) => 0.7 * v + 0.6 * x[i * p]! - 0.4 * x[i * p + 4]!);
    const dot = (j: number, other: (i: number) => number) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += x[i * p + j]! * other(i);
      return sum;
    };
    let explained = 0;
    for (let j = 0; j < p; j++) explained += dot(j, (i) => y[i]!) ** 2 / n;
    const penalty = Math.max(p, (n * p) / (explained - p));
    expect(penalty).toBeGreaterThan(p);
    const shrinking = Array.from({ length: p }, (_, j) => Math.max(0, 1 - n / dot(j, (i) => y[i]!) ** 2));
    const found = ridgeWeights(x, y);
    // The shrunk weights of idle columns may be 0: solve for the ridge weights by Gauss-Seidel instead.
    const weights = new Float64Array(p);
    for (let round = 0; round < 200; round++) {
      for (let j = 0; j < p; j++) {
        const without = (i: number) =>
          weights.reduce((sum, w, k) => (k === j ? sum : sum + w * x[i * p + k]!), 0);
        weights[j] = dot(j, (i) => y[i]! - without(i)) / (dot(j, (i) => x[i * p + j]!) + penalty);
      }
    }
    for (let j = 0; j < p; j++) expect(found[j]).toBeCloseTo(weights[j]! * shrinking[j]!, 9);
    expect(Math.min(...shrinking)).toBeLessThan(0.9);
    expect(weights[0]).toBeGreaterThan(0.4);
    expect(weights[4]).toBeLessThan(-0.2);
  });

  it('keeps quiet where the columns explain nothing', () => {
    const [n, p] = [500, 40];
    const y = Float64Array.from(stream(5, 'ridge').normal(new Float32Array(n)));
    const weights = ridgeWeights(standardised(n, p, 3), y);
    // Least squares would have a length of about √(40/500) = .28.
    expect(Math.hypot(...weights)).toBeLessThan(0.1);
  });

  it('has weight 0 for a column that never varies', () => {
    const x = standardised(50, 3, 4).map((v, at) => (at % 3 === 1 ? 0 : v));
    const y = Float64Array.from({ length: 50 }, (_, i) => x[3 * i]!);
    const weights = ridgeWeights(x, y);
    expect(weights[1]).toBe(0);
    expect(weights[0]).toBeGreaterThan(0.8);
  });
});

describe('solvePositive', () => {
  it('inverts by hand', () => {
    // [4 2; 2 3] (1, 2) = (8, 8).
    const x = solvePositive(Float64Array.of(4, 2, 2, 3), Float64Array.of(8, 8));
    expect(x[0]).toBeCloseTo(1, 14);
    expect(x[1]).toBeCloseTo(2, 14);
  });

  it('refuses what is not positive definite', () => {
    expect(() => solvePositive(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toThrow(/internal/);
  });
});
