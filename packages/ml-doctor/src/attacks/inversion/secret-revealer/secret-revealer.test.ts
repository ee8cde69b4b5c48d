import { describe, expect, it } from 'vitest';
import {
  against,
  distance,
  drawn,
  inputFor,
  type LinearParts,
  linearGenerator,
  linearTarget,
  type Matrix,
  plus,
  rbfTarget,
  rowsOf,
  times,
} from '../../../../test/attacks/inversion/latent-worlds.ts';
import { context } from '../../../audit/selftest/bench/membership-bench.ts';
import { crossEntropyLoss, posterior } from '../../../stats/log-posterior.ts';
import { firstLatents, latentRows } from '../latent/rows.ts';
import { secretRevealer } from './secret-revealer.ts';

const NAME = 'inversion/secret-revealer';
const LATENT = 3;
const WIDTH = 4;
const CLASSES = 3;

interface World extends LinearParts {
  readonly w: Matrix;
  readonly v: readonly number[];
}

const world = (seed: number): World => ({
  a: drawn(seed, 'a', LATENT, WIDTH),
  offsets: drawn(seed, 'b', 1, WIDTH),
  d: drawn(seed, 'd', 1, WIDTH)[0]!,
  w: drawn(seed, 'w', WIDTH, CLASSES),
  v: drawn(seed, 'v', 1, CLASSES)[0]!,
});

const recordOf = ({ a, offsets }: World, z: readonly number[]) => plus(times(z, a), offsets[0]!);
const logitsOf = (world: World, z: readonly number[]) => plus(times(recordOf(world, z), world.w), world.v);

interface Settings {
  readonly steps: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly identityWeight: number;
  readonly clip: number;
}

/** v ← μv − lr g; z ← z − μ v_previous + (1 + μ) v; then cut: in double precision, the gradient by hand. */
const byHand = (w: World, start: readonly number[], label: number, s: Settings): number[] => {
  let z = [...start];
  let v = z.map(() => 0);
  for (let step = 0; step < s.steps; step++) {
    const score = recordOf(w, z).reduce((sum, x, i) => sum + x * w.d[i]!, 0);
    const real = 1 / (1 + Math.exp(-score));
    const p = [...posterior(logitsOf(w, z))].map((q, c) => q - (c === label ? 1 : 0));
    const inX = against(w.w, p).map((g, i) => s.identityWeight * g - real * (1 - real) * w.d[i]!);
    const g = against(w.a, inX);
    const previous = v;
    v = v.map((vi, i) => s.momentum * vi - s.learningRate * g[i]!);
    z = z.map((zi, i) => zi - s.momentum * previous[i]! + (1 + s.momentum) * v[i]!);
    z = z.map((zi) => Math.max(-s.clip, Math.min(s.clip, zi)));
  }
  return z;
};

const startsOf = (wanted: readonly number[], restarts: number, clip: number) =>
  rowsOf(
    firstLatents(latentRows(Int32Array.from(wanted), restarts, context.seed, NAME), LATENT, clip),
    LATENT,
  );

const run = (w: World, wanted: readonly number[], params: object, over: Partial<typeof context> = {}) =>
  secretRevealer
    .configure(params)
    .run(inputFor(linearGenerator(w), linearTarget(w.w, w.v), wanted, WIDTH), { ...context, ...over });

describe('the parameters', () => {
  it("are the paper's", () => {
    expect(secretRevealer.configure()).toMatchObject({
      classes: 'all',
      perClass: 10,
      needs: { access: 'white-box', output: 'posteriors', auxiliary: 'shadow', record: 'none' },
      params: { restarts: 1, steps: 1500, learningRate: 1e-3, momentum: 0.9, identityWeight: 100, clip: 1 },
      generator: { latent: 100, width: 64, epochs: 200, batchSize: 128, learningRate: 2e-4, beta1: 0.5 },
    });
    expect(secretRevealer.configure().generator).not.toHaveProperty('guided');
  });

  it('make the generator', () => {
    const given = { latent: 7, width: 8, ganEpochs: 2, ganBatchSize: 16, ganLearningRate: 0.1, ganBeta1: 0 };
    expect(secretRevealer.configure(given).generator).toEqual({
      latent: 7,
      width: 8,
      epochs: 2,
      batchSize: 16,
      learningRate: 0.1,
      beta1: 0,
    });
  });

  it.each([{ steps: 0 }, { momentum: 1 }, { clip: 0 }, { restarts: 0 }, { epochs: 3 }, { perClass: 0 }])(
    '%j are refused',
    (given) => {
      expect(() => secretRevealer.configure(given)).toThrow(
        expect.objectContaining({
          code: 'MLD_USAGE',
          message: expect.stringContaining(Object.keys(given)[0]!),
        }),
      );
    },
  );
});

