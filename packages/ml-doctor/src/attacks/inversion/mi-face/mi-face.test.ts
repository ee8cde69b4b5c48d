import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { realModel, realModels } from '../../../../test/attacks/inversion/real-models.ts';
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
import { posterior } from '../../../stats/log-posterior.ts';
import type { RecordSpace } from '../inversion-attack.ts';
import { miFace } from './mi-face.ts';

type Model = Parameters<typeof opened>[0];

const inverted = async (
  model: Model,
  space: RecordSpace,
  classes: number,
  wanted: readonly number[],
  params: Readonly<Record<string, unknown>>,
  changed: Partial<typeof context> = {},
) => {
  const { target, close } = opened(model, space, classes);
  try {
    const found = await miFace
      .configure(params)
      .run(inputOf(target, wanted, space), { ...context, ...changed });
    const width = space.bounds.low.length;
    const rows = (all: Float32Array) => wanted.map((_, i) => all.subarray(i * width, (i + 1) * width));
    const { logits } = await target.answersOf({ values: found.values, rows: wanted.length });
    return {
      ...found,
      rows: rows(found.values),
      startRows: rows(found.starts),
      asked: target.queries - wanted.length,
      /** What the target itself says of the class wanted. */
      posteriors: wanted.map(
        (label, i) => posterior(logits.subarray(i * classes, (i + 1) * classes))[label]!,
      ),
    };
  } finally {
    await close();
  }
};

describe('a two-class linear softmax model', () => {
  it.each([0, 1, 2, 3, 4])('is inverted along the difference of its weights, model %i', async (seed) => {
    const size = 30;
    const weights = [0, 1].map((c) => [...stream(seed, 'weights', c).normal(new Float32Array(size))]);
    const bias = [...stream(seed, 'bias').normal(new Float32Array(2))];
    const away = weights[0]!.map((w, j) => w - weights[1]![j]!);
    const params = {
      learningRate: 0.05,
      clamp: false,
      perClass: 2,
      objective: seed % 2 === 0 ? 'probability' : 'log',
      ...(seed === 4 && { step: 'normalised' }),
    };
    const { rows, startRows, confidence } = await inverted(
      linearModel([size], weights, bias),
      spaceOf([size]),
      2,
      [0, 0, 1, 1],
      params,
    );
    rows.forEach((row, i) => {
      const way = row.map((value, j) => value - startRows[i]![j]!);
      expect(cosine(way, i < 2 ? away : away.map((w) => -w))).toBeGreaterThan(0.99);
      expect(confidence[i]).toBeGreaterThanOrEqual(0.999);
    });
    expect(startRows[0]!.every((value) => value === 0)).toBe(true);
    expect(startRows[1]!.every((value) => value === 0)).toBe(false);
  });
});

