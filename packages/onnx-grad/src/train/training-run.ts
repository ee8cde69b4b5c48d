/** One run of `fit`: its state, its progress, and how both are saved and restored. */
import { OnnxGradError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { copyGraph } from '../graph/rewrites/copy.ts';
import type { Tensor } from '../graph/tensor.ts';
import { constantRate } from '../optim/schedules.ts';
import type { Session } from '../runtime/session.ts';
import { epochBatches, readBatch } from './batches.ts';
import {
  type Checkpoint,
  decodeCheckpoint,
  type EpochRecord,
  encodeCheckpoint,
  type Progress,
} from './checkpoint.ts';
import { fingerprint } from './fingerprint.ts';
import { type FitOptions, type FitResult, stepsPerEpoch } from './fit-options.ts';
import { meanLoss } from './loss-graph.ts';
import type { PrivateSteps } from './private-step.ts';
import { stepFeeds } from './step-feeds.ts';
import type { TrainingStep } from './training-step.ts';

interface StepLoss {
  /** Mean over the records of the step; 0 when there are none. */
  readonly loss: number;
  readonly records: number;
}

type State = ReadonlyMap<string, Tensor>;

const startingProgress: Progress = {
  epoch: 0,
  step: 0,
  stepInEpoch: 0,
  lossSum: 0,
  recordsSeen: 0,
  history: [],
  best: null,
};

export class TrainingRun {
  readonly #options: FitOptions;
  readonly #step: TrainingStep;
  readonly #session: Session;
  readonly #private: PrivateSteps | undefined;
  #state: State;
  #progress: Progress = startingProgress;
  #bestState: State | undefined;
  #fingerprint: string | undefined;

  /** @param privateSteps of a private training: they take the place of a plain step */
  constructor(options: FitOptions, step: TrainingStep, session: Session, privateSteps?: PrivateSteps) {
    this.#options = options;
    this.#private = privateSteps;
    this.#step = step;
    this.#session = session;
    this.#state = step.initialState();
  }

  async train(): Promise<FitResult> {
    const { resume, epochs, onEvent } = this.#options;
    if (resume) this.#restore(decodeCheckpoint(resume));
    onEvent?.({
      type: 'start',
      epochs,
      stepsPerEpoch: stepsPerEpoch(this.#options),
      resumedAt: this.#progress.step,
    });
    while (!this.#over()) await this.#epoch();
    const stoppedEarly = this.#patienceOver();
    if (stoppedEarly)
      onEvent?.({
        type: 'early-stop',
        epoch: this.#progress.epoch,
        bestEpoch: this.#progress.best?.epoch ?? 0,
      });
    const state = this.#bestState ?? this.#state;
    this.#requireFinite(state);
    const { privacy, batchSize, data } = this.#options;
    return {
      model: this.#modelWith(state),
      history: this.#progress.history,
      steps: this.#progress.step,
      stoppedEarly,
      ...(privacy && {
        privacy: {
          sampleRate: batchSize / data.size,
          noiseMultiplier: privacy.noiseMultiplier,
          clipNorm: privacy.clipNorm,
          steps: this.#progress.step,
        },
      }),
    };
  }

  async #epoch(): Promise<void> {
    const { data, batchSize, seed, dropLast, onEvent, checkpoint, epochs, optimizer } = this.#options;
    const { epoch } = this.#progress;
    const factor = (this.#options.schedule ?? constantRate()).factor(epoch, epochs);
    const learningRate = optimizer.learningRate * factor;
    const batches = this.#private ? [] : epochBatches(data.size, batchSize, seed, epoch, dropLast);
    const steps = stepsPerEpoch(this.#options);
    const { everySteps, due: asked, atEnd } = checkpoint ?? {};
    const due = () => asked?.() ?? (!!everySteps && this.#progress.step % everySteps === 0);
    for (let i = this.#progress.stepInEpoch; i < steps; i++) {
      this.#throwIfAborted();
      const { loss, records } = this.#private
        ? await this.#privateStep(this.#private, learningRate)
        : await this.#oneStep(batches[i] as Uint32Array, learningRate);
      this.#progress = {
        ...this.#progress,
        step: this.#progress.step + 1,
        stepInEpoch: i + 1,
        lossSum: this.#progress.lossSum + loss * records,
        recordsSeen: this.#progress.recordsSeen + records,
      };
      onEvent?.({ type: 'step', epoch, step: this.#progress.step, loss });
      // After an epoch's last step the checkpoint waits until the epoch is closed.
      if (i + 1 < steps && due()) await this.#save();
    }
    await this.#closeEpoch(learningRate);
    if (!checkpoint) return;
    const always = everySteps === undefined && asked === undefined;
    // `due` is asked in any case, as after every step.
    if (due() || always || (atEnd && this.#over())) await this.#save();
  }

  async #oneStep(indices: Uint32Array, learningRate: number): Promise<StepLoss> {
    const { data, optimizer, seed } = this.#options;
    const { step, epoch } = this.#progress;
    const { inputs, target } = readBatch(data, indices, this.#step.checkTarget, { epoch, step });
    const results = await this.#session.run({
      ...Object.fromEntries(this.#state),
      ...inputs,
      [this.#step.target]: target,
      ...stepFeeds(this.#step, optimizer, { records: indices.length, step, learningRate, seed }),
    });
    const loss = Number((results[this.#step.lossOutput] as Tensor).data[0]);
    this.#take(loss, results);
    return { loss, records: indices.length };
  }

  async #privateStep(steps: PrivateSteps, learningRate: number): Promise<StepLoss> {
    const { step, epoch } = this.#progress;
    const { results, records, lossSum } = await steps.run(this.#state, { epoch, step, learningRate });
    const loss = records > 0 ? lossSum / records : 0;
    this.#take(loss, results);
    return { loss, records };
  }

  #take(loss: number, results: Readonly<Record<string, Tensor>>): void {
    const { step, epoch } = this.#progress;
    if (!Number.isFinite(loss))
      throw diverged(`the loss became ${loss} in epoch ${epoch + 1}, step ${step + 1}`);
    this.#state = new Map([...this.#step.state].map(([name, next]) => [name, results[next] as Tensor]));
  }

  async #closeEpoch(learningRate: number): Promise<void> {
    const { validation, earlyStopping, onEvent, loss, output, session } = this.#options;
    const { epoch, lossSum, recordsSeen, history, best } = this.#progress;
    const validationLoss =
      validation && (await meanLoss(this.#modelWith(this.#state), loss, validation, { ...session, output }));
    const record: EpochRecord = {
      epoch,
      // To an epoch of a private training no record may come.
      loss: recordsSeen > 0 ? lossSum / recordsSeen : 0,
      learningRate,
      ...(validationLoss !== undefined && { validationLoss }),
    };
    let newBest = best;
    if (earlyStopping && validationLoss !== undefined) {
      const toBeat = best ? best.loss - (earlyStopping.minimumImprovement ?? 0) : undefined;
      // NaN is below nothing, and must not be the first to beat either.
      if (toBeat === undefined ? !Number.isNaN(validationLoss) : validationLoss < toBeat) {
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

  #over(): boolean {
    return this.#progress.epoch >= this.#options.epochs || this.#patienceOver();
  }

  #patienceOver(): boolean {
    const { earlyStopping } = this.#options;
    const { best, epoch } = this.#progress;
    return !!earlyStopping && best !== null && epoch - 1 - best.epoch >= earlyStopping.patience;
  }

  #modelWith(state: State): Graph {
    const model = copyGraph(this.#options.model);
    for (const name of model.initializers.keys()) {
      const tensor = state.get(name);
      if (tensor) model.setInitializer(name, tensor);
    }
    return model;
  }

  #requireFinite(state: State): void {
    for (const name of this.#options.model.initializers.keys()) {
      const tensor = state.get(name);
      if (tensor && !(tensor.data as Float32Array).every(Number.isFinite))
        throw diverged(`'${name}' holds values that are not finite after step ${this.#progress.step}`);
    }
  }

  async #save(): Promise<void> {
    const { checkpoint, onEvent } = this.#options;
    const state = new Map(this.#state);
    for (const [name, tensor] of this.#bestState ?? []) state.set(bestPrefix + name, tensor);
    const bytes = encodeCheckpoint({
      progress: { ...this.#progress, epochs: this.#options.epochs },
      state,
      fingerprint: this.#ownFingerprint(),
    });
    await checkpoint?.save(bytes);
    onEvent?.({ type: 'checkpoint', epoch: this.#progress.epoch, step: this.#progress.step });
  }

  #restore(saved: Checkpoint): void {
    const { epochs = this.#options.epochs, ...progress } = saved.progress;
    const own =
      epochs === this.#options.epochs
        ? this.#ownFingerprint()
        : fingerprint(this.#options, this.#step, epochs);
    if (saved.fingerprint !== own)
      throw new OnnxGradError(
        'OG_CHECKPOINT',
        'the checkpoint belongs to a training with another model, data, optimiser, schedule, seed, batch size or stopping rule',
        'Resume with the options and the data it was made with, or start again without it.',
      );
    if (epochs !== this.#options.epochs) this.#requirePrefix(progress, epochs);
    this.#progress = progress;
    const best = [...saved.state].filter(([name]) => name.startsWith(bestPrefix));
    this.#state = new Map([...saved.state].filter(([name]) => !name.startsWith(bestPrefix)));
    if (best.length > 0)
      this.#bestState = new Map(best.map(([name, t]) => [name.slice(bestPrefix.length), t]));
  }

  /**
   * A run of `epochs` that got so far has done what this one would have done by then: batches, masks and the optimiser
   * know the epoch and the step only, so that the rates alone can tell the two apart.
   */
  #requirePrefix({ epoch, stepInEpoch }: Progress, epochs: number): void {
    const own = this.#options.epochs;
    const begun = stepInEpoch > 0 ? epoch + 1 : epoch;
    if (begun > own)
      throw new OnnxGradError(
        'OG_CHECKPOINT',
        `the checkpoint is from epoch ${begun} of a training of ${epochs}, and ${own} are asked for`,
        'Ask for as many epochs or more, or start again without it.',
      );
    const { name, factor } = this.#options.schedule ?? constantRate();
    for (let e = 0; e < begun; e++)
      if (factor(e, epochs) !== factor(e, own))
        throw new OnnxGradError(
          'OG_CHECKPOINT',
          `the checkpoint is from a training of ${epochs} epochs, whose learning rate in epoch ${e + 1} was not that of one of ${own} by the schedule ${name}`,
          `Ask for ${epochs} epochs, or start again without it.`,
        );
  }

  #ownFingerprint(): string {
    this.#fingerprint ??= fingerprint(this.#options, this.#step);
    return this.#fingerprint;
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

const diverged = (message: string) =>
  new OnnxGradError(
    'OG_DIVERGED',
    message,
    'Lower the learning rate, or check the input for values that are not finite.',
  );