describe('the descent', () => {
  const wanted = [0, 1, 1, 2];
  const base: Settings = { steps: 6, learningRate: 0.02, momentum: 0.9, identityWeight: 3, clip: 2 };

  it.each([
    [1, base],
    [2, { ...base, momentum: 0 }],
    [3, { ...base, identityWeight: 0, learningRate: 1 }],
    [4, { ...base, clip: 0.5, learningRate: 0.1 }],
    [5, { ...base, steps: 1, identityWeight: 0.1 }],
  ])('takes the steps of a loop by hand (world %i, %j)', async (seed, settings) => {
    const w = world(seed);
    const { values, starts, confidence } = await run(w, wanted, settings);
    const first = startsOf(wanted, 1, settings.clip);
    wanted.forEach((label, i) => {
      const z = byHand(w, first[i]!, label, settings);
      expect(distance(rowsOf(values, WIDTH)[i]!, recordOf(w, z))).toBeLessThan(1e-4);
      expect(distance(rowsOf(starts, WIDTH)[i]!, recordOf(w, first[i]!))).toBeLessThan(1e-5);
      expect(confidence[i]).toBeCloseTo(posterior(logitsOf(w, z))[label]!, 4);
      if (settings.clip < 1) expect(z.some((zi) => Math.abs(zi) === settings.clip)).toBe(true);
      // Far enough for a wrong sign to be seen.
      expect(distance(z, first[i]!)).toBeGreaterThan(1e-3);
    });
  });

  it('keeps the best of several starts, and its own start with it', async () => {
    const w = world(6);
    const settings = { ...base, steps: 2 };
    const { values, starts } = await run(w, wanted, { ...settings, restarts: 4 });
    const first = startsOf(wanted, 4, settings.clip);
    const bests = wanted.map((label, i) => {
      const own = first
        .slice(4 * i, 4 * i + 4)
        .map((start) => ({ start, z: byHand(w, start, label, settings) }));
      const losses = own.map(({ z }) => crossEntropyLoss(logitsOf(w, z), label));
      const best = losses.indexOf(Math.min(...losses));
      expect(distance(rowsOf(values, WIDTH)[i]!, recordOf(w, own[best]!.z))).toBeLessThan(1e-4);
      expect(distance(rowsOf(starts, WIDTH)[i]!, recordOf(w, own[best]!.start))).toBeLessThan(1e-5);
      return best;
    });
    // Neither always the first nor always the last.
    expect(new Set(bests).size).toBeGreaterThan(1);
  });

  it('gives a row the same in whatever company, in one batch or several', async () => {
    const w = world(7);
    const many = [...new Array<number>(150).fill(0), ...new Array<number>(151).fill(1)];
    const settings = { ...base, steps: 3 };
    const all = rowsOf((await run(w, many, settings)).values, WIDTH);
    const alone = rowsOf((await run(w, [1], settings)).values, WIDTH);
    expect(distance(all[150]!, alone[0]!)).toBeLessThan(1e-6);
    const first = startsOf(many, 1, settings.clip);
    all.forEach((row, i) => {
      expect(distance(row, recordOf(w, byHand(w, first[i]!, many[i]!, settings)))).toBeLessThan(1e-4);
    });
  });

  it('is the same again, and another with another seed', async () => {
    const w = world(8);
    const one = await run(w, wanted, base);
    expect(await run(w, wanted, base)).toEqual(one);
    const other = await run(w, wanted, base, { seed: 2 });
    expect(distance(other.starts, one.starts)).toBeGreaterThan(0.1);
    const rows = rowsOf(one.starts, WIDTH);
    expect(distance(rows[1]!, rows[2]!)).toBeGreaterThan(0.1);
  });

  it('tells how far it is and stops when told to', async () => {
    const w = world(9);
    const seen: number[] = [];
    await run(w, wanted, { ...base, steps: 25 }, { progress: (fraction) => seen.push(fraction) });
    expect(seen).toEqual([0.4, 0.8, 1]);
    const abort = new AbortController();
    const stopped = run(w, wanted, base, { signal: abort.signal, progress: () => abort.abort() });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('on a target whose confidence peaks at one place per class', () => {
  // The generator turns the first three axes of four, so that it reaches the centres exactly.
  const a = [
    [0.6, 0.8, 0, 0],
    [-0.8, 0.6, 0, 0],
    [0, 0, 1, 0],
  ];
  const offsets = [[0.2, 0, 0, 1]];
  const latents = [
    [0.5, -0.4, 0.3],
    [-0.6, 0.2, -0.5],
  ];
  const centres = latents.map((z) => plus(times(z, a), offsets[0]!));
  const generator = linearGenerator({ a, offsets, d: [0, 0, 2, 0] });
  const wanted = [0, 0, 1, 1];
  const at = (params: object) =>
    secretRevealer
      .configure({ steps: 400, ...params })
      .run(inputFor(generator, rbfTarget(centres), wanted, WIDTH), context);

  it('finds it', async () => {
    const { values, starts, confidence } = await at({});
    rowsOf(values, WIDTH).forEach((x, i) => {
      const centre = centres[wanted[i]!]!;
      expect(distance(x, centre)).toBeLessThan(0.02);
      expect(distance(rowsOf(starts, WIDTH)[i]!, centre)).toBeGreaterThan(0.2);
      const others = Math.exp(0.5 - 4 * distance(centres[0]!, centres[1]!) ** 2);
      expect(confidence[i]).toBeCloseTo(Math.exp(0.5) / (Math.exp(0.5) + others + 1), 2);
    });
  });

  it('goes where the discriminator likes it best without the identity loss', async () => {
    const { values, starts } = await at({ identityWeight: 0, learningRate: 0.1 });
    rowsOf(values, WIDTH).forEach((x, i) => {
      // The largest third coordinate within the clip; the others have no say in the score.
      expect(x[2]).toBe(1);
      expect(distance(x.slice(0, 2), rowsOf(starts, WIDTH)[i]!.slice(0, 2))).toBeLessThan(1e-5);
    });
  });

  it('is drawn away by the discriminator where the identity loss weighs little', async () => {
    const [strong, weak] = [await at({}), await at({ identityWeight: 0.3, learningRate: 0.05 })];
    rowsOf(weak.values, WIDTH).forEach((x, i) => {
      expect(x[2]!).toBeGreaterThan(rowsOf(strong.values, WIDTH)[i]![2]! + 0.1);
      expect(weak.confidence[i]!).toBeLessThan(strong.confidence[i]!);
    });
  });
});
