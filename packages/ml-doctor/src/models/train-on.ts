/** A training that goes on from where it was stopped, whatever it learns. */
import { type Device, type FitOptions, type FitResult, fit, type Graph, OnnxGradError } from 'onnx-grad';

/** The state of a training that is not over. */
export interface TrainingCheckpoint {
  /** What was saved last; undefined when there is nothing. */
  load(): Promise<Uint8Array | undefined>;
  save(bytes: Uint8Array): Promise<void>;
  /** Of training between two checkpoints. */
  readonly seconds: number;
  /** Whether the state at the end is saved, too, for a training of more epochs to go on from; not unless said. */
  readonly atEnd?: boolean;
}

type Fitted = Pick<
  FitOptions,
  'model' | 'loss' | 'optimizer' | 'schedule' | 'data' | 'epochs' | 'batchSize' | 'seed'
>;

export interface TrainOnOptions
  extends Fitted,
    Pick<FitOptions, 'validation' | 'earlyStopping' | 'privacy'>,
    Required<Pick<FitOptions, 'signal' | 'onEvent'>> {
  readonly threads: number;
  readonly device: Device;
  readonly checkpoint?: TrainingCheckpoint;
}

/**
 * A model trained by minibatch descent. It goes on from the checkpoint, to the bits of a training that was never
 * interrupted, also where it is that of a training of other epochs, so far as the two are alike; one that belongs to another training is no help, and is ignored.
 * @throws what `fit` of onnx-grad throws
 */
export const trainOn = async (options: TrainOnOptions): Promise<FitResult> => {
  const saved = await options.checkpoint?.load();
  if (saved === undefined) return train(options);
  try {
    return await train(options, saved);
  } catch (error) {
    // Thrown before the first step.
    if (!(error instanceof OnnxGradError) || error.code !== 'OG_CHECKPOINT') throw error;
    return train(options);
  }
};

/** Numbers in the parameters of a model that are trained. */
export const trainableNumbers = (model: Graph): number =>
  [...model.parameters].reduce((sum, name) => sum + (model.initializers.get(name)?.data.length ?? 0), 0);

const train = (options: TrainOnOptions, resume?: Uint8Array): Promise<FitResult> => {
  const { model, loss, optimizer, schedule, data, epochs, batchSize, seed } = options;
  const { threads, device, signal, onEvent, checkpoint, validation, earlyStopping, privacy } = options;
  return fit({
    ...{ model, loss, optimizer, data, epochs, batchSize, seed, signal, onEvent },
    ...(schedule && { schedule }),
    ...(validation && { validation }),
    ...(earlyStopping && { earlyStopping }),
    ...(privacy && { privacy }),
    session: { threads, device },
    ...(checkpoint && { checkpoint: timed(checkpoint, signal) }),
    ...(resume && { resume }),
  });
};

/** Saves when the time has come, and once more when the training is stopped, so that nothing of it is lost. */
const timed = ({ save, seconds, atEnd = false }: TrainingCheckpoint, signal: AbortSignal) => {
  let last = performance.now();
  return {
    atEnd,
    due: () => signal.aborted || performance.now() - last >= 1000 * seconds,
    save: async (bytes: Uint8Array) => {
      await save(bytes);
      last = performance.now();
    },
  };
};
