/** The same records through a model in the plain way, up to the embedding, and by way of an attacker's access. */
import { createSession, predict, stream, type Tensor } from 'onnx-grad';
import { batch, createDataset, type Dataset } from '../../packages/ml-doctor/src/data/dataset.ts';
import { architecture } from '../../packages/ml-doctor/src/models/architectures.ts';
import { batchSource } from '../../packages/ml-doctor/src/models/batch-source.ts';
import { untrainedModel } from '../../packages/ml-doctor/src/models/train-model.ts';
import type { Records, WhiteBoxAccess } from '../../packages/ml-doctor/src/targets/access.ts';
import {
  EMBEDDING,
  embeddingGraph,
  embeddingLayer,
} from '../../packages/ml-doctor/src/targets/embedding-layer.ts';
import { limitAccess } from '../../packages/ml-doctor/src/targets/limit-access.ts';
import { OpenModel } from '../../packages/ml-doctor/src/targets/live-model.ts';
import { modelAccess } from '../../packages/ml-doctor/src/targets/model-access.ts';
import type { Size } from './size.ts';

const CLASSES = 10;
/** Records after which the next side has its turn: some tenths of a second, so that a busy moment hits all alike. */
const TURN = 2560;
const SEED = 1;

/** Seconds for all records, one a round. */
export interface Seconds {
  readonly plain: readonly number[];
  readonly cut: readonly number[];
  readonly access: readonly number[];
}

type Side = keyof Seconds;

/** Bytes, as pictures come; what they show does not change what a run costs. */
const noise = ({ recordShape, records }: Size): Dataset => {
  const length = records * recordShape.reduce((a, b) => a * b, 1);
  const channels = recordShape[0] as number;
  return createDataset({
    ...{ id: 'noise', recordShape },
    x: Uint8Array.from(stream(SEED, 'benchmark', 'pixels').integers(new Uint32Array(length), 256)),
    y: Int32Array.from({ length: records }, (_, i) => i % CLASSES),
    classes: Array.from({ length: CLASSES }, (_, i) => `class ${i}`),
    normalisation: {
      scale: 1 / 255,
      mean: new Array(channels).fill(0.5),
      std: new Array(channels).fill(0.25),
    },
  });
};

/**
 * Plain is `predict` of onnx-grad on the records, as whoever uses the model runs it; cut is `predict` on the model up to
 * the embedding; access is what an attack calls. All sessions have run before the first round.
 * @throws {Error} where cut and access do not give the same numbers
 */
export const compare = async (
  size: Size,
  rounds: number,
  onRound: (seconds: Readonly<Record<Side, number>>) => void,
): Promise<Seconds> => {
  const data = noise(size);
  const model = await untrainedModel(architecture(size.model), {
    ...{ recordShape: size.recordShape, classes: CLASSES, seed: SEED },
  });
  await using plain = await createSession(model);
  await using cut = await createSession(embeddingGraph(model, embeddingLayer(model)));
  const live = new OpenModel({
    ...{ model, recordShape: size.recordShape, inputs: (of: Records) => batch(data, of.ids).x },
    signal: new AbortController().signal,
  });
  const access = limitAccess(modelAccess({ classes: CLASSES, saved: [], live }), {
    ...{ access: 'white-box', auxiliary: 'shadow', output: 'posteriors', record: 'xy' },
  }) as WhiteBoxAccess;
  const sides: Readonly<Record<Side, (records: Records) => Promise<Float32Array>>> = {
    plain: async ({ ids }) => numbers(await predict(plain, batchSource(data, ids))),
    cut: async ({ ids }) => numbers(await predict(cut, batchSource(data, ids), { output: EMBEDDING })),
    access: async (records) => (await access.embeddings(records)).values,
  };
  const order = Object.keys(sides) as Side[];
  const turns = inTurns(data);
  try {
    const [first] = turns as [Records];
    await sides.plain(first);
    expectSame(await sides.cut(first), await sides.access(first));
    const seconds: Record<Side, number[]> = { plain: [], cut: [], access: [] };
    for (let round = 0; round < rounds; round++) {
      const sum: Record<Side, number> = { plain: 0, cut: 0, access: 0 };
      for (const [turn, records] of turns.entries())
        for (let place = 0; place < order.length; place++) {
          const side = order[(round + turn + place) % order.length] as Side;
          const started = performance.now();
          await sides[side](records);
          sum[side] += (performance.now() - started) / 1000;
        }
      for (const side of order) seconds[side].push(sum[side]);
      onRound(sum);
    }
    return seconds;
  } finally {
    await live.dispose();
  }
};

const inTurns = ({ size, y }: Dataset): readonly Records[] =>
  Array.from({ length: Math.ceil(size / TURN) }, (_, turn) => {
    const first = turn * TURN;
    const ids = Uint32Array.from({ length: Math.min(TURN, size - first) }, (_, i) => first + i);
    return { ids, labels: y.subarray(first, first + ids.length) };
  });

const numbers = ({ data }: Tensor): Float32Array => data as Float32Array;

const expectSame = (one: Float32Array, other: Float32Array): void => {
  if (one.length === 0 || one.length !== other.length || one.some((value, i) => value !== other[i]))
    throw new Error('the two ways to the embeddings do not give the same numbers');
};
