import { describe, expect, it } from 'vitest';
import {
  context,
  cosine,
  inputOf,
  linearModel,
  opened,
  radialModel,
  spaceOf,
  ssim,
  waves,
} from '../../../audit/selftest/bench/inversion-targets.ts';
import { expNegative } from '../../../stats/log-posterior.ts';
import type {
  Counted,
  Inputs,
  LiveLabelAccess,
  LivePosteriorAccess,
  WhiteBoxAccess,
} from '../../../targets/access.ts';
import { shortfall } from '../../../targets/threat-model.ts';
import type { RecordSpace } from '../inversion-attack.ts';
import { blackBox } from './black-box.ts';
import { climb } from './climb.ts';

const side = 16;
const shape = [1, side, side];
const space = spaceOf(shape);
const peaks = waves(4, side);
const radial = (reject = -4) => radialModel(shape, peaks, { scale: 4, reject });

const inverted = async (
  model: Parameters<typeof opened>[0],
  within: RecordSpace,
  classes: number,
  wanted: readonly number[],
  params: Readonly<Record<string, unknown>>,
  changed: Partial<typeof context> = {},
) => {
  const { target, close } = opened(model, within, classes);
  try {
    const input = inputOf(target, wanted, within);
    const found = await blackBox.configure(params).run(input, { ...context, ...changed });
    const { queries } = target;
    const { logits } = await target.answersOf({ values: found.values, rows: wanted.length });
    const width = within.bounds.low.length;
    return {
      ...found,
      queries,
      logits,
      rows: wanted.map((_, i) => found.values.subarray(i * width, (i + 1) * width)),
      startRows: wanted.map((_, i) => found.starts.subarray(i * width, (i + 1) * width)),
    };
  } finally {
    await close();
  }
};

