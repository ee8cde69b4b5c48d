/** Generators that are trained: what they learn, where their records lie, and that an interruption changes nothing. */
import { createSession, encodeModel, Graph, int64, nn, ops, stream, type Tensor } from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import { gaussian, noisePictures, numericRows } from '../../test/generators/made-data.ts';
import type { AuxiliaryData } from './auxiliary-data.ts';
import type { Generator } from './generator.ts';
import { type TrainGeneratorOptions, trainGenerator } from './train-generator.ts';

const recipe = { latent: 4, width: 4, epochs: 2, batchSize: 16, learningRate: 1e-3, beta1: 0.5 };
const common = {
  ...{ classes: 3, seed: 5, threads: 1, device: 'cpu' as const, progress: () => {} },
  signal: new AbortController().signal,
};

const sample = async (networks: Generator, count: number, label?: number): Promise<Float32Array> => {
  const session = await createSession(networks.generator);
  const { x } = await session.run({
    z: gaussian([count, networks.latent], 'sample'),
    ...(label !== undefined && { y: int64([count], Array(count).fill(label)) }),
  });
  await session.dispose();
  return (x as Tensor).data as Float32Array;
};

const moments = (values: Float32Array, width: number, column: number) => {
  const own = Array.from({ length: values.length / width }, (_, i) => values[i * width + column] as number);
  const mean = own.reduce((a, b) => a + b, 0) / own.length;
  return { mean, deviation: Math.sqrt(own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / own.length), own };
};

/** Two clouds of deviation .3 at (−1, 2) and (1, 0), 3 to 1. */
const clouds = (count: number): AuxiliaryData => {
  const noise = gaussian([count, 2], 'clouds').data as Float32Array;
  const values = noise.map((value, k) => {
    const often = (k >> 1) % 4 !== 0;
    const centre = k % 2 === 0 ? (often ? -1 : 1) : often ? 2 : 0;
    return centre + 0.3 * value;
  });
  return numericRows(values, 2);
};

test('the dense pair learns a mixture: means, deviations, and the share of each part', async () => {
  const data = clouds(1024);
  const { networks, steps, generatorLosses, discriminatorLosses } = await trainGenerator({
    ...common,
    ...{ data, recipe: { ...recipe, width: 16, epochs: 120, batchSize: 256 } },
  });
  expect(steps).toBe(120 * 4);
  expect([generatorLosses.length, discriminatorLosses.length]).toEqual([120, 120]);
  const made = await sample(networks, 2000);
  for (const column of [0, 1]) {
    const truth = moments(data.values, 2, column);
    const ours = moments(made, 2, column);
    expect(Math.abs(ours.mean - truth.mean)).toBeLessThan(0.35);
    expect(ours.deviation / truth.deviation).toBeGreaterThan(0.7);
    expect(ours.deviation / truth.deviation).toBeLessThan(1.3);
  }
  const share = moments(made, 2, 0).own.filter((value) => value > 0).length / 2000;
  expect(Math.abs(share - 0.25)).toBeLessThan(0.15);
}, 30_000);

