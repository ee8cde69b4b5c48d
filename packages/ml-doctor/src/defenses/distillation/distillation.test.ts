import { Graph, ops, stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import {
  learnerOptions,
  logitsOf,
  noise,
  sameFile,
  stoppedAndResumed,
} from '../../audit/selftest/bench/small-learner.ts';
import { trainModel } from '../../models/train-model.ts';
import type { LearnerOptions } from '../defense.ts';
import { freshNetwork } from '../learn-network.ts';
import { distillation, studentSeed } from './distillation.ts';

const WIDTH = 6;
const data = noise([WIDTH], { size: 120 });

/** Linear, and indifferent to the labels of the noise. */
const teacher = (factor = 1): Graph => {
  const graph = new Graph('teacher');
  const x = graph.input('x', 'float32', ['N', WIDTH]);
  const weights = stream(0, 'teacher')
    .normal(new Float32Array(3 * WIDTH))
    .map((w) => factor * w);
  const w = graph.initializer('w', { dtype: 'float32', dims: [WIDTH, 3], data: weights });
  graph.output('logits', ops.MatMul(x, w));
  return graph;
};

const student = (changes: Partial<LearnerOptions>, params: object = {}) =>
  distillation.configure(params).learner!.train(learnerOptions({ data, teacher: teacher(), ...changes }));

const predicted = async (model: Graph) => {
  const { data: logits } = await logitsOf(model, data);
  return Array.from({ length: data.size }, (_, i) => {
    const row = Array.from((logits as Float32Array).subarray(3 * i, 3 * i + 3));
    return row.indexOf(Math.max(...row));
  });
};
const agreement = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).filter((value, i) => value === b[i]).length / a.length;

const thorough = { ...learnerOptions().recipe, epochs: 60 };

describe('distillation', () => {
  it('with α = 1 agrees with the teacher, on records it did not learn from too, and not with the labels', async () => {
    const records = stream(1, 'records').sample(data.size, 80);
    const { model } = await student(
      { records, recipe: thorough, architecture: 'logistic-regression' },
      { alpha: 1, temperature: 3 },
    );
    const [own, taught] = [await predicted(model), await predicted(teacher())];
    expect(agreement(own, taught)).toBeGreaterThan(0.95);
    expect(agreement(own, data.y)).toBeLessThan(0.5);
  });

  it('matches the softened teacher at its own temperature', async () => {
    // A teacher 4 times as sure at T = 4 says what another says at T = 1: so must the students.
    const changes = { recipe: thorough, architecture: 'logistic-regression' };
    const { model } = await student({ ...changes, teacher: teacher(4) }, { alpha: 1, temperature: 4 });
    const { data: found } = await logitsOf(model, data);
    const { data: wanted } = await logitsOf(teacher(4), data);
    for (let i = 0; i < data.size; i++)
      for (const c of [1, 2]) {
        const gap = (of: ArrayLike<number>) => (of[3 * i + c] as number) - (of[3 * i] as number);
        expect(Math.abs(gap(found as Float32Array) - gap(wanted as Float32Array))).toBeLessThan(0.5);
      }
  });

  it('with α = 0 is the plain training of the student’s seed', async () => {
    const { model, losses } = await student({}, { alpha: 0 });
    const plain = await trainModel(learnerOptions({ data, seed: studentSeed(0) }));
    const [a, b] = [await logitsOf(model, data), await logitsOf(plain.model, data)];
    (a.data as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo((b.data as Float32Array)[i] as number, 5);
    });
    losses.forEach((loss, epoch) => {
      expect(loss).toBeCloseTo(plain.losses[epoch] as number, 6);
    });
  });

  it('begins with weights of its own', async () => {
    const still = { ...learnerOptions().recipe, epochs: 1, learningRate: 1e-12 };
    const { model } = await student({ recipe: still });
    const first = (graph: Graph) => Array.from(graph.initializers.get('fc1.weight')?.data as Float32Array);
    const fresh = (seed: number) => first(freshNetwork(learnerOptions({ data, seed })));
    const distance = (seed: number) =>
      Math.max(...fresh(seed).map((value, i) => Math.abs(value - (first(model)[i] as number))));
    expect(distance(studentSeed(0))).toBeLessThan(1e-6);
    expect(distance(0)).toBeGreaterThan(0.1);
    expect(new Set(Array.from({ length: 100 }, (_, seed) => studentSeed(seed))).size).toBe(100);
  });

  it('counts the teacher’s term twice in the form of ML-Doctor', async () => {
    const first = async (params: object) => {
      const recipe = { ...learnerOptions().recipe, epochs: 1, batchSize: data.size, learningRate: 1e-12 };
      return (await student({ recipe }, params)).losses[0] as number;
    };
    const once = await first({ alpha: 1, form: 'hinton' });
    expect(once).toBeGreaterThan(0.1);
    expect((await first({ alpha: 1, form: 'ml-doctor' })) / once).toBeCloseTo(2, 5);
    expect(await first({ alpha: 1 })).toBe(await first({ alpha: 1, form: 'ml-doctor' }));
  });

  it('goes on where it was stopped, to the same bits', async () => {
    const options = learnerOptions({ teacher: teacher(), data });
    const { train } = distillation.configure().learner!;
    const { stopped, resumed, resumedAt } = await stoppedAndResumed(train, options);
    expect(stopped).toMatchObject({ code: 'OG_ABORTED' });
    expect(resumedAt).toBe(10 / 30);
    expect(sameFile(resumed.model, (await train(options)).model)).toBe(true);
  });

  it('wants a teacher, and parameters in their ranges', async () => {
    const { train } = distillation.configure().learner!;
    await expect(train(learnerOptions())).rejects.toThrow('internal');
    for (const wrong of [{ temperature: 0 }, { alpha: 1.1 }, { alpha: -0.1 }, { form: 'other' }])
      expect(() => distillation.configure(wrong)).toThrow(Object.keys(wrong)[0]);
    expect(distillation.configure().params).toEqual({ temperature: 20, alpha: 0.7, form: 'ml-doctor' });
  });
});
