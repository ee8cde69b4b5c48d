/** Algorithm 1 against the paper's loop written out for one record at a time, and what becomes of its failures. */
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { asked, linearAnswers, mixedData, randomBits } from '../../../../../test/attacks/made-data.ts';
import type { Synthesis } from '../../membership-attack.ts';
import type { ClimbSettings } from './attempt.ts';
import { climb } from './climb.ts';
import { featuresOf } from './features.ts';
import { ATTEMPTS, PILOTS, ROUNDS, settle } from './model-based.ts';
import { type SynthesisInput, synthesise } from './synthesise.ts';

const bits = 16;
const data = randomBits(40, bits, 1, () => 0.5);
const method = {
  method: 'model',
  kMax: 'auto',
  kMin: 1,
  minConfidence: 0.7,
  maxRejections: 4,
  maxIterations: 200,
} as const;
const input = (seed: number, rest: Partial<SynthesisInput> = {}): SynthesisInput => ({
  ...asked(data, seed),
  population: new Uint32Array(0),
  count: 30,
  ...rest,
});

const softmax = (logits: ArrayLike<number>): number[] => {
  const powers = Array.from(logits, (z) => Math.exp(z));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((p) => p / total);
};

/** Algorithm 1 as Shokri et al. print it, for bits. */
async function paper(
  settings: ClimbSettings,
  label: number,
  { answers, seed }: SynthesisInput,
  slot: number,
  trial: number,
): Promise<{ record?: number[]; queries: number }> {
  const { kMax, kMin, minConfidence, maxRejections, maxIterations } = settings;
  const numbers = stream(seed, 'synthesis', 'model', slot, trial);
  const start = numbers.uniform(new Float64Array(bits));
  const rand = (i: number) => numbers.uniform(new Float64Array(1), bits + i)[0]!;
  let x = Array.from(start, (u) => (u < 0.5 ? 0 : 1));
  let best: number[] = [];
  let bestConfidence = 0;
  let j = 0;
  let k = kMax;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const y = softmax((await answers(Uint8Array.from(x), 1)).logits);
    if (y[label]! >= bestConfidence) {
      if (y[label]! > minConfidence && y.indexOf(Math.max(...y)) === label && rand(iteration) < y[label]!)
        return { record: x, queries: iteration + 1 };
      best = x;
      bestConfidence = y[label]!;
      j = 0;
    } else {
      j = j + 1;
      if (j > maxRejections) {
        k = Math.max(kMin, Math.ceil(k / 2));
        j = 0;
      }
    }
    const chosen = stream(seed, 'synthesis', 'model', slot, trial, iteration + 1).sample(bits, k);
    x = best.map((bit, place) => (chosen.includes(place) === (bit === 1) ? 0 : 1));
  }
  return { queries: maxIterations };
}

describe('many climbs in step', () => {
  // 600 are more than climb at once. The first settings fail often, the second accept what is no majority.
  it.each([
    { kMax: 7, kMin: 2, minConfidence: 0.9, maxRejections: 1, maxIterations: 12 },
    { kMax: 16, kMin: 1, minConfidence: 0.2, maxRejections: 3, maxIterations: 100 },
  ])('are those of the paper, one after another: %j', async (settings) => {
    const wanted = Array.from({ length: 600 }, (_, slot) => ({
      slot: slot + 3,
      label: slot % 3,
      trials: slot % 2 === 0 ? 0 : 4,
    }));
    const given = input(11, { answers: linearAnswers(data, 0.7) });
    const counts: number[] = [];
    const climbs = await climb(wanted, 2, settings, featuresOf(data), given, (found) => counts.push(found));
    let queries = 0;
    const expected: (number[] | undefined)[] = [];
    let restarts = 0;
    for (const { slot, label, trials } of wanted) {
      let last = await paper(settings, label, given, slot, trials);
      queries += last.queries;
      if (!last.record) {
        restarts++;
        last = await paper(settings, label, given, slot, trials + 1);
        queries += last.queries;
      }
      expected.push(last.record);
    }
    expect(climbs.records.map((record) => record && [...record])).toEqual(expected);
    expect(climbs.queries).toBe(queries);
    const found = expected.filter((record) => record !== undefined).length;
    expect(counts.at(-1)).toBe(found);
    if (settings.maxIterations === 12)
      expect([restarts > 50, found > 50, found < 600]).toEqual([true, true, true]);
  });
});