describe('what is generated', () => {
  test('lies within the bounds, and categories sum to one', async () => {
    const count = 64;
    const picks = stream(1, 'picks').integers(new Uint32Array(2 * count), 3);
    const numbers = gaussian([2 * count], 'columns').data as Float32Array;
    // A number, three places of a category (as 0 and 2), a number far off, two of another category, one that never varies.
    const rows = Float32Array.from({ length: 8 * count }, (_, k) => {
      const [i, j] = [Math.floor(k / 8), k % 8];
      if (j === 0) return numbers[i] as number;
      if (j < 4) return picks[i] === j - 1 ? 2 : 0;
      if (j === 4) return 1000 + (numbers[count + i] as number);
      if (j < 7) return (picks[count + i] as number) % 2 === j - 5 ? 1 : 0;
      return 7;
    });
    const oneHot = [
      { first: 1, width: 3 },
      { first: 5, width: 2 },
    ];
    const data: AuxiliaryData = { ...numericRows(rows, 8), oneHot };
    const { networks } = await trainGenerator({ ...common, data, recipe });
    const made = await sample(networks, 200);
    const { low, high } = data.bounds;
    made.forEach((value, k) => {
      const slack = 1e-6 * Math.max(1, Math.abs(high[k % 8] as number));
      expect(value).toBeGreaterThanOrEqual((low[k % 8] as number) - slack);
      expect(value).toBeLessThanOrEqual((high[k % 8] as number) + slack);
    });
    for (let i = 0; i < 200; i++) {
      const row = made.subarray(8 * i, 8 * i + 8);
      const sum = (first: number, width: number) =>
        row.subarray(first, first + width).reduce((a, b) => a + b, 0);
      expect(sum(1, 3)).toBeCloseTo(2, 5);
      expect(sum(5, 2)).toBeCloseTo(1, 5);
      expect(row[7]).toBe(7);
    }
    expect(moments(made, 8, 0).deviation).toBeGreaterThan(0);
  });

  test.each([
    [1, 8, 8],
    [3, 13, 10],
    [2, 4, 30],
  ] as const)('is a picture of %i × %i × %i', async (...shape) => {
    const data = noisePictures(20, shape);
    const { networks } = await trainGenerator({ ...common, data, recipe: { ...recipe, epochs: 1 } });
    const session = await createSession(networks.generator);
    const { x } = await session.run({ z: gaussian([3, 4], 'few') });
    await session.dispose();
    expect(x?.dims).toEqual([3, ...shape]);
    const values = x?.data as Float32Array;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1 - 1e-6);
    expect(Math.max(...values)).toBeLessThanOrEqual(2 + 1e-6);
    const judge = await createSession(networks.discriminator);
    expect((await judge.run({ x: x as Tensor }))['score']?.dims).toEqual([3, 1]);
    await judge.dispose();
  });

  test('does not depend on who else is in the batch: statistics are the running ones', async () => {
    const data = noisePictures(32, [1, 8, 8]);
    const { networks } = await trainGenerator({ ...common, data, recipe });
    const session = await createSession(networks.generator);
    const z = gaussian([5, 4], 'some');
    const all = (await session.run({ z }))['x']?.data as Float32Array;
    const first = { ...z, dims: [1, 4], data: (z.data as Float32Array).slice(0, 4) };
    const alone = (await session.run({ z: first }))['x']?.data as Float32Array;
    await session.dispose();
    for (const [i, value] of alone.entries()) expect(value).toBeCloseTo(all[i] as number, 5);
  });
});

describe('a training that is stopped', () => {
  const options = { ...common, data: noisePictures(40, [1, 8, 8]), recipe: { ...recipe, epochs: 3 } };
  const bytes = ({ generator, discriminator }: Generator) => [
    encodeModel(generator),
    encodeModel(discriminator),
  ];

  const stoppedAfter = async (saves: number, more: Partial<TrainGeneratorOptions> = {}) => {
    const abort = new AbortController();
    let kept: Uint8Array | undefined;
    let done = 0;
    const save = async (saved: Uint8Array) => {
      kept = saved;
      done += 1;
      if (done === saves) abort.abort();
    };
    const checkpoint = { load: async () => undefined, save, seconds: 0 };
    const run = trainGenerator({ ...options, ...more, signal: abort.signal, checkpoint });
    await expect(run).rejects.toMatchObject({ code: 'OG_ABORTED' });
    return kept as Uint8Array;
  };
  const goOn = (kept: Uint8Array, more: Partial<TrainGeneratorOptions> = {}) => {
    const fractions: number[] = [];
    const checkpoint = { load: async () => kept, save: async () => {}, seconds: 3600 };
    const progress = ({ fraction }: { fraction: number }) => fractions.push(fraction);
    return trainGenerator({ ...options, ...more, checkpoint, progress }).then((trained) => ({
      trained,
      fractions,
    }));
  };

  test.each([1, 2, 5])('after %i of 6 steps goes on to the same bits', async (steps) => {
    const whole = await trainGenerator(options);
    const { trained, fractions } = await goOn(await stoppedAfter(steps));
    expect(fractions[0]).toBeCloseTo(steps / 6, 10);
    expect(trained.steps).toBe(6);
    expect(trained.generatorLosses).toEqual(whole.generatorLosses);
    expect(trained.discriminatorLosses).toEqual(whole.discriminatorLosses);
    expect(bytes(trained.networks)).toEqual(bytes(whole.networks));
  });

  test('starts anew where the state is damaged or of another training', async () => {
    const kept = await stoppedAfter(2);
    const whole = await trainGenerator(options);
    const { trained, fractions } = await goOn(kept.subarray(0, kept.length - 9));
    expect(bytes(trained.networks)).toEqual(bytes(whole.networks));
    expect(fractions).toEqual([]);
    const other = { seed: 6 };
    const seeded = await goOn(kept, other);
    expect(bytes(seeded.trained.networks)).toEqual(
      bytes((await trainGenerator({ ...options, ...other })).networks),
    );
    const otherData = { data: { ...options.data, values: options.data.values.map((value) => value / 2) } };
    expect((await goOn(kept, otherData)).fractions).toEqual([]);
  });
});

