/** What a training run is asked for and what it gives back. */
import { OnnxGradError, requireNotNegative } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { Loss } from '../nn/losses.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import type { Schedule } from '../optim/schedules.ts';
import type { Seed } from '../random/key.ts';
import type { SessionOptions } from '../runtime/session.ts';
import type { BatchSource } from './batches.ts';
import type { EpochRecord } from './checkpoint.ts';

export type FitEvent =
  | {
      readonly type: 'start';
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      /** Steps already done by the run that is resumed; 0 for a new one. */
      readonly resumedAt: number;
    }
  | {
      readonly type: 'step';
      /** Counted from 0. */
      readonly epoch: number;
      /** Steps done in all, this one included. */
      readonly step: number;
      /** Mean over the batch, before the step; 0 for a private step whose sample is empty. */
      readonly loss: number;
    }
  | ({ readonly type: 'epoch' } & EpochRecord)
  | { readonly type: 'checkpoint'; readonly epoch: number; readonly step: number }
  | { readonly type: 'early-stop'; readonly epoch: number; readonly bestEpoch: number };

export interface EarlyStopping {
  /** Epochs without improvement of the validation loss after which training stops; at least 1. */
  readonly patience: number;
  /** How much lower a loss must be to count, from 0; 0 by default. */
  readonly minimumImprovement?: number;
}

/**
 * DP-SGD (Abadi et al. 2016, Algorithm 1). Every step takes each record by its own coin, with probability
 * batchSize / records; clips each record's gradient; adds Gaussian noise to their sum; and divides by `batchSize`, the
 * expected number, never by the number that came. Whoever knows the seed knows the coins and the noise: the guarantee
 * is against those who do not.
 */
export interface FitPrivacy {
  /** C: the largest norm a record's gradient may have, over all parameters together. */
  readonly clipNorm: number;
  /** σ: the noise on the sum has deviation σ C. */
  readonly noiseMultiplier: number;
  /**
   * Records that pass through the graph at once: a larger sample is summed up in parts. When left out batchSize +
   * 4 √batchSize, which hardly a sample exceeds.
   */
  readonly microBatch?: number;
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
  /**
   * Private training; off unless given. Not together with `dropLast`, nor with `validation`: what is decided by records
   * of which no noise hides the influence, such as when to stop, is not private.
   */
  readonly privacy?: FitPrivacy;
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
    /** Asked after every step instead; the moments do not matter to the result. Not together with `everySteps`. */
    readonly due?: () => boolean;
    /** And one when the run is over, whatever is due: a run of more epochs can go on from there. */
    readonly atEnd?: boolean;
    readonly save: (bytes: Uint8Array) => void | Promise<void>;
  };
  /**
   * Bytes of a checkpoint to go on from, with the options and the data it was made with. `epochs` may be another number
   * where the schedule has the same rates by it in the epochs that were begun.
   */
  readonly resume?: Uint8Array;
}

export interface FitResult {
  /** The trained model, as it runs at inference. */
  readonly model: Graph;
  readonly history: readonly EpochRecord[];
  readonly steps: number;
  readonly stoppedEarly: boolean;
  /** What an accountant is to be told; only of a private training. */
  readonly privacy?: {
    /** q: the probability with which a step took a record, by its own coin. */
    readonly sampleRate: number;
    readonly noiseMultiplier: number;
    readonly clipNorm: number;
    readonly steps: number;
  };
}

export const microBatchOf = ({ microBatch }: FitPrivacy, batchSize: number): number =>
  microBatch ?? batchSize + Math.ceil(4 * Math.sqrt(batchSize));

export const stepsPerEpoch = ({ data, batchSize, dropLast }: FitOptions): number =>
  dropLast ? Math.floor(data.size / batchSize) : Math.ceil(data.size / batchSize);

/** @throws OG_BAD_ARGUMENT naming the first option that cannot be meant */
export const checkFitOptions = (options: FitOptions): void => {
  const { epochs, batchSize, data, earlyStopping, validation, checkpoint } = options;
  const whole = (name: string, value: number) => {
    if (!Number.isInteger(value) || value < 1)
      throw bad(`${name} is ${value}`, 'Pass a whole number from 1.');
  };
  whole('epochs', epochs);
  whole('batchSize', batchSize);
  whole('the number of records to train on', data.size);
  if (validation) whole('the number of records to validate on', validation.size);
  if (checkpoint?.everySteps !== undefined) whole('checkpoint.everySteps', checkpoint.everySteps);
  if (earlyStopping) whole('earlyStopping.patience', earlyStopping.patience);
  if (checkpoint?.everySteps !== undefined && checkpoint.due)
    throw bad('checkpoint has both everySteps and due', 'Pass one of them.');
  if (earlyStopping?.minimumImprovement !== undefined)
    requireNotNegative('earlyStopping.minimumImprovement', earlyStopping.minimumImprovement);
  if (options.privacy) checkPrivacy(options, options.privacy);
  if (stepsPerEpoch(options) === 0)
    throw bad(
      `with dropLast no batch is left: ${data.size} records are fewer than the batch size ${batchSize}`,
      'Lower batchSize, or keep the last batch.',
    );
  if (earlyStopping && !validation)
    throw bad('early stopping needs validation data', 'Pass `validation`, or leave `earlyStopping` out.');
};

const checkPrivacy = (
  { batchSize, data, dropLast, validation, earlyStopping }: FitOptions,
  { microBatch }: FitPrivacy,
): void => {
  if (microBatch !== undefined && (!Number.isInteger(microBatch) || microBatch < 1))
    throw bad(`privacy.microBatch is ${microBatch}`, 'Pass a whole number from 1.');
  if (batchSize > data.size)
    throw bad(
      `batchSize is ${batchSize} with ${data.size} records: private training takes each with probability batchSize / records`,
      'Lower batchSize to the number of records or less.',
    );
  if (dropLast)
    throw bad(
      'private training has no last batch to drop: each step takes each record by its own coin',
      'Leave `dropLast` out.',
    );
  if (validation || earlyStopping)
    throw bad(
      'private training with validation data: a loss that is measured on records without noise, or a step at which it tells training to stop, is not covered by the guarantee',
      'Leave `validation` and `earlyStopping` out, and choose the number of epochs beforehand.',
    );
};

const bad = (message: string, hint: string) => new OnnxGradError('OG_BAD_ARGUMENT', message, hint);
