/** The loop of adversarial training: steps, epochs, checkpoints, progress. */
import { epochBatches, OnnxGradError, type Session, type Tensor } from 'onnx-grad';
import { own } from './adversarial-step.ts';
import { feedsOf, type StepSource } from './step-feeds.ts';
import type { StateKeeper, TrainingState } from './training-state.ts';

export interface DescentOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly signal: AbortSignal;
  readonly keeper?: StateKeeper;
  readonly progress: (progress: GeneratorProgress) => void;
}

export interface GeneratorProgress {
  /** Share of the work done, 0 to 1. */
  readonly fraction: number;
  /** `epoch` (from 1) and, after the first, its mean losses `discriminator` and `generator`. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** A sign of progress after so many steps. */
const STEPS_PER_PROGRESS = 10;

/**
 * From a state to that after the last epoch. A last batch that is not full is left out, unless it is the only one.
 * @throws {OnnxGradError} OG_DIVERGED when a loss is no finite number any more, OG_ABORTED when stopped
 */
export const descend = async (
  session: Session,
  source: StepSource,
  start: TrainingState,
  { epochs, batchSize, signal, keeper, progress: report }: DescentOptions,
): Promise<TrainingState> => {
  const size = source.chosen.records.length;
  const batchesOf = (epoch: number) => epochBatches(size, batchSize, source.seed, epoch, size > batchSize);
  const perEpoch = Math.max(1, Math.floor(size / batchSize));
  const total = perEpoch * epochs;
  let { progress, tensors } = start;
  if (progress.step > 0) report({ fraction: progress.step / total });
  let savedAt = performance.now();
  let batches = batchesOf(progress.epoch);
  while (progress.epoch < epochs) {
    if (signal.aborted) throw stopped(progress.step, signal.reason);
    const batch = batches[progress.stepInEpoch] as Uint32Array;
    const results = await session.run({
      ...Object.fromEntries(tensors),
      ...feedsOf(source, batch, progress.step),
    });
    const losses = lossesIn(results, progress.step);
    tensors = new Map([...source.step.state].map(([name, next]) => [name, results[next] as Tensor]));
    const sums = {
      generator: progress.sums.generator + losses.generator,
      discriminator: progress.sums.discriminator + losses.discriminator,
    };
    progress = { ...progress, step: progress.step + 1, stepInEpoch: progress.stepInEpoch + 1, sums };
    const { step, epoch, history } = progress;
    const latest = history.at(-1);
    if (step % STEPS_PER_PROGRESS === 0)
      report({ fraction: step / total, figures: { epoch: epoch + 1, ...latest } });
    if (progress.stepInEpoch === perEpoch) {
      const mean = {
        generator: sums.generator / perEpoch,
        discriminator: sums.discriminator / perEpoch,
      };
      const cleared = { stepInEpoch: 0, sums: { generator: 0, discriminator: 0 } };
      progress = { ...progress, ...cleared, epoch: epoch + 1, history: [...history, mean] };
      batches = batchesOf(progress.epoch);
    }
    // Once more when the training is stopped, so that nothing of it is lost.
    if (keeper && (signal.aborted || performance.now() - savedAt >= 1000 * keeper.seconds)) {
      await keeper.save({ progress, tensors });
      savedAt = performance.now();
    }
  }
  return { progress, tensors };
};

const lossesIn = (results: Record<string, Tensor>, done: number) => {
  const value = (name: string) => Number(results[own(name)]?.data[0]);
  const losses = { generator: value('generatorLoss'), discriminator: value('discriminatorLoss') };
  for (const [name, loss] of Object.entries(losses))
    if (!Number.isFinite(loss))
      throw new OnnxGradError(
        'OG_DIVERGED',
        `the ${name}'s loss became ${loss} in step ${done + 1} of adversarial training`,
        'Lower the learning rate, or check the auxiliary records for values that are not finite.',
      );
  return losses;
};

const stopped = (steps: number, cause: unknown) =>
  new OnnxGradError(
    'OG_ABORTED',
    `the training of a generator was stopped after ${steps} steps`,
    'Run it again; a checkpoint continues where it was saved.',
    { cause },
  );
