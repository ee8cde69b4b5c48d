/** One run of Shokri's Algorithm 1: a random record climbs until the target is sure that it is of a class. */
import { type RandomStream, stream } from 'onnx-grad';
import type { ValuesInMemory } from '../../../../data/values.ts';
import { argmax } from '../../../../stats/argmax.ts';
import { posterior } from '../../../../stats/log-posterior.ts';
import { draw, type Feature, flip } from './features.ts';

/** Settings for one data set: 1 ≤ kMin ≤ kMax ≤ features. */
export interface ClimbSettings {
  readonly kMax: number;
  readonly kMin: number;
  readonly minConfidence: number;
  readonly maxRejections: number;
  readonly maxIterations: number;
}

export interface AttemptOptions {
  readonly features: readonly Feature[];
  readonly settings: ClimbSettings;
  /** The class that the record is to be of. */
  readonly label: number;
  /** Two records of zeros to work in. */
  readonly space: readonly [ValuesInMemory, ValuesInMemory];
  readonly seed: number;
  /** Address of its random numbers: which record is made, and how often that was tried before. */
  readonly slot: number;
  readonly trial: number;
}

/** Ask the target about `propose()`, give its answer to `judge`, and again while the climb is open. */
export class Attempt {
  readonly #options: AttemptOptions;
  readonly #draws: RandomStream;
  /** The surest record so far, x* in the paper, and its posterior of the class. */
  readonly #best: ValuesInMemory;
  #confidence = 0;
  readonly #tried: ValuesInMemory;
  #iteration = 0;
  #rejections = 0;
  #k: number;

  constructor(options: AttemptOptions) {
    this.#options = options;
    [this.#best, this.#tried] = options.space;
    this.#draws = stream(options.seed, 'synthesis', 'model', options.slot, options.trial);
    this.#k = options.settings.kMax;
  }

  /** A random record at first; then x* with k different features drawn anew, of which bits are flipped. */
  propose(): ValuesInMemory {
    const { features, seed, slot, trial } = this.#options;
    if (this.#iteration === 0) {
      const values = this.#draws.uniform(new Float64Array(features.length));
      for (const [i, feature] of features.entries()) draw(feature, values[i] as number, this.#tried);
      return this.#tried;
    }
    this.#tried.set(this.#best);
    const step = stream(seed, 'synthesis', 'model', slot, trial, this.#iteration);
    const values = step.uniform(new Float64Array(this.#k));
    step.sample(features.length, this.#k).forEach((chosen, j) => {
      const feature = features[chosen] as Feature;
      if (feature.kind === 'bit') flip(feature, this.#tried);
      else draw(feature, values[j] as number, this.#tried);
    });
    return this.#tried;
  }

  /** Takes the target's logits for the record proposed. `found`: that record is the result. */
  judge(logits: Float32Array): 'found' | 'failed' | 'open' {
    const { features, label } = this.#options;
    const { minConfidence, maxRejections, kMin, maxIterations } = this.#options.settings;
    const iteration = this.#iteration++;
    const confidence = posterior(logits)[label] as number;
    if (confidence >= this.#confidence) {
      if (confidence > minConfidence && argmax(logits) === label) {
        // Elements past those that the first record took.
        const luck = this.#draws.uniform(new Float64Array(1), features.length + iteration)[0] as number;
        if (luck < confidence) return 'found';
      }
      this.#best.set(this.#tried);
      this.#confidence = confidence;
      this.#rejections = 0;
    } else if (++this.#rejections > maxRejections) {
      this.#k = Math.max(kMin, Math.ceil(this.#k / 2));
      this.#rejections = 0;
    }
    return this.#iteration < maxIterations ? 'open' : 'failed';
  }
}
