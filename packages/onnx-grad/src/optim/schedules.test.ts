/** Learning-rate factors against closed forms and PyTorch's schedulers. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantRate, cosine, multiStep } from './schedules.ts';

const { schedules } = JSON.parse(
  readFileSync(new URL('../../test/fixtures/torch-training.json', import.meta.url), 'utf8'),
) as {
  schedules: {
    multiStep: { milestones: number[]; gamma: number; rates: number[] };
    cosine: { minimum: number; rates: number[] };
  };
};

describe('schedules', () => {
  it('constant is 1', () => {
    expect([0, 1, 99].map((epoch) => constantRate().factor(epoch, 100))).toEqual([1, 1, 1]);
  });
  it("multi-step follows PyTorch's MultiStepLR", () => {
    const { milestones, gamma, rates } = schedules.multiStep;
    rates.forEach((rate, epoch) => {
      expect(multiStep(milestones, gamma).factor(epoch, rates.length)).toBeCloseTo(rate, 12);
    });
  });
  it('multi-step divides by ten by default, whatever the order of the milestones', () => {
    expect([1, 2, 3, 4].map((epoch) => multiStep([4, 2]).factor(epoch, 5))).toEqual([1, 0.1, 0.1, 0.1 * 0.1]);
  });
  it("cosine follows PyTorch's CosineAnnealingLR", () => {
    const { minimum, rates } = schedules.cosine;
    rates.forEach((rate, epoch) => {
      expect(cosine(minimum).factor(epoch, rates.length)).toBeCloseTo(rate, 12);
    });
  });
  it('a gamma, a milestone or a minimum that cannot be meant is refused', () => {
    const bad = expect.objectContaining({ code: 'OG_BAD_ARGUMENT' });
    for (const gamma of [0, -0.1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => multiStep([1], gamma), `${gamma}`).toThrow(bad);
    for (const at of [-1, 1.5, Number.NaN]) expect(() => multiStep([2, at]), `${at}`).toThrow(bad);
    for (const minimum of [-0.1, 1.1, Number.NaN]) expect(() => cosine(minimum), `${minimum}`).toThrow(bad);
    expect([cosine(1).factor(3, 4), multiStep([0], 2).factor(0, 1)]).toEqual([1, 2]);
  });
  it('cosine is (1 + cos πe/E)/2 to the last bits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (epochs, share) => {
          const epoch = Math.floor(share * epochs);
          const want = (1 + Math.cos((Math.PI * epoch) / epochs)) / 2;
          expect(Math.abs(cosine().factor(epoch, epochs) - want)).toBeLessThan(1e-14);
        },
      ),
      { numRuns: 300, seed: 3 },
    );
    expect(cosine().factor(0, 7)).toBe(1);
    expect(Math.abs(cosine().factor(7, 7))).toBeLessThan(1e-15);
    expect(cosine(0.25).factor(10, 10)).toBeCloseTo(0.25, 14);
  });
});
