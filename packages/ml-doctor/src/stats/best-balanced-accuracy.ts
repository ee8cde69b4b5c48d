/**
 * The balanced accuracy of the best threshold chosen with the truth at hand: an upper reference, not an
 * attack.
 */
import { CONFIDENCE, errorPerSide, type Metric } from './metric.ts';
import type { Roc } from './roc.ts';

/**
 * max over thresholds of (TPR + 1 - FPR)/2, with an interval for the same maximum in the population.
 *
 * Choosing the maximum flatters: two equal groups of 2,500 give about .512. The lower limit pays for the
 * choice with a bound that holds at all thresholds at once (Dvoretzky-Kiefer-Wolfowitz with the constant of
 * Massart, Ann. Probab. 18, 1990; one side, half of the error for each group). The upper limit need not: the
 * population's best threshold is a fixed one, and there Hoeffding's inequality bounds how far the sample may
 * fall short. Both hold for every distribution and sample size.
 */
export function bestBalancedAccuracyMetric(roc: Roc, confidence = CONFIDENCE): Metric {
  const { positives, negatives } = roc;
  let value = 0;
  for (let k = 0; k < roc.thresholds.length; k++) {
    const tpr = roc.truePositives[k]! / positives;
    const fpr = roc.falsePositives[k]! / negatives;
    value = Math.max(value, (tpr + 1 - fpr) / 2);
  }
  const error = errorPerSide(confidence);
  const band = (count: number) => Math.sqrt(Math.log(2 / error) / (2 * count));
  const shortfall = Math.sqrt((Math.log(1 / error) * (1 / positives + 1 / negatives)) / 2);
  return {
    value,
    // Calling nobody a member reaches 1/2.
    low: Math.max(0.5, value - (band(positives) + band(negatives)) / 2),
    high: Math.min(1, value + shortfall / 2),
    method: 'Dvoretzky-Kiefer-Wolfowitz below, Hoeffding above',
  };
}
