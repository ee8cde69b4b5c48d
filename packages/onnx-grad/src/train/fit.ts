/** Training: epochs of steps, with events, cancellation, checkpoints that resume to the same bits. */
import { createHash } from 'node:crypto';
import { OnnxGradError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { copyGraph } from '../graph/rewrites/copy.ts';
import { elementCount, scalar, type Tensor } from '../graph/tensor.ts';
import type { Loss } from '../nn/losses.ts';
import { encodeModel } from '../onnx/encode.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { constantRate, type Schedule } from '../optim/schedules.ts';
import type { Seed } from '../random/key.ts';
import { stream } from '../random/stream.ts';
import { createSession, type Session, type SessionOptions } from '../runtime/session.ts';
import { type BatchSource, epochBatches, sequentialBatches } from './batches.ts';
import {
  type Checkpoint,
  decodeCheckpoint,
  type EpochRecord,
  encodeCheckpoint,
  type Progress,
} from './checkpoint.ts';
import { lossGraph } from './loss-graph.ts';
import { buildTrainingStep, scalarInput, type TrainingStep } from './training-step.ts';

export type FitEvent =
  | {
      readonly type: 'start';
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      readonly resumedAt: number;
    }
  | { readonly type: 'step'; readonly epoch: number; readonly step: number; readonly loss: number }
  | ({ readonly type: 'epoch' } & EpochRecord)
  | { readonly type: 'checkpoint'; readonly epoch: number; readonly step: number }
  | { readonly type: 'early-stop'; readonly epoch: number; readonly bestEpoch: number };

export interface EarlyStopping {
  /** Epochs without improvement of the validation loss after which training stops. */
  readonly patience: number;
  /** How much lower a loss must be to count; 0 by default. */
  readonly minimumImprovement?: number;
}

export interface FitOptions {
  readonly model: Graph;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly schedule?: Schedule;
  readonly data: BatchSource;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: Seed;
  /** Leave out an epoch's last batch when it is shorter. */
  readonly dropLast?: boolean;
  readonly output?: string;
  /** Its loss is measured after each epoch. */
  readonly validation?: BatchSource;
  /** Off unless given; needs `validation`. The model of the best epoch is returned. */
  readonly earlyStopping?: EarlyStopping;
  readonly session?: SessionOptions;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: FitEvent) => void;
  readonly checkpoint?: {
    /** A checkpoint after every so many steps, and at the end of every epoch when left out. */
    readonly everySteps?: number;
    readonly save: (bytes: Uint8Array) => void | Promise<void>;
  };
  /** Bytes of a checkpoint to go on from. */
  readonly resume?: Uint8Array;
}

export interface FitResult {
  /** The trained model, as it runs at inference. */
  readonly model: Graph;
  readonly history: readonly EpochRecord[];
  readonly steps: number;
  readonly stoppedEarly: boolean;
}

/**
 * Train a model by minibatch descent on the batch mean of the loss.
 * @throws OG_NOT_TRAINABLE, OG_DIVERGED when the loss stops being a number, OG_ABORTED, OG_CHECKPOINT when `resume`
 *   belongs to another run
 */
export const fit = async (options: FitOptions): Promise<FitResult> => {
  check(options);
  const step = buildTrainingStep(options.model, options);
  const session = await createSession(step.graph, options.session);
  try {
    return await new Run(options, step, session).train();
  } finally {
    await session.dispose();
  }
};

const check = ({ epochs, batchSize, data, earlyStopping, validation }: FitOptions): void => {
  const wrong =
    !Number.isInteger(epochs) || epochs < 1 ? `epochs is ${epochs}` : batchSizeFault(batchSize, data.size);
  if (wrong)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      wrong,
      'Epochs, batch size and records are whole numbers from 1.',
    );
  if (earlyStopping && !validation)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      'early stopping needs validation data',
      'Pass `validation`, or leave `earlyStopping` out.',
    );
};

const batchSizeFault = (batchSize: number, records: number): string | undefined =>
  !Number.isInteger(batchSize) || batchSize < 1
    ? `batchSize is ${batchSize}`
    : records < 1
      ? `there are ${records} records to train on`
      : undefined;

const startingProgress: Progress = {
  epoch: 0,
  step: 0,
  stepInEpoch: 0,
  lossSum: 0,
  recordsSeen: 0,
  history: [],
  best: null,
};

class Run {
  readonly #options: FitOptions;
  readonly #step: TrainingStep;
  readonly #session: Session;
  readonly #fingerprint: string;
  #state: Map<string, Tensor>;
  #progress: Progress = startingProgress;
  #bestState: Map<string, Tensor> | undefined;

