import fc from 'fast-check';
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { type SelectionInput, selectQueries } from './select-queries.ts';
import { SELECTIONS, type Selection } from './stealing-attack.ts';

const context = (seed = 1) => ({ seed, signal: new AbortController().signal, progress: () => {} });

/** A copy with these beliefs, row by row. */
const copy = (rows: readonly (readonly number[])[]) => async (positions: Uint32Array) =>
  Float32Array.from(Array.from(positions, (position) => rows[position] as readonly number[]).flat());

const select = async (input: SelectionInput, seed = 1) => [...(await selectQueries(input, context(seed)))];

/** Posteriors of three classes in eighths, so that distances are exact and often equal. */
const row = fc
  .tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }))
  .map(([a, b]) => [Math.min(a, b) / 8, Math.abs(a - b) / 8, (8 - Math.max(a, b)) / 8]);

/** Beliefs of a small pool, some of it asked about, and a number of further queries. */
const situation = (most: number) =>
  fc.array(row, { minLength: 1, maxLength: most }).chain((rows) =>
    fc.shuffledSubarray([...rows.keys()]).chain((asked) =>
      fc.record({
        rows: fc.constant(rows),
        asked: fc.constant(Uint32Array.from(asked)),
        count: fc.integer({ min: 0, max: rows.length - asked.length }),
      }),
    ),
  );

type Situation = typeof situation extends (most: number) => fc.Arbitrary<infer S> ? S : never;

const informed = (selection: Selection, { rows, asked, count }: Situation): SelectionInput => ({
  ...{ selection, size: rows.length, asked, count, classes: 3, believes: copy(rows) },
});

describe.each(SELECTIONS)('%s selection', (selection) => {
  it('chooses as many as wanted, none twice and none asked about', async () => {
    await fc.assert(
      fc.asyncProperty(situation(12), fc.boolean(), fc.integer(), async (of, first, seed) => {
        const { believes, ...blind } = informed(selection, of);
        const chosen = await select(first ? blind : { ...blind, believes: believes! }, seed);
        expect(chosen).toHaveLength(of.count);
        expect(new Set([...chosen, ...of.asked]).size).toBe(of.count + of.asked.length);
        expect(chosen.every((position) => position >= 0 && position < of.rows.length)).toBe(true);
      }),
    );
  });

  it('is random without a copy', async () => {
    const blind = { size: 50, asked: Uint32Array.of(4, 7), count: 20, classes: 3 };
    expect(await select({ ...blind, selection })).toEqual(await select({ ...blind, selection: 'random' }));
  });

  it('refuses more than there are, and a stop', async () => {
    const input = { selection, size: 3, asked: Uint32Array.of(1), count: 3, classes: 3 };
    await expect(select(input)).rejects.toThrow('internal: 3 more queries of 3 inputs, 1 of them');
    const signal = AbortSignal.abort(new Error('enough'));
    const stopped = selectQueries({ ...input, count: 1 }, { ...context(), signal });
    await expect(stopped).rejects.toThrow('enough');
  });
});

describe('random selection', () => {
  it('asks about the first of what a larger budget asks about, in whatever rounds', async () => {
    const whole = await select({
      ...{ selection: 'random', size: 40, asked: new Uint32Array(), count: 40, classes: 2 },
    });
    expect([...whole].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 0, max: 40 })), async (unordered) => {
        let asked: number[] = [];
        for (const budget of unordered.sort((a, b) => a - b)) {
          const more = await select({
            ...{ selection: 'random', size: 40, classes: 2 },
            ...{ asked: Uint32Array.from(asked), count: budget - asked.length },
          });
          asked = [...asked, ...more];
          expect(asked).toEqual(whole.slice(0, budget));
        }
      }),
    );
  });

  it('is another under another seed, and favours no input', async () => {
    const input = { selection: 'random', size: 6, asked: Uint32Array.of(2), count: 2, classes: 2 } as const;
    const times = new Map<string, number>();
    for (let seed = 0; seed < 2000; seed++) {
      const key = String(await select(input, seed));
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    // 20 ordered pairs of the five others, 100 times each: χ² of 19 degrees exceeds 43.8 once in a thousand.
    expect(times.size).toBe(20);
    const chi = [...times.values()].reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0);
    expect(chi).toBeLessThan(43.8);
  });

  it('reads no copy, and handles a pool of millions', async () => {
    const never = async () => {
      throw new Error('it asked');
    };
    const size = 5_000_000;
    const asked = stream(1, 'queries').sample(size, 1000);
    const input = { selection: 'random', size, asked, count: 1000, classes: 2, believes: never } as const;
    const chosen = await select(input);
    expect(new Set([...chosen, ...asked]).size).toBe(2000);
    expect(Math.max(...chosen)).toBeGreaterThan(0.98 * size);
  });
});

