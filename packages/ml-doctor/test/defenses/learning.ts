/** Small trainings for tests of defences: data on which a network overfits, and a run that is stopped and resumed. */
import { type Graph, predict, stream } from 'onnx-grad';
import type { Dataset } from '../../src/data/dataset.ts';
import type { DefendedModel, LearnerOptions } from '../../src/defenses/defense.ts';
import { batchSource } from '../../src/models/batch-source.ts';
import { trainModel } from '../../src/models/train-model.ts';
import { smallData } from '../models/small-data.ts';

export { sameFile } from '../../src/audit/selftest/bench/small-learner.ts';

/**
 * Three classes around three places in ten dimensions, a third of the labels wrong: what can be learnt of them is
 * little, what can be known by heart is all.
 */
export const learnable = (size = 120) => {
  const noise = stream(3, 'rows').normal(new Float32Array(size * 10));
  const truth = stream(3, 'truth').integers(new Uint32Array(size), 3);
  const lie = stream(3, 'lie').bernoulli(new Float32Array(size), 1 / 3);
  const other = stream(3, 'other').integers(new Uint32Array(size), 3);
  const rows = Array.from({ length: size }, (_, i) =>
    Array.from({ length: 10 }, (_, k) => noise[10 * i + k]! + (k === truth[i] ? 2 : 0)),
  );
  const data = smallData(
    rows,
    Array.from(truth, (own, i) => (lie[i] === 0 ? own : other[i]!)),
    { classes: 3 },
  );
  const all = Uint32Array.from({ length: size }, (_, i) => i);
  return { data, members: all.subarray(0, size / 2), strangers: all.subarray(size / 2) };
};

export const learnerOptions = (data: Dataset, records: Uint32Array): LearnerOptions => ({
  ...{ architecture: 'mlp', data, records, seed: 1, threads: 1, device: 'cpu', progress: () => {} },
  signal: new AbortController().signal,
  recipe: {
    ...{ epochs: 60, batchSize: 20, learningRate: 0.1, momentum: 0.9, weightDecay: 0 },
    milestones: [],
  },
});

export const plainly = (options: LearnerOptions) => trainModel(options);

/** −log softmax(logits)[label], in double precision. */
export const lossesOf = async (model: Graph, data: Dataset, records: Uint32Array): Promise<number[]> => {
  const logits = await predict(model, batchSource(data, records));
  const classes = logits.dims[1] as number;
  return Array.from(records, (record, i) => {
    const row = Array.from((logits.data as Float32Array).subarray(i * classes, (i + 1) * classes));
    const most = Math.max(...row);
    const sum = row.reduce((total, logit) => total + Math.exp(logit - most), 0);
    return most + Math.log(sum) - row[data.y[record] as number]!;
  });
};

export const meanLossOf = async (model: Graph, data: Dataset, records: Uint32Array): Promise<number> =>
  (await lossesOf(model, data, records)).reduce((a, b) => a + b) / records.length;

/**
 * What comes of a training that is stopped when .3 of the work is done and run again from what was saved. Fails when it
 * was never stopped, or began anew.
 */
export const resumed = async (
  train: (changes: Pick<LearnerOptions, 'checkpoint' | 'progress' | 'signal'>) => Promise<DefendedModel>,
): Promise<DefendedModel> => {
  let bytes: Uint8Array | undefined;
  const checkpoint = {
    seconds: 0,
    load: async () => bytes,
    save: async (saved: Uint8Array) => {
      bytes = saved;
    },
  };
  const stop = new AbortController();
  const stopped = await train({
    checkpoint,
    signal: stop.signal,
    progress: ({ fraction }) => {
      if (fraction > 0.3) stop.abort();
    },
  }).then(
    () => false,
    (error: { code?: string }) => /^(OG|MLD)_ABORTED$/.test(error.code ?? ''),
  );
  if (!stopped || !bytes) throw new Error('the training was not stopped');
  let first: number | undefined;
  const model = await train({
    checkpoint,
    signal: new AbortController().signal,
    progress: ({ fraction }) => {
      first ??= fraction;
    },
  });
  if (first === undefined || first < 0.2) throw new Error('the training began anew');
  return model;
};
