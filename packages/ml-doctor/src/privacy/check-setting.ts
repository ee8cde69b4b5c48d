/** Refuses what no accountant can speak of. */
import { AuditError } from '../errors.ts';
import type { SubsampledGaussian } from './setting.ts';

/** @throws {AuditError} MLD_PRIVACY */
export const checkSetting = ({ noiseMultiplier, ...sampling }: SubsampledGaussian, delta: number): void => {
  checkSampling(sampling, delta);
  if (!(noiseMultiplier > 0 && noiseMultiplier < Number.POSITIVE_INFINITY))
    refuse(
      `a noise multiplier of ${noiseMultiplier}`,
      'Choose a finite one above 0: without noise there is no privacy to account for.',
    );
};

/** All but the noise. @throws {AuditError} MLD_PRIVACY */
export const checkSampling = (
  { sampleRate, steps }: Omit<SubsampledGaussian, 'noiseMultiplier'>,
  delta: number,
): void => {
  if (!(delta > 0 && delta < 1))
    refuse(`delta = ${delta}`, 'Choose one above 0 and well below 1 over the number of records.');
  if (!(sampleRate > 0 && sampleRate <= 1))
    refuse(`a sample rate of ${sampleRate}`, 'It is a probability above 0 and at most 1.');
  if (!(Number.isSafeInteger(steps) && steps >= 1))
    refuse(`${steps} steps`, 'Steps are counted in whole numbers, from 1.');
};

/** @throws {AuditError} MLD_PRIVACY, always */
export const refuse = (what: string, hint: string): never => {
  throw new AuditError('MLD_PRIVACY', `Privacy cannot be accounted for with ${what}.`, hint);
};