describe('inversion/black-box', () => {
  it('finds the pictures at which a radial-basis network with a reject class peaks, from zero and from noise', async () => {
    const wanted = [0, 2, 2, 3];
    const { rows, startRows, confidence, queries } = await inverted(radial(), space, 5, wanted, {
      perClass: 2,
      queries: 12_000,
    });
    rows.forEach((row, i) => {
      expect(ssim(row, peaks[wanted[i]!]!)).toBeGreaterThan(0.9);
      expect(ssim(startRows[i]!, peaks[wanted[i]!]!)).toBeLessThan(0.2);
      expect(confidence[i]).toBeGreaterThan(0.9);
    });
    expect(queries).toBeLessThanOrEqual(wanted.length * 12_000);
  });

  it('follows the difference of the weights of a two-class linear model', async () => {
    const weights = [
      [1, -0.5, 0.25, 0, 0.75, -1, 0.5, 0.125],
      [-1, 0.5, 0, 0.5, 0.25, 0.5, -1, 0],
    ];
    const away = weights[0]!.map((w, j) => w - weights[1]![j]!);
    const params = { threshold: 0.9, directions: 400, queries: 20_000, learningRate: 0.02 };
    const { rows, startRows } = await inverted(
      linearModel([8], weights),
      spaceOf([8], [-5, 5]),
      2,
      [0, 1],
      params,
    );
    rows.forEach((row, i) => {
      const way = row.map((value, j) => value - startRows[i]![j]!);
      expect(cosine(way, i === 0 ? away : away.map((w) => -w))).toBeGreaterThan(0.97);
    });
  });

  it.each([
    { budget: 23, spent: 1 + 21 },
    { budget: 42, spent: 1 + 21 },
    { budget: 43, spent: 1 + 42 },
    { budget: 500, spent: 1 + 23 * 21 },
  ])('asks $spent of $budget queries for each reconstruction', async ({ budget, spent }) => {
    const params = { directions: 10, queries: budget, perClass: 2 };
    const { queries } = await inverted(radial(0), space, 5, [1, 1, 3], params);
    expect(queries).toBe(3 * spent);
  });

  it('stops where the threshold is reached, one reconstruction without the others', async () => {
    const model = linearModel(
      [2],
      [
        [9, 0],
        [0, 9],
        [-9, -9],
      ],
    );
    const within = spaceOf([2], [-1, 1]);
    const params = { threshold: 0.3, directions: 4, queries: 1000 };
    // All are at a third where they start.
    const { queries, values, starts } = await inverted(model, within, 3, [0, 1, 2], params);
    expect(queries).toBe(3);
    expect(values).toEqual(starts);
    const all = await inverted(model, within, 3, [0, 1, 2], { ...params, threshold: 0.99 });
    const alone = await Promise.all(
      [0, 1, 2].map((label) => inverted(model, within, 3, [label], { ...params, threshold: 0.99 })),
    );
    expect(all.queries).toBeLessThan(1000);
    expect(all.queries).toBe(alone.reduce((sum, one) => sum + one.queries, 0));
    expect(new Set(alone.map((one) => one.queries)).size).toBeGreaterThan(1);
    for (const [i, one] of alone.entries()) expect(one.values).toEqual(all.rows[i]);
    for (const p of all.confidence) expect(p).toBeGreaterThanOrEqual(0.99);
  });

  it('gives the same for the same seed, and something else for another', async () => {
    const params = { queries: 1010, blocks: 4 };
    const first = await inverted(radial(), space, 5, [0, 1], params);
    expect((await inverted(radial(), space, 5, [0, 1], params)).values).toEqual(first.values);
    const other = await inverted(radial(), space, 5, [0, 1], params, { seed: 2 });
    expect(other.starts).toEqual(first.starts);
    expect(other.values).not.toEqual(first.values);
    // Directions and start are constant on blocks, and so is what comes of them.
    const [row] = first.rows;
    row!.forEach((value, place) => {
      const [i, j] = [Math.floor(place / side), place % side];
      expect(value).toBe(row![(i - (i % 4)) * side + j - (j % 4)]);
    });
  });

  it('asks only what could be a record', async () => {
    const { target, close } = opened(radial(), space, 5);
    const sent: number[] = [];
    const watching: WhiteBoxAccess & Counted = {
      ...target,
      get model(): never {
        throw new Error('the model is out of reach');
      },
      answersOf: (inputs: Inputs) => {
        for (const value of inputs.values) if (value < 0 || value > 1) sent.push(value);
        return target.answersOf(inputs);
      },
    };
    await blackBox.configure({ queries: 500, sigma: 0.5 }).run(inputOf(watching, [0], space), context);
    await close();
    expect(sent).toEqual([]);
  });

  it('ends table rows as records could be, within the budget and with their confidence', async () => {
    const within = spaceOf([4], [0, 1], { oneHot: [{ first: 0, width: 3 }] });
    const model = linearModel(
      [4],
      [
        [1, 3, 2, 1],
        [0, 0, 0, 0],
      ],
    );
    const params = { directions: 5, queries: 34, threshold: 0.9999 };
    const { rows, confidence, logits, queries } = await inverted(model, within, 2, [0], params);
    expect([...rows[0]!.subarray(0, 3)]).toEqual([0, 1, 0]);
    // The start, two steps of 11, and what was rounded: a third step would leave nothing for that.
    expect(queries).toBe(1 + 2 * 11 + 1);
    const [own, other] = logits as unknown as [number, number];
    // No more digits than are sent.
    expect(confidence[0]).toBeCloseTo(Math.fround(1 / (1 + expNegative(other - own))), 10);
    const free = await inverted(model, within, 2, [0], { ...params, roundCategories: false });
    expect(free.queries).toBe(1 + 3 * 11);
  });

  it('refuses blocks of what is no picture', async () => {
    await expect(
      inverted(
        linearModel(
          [2],
          [
            [1, 0],
            [0, 1],
          ],
        ),
        spaceOf([2]),
        2,
        [0],
        { blocks: 2 },
      ),
    ).rejects.toMatchObject({ code: 'MLD_ATTACK_UNSUITED', message: expect.stringMatching(/blocks: 2/) });
  });

  it('refuses a budget that does not pay for a step', () => {
    expect(() => blackBox.configure({ directions: 10, queries: 22 })).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringMatching(/queries/) }),
    );
    expect(blackBox.configure({ directions: 10, queries: 23 }).params).toMatchObject({ queries: 23 });
  });

  it('needs posteriors of inputs of its own making', () => {
    const { needs } = blackBox.configure();
    expect(needs).toMatchObject({
      access: 'black-box',
      output: 'posteriors',
      auxiliary: 'none',
      inputs: 'any',
    });
    expect(shortfall(needs, { access: 'black-box', output: 'label' })?.part).toBe('output');
    const labelsOnly = {} as LiveLabelAccess;
    const run = { space, attack: 'some', ...context, progress: () => {} };
    const options = {
      queries: 10,
      directions: 1,
      sigma: 1,
      learningRate: 1,
      momentum: 0,
      blocks: 1,
      threshold: 0.5,
    };
    const answering = {} as LivePosteriorAccess;
    const allowed = () => climb([], options, { ...run, target: answering });
    // @ts-expect-error: a target that answers labels only has no posteriors to climb.
    const refused = () => climb([], options, { ...run, target: labelsOnly });
    expect([allowed, refused]).toHaveLength(2);
  });

  it('survives answers that are rounded to 0', async () => {
    const { target, close } = opened(radial(), space, 5);
    const rounding = {
      ...target,
      get model() {
        return target.model;
      },
      get queries() {
        return target.queries;
      },
      answersOf: async (inputs: Inputs) => {
        const { logits, classes } = await target.answersOf(inputs);
        return { classes, logits: logits.map((z) => (z < -14 ? Number.NEGATIVE_INFINITY : z)) };
      },
    };
    const found = await blackBox.configure({ queries: 2000 }).run(inputOf(rounding, [0, 1], space), context);
    await close();
    expect([...found.values].every(Number.isFinite)).toBe(true);
    expect([...found.confidence].every((p) => p >= 0 && p <= 1)).toBe(true);
  });

  it('stops when told to', async () => {
    const controller = new AbortController();
    const fractions: number[] = [];
    const progress = (fraction: number) => {
      fractions.push(fraction);
      if (fractions.length === 3) controller.abort(new Error('enough'));
    };
    await expect(
      inverted(radial(), space, 5, [0], { queries: 1010 }, { signal: controller.signal, progress }),
    ).rejects.toThrow('enough');
    expect(fractions).toHaveLength(3);
    const whole: number[] = [];
    await inverted(
      radial(0),
      space,
      5,
      [0],
      { queries: 1010 },
      { progress: (fraction) => whole.push(fraction) },
    );
    expect(whole).toEqual([...whole].sort((a, b) => a - b));
    expect([whole[0], whole.at(-1)]).toEqual([0, 1]);
  });
});

describe('a search that leads nowhere', () => {
  const row = spaceOf([4]);
  const flat = (bias: readonly number[]) => linearModel([4], [Array(4).fill(0), Array(4).fill(0)], bias);
  const quick = { queries: 60, directions: 5, start: 'noise', perClass: 1 };

  it('is told of: the model answers everything alike', async () => {
    const { notes } = await inverted(flat([0, 0]), row, 2, [0, 1], quick);
    expect(notes).toEqual([expect.stringMatching(/^2 of 2 reconstructions are what they started from/)]);
  });

  it('is none where the start was enough', async () => {
    const { notes } = await inverted(flat([20, 0]), row, 2, [0], quick);
    expect(notes).toBeUndefined();
  });
});
