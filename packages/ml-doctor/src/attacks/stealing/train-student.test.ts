import { encodeModel, Graph, nn, predict, stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { logisticRegression } from '../../models/architectures/logistic-regression.ts';
import { mlp } from '../../models/architectures/mlp.ts';
import { argmax } from '../../stats/argmax.ts';
import { posterior } from '../../stats/log-posterior.ts';
import type { AttackContext } from '../attack-context.ts';
import { posteriorMatching } from './posterior-matching/posterior-matching.ts';
import { STUDENT_LOSSES, type StudentRecipe } from './stealing-attack.ts';
import { type StudentOptions, trainStudent } from './train-student.ts';

const normals = (purpose: string, length: number) =>
  stream(3, 'student-test', purpose).normal(new Float32Array(length));

/** A table of records as `inputs` of a student reads it. */
const rowsOf = (x: Float32Array, width: number) => (positions: ArrayLike<number>) => {
  const rows = new Float32Array(positions.length * width);
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i] as number;
    rows.set(x.subarray(position * width, (position + 1) * width), i * width);
  }
  return rows;
};

const posteriorsOf = (logits: ArrayLike<number>, classes: number): Float32Array => {
  const all = Float32Array.from(logits);
  return Float32Array.from(
    Array.from({ length: all.length / classes }, (_, i) =>
      Array.from(posterior(all.subarray(i * classes, (i + 1) * classes))),
    ).flat(),
  );
};

const recipe: StudentRecipe = {
  ...{ loss: 'mse', epochs: 3, batchSize: 5 },
  ...{ learningRate: 0.1, momentum: 0.9, weightDecay: 0 },
};
const context = {
  ...{ seed: 1, threads: 1, device: 'cpu', signal: new AbortController().signal },
  progress: () => {},
} as const satisfies AttackContext;

/** Gives its input as logits, whatever it is. */
const identity = (classes: number): Graph => {
  const graph = new Graph('identity');
  const x = graph.input('x', 'float32', ['N', classes]);
  const logits = nn.dense(x, { name: 'fc', seed: 0, units: classes });
  graph.output('logits', logits);
  const eye = Float32Array.from({ length: classes ** 2 }, (_, i) => (i % (classes + 1) === 0 ? 1 : 0));
  graph.setInitializer('fc.weight', { dtype: 'float32', dims: [classes, classes], data: eye });
  graph.setInitializer('fc.bias', { dtype: 'float32', dims: [classes], data: new Float32Array(classes) });
  return graph;
};

const onIdentity = async (logits: readonly number[], beliefs: readonly number[], loss: 'mse' | 'kl') => {
  const classes = 3;
  const size = logits.length / classes;
  const model = identity(classes);
  const student = await trainStudent({
    ...context,
    ...{ model, recordShape: [classes], size, beliefs: Float32Array.from(beliefs) },
    inputs: rowsOf(Float32Array.from(logits), classes),
    recipe: { ...recipe, loss, epochs: 1, batchSize: size },
  });
  const weights = (graph: Graph) => [...(graph.initializers.get('fc.weight')!.data as Float32Array)];
  const moved = weights(student.model).map((value, i) => Math.abs(value - (weights(model)[i] as number)));
  return { loss: student.losses[0] as number, moved: Math.max(...moved) };
};

