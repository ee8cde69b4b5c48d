/** How often the check accuses fair splits, over a thousand of them. */
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { checkSplit } from './split-check.ts';

const SPLITS = 1000;

describe('checkSplit on fair splits', () => {
  it.each([
    ['few inputs, few records', 200, 14, 2, 100],
    ['many inputs', 600, 100, 10, 300],
    ['heavy tails, rare classes, few members', 400, 30, 100, 80],
    ['rare bits', 600, 80, 10, 300],
  ])('%s: false alarms .01, coverage .95, mean .5', (kind, records, width, classes, members) => {
    let [alarms, sum, squares, missed] = [0, 0, 0, 0];
    const truth = Uint8Array.from({ length: records }, (_, i) => (i < members ? 1 : 0));
    for (let seed = 0; seed < SPLITS; seed++) {
      const inputs = stream(seed, 'fair', kind).normal(new Float32Array(records * width));
      if (kind.startsWith('heavy'))
        for (let i = 0; i < inputs.length; i++) inputs[i] = Math.exp(2 * inputs[i]!);
      if (kind === 'rare bits') for (let i = 0; i < inputs.length; i++) inputs[i] = inputs[i]! > 2 ? 1 : 0;
      const labels = Int32Array.from(
        stream(seed, 'fair labels', kind).integers(new Uint32Array(records), classes),
      );
      const { auc, shifted } = checkSplit({ inputs, width, labels, truth }, seed);
      if (shifted) alarms++;
      if (auc.low > 0.5 || auc.high < 0.5) missed++;
      sum += auc.value - 0.5;
      squares += (auc.value - 0.5) ** 2;
    }
    // At 1 %, 21 or more of 1,000 have a probability of 1e-3; at 5 %, 76 or more one of 3e-4.
    expect(alarms).toBeLessThan(21);
    expect(missed).toBeLessThan(76);
    expect(Math.abs(sum)).toBeLessThan(4 * Math.sqrt(squares));
  });
});
