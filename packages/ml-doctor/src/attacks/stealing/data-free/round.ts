/** One round of the game: the generator climbs, the student learns from new records, then again from those it has met. */
import { float32, stream } from 'onnx-grad';
import { elements } from '../../../data/dataset.ts';
import { moved, pseudoGradient, unitDirections } from './forward-differences.ts';
import { evenLabels } from './generator-graphs.ts';
import type { Batch, Memory } from './memory.ts';
import type { Networks } from './networks.ts';
import { rateFactor } from './rates.ts';
import { decimalPlaces, recoveredLogits } from './recovered-logits.ts';
import type { DataFreeOptions } from './steal-without-data.ts';
import type { TheftProgress, TheftState } from './theft-state.ts';

export interface Round {
  readonly state: TheftState;
  /** Mean over the student's steps. */
  readonly loss: number;
  /** On the generator's batch; undefined where the budget did not allow it a step. */
  readonly disagreement?: number;
}

export const playRound = async (
  options: DataFreeOptions,
  networks: Networks,
  memory: Memory,
  state: TheftState,
): Promise<Round> => {
  const { oracle, space, recipe, seed, total } = options;
  const { batchSize, directions: count, latent } = recipe;
  const { classes } = oracle;
  const { round } = state.progress;
  const length = elements(space.recordShape);
  let { tensors, progress } = state;
  let [losses, learnt] = [0, 0];

  const left = () => progress.budget - progress.asked;
  const factor = () => rateFactor(progress.askedBefore + progress.asked, total);
  const latents = (purpose: string, index: number, rows: number) =>
    float32([rows, latent], stream(seed, purpose, round, index).normal(new Float32Array(rows * latent)));
  const records = (rows: number, values: Float32Array) => float32([rows, ...space.recordShape], values);
  const seeds = (purpose: string, index: number) => ({
    z: latents(purpose, index, batchSize),
    y: evenLabels(stream(seed, `${purpose} labels`, round, index), batchSize, classes),
  });
  const make = async ({ z, y }: ReturnType<typeof seeds>) =>
    withinBounds(await networks.make(tensors, z, y), options);
  const ask = async (values: Float32Array, rows: number): Promise<Float32Array> => {
    // Counted before it is sent: an answer that is lost was asked for all the same.
    progress = { ...progress, asked: progress.asked + rows };
    const replies = await oracle.ask({ values, rows });
    if (replies.shows !== 'posteriors') throw new Error('internal: a theft without data reads posteriors');
    progress = { ...progress, digits: decimalPlaces(replies.posteriors, progress.digits) };
    return replies.posteriors;
  };
  const logitsOf = (posteriors: Float32Array) => recoveredLogits(posteriors, classes, progress.digits);
  const learn = async ({ inputs, answers, rows }: Batch) => {
    const step = progress.studentSteps + 1;
    const target = float32([rows, classes], logitsOf(answers));
    const stepped = await networks.learn(tensors, records(rows, inputs), target, step, factor());
    ({ tensors } = stepped);
    progress = { ...progress, studentSteps: step };
    losses += stepped.disagreement;
    learnt++;
  };

  const climb = async () => {
    const from = seeds('climb', 0);
    const values = await make(from);
    const directions = unitDirections(stream(seed, 'directions', round), batchSize * count, length);
    const answers = await ask(values, batchSize);
    const probes = await ask(moved(values, directions, recipe.epsilon, space), batchSize * count);
    const here = logitsOf(answers);
    const there = logitsOf(probes);
    const copy = await networks.answer(tensors, records(batchSize, values));
    const slopes = pseudoGradient({ directions, epsilon: recipe.epsilon, here, there, copy, classes });
    const feeds = {
      ...from,
      game: 1,
      target: float32([batchSize, classes], here),
      slopes: float32([batchSize, length], slopes),
    };
    const step = progress.generatorSteps + 1;
    const stepped = await networks.climb(tensors, feeds, step, factor());
    ({ tensors } = stepped);
    memory.add({ inputs: values, answers, rows: batchSize });
    progress = {
      ...progress,
      generatorSteps: step,
      probes: progress.probes + batchSize * count,
      flatProbes: progress.flatProbes + flat(answers, probes, classes),
    };
    return stepped.disagreement;
  };

  /** A step towards records that the student finds to be of every class, which asks the target nothing. */
  const spread = async (index: number) => {
    if (recipe.diversity === 0) return;
    const step = progress.generatorSteps + 1;
    const feeds = {
      ...seeds('spread', index),
      game: 0,
      target: float32([batchSize, classes], new Float32Array(batchSize * classes)),
      slopes: float32([batchSize, length], new Float32Array(batchSize * length)),
    };
    ({ tensors } = await networks.climb(tensors, feeds, step, factor()));
    progress = { ...progress, generatorSteps: step };
  };

  // A step of the generator is worth its queries only where a batch of what it then makes can still be learnt from.
  const disagreement = left() >= batchSize * (2 + count) ? await climb() : undefined;
  for (let i = 0; i < recipe.studentSteps && left() > 0; i++) {
    await spread(i);
    const rows = Math.min(batchSize, left());
    const inputs = await make(seeds('learn', i)).then((values) =>
      // Made as a whole batch, as it is normalised by its own statistics.
      values.slice(0, rows * length),
    );
    const fresh = { inputs, answers: await ask(inputs, rows), rows };
    const known = memory.draw(stream(seed, 'fill', round, i), batchSize - rows);
    memory.add(fresh);
    await learn(joined(fresh, known));
  }
  for (let i = 0; i < recipe.replays; i++)
    await learn(memory.draw(stream(seed, 'replay', round, i), batchSize));
  progress = { ...progress, round: round + 1 };
  return {
    state: { tensors, progress },
    loss: losses / learnt,
    ...(disagreement !== undefined && { disagreement }),
  };
};

/** A last batch that the budget cuts short is filled up with what is known, lest few records weigh as much as many. */
const joined = (a: Batch, b: Batch): Batch => {
  if (b.rows === 0) return a;
  const both = (x: Float32Array, y: Float32Array) => {
    const whole = new Float32Array(x.length + y.length);
    whole.set(x);
    whole.set(y, x.length);
    return whole;
  };
  return { inputs: both(a.inputs, b.inputs), answers: both(a.answers, b.answers), rows: a.rows + b.rows };
};

/** The squashing ends at the bounds but for rounding. */
const withinBounds = (values: Float32Array, { space: { bounds } }: DataFreeOptions): Float32Array => {
  const { low, high } = bounds;
  return values.map((value, i) => {
    const j = i % low.length;
    return Math.min(high[j] as number, Math.max(low[j] as number, value));
  });
};

/** Probes that were answered to the bit as the record that they were moved from. */
const flat = (answers: Float32Array, probes: Float32Array, classes: number): number => {
  const count = probes.length / answers.length;
  let same = 0;
  for (let row = 0; row < probes.length / classes; row++) {
    const at = Math.floor(row / count) * classes;
    let k = 0;
    while (k < classes && answers[at + k] === probes[row * classes + k]) k++;
    if (k === classes) same++;
  }
  return same;
};

export const startingProgress = (budget: number, before?: TheftProgress): TheftProgress => ({
  ...(before ?? {
    round: 0,
    generatorSteps: 0,
    studentSteps: 0,
    digits: 0,
    probes: 0,
    flatProbes: 0,
  }),
  asked: 0,
  askedBefore: before ? before.askedBefore + before.asked : 0,
  budget,
});
