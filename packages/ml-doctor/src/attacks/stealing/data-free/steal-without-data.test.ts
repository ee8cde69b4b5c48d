import fc from 'fast-check';
import { decodeCheckpoint, encodeModel, type Graph, predict, stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { architectures } from '../../../models/architectures.ts';
import type { Oracle } from '../../../targets/oracle.ts';
import { type DataFreeOptions, stealWithoutData } from './steal-without-data.ts';

/** A linear target in a box that its classes share unevenly. */
const logitsAt = (a: number, b: number) => [2 * a + b, 3 * b - a - 1, -2 * a - 2 * b - 1];
const box = { low: Float32Array.of(-1, -2), high: Float32Array.of(3, 2) };
const space = { recordShape: [2], bounds: box, oneHot: [], features: 'numeric' as const };

const countingOracle = (budget: number, digits?: number) => {
  const asked: number[] = [];
  const outside: number[] = [];
  let left = budget;
  const oracle: Oracle = {
    classes: 3,
    get left() {
      return left;
    },
    get queries() {
      return budget - left;
    },
    ask: async ({ values, rows }) => {
      if (rows > left || rows < 1) throw new Error(`asked ${rows} of ${left}`);
      left -= rows;
      asked.push(rows);
      const posteriors = new Float32Array(3 * rows);
      for (let i = 0; i < rows; i++) {
        const [a, b] = [values[2 * i] as number, values[2 * i + 1] as number];
        if (a < -1 || a > 3 || b < -2 || b > 2) outside.push(i);
        const weights = logitsAt(a, b).map(Math.exp);
        const sum = weights.reduce((s, w) => s + w);
        posteriors.set(
          weights.map((w) => (digits === undefined ? w / sum : Number((w / sum).toFixed(digits)))),
          3 * i,
        );
      }
      return { shows: 'posteriors', posteriors };
    },
  };
  return { oracle, asked, outside };
};

const student = architectures['logistic-regression'].build({ recordShape: [2], classes: 3, seed: 5 });
const recipe = {
  batchSize: 16,
  directions: 1,
  epsilon: 1e-3,
  studentSteps: 3,
  replays: 6,
  studentLearningRate: 0.1,
  generatorLearningRate: 1e-3,
  latent: 4,
  width: 4,
  diversity: 1,
};
const options = (oracle: Oracle, more: Partial<DataFreeOptions> = {}): DataFreeOptions => ({
  ...{ oracle, space, student, recipe, total: oracle.left, seed: 1, threads: 1, device: 'cpu' },
  signal: new AbortController().signal,
  progress: () => {},
  ...more,
});

/** Share of a fine grid on which a model is of the target's mind. */
const agreement = async (model: Graph): Promise<number> => {
  const grid = Array.from({ length: 1600 }, (_, i) => [-1 + (i % 40) / 10, -2 + Math.floor(i / 40) / 10]);
  const best = (row: ArrayLike<number>) => Array.from(row).indexOf(Math.max(...Array.from(row)));
  const inputs = (indices: ArrayLike<number>) =>
    Float32Array.from(Array.from(indices).flatMap((i) => grid[i] as number[]));
  const { data } = await predict(model, {
    size: 1600,
    batch: (indices) => ({
      inputs: { x: { dtype: 'float32', dims: [indices.length, 2], data: inputs(indices) } },
      target: { dtype: 'int64', dims: [indices.length], data: new BigInt64Array(indices.length) },
    }),
  });
  const same = grid.filter(
    ([a, b], i) =>
      best(logitsAt(a as number, b as number)) === best((data as Float32Array).subarray(3 * i, 3 * i + 3)),
  );
  return same.length / 1600;
};

describe('stealing without data', () => {
  it('copies a linear target', async () => {
    const { oracle, outside } = countingOracle(5000);
    const copy = await stealWithoutData(options(oracle));
    expect(await agreement(student)).toBeLessThan(0.6);
    expect(await agreement(copy.model)).toBeGreaterThan(0.95);
    expect(outside).toEqual([]);
    expect(copy.parameters).toBe(9);
    expect(copy.notes).toEqual([]);
  });

  it('spends every budget to the last row and never more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 1, max: 3 }),
        async (budget, m) => {
          const { oracle, asked } = countingOracle(budget);
          const copy = await stealWithoutData(options(oracle, { recipe: { ...recipe, directions: m } }));
          expect(asked.reduce((a, b) => a + b)).toBe(budget);
          expect(copy.queries).toBe(budget);
          expect(Math.max(...asked)).toBeLessThanOrEqual(16 * m);
        },
      ),
      {
        numRuns: 8,
        examples: [
          [1, 1],
          [15, 1],
          [16, 1],
          [47, 1],
          [48, 1],
        ],
      },
    );
  });

  it('learns from the last answers', async () => {
    const steps = async (budget: number) =>
      (await stealWithoutData(options(countingOracle(budget).oracle, { total: 80 }))).steps;
    // One round: a step of the generator for 32 rows, then 3 batches of 16; one row more opens another.
    expect(await steps(80)).toBe(3 + 6);
    expect(await steps(81)).toBe(3 + 6 + 1 + 6);
    expect(await steps(1)).toBe(1 + 6);
  });

  it('remembers every answer but those that only felt a slope', async () => {
    const { state } = await stealWithoutData(options(countingOracle(80).oracle));
    expect(decodeCheckpoint(state).state.get('memory::inputs')?.dims).toEqual([16 + 3 * 16, 2]);
  });

  it('goes on at the next point of the curve', async () => {
    const first = await stealWithoutData(options(countingOracle(1000).oracle, { total: 3000 }));
    const second = countingOracle(2000);
    const copy = await stealWithoutData(options(second.oracle, { total: 3000, state: first.state }));
    expect(second.oracle.left).toBe(0);
    expect(copy.queries).toBe(3000);
    expect(copy.steps).toBeGreaterThan(first.steps);
    expect(await agreement(copy.model)).toBeGreaterThan(0.9);
    await expect(
      stealWithoutData(options(countingOracle(10).oracle, { total: 99, state: first.state })),
    ).rejects.toThrow('internal');
  });

  it('gives the same bits again, also when it was stopped and gone on with', async () => {
    const whole = await stealWithoutData(options(countingOracle(700).oracle));
    const other = await stealWithoutData(options(countingOracle(700).oracle, { seed: 2 }));
    let saved: Uint8Array | undefined;
    const checkpoint = {
      load: async () => saved,
      save: async (bytes: Uint8Array) => {
        saved = bytes;
      },
      seconds: 1000,
    };
    const stop = new AbortController();
    const first = countingOracle(700);
    await expect(
      stealWithoutData(
        options(first.oracle, {
          checkpoint,
          signal: stop.signal,
          progress: (fraction) => fraction > 0.4 && stop.abort(),
        }),
      ),
    ).rejects.toMatchObject({ code: 'OG_ABORTED' });
    const rest = countingOracle(700);
    const resumed = await stealWithoutData(options(rest.oracle, { checkpoint }));
    expect(first.oracle.queries + rest.oracle.queries).toBe(700);
    expect(rest.oracle.queries).toBeLessThan(500);
    expect(resumed.queries).toBe(700);
    expect(encodeModel(resumed.model)).toEqual(encodeModel(whole.model));
    expect(resumed.state).toEqual(whole.state);
    expect(encodeModel(other.model)).not.toEqual(encodeModel(whole.model));

    // That of another theft is no help.
    const apart = countingOracle(700);
    const fresh = await stealWithoutData(options(apart.oracle, { checkpoint, seed: 2 }));
    expect(encodeModel(fresh.model)).toEqual(encodeModel(other.model));
  });

  it('makes pictures within their bounds', async () => {
    const length = 64;
    const bounds = { low: new Float32Array(length).fill(-0.5), high: new Float32Array(length).fill(2) };
    const pictures = { recordShape: [1, 8, 8], bounds, oneHot: [], features: 'image' as const };
    const spread: number[] = [];
    let left = 100;
    const oracle: Oracle = {
      classes: 2,
      get left() {
        return left;
      },
      queries: 0,
      ask: async ({ values, rows }) => {
        left -= rows;
        for (const value of values) if (value < -0.5 || value > 2) throw new Error(`${value}`);
        for (let i = 0; i < rows; i++) spread.push(values[i * length] as number);
        const p = stream(1, 'answers', left).uniform(new Float32Array(rows));
        return { shows: 'posteriors', posteriors: Float32Array.from([...p].flatMap((v) => [v, 1 - v])) };
      },
    };
    const picky = architectures.mlp.build({ recordShape: [1, 8, 8], classes: 2, seed: 5 });
    const copy = await stealWithoutData(options(oracle, { space: pictures, student: picky }));
    expect(left).toBe(0);
    expect(copy.steps).toBeGreaterThan(0);
    const mean = spread.reduce((a, b) => a + b) / spread.length;
    expect(Math.sqrt(spread.reduce((s, v) => s + (v - mean) ** 2, 0) / spread.length)).toBeGreaterThan(0.4);
  });

  it('says what rounding hides', async () => {
    const { oracle } = countingOracle(300, 1);
    const copy = await stealWithoutData(options(oracle));
    expect(copy.notes.join(' ')).toMatch(/1 decimal place/);
    expect(copy.notes.join(' ')).toMatch(/as if they had not been/);
  });
});
