/** Models of a pool and answers about copies, on real pictures: each against the same thing done by hand. */

import { decodeModel, encodeModel, predict } from 'onnx-grad';
import { beforeAll, describe, expect, it } from 'vitest';
import { byHandContext, finished } from '../../../test/study/by-hand.ts';
import type { Dataset } from '../../data/dataset.ts';
import { halves } from '../../data/halves.ts';
import { loadDataset } from '../../data/load-dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import { inMemory } from '../../data/values.ts';
import { mlp } from '../../models/architectures/mlp.ts';
import { mlDoctorRecipe, trainClassifier } from '../../models/recipe.ts';
import type { FinishedTask } from '../task.ts';
import { dataRef } from './data-ref.ts';
import { query } from './query.ts';
import { readOutputs } from './read-outputs.ts';
import { recordsIn } from './record-sets.ts';
import { synthesise } from './synthesise.ts';
import { train } from './train.ts';
import { fromBytes } from './typed-bytes.ts';

const split = { seed: 1, perRole: 20 };
const recipe = { ...mlDoctorRecipe(2), batchSize: 10 };
const roles = splitQuarters(10_000, split);
let data: Dataset;
let where: { readonly data: ReturnType<typeof dataRef>; readonly split: typeof split };
let target: FinishedTask;

const trained = async (on: Parameters<typeof train.run>[0]['on'], inputs: FinishedTask[] = []) =>
  finished(await train.run({ ...where, on, architecture: 'mlp', recipe }, inputs, byHandContext));

beforeAll(async () => {
  data = await loadDataset('fashion-mnist-10k');
  where = { data: dataRef(data), split };
  target = await trained({ role: 'target-train' });
});

/** The same training without any task. */
const byHand = async (records: Uint32Array) =>
  encodeModel(
    (
      await trainClassifier({
        model: mlp.build({ recordShape: data.recordShape, classes: 10, seed: byHandContext.seed }),
        ...{ data, records, recipe, seed: byHandContext.seed, threads: 1, device: 'cpu' },
        signal: byHandContext.signal,
        onEvent: () => {},
      })
    ).model,
  );

describe('a model of a pool', () => {
  it.each([
    ['candidates', 2],
    ['candidates', 3],
    ['population', 5],
  ] as const)('of %s number %i is trained on its half, and on nothing else', async (of, half) => {
    const { members } = halves(recordsIn(of, 10_000, split), split.seed, of, half);
    const model = await (await trained({ half, of })).blob('model.onnx');
    expect(members).toHaveLength(20);
    expect(Buffer.compare(model, await byHand(members))).toBe(0);
    expect(Buffer.compare(model, await byHand(roles['target-train']))).not.toBe(0);
  });
});

describe('a query about copies', () => {
  it('sends every picture moved and mirrored, and counts what is right of them', async () => {
    const params = { ...where, set: 'candidates', view: { dx: 2, dy: -1, flip: true } } as const;
    const asked = finished(await query.run(params, [target], byHandContext));
    const { ids, logits, classes } = await readOutputs(asked);
    expect([...ids]).toEqual([...recordsIn('candidates', 10_000, split)]);
    const { scale, mean, std } = data.normalisation;
    // Mirrored last: column c shows column 27 − c of the moved picture, which is column 25 − c of the original.
    const pixels = Float32Array.from({ length: ids.length * 784 }, (_, i) => {
      const [row, column] = [Math.floor((i % 784) / 28) + 1, 25 - (i % 28)];
      const inside = row < 28 && column >= 0;
      const raw = inside
        ? (inMemory(data.x)[ids[Math.floor(i / 784)]! * 784 + row * 28 + column] as number)
        : 0;
      return (raw * scale - mean[0]!) / std[0]!;
    });
    const model = decodeModel(await target.blob('model.onnx'));
    const source = {
      size: ids.length,
      batch: (positions: Uint32Array) => ({
        inputs: {
          x: {
            dtype: 'float32' as const,
            dims: [positions.length, 1, 28, 28],
            data: Float32Array.from({ length: positions.length * 784 }, (_, i) => {
              return pixels[positions[Math.floor(i / 784)]! * 784 + (i % 784)]!;
            }),
          },
        },
        target: {
          dtype: 'int64' as const,
          dims: [positions.length],
          data: new BigInt64Array(positions.length),
        },
      }),
    };
    const expected = (await predict(model, source)).data as Float32Array;
    expect(logits).toEqual(expected);

    const plain = await readOutputs(
      finished(await query.run({ ...where, set: 'candidates' }, [target], byHandContext)),
    );
    expect(plain.logits).not.toEqual(logits);
    const members = new Set(roles['target-train']);
    const right = [...ids].filter((id, i) => {
      const row = [...expected.subarray(i * classes, (i + 1) * classes)];
      return members.has(id) && row.indexOf(Math.max(...row)) === data.y[id];
    }).length;
    expect(asked.result).toMatchObject({ correct: { 'target-train': { right, records: 20 } } });
  });
});

describe('records made up', () => {
  it('are as many as the shadow data, near it, train models and are asked about', async () => {
    const synthesis = { method: 'noisy', share: 0.1 } as const;
    const made = finished(await synthesise.run({ ...where, synthesis }, [target], byHandContext));
    expect(made.result).toMatchObject({ records: 40, queries: 0 });
    const x = await made.blob('x');
    const y = fromBytes(Int32Array, await made.blob('y'));
    expect([x.length, y.length]).toEqual([40 * 784, 40]);
    // A shadow record each: nine in ten of its pixels, and its label.
    const near = (row: number) =>
      [...recordsIn('population', 10_000, split)].filter((id) => {
        const same = Array.from(
          { length: 784 },
          (_, j) => x[row * 784 + j] === inMemory(data.x)[id * 784 + j],
        );
        return data.y[id] === y[row] && same.filter(Boolean).length >= 0.85 * 784;
      });
    for (const row of [0, 17, 39]) expect(near(row).length).toBeGreaterThan(0);

    const [even, odd] = [
      await trained({ half: 0, of: 'all' }, [made]),
      await trained({ half: 1, of: 'all' }, [made]),
    ];
    expect(Buffer.compare(await even.blob('model.onnx'), await odd.blob('model.onnx'))).not.toBe(0);
    const asked = await query.run({ ...where, set: 'all' }, [even, made], byHandContext);
    const { ids, logits } = await readOutputs(finished(asked));
    expect([...ids]).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(logits).toHaveLength(400);
    expect(asked.result.correct).toEqual({});
  });

  it('from marginals are labelled by the target, and cost a query each', async () => {
    const synthesis = { method: 'marginals' } as const;
    const made = finished(await synthesise.run({ ...where, synthesis }, [target], byHandContext));
    expect(made.result).toMatchObject({ records: 40, queries: 40 });
    const model = finished({ result: {}, blobs: { 'model.onnx': await target.blob('model.onnx') } });
    const asked = await readOutputs(
      finished(await query.run({ ...where, set: 'all' }, [model, made], byHandContext)),
    );
    const labels = Array.from({ length: 40 }, (_, i) => {
      const row = [...asked.logits.subarray(10 * i, 10 * i + 10)];
      return row.indexOf(Math.max(...row));
    });
    expect([...fromBytes(Int32Array, await made.blob('y'))]).toEqual(labels);
  });
});
