/** Knowledge distillation: a fresh model learns a trained one's softened answers, and is shown in its place. */
import {
  type BatchSource,
  copyGraph,
  type Graph,
  ops,
  predict,
  stream,
  type Tensor,
  type Value,
} from 'onnx-grad';
import { z } from 'zod';
import { batchSource } from '../../models/batch-source.ts';
import { defense, type LearnerOptions } from '../defense.ts';
import { learnNetwork } from '../learn-network.ts';
import { distillationLoss } from './distillation-loss.ts';

const params = z.strictObject({
  temperature: z
    .number()
    .positive()
    .max(1000)
    .default(20)
    .describe('T that logits of teacher and student are divided by, above 0, at most 1000'),
  alpha: z
    .number()
    .min(0)
    .max(1)
    .default(0.7)
    .describe('α: weight of the teacher’s answers; the labels have 1 − α'),
  form: z
    .enum(['ml-doctor', 'hinton'])
    .default('ml-doctor')
    .describe('ml-doctor: the teacher’s term counts twice, 2 α T² KL; hinton: once, α T² KL'),
});

/** ML-Doctor's defence: the student has the teacher's architecture, records and recipe. */
export const distillation = defense({
  name: 'distillation',
  title: 'Knowledge distillation',
  source: 'Hinton et al. 2015; Liu et al., ML-Doctor, USENIX Security 2022',
  params,
  changes: ['training'],
  learner: {
    teacher: true,
    notes: () => [
      'The teacher was trained without the defence on the records that the student learns from; nobody but the student asks it.',
    ],
    train: async (options, { temperature, alpha, form }) =>
      learnNetwork(
        { ...options, seed: studentSeed(options.seed) },
        {
          loss: distillationLoss({ temperature, alpha, form }),
          source: taught(options, await softAnswers(options, temperature)),
        },
      ),
  },
});

/** A student of its teacher's seed would begin as the teacher began, and meet the records in the same order. */
export const studentSeed = (seed: number): number =>
  stream(seed, 'distillation', 'student').uint32(new Uint32Array(1))[0] as number;

/** The teacher's posteriors at temperature T on the training records, `[records, classes]`. */
const softAnswers = (
  { teacher, data, records, threads, device, signal }: LearnerOptions,
  temperature: number,
): Promise<Tensor> => {
  if (!teacher) throw new Error('internal: distillation was given no teacher');
  return predict(softened(teacher, temperature), batchSource(data, records), {
    ...{ threads, device, signal },
    output: 'soft',
  });
};

const softened = (teacher: Graph, temperature: number): Graph => {
  const graph = copyGraph(teacher);
  const logits = graph.outputs.get('logits') as Value;
  graph.output('soft', ops.Softmax(ops.Div(logits, graph.scalar(temperature))));
  return graph;
};

/** The records with what {@link distillationLoss} wants beside each. */
const taught = ({ data, records }: LearnerOptions, { dims, data: answers }: Tensor): BatchSource => {
  const classes = dims[1] as number;
  const plain = batchSource(data, records);
  return {
    size: plain.size,
    batch: (positions) => {
      const { inputs, target: labels } = plain.batch(positions);
      const target = new Float32Array(positions.length * 2 * classes);
      positions.forEach((position, i) => {
        const own = (answers as Float32Array).subarray(position * classes, (position + 1) * classes);
        target.set(own, 2 * i * classes);
        target[(2 * i + 1) * classes + Number(labels.data[i])] = 1;
      });
      return { inputs, target: { dtype: 'float32', dims: [positions.length, 2 * classes], data: target } };
    },
  };
};