  constructor(options: FitOptions, step: TrainingStep, session: Session) {
    this.#options = options;
    this.#step = step;
    this.#session = session;
    this.#state = step.initialState();
    this.#fingerprint = fingerprint(options, step);
  }

  async train(): Promise<FitResult> {
    const { options, batchesPerEpoch } = { options: this.#options, batchesPerEpoch: this.#batchesPerEpoch() };
    if (options.resume) this.#restore(decodeCheckpoint(options.resume));
    options.onEvent?.({
      type: 'start',
      epochs: options.epochs,
      stepsPerEpoch: batchesPerEpoch,
      resumedAt: this.#progress.step,
    });
    let stoppedEarly = this.#patienceOver();
    while (this.#progress.epoch < options.epochs && !stoppedEarly) {
      await this.#epoch();
      stoppedEarly = this.#patienceOver();
    }
    if (stoppedEarly)
      options.onEvent?.({
        type: 'early-stop',
        epoch: this.#progress.epoch,
        bestEpoch: this.#progress.best?.epoch ?? 0,
      });
    return {
      model: this.#trained(),
      history: this.#progress.history,
      steps: this.#progress.step,
      stoppedEarly,
    };
  }

  #batchesPerEpoch(): number {
    const { data, batchSize, dropLast } = this.#options;
    return dropLast ? Math.floor(data.size / batchSize) : Math.ceil(data.size / batchSize);
  }

  async #epoch(): Promise<void> {
    const { data, batchSize, seed, dropLast, onEvent, checkpoint, epochs } = this.#options;
    const { epoch } = this.#progress;
    const learningRate =
      this.#options.optimizer.learningRate * (this.#options.schedule ?? constantRate()).factor(epoch, epochs);
    const batches = epochBatches(data.size, batchSize, seed, epoch, dropLast);
    for (let i = this.#progress.stepInEpoch; i < batches.length; i++) {
      this.#throwIfAborted();
      const indices = batches[i] as Uint32Array;
      const loss = await this.#oneStep(indices, learningRate);
      this.#progress = {
        ...this.#progress,
        step: this.#progress.step + 1,
        stepInEpoch: i + 1,
        lossSum: this.#progress.lossSum + loss * indices.length,
        recordsSeen: this.#progress.recordsSeen + indices.length,
      };
      onEvent?.({ type: 'step', epoch, step: this.#progress.step, loss });
      const every = checkpoint?.everySteps;
      if (every && this.#progress.step % every === 0 && i + 1 < batches.length) await this.#save();
    }
    await this.#closeEpoch(learningRate);
    if (checkpoint) await this.#save();
  }

  async #closeEpoch(learningRate: number): Promise<void> {
    const { validation, earlyStopping, onEvent } = this.#options;
    const { epoch, lossSum, recordsSeen, history, best } = this.#progress;
    const validationLoss = validation && (await this.#lossOn(validation));
    const record: EpochRecord = {
      epoch,
      loss: recordsSeen > 0 ? lossSum / recordsSeen : Number.NaN,
      learningRate,
      ...(validationLoss !== undefined && { validationLoss }),
    };
    let newBest = best;
    if (earlyStopping && validationLoss !== undefined) {
      if (!best || validationLoss < best.loss - (earlyStopping.minimumImprovement ?? 0)) {
        newBest = { loss: validationLoss, epoch };
        this.#bestState = this.#state;
      }
    }
    this.#progress = {
      ...this.#progress,
      epoch: epoch + 1,
      stepInEpoch: 0,
      lossSum: 0,
      recordsSeen: 0,
      history: [...history, record],
      best: newBest,
    };
    onEvent?.({ type: 'epoch', ...record });
  }

