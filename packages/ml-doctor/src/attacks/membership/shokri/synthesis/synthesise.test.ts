/** Noisy records and records from marginals, against counts over the population they are made of. */
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { asked, mixedData, randomBits } from '../../../../../test/attacks/made-data.ts';
import { synthesise } from './synthesise.ts';

const bits = 20;
/** 400 records of which the population has the last 300; column j is 1 in j of 20. */
const data = randomBits(400, bits, 1, (j) => j / bits);
const population = Uint32Array.from({ length: 300 }, (_, i) => 399 - i);

describe('noisy shadow data', () => {
  const made = (share: number, seed = 5) =>
    synthesise(
      { method: 'noisy', share },
      {
        ...asked(data, seed),
        population,
        count: 300,
        answers: () => Promise.reject(new Error('no queries')),
      },
    );

  it.each([
    [0.1, 2],
    [0.2, 4],
    [0.33, 7],
    [0.001, 1],
    [1, 20],
  ])('with share %f has %i of 20 bits flipped in every record, and its label', async (share, flips) => {
    const { x, y, queries } = await made(share);
    expect(queries).toBe(0);
    expect([...y]).toEqual(Array.from(population, (id) => data.y[id]));
    const flipped = new Uint32Array(bits);
    population.forEach((id, i) => {
      let changes = 0;
      for (let j = 0; j < bits; j++) {
        const change = x[i * bits + j]! ^ data.x[id * bits + j]!;
        flipped[j]! += change;
        changes += change;
      }
      expect(changes).toBe(flips);
    });
    // Every bit has the same chance: of 20 binomial counts one is 5 deviations off with probability 1e-5.
    const p = flips / bits;
    for (const count of flipped)
      expect(Math.abs(count - 300 * p)).toBeLessThanOrEqual(5 * Math.sqrt(300 * p * (1 - p)));
  });

  it('depends on the seed, and on nothing else', async () => {
    expect(await made(0.1)).toEqual(await made(0.1));
    expect((await made(0.1, 6)).x).not.toEqual((await made(0.1)).x);
  });

  it('draws what is no bit anew from the population, a category as a whole', async () => {
    const mixed = mixedData(200, 3);
    const some = Uint32Array.from({ length: 50 }, (_, i) => 2 * i);
    const { x } = await synthesise(
      { method: 'noisy', share: 1 },
      { ...asked(mixed, 1), population: some, count: 50 },
    );
    const column = (values: ArrayLike<number>, rows: Iterable<number>, j: number) =>
      Array.from(rows, (row) => values[row * 7 + j]!);
    for (let i = 0; i < 50; i++) {
      const category = [...x.subarray(i * 7 + 1, i * 7 + 5)];
      expect(category.filter((v) => v === 1)).toHaveLength(1);
      expect(category.filter((v) => v === 0)).toHaveLength(3);
    }
    const all = Array.from({ length: 50 }, (_, i) => i);
    for (const j of [0, 5, 6]) {
      const known = new Set(column(mixed.x, some, j));
      expect(column(x, all, j).filter((v) => !known.has(v))).toEqual([]);
      expect(column(x, all, j)).not.toEqual(column(mixed.x, some, j));
    }
  });
});

describe('shadow data from marginals', () => {
  // Column 1 repeats column 0 in the population, and every column is otherwise outside of it.
  const count = 2500;
  const twin = randomBits(400, bits, 2, (j) => j / bits);
  for (let i = 0; i < 400; i++) {
    if (i < 100) twin.x.fill(1, i * bits, (i + 1) * bits);
    else twin.x[i * bits + 19] = twin.x[i * bits + 10]!;
  }
  const made = async (seed = 7) => {
    const answered: number[] = [];
    const input = asked(twin, seed);
    const records = await synthesise(
      { method: 'marginals' },
      {
        ...input,
        population,
        count,
        answers: (raw, rows) => {
          answered.push(rows);
          return input.answers(raw, rows);
        },
      },
    );
    return { ...records, answered };
  };

  it('has the columns of the population, each by itself', async () => {
    const { x } = await made();
    const share = (value: (i: number) => number) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += value(i);
      return sum / count;
    };
    for (let j = 0; j < bits; j++) {
      const p = population.reduce((sum, id) => sum + twin.x[id * bits + j]!, 0) / 300;
      // Five standard errors.
      expect(Math.abs(share((i) => x[i * bits + j]!) - p), `column ${j}`).toBeLessThanOrEqual(
        5 * Math.sqrt((p * (1 - p)) / count),
      );
    }
    const p = population.reduce((sum, id) => sum + twin.x[id * bits + 10]!, 0) / 300;
    const both = share((i) => x[i * bits + 10]! * x[i * bits + 19]!);
    expect(Math.abs(both - p * p)).toBeLessThan(5 * Math.sqrt((p * p * (1 - p * p)) / count));
  });

  it('is labelled by the target, with one query a record', async () => {
    const { x, y, queries, answered } = await made();
    expect(queries).toBe(count);
    expect(answered.reduce((a, b) => a + b)).toBe(count);
    const { logits, classes } = await asked(twin, 7).answers(x, count);
    for (let i = 0; i < count; i++) {
      const row = [...logits.subarray(i * classes, (i + 1) * classes)];
      expect(y[i]).toBe(row.indexOf(Math.max(...row)));
    }
    expect((await made()).x).toEqual(x);
    expect((await made(8)).x).not.toEqual(x);
  });

  it('says which classes stay empty', async () => {
    const input = { ...asked(twin, 1), population, count: 10 };
    const answers = async (_: unknown, rows: number) => ({
      logits: Float32Array.from({ length: rows * 3 }, (_, i) => (i % 3 === 1 ? 1 : 0)),
      classes: 3,
    });
    const { y, notes } = await synthesise({ method: 'marginals' }, { ...input, answers });
    expect(new Set(y)).toEqual(new Set([1]));
    expect(notes).toEqual([expect.stringContaining('2 of 3 classes')]);
  });

  it('keeps categories whole', async () => {
    const mixed = mixedData(200, 4);
    const some = stream(4, 'some').sample(200, 60);
    const { x } = await synthesise(
      { method: 'marginals' },
      { ...asked(mixed, 1), population: some, count: 80 },
    );
    for (let i = 0; i < 80; i++) expect([...x.subarray(i * 7 + 1, i * 7 + 5)].sort()).toEqual([0, 0, 0, 1]);
  });
});
