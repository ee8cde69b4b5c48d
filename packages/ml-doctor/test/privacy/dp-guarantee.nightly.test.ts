/** DP-SGD against its own claim: audits of many correct trainings stay below it, and those of broken ones do not. */
import type { FitPrivacy } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { evaluateOneRun } from '../../src/evaluate/one-run.ts';
import { epsilonOf } from '../../src/privacy/epsilon.ts';
import { privateRun, RECORD_NORM } from './private-run.ts';

const RUNS = 100;
const NOISE = 4;
/** With 1,000 canaries 2 m δ is .02, which leaves .03 of the error for the guesses: a larger delta would leave none. */
const DELTA = 1e-5;
/** All right, they show 4.5: three times the claim. */
const GUESSES = 300;

/** No record is clipped at this norm. */
const UNCLIPPED = 8;

interface Audit {
  readonly bound: number;
  readonly claim: number;
}

const audits = async (privacy: FitPrivacy, inspect: (meanNorm: number) => void = () => {}) => {
  const found: Audit[] = [];
  const claims = new Map<number, number>();
  for (let seed = 0; seed < RUNS; seed++) {
    const { scores, truth, sampleRate, steps, meanNorm } = await privateRun(seed, privacy);
    // What is claimed is always the noise and the clipping that there should be.
    const claim =
      claims.get(sampleRate) ?? epsilonOf({ sampleRate, steps, noiseMultiplier: NOISE }, DELTA, 'pld');
    claims.set(sampleRate, claim);
    const { metrics } = evaluateOneRun({ scores }, truth, { guesses: GUESSES, delta: DELTA });
    found.push({ bound: metrics.epsilonLowerBound.value, claim });
    inspect(meanNorm);
  }
  const caught = found.filter(({ bound, claim }) => bound > claim).length;
  const bounds = found.map(({ bound }) => bound).sort((a, b) => a - b);
  const said = `${caught} of ${RUNS} above the claim of about ${found[0]!.claim.toFixed(2)}; bounds ${bounds[0]!.toFixed(2)} to ${bounds.at(-1)!.toFixed(2)}, median ${bounds[RUNS / 2]!.toFixed(2)}`;
  return { caught, bounds, said };
};

describe('the one-run audit of DP-SGD', () => {
  it('stays below the claim of a correct implementation in at least 87 of 100 runs, and sees something', async () => {
    const { caught, bounds, said } = await audits({ clipNorm: 1, noiseMultiplier: NOISE });
    console.info(`correct: ${said}`);
    // More than 13 misses of 5 % each have a probability of .0005.
    expect(RUNS - caught, said).toBeGreaterThanOrEqual(87);
    // An audit that never showed anything would stay below any claim.
    expect(bounds.filter((bound) => bound > 0).length, said).toBeGreaterThanOrEqual(RUNS / 2);
  });

  it.each<[string, FitPrivacy]>([
    ['without noise', { clipNorm: 1, noiseMultiplier: 0 }],
    ['with a tenth of the noise', { clipNorm: 1, noiseMultiplier: NOISE / 10 }],
  ])('catches one %s', async (name, privacy) => {
    const { caught, said } = await audits(privacy);
    console.info(`${name}: ${said}`);
    expect(caught, said).toBeGreaterThanOrEqual(95);
  });

  it('catches one that clips the mean of a batch in place of every record', async () => {
    // The mean lies within the norm, so clipping it changes nothing: what is left is noise for clipped records on the
    // sum of unclipped ones, of the same deviation as a correct implementation adds.
    expect(RECORD_NORM).toBeLessThan(UNCLIPPED);
    const { caught, said } = await audits(
      { clipNorm: UNCLIPPED, noiseMultiplier: NOISE / UNCLIPPED },
      (meanNorm) => expect(meanNorm).toBeLessThan(1),
    );
    console.info(`clipped after the sum: ${said}`);
    expect(caught, said).toBeGreaterThanOrEqual(95);
  });
});
