import { describe, expect, it } from 'vitest';
import { deltaNote } from './delta-warning.ts';
import { epsilonOf } from './epsilon.ts';
import { ACCOUNTANTS } from './setting.ts';
import { privacySpent } from './spent.ts';

const training = {
  sampleRate: 0.02,
  noiseMultiplier: 1.2,
  steps: 200,
  delta: 1e-5,
  clipNorm: 1.5,
  records: 3200,
} as const;

describe('privacySpent', () => {
  it.each(ACCOUNTANTS)('claims the epsilon of %s and names every other', (accountant) => {
    const { epsilon, epsilons, ...rest } = privacySpent({ ...training, sampling: 'poisson', accountant });
    for (const which of ACCOUNTANTS) expect(epsilons[which]).toBe(epsilonOf(training, 1e-5, which));
    expect(epsilon).toBe(epsilonOf(training, 1e-5, accountant));
    expect(rest).toEqual({ ...training, accountant, neighbours: 'add or remove one record' });
  });

  it('refuses shuffled batches, which the accountants do not speak of', () => {
    expect(() => privacySpent({ ...training, sampling: 'shuffle', accountant: 'pld' })).toThrow(
      expect.objectContaining({
        code: 'MLD_PRIVACY',
        message: expect.stringContaining('assume Poisson sampling'),
      }),
    );
  });
});

describe('deltaNote', () => {
  it('warns from one over the number of records, and not below', () => {
    expect(deltaNote(1e-3, 1000)).toContain('delta = 0.001 is not below 1/1000');
    expect(deltaNote(0.01, 1000)).toContain('is not below');
    expect(deltaNote(9.99e-4, 1000)).toBeUndefined();
    expect(deltaNote(1e-5, 17500)).toBeUndefined();
  });
});
