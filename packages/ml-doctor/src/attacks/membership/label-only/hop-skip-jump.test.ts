import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { distanceBetween, type Found, hopSkipJump, type SearchOptions } from './hop-skip-jump.ts';

/** Runs a search on a classifier given as "is the point on the other side?", and counts. */
const searched = (options: SearchOptions, other: (point: Float32Array) => boolean) => {
  const d = options.from.length;
  const search = hopSkipJump(options);
  const sent: Float32Array[] = [];
  let step = search.next();
  while (!step.done) {
    const { rows, write } = step.value;
    const points = new Float32Array(rows * d);
    write(points);
    const each = Array.from({ length: rows }, (_, i) => points.subarray(i * d, (i + 1) * d));
    sent.push(...each);
    step = search.next({ points, crossed: each.map(other) });
  }
  return { found: step.value as Found, sent };
};

const normalOf = (seed: number) => {
  const draws = stream(seed, 'test search');
  return (out: Float32Array, offset: number) => draws.normal(out, offset);
};

const box = (d: number, low: number, high: number) => ({
  low: new Float32Array(d).fill(low),
  high: new Float32Array(d).fill(high),
});

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, v, j) => sum + v * b[j]!, 0);

/** A random half-space, a record outside of it and a start inside. */
const linear = (seed: number, d: number) => {
  const random = stream(seed, 'test plane');
  const w = random.normal(new Float32Array(d));
  const from = random.normal(new Float32Array(d), d);
  const start = random.normal(new Float32Array(d), 2 * d).map((v) => 3 * v);
  const b = -(dot(w, from) + dot(w, start)) / 2;
  const sign = Math.sign(dot(w, start) + b);
  return {
    from,
    start,
    other: (point: Float32Array) => sign * (dot(w, point) + b) > 0,
    distance: Math.abs(dot(w, from) + b) / Math.sqrt(dot(w, w)),
  };
};

/** Outside of a ball that holds the record off its centre: the boundary is curved the hard way. */
const inBall = (seed: number, d: number) => {
  const random = stream(seed, 'test ball');
  const from = random.normal(new Float32Array(d)).map((v) => v / Math.sqrt(d) / 2);
  const away = random.normal(new Float32Array(d), d);
  const start = away.map((v) => (4 * v) / Math.sqrt(dot(away, away)));
  return { from, start, other: (point: Float32Array) => dot(point, point) > 1 };
};

describe('hopSkipJump', () => {
  it.each([1, 2, 10, 60])('finds the distance of a plane, |w·x + b| / ‖w‖, in %i dimensions', (d) => {
    for (let seed = 0; seed < 5; seed++) {
      const { from, start, other, distance } = linear(seed, d);
      const { found } = searched(
        { from, start, bounds: box(d, -100, 100), budget: 2500, normal: normalOf(seed) },
        other,
      );
      // Nearer is impossible; points are float32.
      expect(found.distance).toBeGreaterThan(distance * (1 - 1e-5));
      expect(found.distance).toBeLessThan(distance * 1.05);
    }
  });

  it('finds a point of another class, at the distance it says', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { from, start, other } = inBall(seed, 5);
      const { found, sent } = searched(
        { from, start, bounds: box(5, -10, 10), budget: 50 * (seed + 1), normal: normalOf(seed) },
        other,
      );
      expect(other(found.point)).toBe(true);
      expect(sent.map((point) => point.join())).toContain(found.point.join());
      expect(found.distance).toBe(distanceBetween(from, found.point));
    }
  });

  it('asks no more than its budget, nothing else for a smaller one, and finds no larger distance for a larger one', () => {
    const { from, start, other } = inBall(3, 8);
    const options = { from, start, bounds: box(8, -10, 10), normal: normalOf(3) };
    const most = searched({ ...options, budget: 900 }, other);
    let before = Number.POSITIVE_INFINITY;
    const around = Array.from({ length: 40 }, (_, i) => 100 + i);
    for (const budget of [0, 1, 2, 5, 9, 10, ...around, 260, 300, 500, 900]) {
      const { found, sent } = searched({ ...options, budget }, other);
      expect(sent.length).toBeLessThanOrEqual(budget);
      // A gradient that cannot be paid for is not begun; at 900 they cost less than 300.
      expect(sent.length).toBeGreaterThanOrEqual(Math.min(budget, 8, budget - 300));
      expect(sent.map((point) => point.join())).toEqual(
        most.sent.slice(0, sent.length).map((point) => point.join()),
      );
      expect(found.distance).toBeLessThanOrEqual(before);
      before = found.distance;
    }
    expect(before).toBeLessThan(0.9 * searched({ ...options, budget: 15 }, other).found.distance);
  });

  it('sends nothing outside the bounds, and finds the nearest point inside them', () => {
    // Where x0 + x1 > 1.5, in the unit square, from (.2, .9): straight ahead is (.4, 1.1), so the nearest is (.5, 1).
    const { found, sent } = searched(
      {
        from: Float32Array.of(0.2, 0.9),
        start: Float32Array.of(1, 0.6),
        bounds: box(2, 0, 1),
        budget: 2500,
        normal: normalOf(1),
      },
      (point) => point[0]! + point[1]! > 1.5,
    );
    expect(sent.every((point) => point.every((v) => v >= 0 && v <= 1))).toBe(true);
    expect(found.distance).toBeLessThan(1.05 * Math.hypot(0.3, 0.1));
    expect(found.distance).toBeGreaterThan(0.999 * Math.hypot(0.3, 0.1));
  });

  it('keeps to the bounds around a point that lies on them', () => {
    const { sent } = searched(
      {
        from: new Float32Array(6),
        start: Float32Array.of(1, 1, 0, 0, 0, 0),
        bounds: box(6, 0, 1),
        budget: 300,
        normal: normalOf(1),
      },
      (point) => point[0]! + point[1]! > 0.7,
    );
    expect(sent.length).toBeGreaterThan(100);
    expect(sent.every((point) => point.every((v) => v >= 0 && v <= 1))).toBe(true);
  });

  it('takes steps around a point that are uniform on a sphere, 100 √t of them', () => {
    const d = 20;
    const { from, start, other } = linear(2, d);
    const asked: { rows: number; points: Float32Array }[] = [];
    const search = hopSkipJump({ from, start, bounds: box(d, -100, 100), budget: 800, normal: normalOf(2) });
    let step = search.next();
    while (!step.done) {
      const { rows, write } = step.value;
      const points = new Float32Array(rows * d);
      write(points);
      asked.push({ rows, points });
      const crossed = Array.from({ length: rows }, (_, i) => other(points.subarray(i * d, (i + 1) * d)));
      step = search.next({ points, crossed });
    }
    const batches = asked.filter(({ rows }) => rows > 1);
    expect(batches.map(({ rows }) => rows)).toEqual([100, 141, 173, 200].slice(0, batches.length));
    expect(batches.length).toBeGreaterThanOrEqual(3);
    const { rows, points } = batches[0]!;
    // The centre is the last point that was found beyond the boundary before.
    const lines = asked.slice(0, asked.indexOf(batches[0]!)).map((one) => one.points);
    const centre = lines.filter(other).at(-1)!;
    const distance = distanceBetween(from, centre);
    for (let i = 0; i < rows; i++) {
      const radius = distanceBetween(centre, points.subarray(i * d, (i + 1) * d));
      // √d θ ‖x − x*‖ with θ = min(d^−1.5, .001); float32 points.
      expect(radius / (Math.sqrt(d) * 1e-3 * distance)).toBeCloseTo(1, 2);
    }
  });
});