describe('uncertainty selection', () => {
  const entropyOf = (p: readonly number[]) =>
    p.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0);

  it('takes the largest entropies, the largest first', async () => {
    await fc.assert(
      fc.asyncProperty(situation(12), async (of) => {
        const entropies = of.rows.map(entropyOf);
        const rest = [...of.rows.keys()].filter((position) => !of.asked.includes(position));
        const expected = rest
          .map((position) => entropies[position] as number)
          .sort((a, b) => b - a)
          .slice(0, of.count);
        const chosen = await select(informed('uncertainty', of));
        chosen.forEach((position, i) => {
          expect(entropies[position]).toBeCloseTo(expected[i] as number, 12);
        });
      }),
    );
  });

  it('takes the lower position of equal ones, whatever was asked about', async () => {
    const sure = [1, 0, 0];
    const even = [0.5, 0.25, 0.25];
    const rows = [sure, even, sure, even, even, [0.25, 0.25, 0.5], sure];
    const input = informed('uncertainty', { rows, asked: Uint32Array.of(3), count: 6 });
    const chosen = await select(input);
    expect(chosen.slice(0, 3).filter((position) => position !== 5)).toEqual([1, 4]);
    expect(chosen.slice(3)).toEqual([0, 2, 6]);
  });

  it('goes by entropy, not by the largest posterior', async () => {
    // .5 and .5 hold ln 2 = .69 nats; .55, .225 and .225 hold .95 though surer of one class.
    const rows = [
      [0.5, 0.5, 0],
      [0.55, 0.225, 0.225],
    ];
    expect(await select(informed('uncertainty', { rows, asked: new Uint32Array(), count: 1 }))).toEqual([1]);
  });

  it('takes no posterior of 0 or 1 for something else', async () => {
    const rows = [
      [1, 0, 0],
      [1 - 2 ** -20, 2 ** -20, 0],
      [1, 1e-40, 0],
    ];
    const of = { rows, asked: new Uint32Array(), count: 3 };
    expect(await select(informed('uncertainty', of))).toEqual([1, 2, 0]);
  });
});

const squared = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, c) => sum + (value - (b[c] as number)) ** 2, 0);

describe('k-centre selection', () => {
  /** The greatest squared distance of any input to its nearest centre. */
  const radius = (rows: Situation['rows'], centres: readonly number[]) =>
    Math.max(
      ...rows.map((one) => Math.min(...centres.map((centre) => squared(one, rows[centre] as number[])))),
    );

  it('takes the farthest from all before it, the lower position of equal ones', async () => {
    await fc.assert(
      fc.asyncProperty(situation(12), async (of) => {
        const taken = [...of.asked];
        for (const chosen of await select(informed('k-centre', of))) {
          const distances = of.rows.map((one, position) =>
            taken.includes(position)
              ? -1
              : Math.min(...taken.map((centre) => squared(one, of.rows[centre] as number[]))),
          );
          expect(chosen).toBe(distances.indexOf(Math.max(...distances)));
          taken.push(chosen);
        }
      }),
    );
  });

  it('covers the pool with at most twice the radius of the best choice', async () => {
    const subsets = (from: readonly number[], count: number): number[][] =>
      count === 0
        ? [[]]
        : from.flatMap((one, i) => subsets(from.slice(i + 1), count - 1).map((rest) => [one, ...rest]));
    let worse = 0;
    await fc.assert(
      fc.asyncProperty(
        situation(9).filter(({ asked, count }) => asked.length + count > 0),
        async (of) => {
          const rest = [...of.rows.keys()].filter((position) => !of.asked.includes(position));
          const best = Math.min(
            ...subsets(rest, of.count).map((some) => radius(of.rows, [...of.asked, ...some])),
          );
          const found = radius(of.rows, [...of.asked, ...(await select(informed('k-centre', of)))]);
          expect(found).toBeLessThanOrEqual(4 * best);
          if (found > best) worse += 1;
        },
      ),
    );
    // The bound would say nothing if greedy choices were always best.
    expect(worse).toBeGreaterThan(0);
  });

  it('starts from what the copy believes of the inputs asked about', async () => {
    const rows = [
      [1, 0, 0],
      [0.9, 0.1, 0],
      [0, 1, 0],
      [0, 0.9, 0.1],
    ];
    const from = (position: number) =>
      select(informed('k-centre', { rows, asked: Uint32Array.of(position), count: 1 }));
    expect(await from(0)).toEqual([2]);
    expect(await from(2)).toEqual([0]);
  });
});