describe('what a student is held to', () => {
  const matched = [0.7, 0.2, 0.1, 1 / 3, 1 / 3, 1 / 3];

  it.each(STUDENT_LOSSES)('is its softmax: where that is right, %s is 0 and nothing moves', async (loss) => {
    // Any constant may be added to logits: only a softmax does not see it.
    const logits = matched.map((p, i) => Math.log(p) + (i < 3 ? 5 : -2));
    const found = await onIdentity(logits, matched, loss);
    expect(Math.abs(found.loss)).toBeLessThan(1e-6);
    expect(found.moved).toBeLessThan(1e-5);
  });

  it('is the squared distance over classes, mean over the batch', async () => {
    // Softmax (1/3, 1/3, 1/3) against (1, 0, 0): 4/9 + 1/9 + 1/9; against (0, 1/2, 1/2): 1/9 + 1/36 + 1/36.
    const { loss, moved } = await onIdentity([0, 0, 0, 1, 1, 1], [1, 0, 0, 0, 0.5, 0.5], 'mse');
    expect(loss).toBeCloseTo((6 / 9 + 6 / 36) / 2, 6);
    expect(moved).toBeGreaterThan(1e-3);
  });

  it('is the divergence of its posterior from the target’s, where a belief of 0 counts nothing', async () => {
    // ln 3, and ln (1/2) − ln (1/3).
    const { loss, moved } = await onIdentity([0, 0, 0, 1, 1, 1], [1, 0, 0, 0, 0.5, 0.5], 'kl');
    expect(loss).toBeCloseTo((Math.log(3) + Math.log(1.5)) / 2, 6);
    expect(moved).toBeGreaterThan(1e-3);
  });
});

describe('a linear target', () => {
  const [width, classes, size, fresh] = [12, 4, 6000, 5000];
  const weights = normals('weights', width * classes);
  const bias = normals('bias', classes);
  /** Of standard deviation 1.7 or so. */
  const logits = (x: Float32Array): Float32Array =>
    Float32Array.from({ length: (x.length / width) * classes }, (_, i) => {
      const [row, c] = [Math.floor(i / classes), i % classes];
      let sum = bias[c] as number;
      for (let d = 0; d < width; d++)
        sum += (x[row * width + d] as number) * (weights[d * classes + c] as number);
      return sum / 2;
    });
  const answers = async (model: Graph, x: Float32Array) => {
    const inputs = rowsOf(x, width);
    const { data } = await predict(model, {
      size: fresh,
      batch: (indices) => ({
        inputs: { x: { dtype: 'float32', dims: [indices.length, width], data: inputs(indices) } },
        target: { dtype: 'int64', dims: [indices.length], data: new BigInt64Array(indices.length) },
      }),
    });
    return data as Float32Array;
  };
  const agreement = (one: Float32Array, other: Float32Array): number => {
    let same = 0;
    for (let i = 0; i < fresh; i++) {
      const [a, b] = [one, other].map((all) => argmax(all.subarray(i * classes, (i + 1) * classes)));
      if (a === b) same += 1;
    }
    return same / fresh;
  };

  it.each(STUDENT_LOSSES)(
    'is stolen from 6,000 answers by the recipe of the attack, with %s',
    async (loss) => {
      const { method } = posteriorMatching.configure({ loss });
      if (method.kind !== 'pool') throw new Error('the attack has no student');
      expect(method.student.loss).toBe(loss);
      const x = normals('records', size * width);
      const untrained = logisticRegression.build({ recordShape: [width], classes, seed: 1 });
      const { model, parameters, losses } = await trainStudent({
        ...context,
        ...{ model: untrained, recordShape: [width], size, inputs: rowsOf(x, width) },
        beliefs: posteriorsOf(logits(x), classes),
        recipe: method.student,
      });
      expect(parameters).toBe((width + 1) * classes);
      expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 1000);
      const unseen = normals('unseen', fresh * width);
      const truth = logits(unseen);
      expect(agreement(await answers(model, unseen), truth)).toBeGreaterThanOrEqual(0.995);
      expect(agreement(await answers(untrained, unseen), truth)).toBeLessThan(0.6);
    },
  );
});

