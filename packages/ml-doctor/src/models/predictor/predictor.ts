/** Small models that guess an attribute from rows of numbers: what attacks and their baselines alike learn with. */
import type { Device } from 'onnx-grad';
import type { Guesses } from '../../data/guesses.ts';

/** `size × width`, row-major. */
export interface Rows {
  readonly values: Float32Array;
  readonly size: number;
  readonly width: number;
}

/** What is known: rows, and the attribute of each. */
export interface Examples {
  readonly rows: Rows;
  /** Category indices when `categories` is given, numbers otherwise. */
  readonly truth: Int32Array | Float32Array;
  /** How many categories there are; left out for a continuous attribute. */
  readonly categories?: number;
}

export interface PredictorContext {
  readonly seed: number | string;
  readonly threads: number;
  readonly device: Device;
  readonly signal: AbortSignal;
  /** Share of the work done, 0 to 1. */
  readonly progress: (fraction: number, figures?: Readonly<Record<string, number>>) => void;
}

export interface Predictor {
  /** Rows of the width it was trained on. */
  readonly predict: (rows: Rows) => Promise<Guesses>;
}
