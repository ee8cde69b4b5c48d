/** What every inversion attack must do, whatever its method: on a target whose confidence peaks at one picture a class. */

import { float32, Graph, ops } from 'onnx-grad';
import { afterAll, describe, expect, it } from 'vitest';
import { watched } from '../../../test/attacks/bench.ts';
import { context, opened, radialModel, spaceOf, waves } from '../../../test/attacks/inversion/targets.ts';
import type { Generator } from '../../generators/generator.ts';
import { posterior } from '../../stats/log-posterior.ts';
import type { InversionInput, Reconstructions } from './inversion-attack.ts';
import { type InversionName, inversionAttacks } from './registry.ts';

const SIZE = 12;
const space = spaceOf([1, SIZE, SIZE]);
const peaks = waves(3, SIZE);
const classes = peaks.length + 1;
const model = radialModel(space.recordShape, peaks, { scale: 4, reject: -1 });
const { target, close } = opened(model, space, classes);
afterAll(close);

/** Mixtures of the three pictures, so that each can be made: x = Σ zᵢ peakᵢ. */
const mixtures = (conditional: boolean): Generator => {
  const generator = new Graph('generator');
  const z = generator.input('z', 'float32', ['N', peaks.length]);
  const flat = generator.constant(
    float32(
      [peaks.length, SIZE * SIZE],
      peaks.flatMap((peak) => [...peak]),
    ),
  );
  let x = ops.MatMul(z, flat);
  if (conditional) {
    const y = generator.input('y', 'int64', ['N']);
    const nothing = generator.constant(float32([classes, 1], new Float32Array(classes)));
    x = ops.Add(x, ops.Gather(nothing, y));
  }
  generator.output('x', ops.Reshape(x, [-1, 1, SIZE, SIZE]));
  const discriminator = new Graph('discriminator');
  const seen = discriminator.input('x', 'float32', ['N', 1, SIZE, SIZE]);
  const score = ops.ReduceMean(ops.Flatten(seen), [1], { keepdims: true });
  discriminator.output('score', ops.Mul(score, discriminator.scalar(0)));
  return { generator, discriminator, latent: peaks.length, conditional };
};

/** Parameters with which each takes a moment. */
const quick: { readonly [Name in InversionName]: Readonly<Record<string, unknown>> } = {
  'inversion/mi-face': { step: 'normalised', objective: 'log', iterations: 150, start: 'noise' },
  'inversion/black-box': { queries: 6000, directions: 60, start: 'noise' },
  'inversion/secret-revealer': { steps: 400, learningRate: 0.0001 },
  'inversion/plg': { steps: 200, learningRate: 0.05, views: 0 },
};

const attacked = (
  name: InversionName,
  wanted: readonly number[],
  changes: {
    readonly seed?: number;
    readonly signal?: AbortSignal;
    readonly progress?: (f: number) => void;
  } = {},
): Promise<Reconstructions> => {
  const configured = inversionAttacks[name].configure({ ...quick[name] });
  const generator = configured.generator && mixtures(configured.generator.guided !== undefined);
  return configured.run(
    {
      target: watched(target),
      wanted: Int32Array.from(wanted),
      space,
      population: { values: new Float32Array(0), labels: new Int32Array(0) },
      ...(generator && { generator }),
    } as InversionInput<typeof target>,
    { ...context, ...changes },
  );
};

const row = (values: Float32Array, i: number) => values.subarray(i * SIZE * SIZE, (i + 1) * SIZE * SIZE);
const apart = (a: Float32Array, b: Float32Array) =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length);

const wanted = [0, 0, 1, 2];

describe.each(Object.keys(inversionAttacks) as InversionName[])('%s', (name) => {
  const found = attacked(name, wanted);

  it('gives one reconstruction for each that is wanted, beside its start, finite and within the bounds', async () => {
    const { values, starts, confidence } = await found;
    for (const pictures of [values, starts]) {
      expect(pictures).toHaveLength(wanted.length * SIZE * SIZE);
      expect(pictures.every(Number.isFinite)).toBe(true);
    }
    expect(confidence).toHaveLength(wanted.length);
    if (inversionAttacks[name].configure().generator === undefined)
      expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('tells the confidence that the target has in what it gives', async () => {
    const { values, confidence } = await found;
    const { logits } = await target.answersOf({ values, rows: wanted.length });
    wanted.forEach((label, i) => {
      const own = posterior(logits.subarray(i * classes, (i + 1) * classes))[label];
      expect(confidence[i]).toBeCloseTo(own as number, 4);
    });
  });

  it('comes near the picture of the class that was asked for, from a start that was not', async () => {
    const { values, starts } = await found;
    wanted.forEach((label, i) => {
      const away = peaks.map((peak) => apart(row(values, i), peak));
      expect(away.indexOf(Math.min(...away))).toBe(label);
      expect(away[label]).toBeLessThan(0.12);
      expect(away[label]).toBeLessThan(apart(row(starts, i), peaks[label] as Float32Array) / 2);
    });
  });

  it('gives the same for the same seed, and other searches for another', async () => {
    const { values, starts } = await found;
    const again = await attacked(name, wanted);
    expect(again.values).toEqual(values);
    expect(again.starts).toEqual(starts);
    const other = await attacked(name, wanted, { seed: 2 });
    expect(other.starts).not.toEqual(starts);
    // Two of one class are two searches.
    expect(apart(row(starts, 0), row(starts, 1))).toBeGreaterThan(0.01);
  });

  it('gives a class the same reconstruction whatever else is asked for', async () => {
    const { values } = await found;
    const alone = await attacked(name, [1]);
    expect(apart(alone.values, row(values, 2))).toBeLessThan(1e-3);
  });

  it('stops when it is told to, and says how far it is before', async () => {
    const stop = new AbortController();
    let told = 0;
    const stopped = attacked(name, wanted, {
      signal: stop.signal,
      progress: (fraction) => {
        expect(fraction).toBeGreaterThanOrEqual(0);
        expect(fraction).toBeLessThanOrEqual(1);
        told += 1;
        stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(told).toBeGreaterThan(0);
  });

  it('asks the target only where it has no weights', async () => {
    const before = target.queries;
    await attacked(name, [0]);
    const asked = target.queries - before;
    if (inversionAttacks[name].configure().needs.access === 'white-box') expect(asked).toBe(0);
    else {
      expect(asked).toBeGreaterThan(0);
      expect(asked).toBeLessThanOrEqual(quick[name]['queries'] as number);
    }
  });
});