describe('a selection that reads the copy', () => {
  it.each(['uncertainty', 'k-centre'] as const)('asks about every input once, with %s', async (selection) => {
    const size = 20_000;
    const times = new Uint32Array(size);
    const told: number[] = [];
    const p = stream(5, 'p').uniform(new Float32Array(size));
    const chosen = await selectQueries(
      {
        ...{ selection, size, classes: 2, count: 5, asked: Uint32Array.of(17, 3) },
        believes: async (positions) => {
          for (const position of positions) times[position]! += 1;
          return Float32Array.from(
            Array.from(positions, (i) => [p[i] as number, 1 - (p[i] as number)]).flat(),
          );
        },
      },
      { ...context(), progress: (fraction) => told.push(fraction) },
    );
    // What was asked about is a centre, and uncertain no more.
    const centres = selection === 'k-centre' ? 1 : 0;
    expect([times[17], times[3]]).toEqual([centres, centres]);
    expect(times.reduce((a, b) => a + b, 0)).toBe(size - 2 + 2 * centres);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.length).toBeGreaterThan(2);
    expect(told.at(-1)).toBe(1);
    // Rows keep their places from one portion to the next.
    const distances = (from: readonly number[]) =>
      p.map((value) => Math.min(...from.map((centre) => Math.abs(value - centre))));
    const unasked = [...p.keys()].filter((i) => i !== 17 && i !== 3);
    if (selection === 'uncertainty') {
      const nearest = unasked.sort((a, b) => Math.abs(p[a]! - 0.5) - Math.abs(p[b]! - 0.5));
      expect([...chosen].sort()).toEqual(nearest.slice(0, 5).sort());
    } else {
      const centres = [p[17]!, p[3]!];
      for (const position of chosen) {
        const all = distances(centres);
        expect(all[position]).toBeCloseTo(Math.max(...all), 6);
        centres.push(p[position]!);
      }
    }
  });

  it.each(['uncertainty', 'k-centre'] as const)('stops when told to, with %s', async (selection) => {
    const abort = new AbortController();
    let calls = 0;
    const stopped = selectQueries(
      {
        ...{ selection, size: 50_000, classes: 2, count: 5, asked: Uint32Array.of(1) },
        believes: async (positions) => {
          calls += 1;
          abort.abort(new Error('enough'));
          return new Float32Array(2 * positions.length).fill(0.5);
        },
      },
      { ...context(), signal: abort.signal },
    );
    await expect(stopped).rejects.toThrow('enough');
    expect(calls).toBe(1);
  });

  it('stops between distances too', async () => {
    const abort = new AbortController();
    const size = 60_000;
    const stopped = selectQueries(
      {
        ...{ selection: 'k-centre', size, classes: 2, count: 5_000, asked: Uint32Array.of(1) },
        believes: async (positions) => {
          if (positions.length === 1) setTimeout(() => abort.abort(new Error('enough')), 0);
          return Float32Array.from({ length: 2 * positions.length }, (_, i) => (i % 97) / 97);
        },
      },
      { ...context(), signal: abort.signal },
    );
    await expect(stopped).rejects.toThrow('enough');
  });

  it.each([
    ['too few', [0.5]],
    ['no numbers', [Number.NaN, 0.5]],
  ])('refuses %s', async (_, answer) => {
    const believes = async () => Float32Array.from(answer);
    const input = { size: 2, asked: Uint32Array.of(0), count: 1, classes: 2, believes };
    for (const selection of ['uncertainty', 'k-centre'] as const)
      await expect(select({ ...input, selection })).rejects.toThrow('internal: a copy');
  });
});