  async #oneStep(indices: Uint32Array, learningRate: number): Promise<number> {
    const { data, optimizer, seed } = this.#options;
    const step = this.#progress.step;
    const { inputs, target } = data.batch(indices);
    const count = indices.length;
    const feeds: Record<string, Tensor> = { ...Object.fromEntries(this.#state), ...inputs };
    feeds[this.#step.target] = target;
    feeds[this.#step.weights] = {
      dtype: 'float32',
      dims: [count],
      data: new Float32Array(count).fill(1 / count),
    };
    for (const [name, value] of Object.entries(optimizer.scalarsAt(step + 1, learningRate)))
      feeds[scalarInput(name)] = scalar(value);
    this.#step.masks.forEach(({ input, keep, shape }, layer) => {
      const dims = [count, ...((shape ?? []).slice(1) as number[])];
      const mask = stream(seed, 'dropout', layer, step).bernoulli(
        new Float32Array(elementCount(dims)),
        keep,
        1 / keep,
      );
      feeds[input] = { dtype: 'float32', dims, data: mask };
    });
    const results = await this.#session.run(feeds);
    const loss = Number((results[this.#step.lossOutput] as Tensor).data[0]);
    if (!Number.isFinite(loss))
      throw new OnnxGradError(
        'OG_DIVERGED',
        `the loss became ${loss} in epoch ${this.#progress.epoch + 1}, step ${step + 1}`,
        'Lower the learning rate, or check the input for values that are not finite.',
      );
    this.#state = new Map([...this.#step.state].map(([name, next]) => [name, results[next] as Tensor]));
    return loss;
  }

  async #lossOn(data: BatchSource): Promise<number> {
    const { loss, output, session: options } = this.#options;
    const { graph, target, losses } = lossGraph(this.#trained(this.#state), loss, output);
    const session = await createSession(graph, options);
    try {
      let sum = 0;
      for (const indices of sequentialBatches(data.size, 256)) {
        const batch = data.batch(indices);
        const result = await session.run({ ...batch.inputs, [target]: batch.target }, [losses]);
        for (const value of (result[losses] as Tensor).data as Float32Array) sum += value;
      }
      return sum / data.size;
    } finally {
      await session.dispose();
    }
  }

  #patienceOver(): boolean {
    const { earlyStopping } = this.#options;
    const { best, epoch } = this.#progress;
    return !!earlyStopping && best !== null && epoch - 1 - best.epoch >= earlyStopping.patience;
  }

  /** The model with the best or latest state in it. */
  #trained(state: ReadonlyMap<string, Tensor> = this.#bestState ?? this.#state): Graph {
    const model = copyGraph(this.#options.model);
    for (const name of model.initializers.keys()) {
      const tensor = state.get(name);
      if (tensor) model.setInitializer(name, tensor);
    }
    return model;
  }

  async #save(): Promise<void> {
    const state = new Map(this.#state);
    for (const [name, tensor] of this.#bestState ?? []) state.set(bestPrefix + name, tensor);
    const bytes = encodeCheckpoint({ progress: this.#progress, state, fingerprint: this.#fingerprint });
    await this.#options.checkpoint?.save(bytes);
    this.#options.onEvent?.({ type: 'checkpoint', epoch: this.#progress.epoch, step: this.#progress.step });
  }

  #restore(saved: Checkpoint): void {
    if (saved.fingerprint !== this.#fingerprint)
      throw new OnnxGradError(
        'OG_CHECKPOINT',
        'the checkpoint belongs to a training with another model, data size, optimiser, seed or batch size',
        'Resume with the options it was made with, or start again without it.',
      );
    this.#progress = saved.progress;
    const best = [...saved.state].filter(([name]) => name.startsWith(bestPrefix));
    this.#state = new Map([...saved.state].filter(([name]) => !name.startsWith(bestPrefix)));
    if (best.length > 0)
      this.#bestState = new Map(best.map(([name, t]) => [name.slice(bestPrefix.length), t]));
  }

  #throwIfAborted(): void {
    if (this.#options.signal?.aborted)
      throw new OnnxGradError(
        'OG_ABORTED',
        `training was stopped after ${this.#progress.step} steps`,
        'Run it again; a checkpoint continues where it was saved.',
        { cause: this.#options.signal.reason },
      );
  }
}

const bestPrefix = 'best::';

/** The training graph holds model, loss and optimiser; the rest is what decides batches and rates. */
const fingerprint = (options: FitOptions, step: TrainingStep): string => {
  const { data, batchSize, seed, dropLast, epochs, optimizer, schedule, model } = options;
  const rates = [0, 1, Math.floor(epochs / 2), epochs - 1].map((e) =>
    (schedule ?? constantRate()).factor(e, epochs),
  );
  const about = {
    records: data.size,
    batchSize,
    seed: String(seed),
    dropLast: dropLast ?? false,
    epochs,
    optimizer: [optimizer.name, optimizer.learningRate, optimizer.scalarsAt(7, 1)],
    schedule: [schedule?.name ?? 'constant', rates],
  };
  return createHash('sha256')
    .update(JSON.stringify(about))
    .update(encodeModel(step.graph))
    .update(encodeModel(model))
    .digest('hex');
};