describe('a generator under guidance', () => {
  /** Classes by the angle of a point around (0, 0). */
  const angles = [0, 2, 4].map((turn) => (turn * Math.PI) / 3);
  const target = () => {
    const graph = new Graph();
    const points = graph.input('points', 'float32', ['N', 2]);
    const weights = angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
    const logits = nn.dense(points, {
      ...{ name: 'rays', seed: 0, units: 3, bias: false },
      weightInit: () => Float32Array.from(weights),
    });
    graph.output('logits', ops.Mul(logits, graph.scalar(4)));
    return graph;
  };
  const data = numericRows(gaussian([600, 2], 'around').data as Float32Array, 2);

  test('makes records that the target takes for their class', async () => {
    const { networks } = await trainGenerator({
      ...common,
      ...{ data, target: target(), classes: 3 },
      recipe: { ...recipe, width: 16, epochs: 60, batchSize: 60, guided: { top: 100, alpha: 0.2 } },
    });
    expect(networks.conditional).toBe(true);
    for (const label of [0, 1, 2]) {
      const made = await sample(networks, 300, label);
      const right = Array.from({ length: 300 }, (_, i) => {
        const [a, b] = [made[2 * i] as number, made[2 * i + 1] as number];
        const logits = angles.map((angle) => a * Math.cos(angle) + b * Math.sin(angle));
        return logits.indexOf(Math.max(...logits)) === label;
      }).filter(Boolean).length;
      // A third by chance.
      expect(right / 300).toBeGreaterThan(0.9);
    }
  }, 30_000);

  test('is refused by a target of one class', async () => {
    const guided = {
      ...common,
      data,
      target: target(),
      classes: 1,
      recipe: { ...recipe, guided: { top: 5, alpha: 1 } },
    };
    await expect(trainGenerator(guided)).rejects.toMatchObject({ code: 'MLD_ATTACK_UNSUITED' });
  });
});

describe('what cannot be trained on', () => {
  test.each([
    ['pictures of three pixels a side', noisePictures(8, [1, 3, 9])],
    ['a single record', noisePictures(1, [1, 8, 8])],
  ])('%s', async (_, data) => {
    await expect(trainGenerator({ ...common, data, recipe })).rejects.toMatchObject({
      code: 'MLD_ATTACK_UNSUITED',
    });
  });

  test('a loss that is no number any more says where', async () => {
    const data = noisePictures(32, [1, 8, 8]);
    const broken = { ...data, values: data.values.map((value, i) => (i === 70 ? Number.NaN : value)) };
    await expect(trainGenerator({ ...common, data: broken, recipe })).rejects.toMatchObject({
      code: 'OG_DIVERGED',
      message: expect.stringMatching(/loss became NaN in step [12] /),
    });
  });
});