describe('a radial-basis network with a reject class', () => {
  const side = 16;
  const shape = [1, side, side];
  const space = spaceOf(shape);
  const peaks = waves(4, side);
  const near = (rows: readonly Float32Array[], wanted: readonly number[]) =>
    rows.map((row, i) => ssim(row, peaks[wanted[i]!]!));
  /** ‖m_c‖² is 77, so that the posterior at the zero image is e⁻¹² of that at the peak, or with scale 4 e⁻¹⁶. */
  const radial = (scale: number) => radialModel(shape, peaks, { scale, reject: -4 });

  it('has peaks that are no alike', () => {
    for (const [i, a] of peaks.entries())
      for (const [k, b] of peaks.entries()) if (i !== k) expect(ssim(a, b)).toBeLessThan(0.5);
  });

  it('is inverted to the picture of each class from zero and from noise', async () => {
    const wanted = [0, 0, 1, 1, 2, 2, 3, 3];
    const { rows, confidence, posteriors, asked, notes, startRows } = await inverted(
      radial(4),
      space,
      5,
      wanted,
      {
        objective: 'log',
        learningRate: 0.05,
        iterations: 800,
        perClass: 2,
      },
    );
    for (const score of near(rows, wanted)) expect(score).toBeGreaterThan(0.9);
    for (const score of near(startRows, wanted)) expect(score).toBeLessThan(0.2);
    confidence.forEach((value, i) => {
      expect(value).toBeCloseTo(posteriors[i]!, 6);
    });
    expect(notes).toBeUndefined();
    // It has the weights.
    expect(asked).toBe(0);
  });

  it('is inverted with the objective of the paper too, in steps of one length', async () => {
    const wanted = [1, 3];
    const { rows } = await inverted(radial(4), space, 5, wanted, { step: 'normalised', iterations: 400 });
    for (const score of near(rows, wanted)) expect(score).toBeGreaterThan(0.9);
  });

  it('stays at zero with what the paper does, and says what to try', async () => {
    const { rows, notes } = await inverted(radial(2), space, 5, [0, 1], {});
    for (const row of rows) expect(Math.max(...row)).toBeLessThan(0.01);
    expect(notes).toEqual([expect.stringMatching(/^2 of 2 reconstructions are hardly more.*objective: log/)]);
  });

  it('keeps the restart of the least cost, with its own start', async () => {
    const params = { objective: 'log', iterations: 3, start: 'noise' };
    const found = await inverted(radial(8), space, 5, [2], { ...params, restarts: 5 });
    // Each restart by itself is one of several reconstructions of one search each.
    const one = await inverted(radial(8), space, 5, [2], params);
    expect(found.confidence[0]).toBeGreaterThan(one.confidence[0]!);
    expect(found.starts).not.toEqual(one.starts);
    const again = await inverted(radial(8), space, 5, [2], { ...params, restarts: 2 });
    expect(found.confidence[0]).toBeGreaterThanOrEqual(again.confidence[0]!);
    expect(again.confidence[0]).toBeGreaterThanOrEqual(one.confidence[0]!);
  });

  it('gives the same for the same seed, and a class the same whatever others are wanted', async () => {
    const params = { objective: 'log', iterations: 40, perClass: 2, start: 'noise' };
    const all = await inverted(radial(8), space, 5, [0, 0, 1, 1, 2, 2, 3, 3], params);
    const again = await inverted(radial(8), space, 5, [0, 0, 1, 1, 2, 2, 3, 3], params);
    expect(again.values).toEqual(all.values);
    expect(again.confidence).toEqual(all.confidence);
    const some = await inverted(radial(8), space, 5, [2, 2], params);
    expect(some.startRows).toEqual(all.startRows.slice(4, 6));
    some.rows.forEach((row, i) => {
      row.forEach((value, j) => {
        expect(Math.abs(value - all.rows[4 + i]![j]!)).toBeLessThan(1e-4);
      });
    });
    const other = await inverted(radial(8), space, 5, [2, 2], params, { seed: 2 });
    expect(other.starts).not.toEqual(some.starts);
  });

  it('is smoother with a weight on roughness', async () => {
    const rough = (row: Float32Array) =>
      row.reduce((sum, value, j) => sum + (j % side > 0 ? Math.abs(value - row[j - 1]!) : 0), 0);
    const params = { objective: 'log', iterations: 200, start: 'noise' };
    const [plain, smooth] = [
      await inverted(radial(8), space, 5, [1], params),
      await inverted(radial(8), space, 5, [1], { ...params, smoothness: 20 }),
    ];
    expect(rough(smooth.rows[0]!)).toBeLessThan(0.8 * rough(plain.rows[0]!));
  });
});

describe('table rows', () => {
  const oneHot = [{ first: 1, width: 3 }];
  const space = spaceOf([5], [0, 1], { oneHot });
  const model = linearModel(
    [5],
    [
      [2, -1, 3, 1, 0],
      [-2, 2, 0, 1, 1],
    ],
  );

  it('end as records could be, with the confidence of what they end as', async () => {
    const { rows, confidence, posteriors } = await inverted(model, space, 2, [0, 1], {});
    expect(rows.map((row) => [...row.subarray(1, 4)])).toEqual([
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect([...confidence]).toEqual(posteriors.map((p) => expect.closeTo(p, 7)));
    const free = await inverted(model, space, 2, [0, 1], { roundCategories: false });
    expect(free.rows.some((row) => row.some((value) => value > 0 && value < 1))).toBe(true);
    expect([...free.confidence]).toEqual(free.posteriors.map((p) => expect.closeTo(p, 7)));
  });

  it.each([{ smoothness: 0.5 }, { denoise: 10 }])('have no neighbours: %o is refused', async (params) => {
    const refused = inverted(model, space, 2, [0], params);
    await expect(refused).rejects.toMatchObject({
      code: 'MLD_ATTACK_UNSUITED',
      message: expect.stringMatching(
        /^inversion\/mi-face: (smoothness: 0.5|denoise: 10) is for pictures.*numeric/,
      ),
    });
  });
});

describe.skipIf(realModels.length === 0)('models in shared/data/onnx (skipped: the folder is absent)', () => {
  it.each([
    { file: 'mnist_0.1.eth.onnx', bounds: [-0.4242, 2.8215] as const },
    { file: 'cifar_base_kw.onnx', bounds: [-2.156, 2.62] as const },
    { file: 'fashion_mnist.edwin-19.onnx', bounds: [0, 1] as const },
  ])('$file is inverted', async ({ file, bounds }) => {
    const model = realModel(file);
    const shape = model.inputs[0]!.shape!.slice(1) as number[];
    const space = spaceOf(shape, bounds);
    const wanted = [0, 3, 7];
    const params = { step: 'normalised', start: 'noise', iterations: 60 };
    const { confidence, values, posteriors } = await inverted(model, space, 10, wanted, params);
    confidence.forEach((value, i) => {
      expect(value).toBeGreaterThan(0.9);
      expect(value).toBeCloseTo(posteriors[i]!, 5);
    });
    expect(values.every((value) => value >= Math.fround(bounds[0]) && value <= Math.fround(bounds[1]))).toBe(
      true,
    );
  });
});
