import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entropy, modifiedEntropy } from './metrics.ts';

/**
 * Logits, label, entropy, modified entropy: the definitions evaluated with 900 decimal digits (Python's decimal), which
 * nothing here cancels or overflows.
 */
const KNOWN: readonly [row: readonly number[], label: number, entropy: number, modified: number][] = [
  [[0, 1, 2], 0, 0.8323955818399389, 2.9875403386208057],
  [[0, 1, 2], 2, 0.8323955818399389, 0.213633538799606],
  [[0.5, 0.5], 1, Math.LN2, Math.LN2],
  [[-30, 5, 20], 2, 4.894435677598101e-6, 1.871523735012783e-13],
  [[-30, 5, 20], 1, 4.894435677598101e-6, 29.999991434737552],
  // Here 1 − p is lost where it is computed as such.
  [[40, 0, -3, 1.25], 0, 7.729105819238176e-16, 6.0999922065651044e-34],
  [[40, 0, -3, 1.25], 3, 7.729105819238176e-16, 77.23704434830627],
  [[100, -250, -260], 1, 3.485448968866076e-150, 699.9999546011007],
  [[100, -250, -260], 0, 3.485448968866076e-150, 1.9720248385409293e-304],
  // Posteriors of 0 and 1 to the last double.
  [[800, 0, 0, -1], 1, 0, 1599.1380051959418],
  [[800, 0, 0, -1], 0, 0, 0],
  [[1000, -1000], 1, 0, 4000],
  [[-2000, 3, 3], 0, Math.LN2, 2004.3862943611198],
  [[0, 0, 0, 0, 0, 0, 0], 3, 1.9459101490553132, 1.8000521390422042],
];

const close = (found: number, expected: number) =>
  expect(Math.abs(found - expected), `${found} for ${expected}`).toBeLessThanOrEqual(2e-15 * expected);

describe('entropy and modified entropy', () => {
  it.each(KNOWN)('of %j, label %i, are exact', (row, label, plain, modified) => {
    close(entropy(row), plain);
    close(modifiedEntropy(row, label), modified);
  });

  it('take log posteriors of which some are −∞', () => {
    const zero = Number.NEGATIVE_INFINITY;
    expect([entropy([0, zero]), modifiedEntropy([0, zero], 0)]).toEqual([0, 0]);
    expect(modifiedEntropy([0, zero], 1)).toBe(Number.POSITIVE_INFINITY);
    close(entropy([Math.log(0.25), zero, Math.log(0.75)]), 0.25 * Math.log(4) + 0.75 * Math.log(4 / 3));
    // −(1 − p) ln p − (1 − p) ln p for two classes of posteriors p and 1 − p.
    close(modifiedEntropy([Math.log(0.25), zero, Math.log(0.75)], 0), 1.5 * Math.log(4));
  });

  it('are their definitions where these can be computed as they stand', () => {
    const row = fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(row, fc.nat(), (z, at) => {
        const label = at % z.length;
        const weights = z.map(Math.exp);
        const p = weights.map((w) => w / weights.reduce((a, b) => a + b));
        const own = p[label]!;
        const others = p.filter((_, i) => i !== label);
        expect(entropy(z)).toBeCloseTo(
          p.reduce((sum, q) => sum - q * Math.log(q), 0),
          11,
        );
        expect(modifiedEntropy(z, label)).toBeCloseTo(
          others.reduce((sum, q) => sum - q * Math.log(1 - q), -(1 - own) * Math.log(own)),
          11,
        );
      }),
    );
  });

  it('fall, the modified one for the label alone, as the label gains', () => {
    let last = Number.POSITIVE_INFINITY;
    for (let lead = -900; lead <= 300; lead += 25) {
      const found = modifiedEntropy([0, lead, 1], 1);
      expect(found).toBeLessThan(last);
      last = found;
    }
  });
});
