/** Macro-averaged F1 of a classifier on repeats of fixed classes, with a bootstrap interval. */
import { stream } from 'onnx-grad';
import { CONFIDENCE, errorPerSide, type Metric } from './metric.ts';

/** The repeats whose true class is `class`; their shares sum to 1. */
export interface JudgedClass {
  readonly class: number;
  readonly repeats: readonly { readonly predicted: number; readonly share: number }[];
}

const RESAMPLES = 1000;

/**
 * The mean over the classes given of F1 = 2TP/(2TP + FP + FN), each class weighing the same whatever its repeats; 0 for
 * a class never predicted rightly. Predictions of classes that are not among those given count as misses.
 *
 * The interval is the percentile bootstrap over repeats within each class. Where few repeats agree a bootstrap
 * sees no uncertainty at all, so the interval reaches at least as far as that of the accuracy, which F1 follows.
 *
 * @param accuracy of the same predictions
 */
export function macroF1Metric(
  classes: readonly JudgedClass[],
  accuracy: Metric,
  seed: number,
  confidence = CONFIDENCE,
): Metric {
  const sorted = classes.map(({ class: truth, repeats }) => ({
    class: truth,
    // The draws name repeats by their places, and which came first must not matter.
    repeats: [...repeats].sort((a, b) => a.predicted - b.predicted || a.share - b.share),
  }));
  const value = macroF1(sorted);
  const resampled = new Float64Array(RESAMPLES);
  const draws = sorted.map(({ class: truth, repeats: { length } }) =>
    stream(seed, 'macro F1', 'resample', truth).integers(new Uint32Array(RESAMPLES * length), length),
  );
  for (let b = 0; b < RESAMPLES; b++) {
    resampled[b] = macroF1(
      sorted.map(({ class: truth, repeats }, c) => ({
        class: truth,
        repeats: repeats.map((_, i) => repeats[draws[c]![b * repeats.length + i]!]!),
      })),
    );
  }
  resampled.sort();
  const cut = Math.floor(RESAMPLES * errorPerSide(confidence));
  return {
    value,
    low: Math.max(0, Math.min(resampled[cut]!, value - (accuracy.value - accuracy.low))),
    high: Math.min(1, Math.max(resampled[RESAMPLES - 1 - cut]!, value + (accuracy.high - accuracy.value))),
    method: `bootstrap over repeats within each class, ${RESAMPLES} resamples, no narrower than the accuracy's`,
  };
}

/** Shares need not sum to 1. */
function macroF1(classes: readonly JudgedClass[]): number {
  const predicted = new Map<number, number>();
  const right = new Map<number, number>();
  for (const { class: truth, repeats } of classes) {
    const total = repeats.reduce((sum, { share }) => sum + share, 0);
    for (const { predicted: says, share } of repeats) {
      predicted.set(says, (predicted.get(says) ?? 0) + share / total);
      if (says === truth) right.set(truth, (right.get(truth) ?? 0) + share / total);
    }
  }
  let sum = 0;
  // TP + FN is 1, TP + FP all that was predicted so.
  for (const { class: truth } of classes)
    sum += (2 * (right.get(truth) ?? 0)) / (1 + (predicted.get(truth) ?? 0));
  return sum / classes.length;
}