describe('model-based synthesis', () => {
  it('makes equally many records of each class, of which the target is sure, and counts its queries', async () => {
    const given = input(2);
    let rowsAsked = 0;
    const fractions: number[] = [];
    const made = await synthesise(method, {
      ...given,
      answers: (raw, rows) => {
        rowsAsked += rows;
        expect(raw).toHaveLength(rows * bits);
        return given.answers(raw, rows);
      },
      progress: (fraction) => fractions.push(fraction),
    });
    expect(made.queries).toBe(rowsAsked);
    expect(made.notes).toEqual([]);
    expect([...made.y]).toEqual(Array.from({ length: 30 }, (_, i) => i % 3));
    expect(made.x).toBeInstanceOf(Uint8Array);
    const { logits } = await given.answers(made.x, 30);
    for (let i = 0; i < 30; i++) {
      const posteriors = softmax(logits.subarray(3 * i, 3 * i + 3));
      expect(posteriors[made.y[i]!]).toBeGreaterThan(0.7);
      expect(Math.max(...posteriors)).toBe(posteriors[made.y[i]!]);
    }
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(await synthesise(method, given)).toEqual(made);
    expect((await synthesise(method, input(3))).x).not.toEqual(made.x);
  });

  it('starts with every value equally likely, and keeps categories and whole numbers', async () => {
    // One class is certain at once, so that the first random records come back.
    const mixed = mixedData(50, 6);
    const count = 3000;
    const { x, queries } = await synthesise(method, {
      ...input(4),
      data: mixed,
      classes: 1,
      count,
      answers: async (_, rows) => ({ logits: new Float32Array(rows), classes: 1 }),
    });
    expect(queries).toBe(count);
    const column = (j: number) => Array.from({ length: count }, (_, i) => x[7 * i + j]!);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
    // Five standard errors each.
    const near = (value: number, expected: number, deviation: number) =>
      expect(Math.abs(value - expected)).toBeLessThan((5 * deviation) / Math.sqrt(count));
    near(mean(column(0)), 0.5, 5 / Math.sqrt(12));
    expect(Math.min(...column(0))).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...column(0))).toBeLessThanOrEqual(3);
    for (const j of [1, 2, 3, 4]) near(mean(column(j)), 1 / 4, Math.sqrt(3 / 16));
    for (const whole of [10, 11, 12, 13, 14, 15])
      near(column(5).filter((v) => v === whole).length / count, 1 / 6, Math.sqrt(5 / 36));
    near(mean(column(6)), 0.5, 0.5);
    for (let i = 0; i < count; i++)
      expect([...x.subarray(7 * i + 1, 7 * i + 5)].sort()).toEqual([0, 0, 0, 1]);
  });

  it('climbs on mixed columns and on pictures of bytes', async () => {
    const mixed = mixedData(50, 6);
    const made = await synthesise(method, { ...input(5), data: mixed, answers: linearAnswers(mixed) });
    for (let i = 0; i < made.y.length; i++) {
      expect([...made.x.subarray(7 * i + 1, 7 * i + 5)].sort()).toEqual([0, 0, 0, 1]);
      expect(Number.isInteger(made.x[7 * i + 5])).toBe(true);
      expect([0, 1]).toContain(made.x[7 * i + 6]);
    }
    const pictures = {
      ...data,
      recordShape: [1, 4, 4],
      x: Uint8Array.from(data.x, (v, i) => (i === 0 ? 9 : 20 + 200 * v)),
    };
    const painted = await synthesise(method, {
      ...input(5),
      data: pictures,
      answers: linearAnswers(pictures, 0.01),
    });
    expect(painted.y).toHaveLength(30);
    expect(Math.min(...painted.x)).toBeGreaterThanOrEqual(9);
    expect(Math.max(...painted.x)).toBeLessThanOrEqual(220);
    expect(new Set(painted.x).size).toBeGreaterThan(100);
  });

  it('gives up a class of which the target is never sure, after its pilots, and fills up with others', async () => {
    const given = input(6, { count: 60 });
    // Class 1 never has more than class 2.
    const answers: SynthesisInput['answers'] = async (raw, rows) => {
      const found = await given.answers(raw, rows);
      for (let i = 0; i < rows; i++) found.logits[3 * i + 1] = found.logits[3 * i + 2]! - 1;
      return found;
    };
    const { y, notes, queries } = await synthesise(method, { ...given, answers });
    const count = (label: number) => y.filter((one) => one === label).length;
    expect([count(0), count(1), count(2)]).toEqual([30, 0, 30]);
    expect(notes).toEqual([expect.stringContaining('2 of 3 classes')]);
    const pilots = PILOTS * ATTEMPTS * method.maxIterations;
    expect(queries).toBeGreaterThan(pilots);
    expect(queries).toBeLessThan(pilots + 60 * 200);
  });

  it('tries a record that failed with other random numbers', async () => {
    // Only class 0 can be had, at one of 8 first records: 5 attempts fail half of the time, 55 one time in 1500.
    const answers: SynthesisInput['answers'] = async (raw, rows) => ({
      logits: Float32Array.from({ length: 3 * rows }, (_, i) => {
        const [a, b, c] = raw.subarray(Math.floor(i / 3) * bits);
        return i % 3 === 0 && a! + b! + c! === 3 ? 50 : 0;
      }),
      classes: 3,
    });
    const { y, notes } = await synthesise({ ...method, maxIterations: 1 }, input(7, { answers }));
    expect([...y]).toEqual(new Array(30).fill(0));
    expect(notes).toEqual([expect.stringContaining('1 of 3 classes')]);
  });

  it('leaves out what fails again and again, and says so', async () => {
    // The target is sure of one class at its first 4 rows, and of nothing afterwards.
    let rowsAsked = 0;
    const answers: SynthesisInput['answers'] = async (_, rows) => ({
      logits: Float32Array.from({ length: 3 * rows }, (_, i) =>
        i % 3 === 0 && rowsAsked + Math.floor(i / 3) < 4 ? 50 : 0,
      ),
      classes: 3,
    });
    const counting: SynthesisInput['answers'] = async (raw, rows) => {
      const found = await answers(raw, rows);
      rowsAsked += rows;
      return found;
    };
    const quick = { ...method, maxIterations: 1 };
    const { y, x, notes, queries } = await synthesise(quick, input(7, { answers: counting }));
    // Of the first four, slots 0 and 3 want class 0; 13 pilots and then 15 others of the 30 fail.
    expect([...y]).toEqual([0, 0]);
    expect(x).toHaveLength(2 * bits);
    expect(notes).toEqual([
      expect.stringContaining('1 of 3 classes'),
      expect.stringContaining('28 records fewer'),
    ]);
    // The pilots, then the 5 of class 0 that are left, then all 28 in every round.
    expect(queries).toBe(2 + 13 * ATTEMPTS + 5 * ATTEMPTS + 28 * ATTEMPTS * ROUNDS);
    expect(queries).toBe(rowsAsked);
  });

  it('refuses to go on with nothing', async () => {
    const answers: SynthesisInput['answers'] = async (_, rows) => ({
      logits: new Float32Array(3 * rows),
      classes: 3,
    });
    await expect(synthesise({ ...method, maxIterations: 3 }, input(8, { answers }))).rejects.toMatchObject({
      code: 'MLD_ATTACK_UNSUITED',
      hint: expect.stringContaining('minConfidence'),
    });
  });

  it('stops when told to', async () => {
    const abort = new AbortController();
    const given = input(9, { signal: abort.signal });
    const answers: SynthesisInput['answers'] = (raw, rows) => {
      abort.abort();
      return given.answers(raw, rows);
    };
    await expect(synthesise(method, { ...given, answers })).rejects.toThrow();
  });
});

describe('what is left to the data', () => {
  const auto: Extract<Synthesis, { method: 'model' }> = { ...method, kMin: 5, minConfidence: 'auto' };
  it.each([
    [600, 100, 300, 5, 0.05],
    [446, 30, 223, 5, 1 / 6],
    [14, 2, 7, 5, 0.8],
    [3, 10, 2, 2, 0.5],
    [1, 4, 1, 1, 0.8],
  ])('%i features and %i classes', (features, classes, kMax, kMin, minConfidence) => {
    expect(settle(auto, features, classes)).toEqual({
      kMax,
      kMin,
      minConfidence,
      maxRejections: 4,
      maxIterations: 200,
    });
  });

  it('is not asked where numbers are given, but for what a record holds', () => {
    const given = { ...auto, kMax: 128, kMin: 20, minConfidence: 0.3 };
    expect(settle(given, 600, 100)).toMatchObject({ kMax: 128, kMin: 20, minConfidence: 0.3 });
    expect(settle(given, 16, 100)).toMatchObject({ kMax: 16, kMin: 16 });
  });
});