describe('trainStudent', () => {
  const [width, classes, size] = [6, 3, 23];
  const x = normals('small', size * width);
  const beliefs = posteriorsOf(normals('small-logits', size * classes), classes);
  const stepsInAll = 3 * Math.ceil(size / 5);

  const train = async (changes: Partial<StudentOptions> = {}) => {
    const told: (readonly [number, Readonly<Record<string, number>> | undefined])[] = [];
    const student = await trainStudent({
      ...{ ...context, recordShape: [width], size, inputs: rowsOf(x, width), beliefs, recipe },
      model: mlp.build({ recordShape: [width], classes, seed: 1 }),
      progress: (fraction, figures) => told.push([fraction, figures]),
      ...changes,
    });
    return { ...student, told, bytes: Buffer.from(encodeModel(student.model)) };
  };

  it('gives the same bits again, and others for another seed, loss, recipe or other beliefs', async () => {
    const base = await train();
    expect(base.steps).toBe(stepsInAll);
    expect(base.losses).toHaveLength(3);
    expect((await train()).bytes.equals(base.bytes)).toBe(true);
    const recipes: readonly Partial<StudentRecipe>[] = [
      ...[{ loss: 'kl' as const }, { epochs: 2 }, { batchSize: 6 }],
      ...[{ learningRate: 0.05 }, { momentum: 0.8 }, { weightDecay: 0.01 }],
    ];
    const changes: readonly Partial<StudentOptions>[] = [
      { seed: 2 },
      { beliefs: beliefs.toReversed() },
      ...recipes.map((change) => ({ recipe: { ...recipe, ...change } })),
    ];
    for (const change of changes) expect((await train(change)).bytes.equals(base.bytes)).toBe(false);
  });

  it('takes the inputs of a batch at a time, each answer once an epoch', async () => {
    const taken = new Uint32Array(size);
    const lengths: number[] = [];
    await train({
      inputs: (positions) => {
        for (const position of Array.from(positions)) taken[position]! += 1;
        lengths.push(positions.length);
        return rowsOf(x, width)(positions);
      },
    });
    expect([...taken]).toEqual(Array(size).fill(3));
    expect(lengths).toEqual([5, 5, 5, 5, 3, 5, 5, 5, 5, 3, 5, 5, 5, 5, 3]);
  });

  it('gives every input its own beliefs', async () => {
    // A whole batch a step: its mean does not depend on the order, but on which belief goes with which input.
    const whole = { ...recipe, epochs: 1, batchSize: size };
    const first = (await train({ recipe: whole })).losses[0] as number;
    const order = stream(0, 'order').permutation(size);
    const moved = (all: Float32Array, of: number) => rowsOf(all, of)(order);
    const both = { inputs: rowsOf(moved(x, width), width), beliefs: moved(beliefs, classes) };
    expect((await train({ recipe: whole, ...both })).losses[0]).toBeCloseTo(first, 6);
    const apart = (await train({ recipe: whole, inputs: both.inputs })).losses[0] as number;
    expect(Math.abs(apart - first)).toBeGreaterThan(1e-4);
  });

  it('tells its progress with epoch and loss', async () => {
    const { told, losses } = await train();
    expect(told).toEqual([
      [5 / 15, { epoch: 1, loss: losses[0] }],
      [10 / 15, { epoch: 2, loss: losses[0] }],
      [10 / 15, { epoch: 2, loss: losses[1] }],
      [1, { epoch: 3, loss: losses[2] }],
    ]);
  });

  it('goes on from where it was stopped, to the same bits', async () => {
    const whole = await train();
    for (const stop of [1, 5, 7]) {
      let kept: Uint8Array | undefined;
      const checkpoint = {
        load: async () => kept,
        save: async (bytes: Uint8Array) => {
          kept = bytes;
        },
        seconds: 3600,
      };
      const abort = new AbortController();
      let batches = 0;
      // With a checkpoint the first inputs are read once more, to know the training by.
      const inputs = (positions: ArrayLike<number>) => {
        if (positions.length <= 5 && ++batches === stop) abort.abort();
        return rowsOf(x, width)(positions);
      };
      await expect(train({ checkpoint, inputs, signal: abort.signal })).rejects.toMatchObject({
        code: 'OG_ABORTED',
      });
      const resumed = await train({ checkpoint });
      expect(resumed.told[0]).toEqual([stop / stepsInAll, undefined]);
      expect(resumed.bytes.equals(whole.bytes)).toBe(true);
      expect(resumed.losses).toEqual(whole.losses);
      // One of other beliefs is of no use.
      const other = await train({ checkpoint, beliefs: beliefs.toReversed() });
      expect(other.told[0]).toEqual([5 / 15, expect.anything()]);
    }
  });

  it('does nothing once it is stopped', async () => {
    await expect(train({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'OG_ABORTED' });
  });
});
