/** Differential privacy as claimed by an accountant, held against what one-run audits measured. */
import type { Metric, Privacy, Report, Result } from './schema.ts';

/** The attack whose results are audits of the training, not of the model. */
export const ONE_RUN = 'membership/one-run-audit';

/** A claim: the training is (ε, δ)-private. */
export interface Claim {
  readonly epsilon: number;
  readonly delta: number;
}

/** What an audit measured: with 95 % confidence the training is not (ε, δ)-private for any smaller ε. */
export interface Measured {
  readonly epsilon: number;
  readonly delta: number;
  /** The most it could have measured. */
  readonly reach: number;
}

/** The claim of a private training; undefined where its accountant found no bound. */
export function claimOf(privacy: Privacy | undefined): Claim | undefined {
  if (privacy === undefined || privacy.epsilon === null) return undefined;
  return { epsilon: privacy.epsilon, delta: privacy.delta };
}

/** What a result measured of the training's epsilon; undefined for attacks that do not. */
export function measuredBy(result: Pick<Result, 'attack' | 'metrics' | 'params'>): Measured | undefined {
  const { epsilonLowerBound: bound, epsilonReach: reach } = result.metrics;
  const { delta } = result.params;
  if (result.attack !== ONE_RUN || bound === undefined || reach === undefined) return undefined;
  if (typeof delta !== 'number') throw new Error(`internal: an audit of epsilon at delta ${delta}`);
  return { epsilon: lowerEnd(bound), delta, reach: reach.value };
}

const lowerEnd = ({ value, low }: Metric): number => low ?? value;

/**
 * Whether a measurement speaks of a claim at all. What is (ε, δ)-private is (ε, δ′)-private for every δ′ ≥ δ, so a
 * measurement at the claim's delta or a larger one does; at a smaller delta the claim promises nothing.
 */
export function speaksOf({ delta }: Pick<Measured, 'delta'>, claim: Claim): boolean {
  return delta >= claim.delta;
}

/** Whether, at the confidence of the measurement, both cannot be true. */
export function refutes(measured: Measured, claim: Claim): boolean {
  return speaksOf(measured, claim) && measured.epsilon > claim.epsilon;
}

/**
 * The fewest guesses that can refute a claim, all of them right, at δ = 0: the least r with (1 + e^-ε)^-r below the
 * error. A delta above 0 wants somewhat more.
 */
export function fewestGuesses(epsilon: number, error = 0.05): number {
  return Math.floor(-Math.log(error) / Math.log1p(Math.exp(-epsilon))) + 1;
}

/** What an audit is held against. */
export interface Claims {
  /** Of the target. */
  readonly target: Claim;
  /** Of the model that was audited in its place: other records, so another sampling rate and other steps. */
  readonly audited?: Claim;
}

/** Undefined where either accountant found no bound: then nothing that is measured can contradict it. */
export function claimsOf(target: Privacy | undefined, audited: Privacy | undefined): Claims | undefined {
  const [claim, own] = [claimOf(target), claimOf(audited)];
  if (claim === undefined || (audited !== undefined && own === undefined)) return undefined;
  return { target: claim, ...(own && { audited: own }) };
}

/** `3 at delta 0.00001 (3.12 of the model that was audited)`; the parenthesis where the two differ in print. */
export function claimsText({ target, audited }: Claims, digits?: number): string {
  const claimed = `${atMost(target.epsilon, digits)} at delta ${target.delta}`;
  const own = audited && atMost(audited.epsilon, digits);
  return own === undefined || own === atMost(target.epsilon, digits)
    ? claimed
    : `${claimed} (${own} of the model that was audited)`;
}

/**
 * The claim that a measurement is held against: that of the model which was audited. Its accountant and its training are
 * the target's, so that what refutes it refutes how both were accounted for.
 */
export function tested({ target, audited = target }: Claims): Claim {
  return audited;
}

/** A refuted claim, and the result that refutes it by most. */
export interface PrivacyAlarm {
  readonly result: Result;
  readonly measured: Measured;
  readonly claims: Claims;
  /** The one that is refuted. */
  readonly claim: Claim;
}

/** The measurements of a report, the largest bound first. */
export function measurements({ results }: Pick<Report, 'results'>): readonly {
  readonly result: Result;
  readonly measured: Measured;
}[] {
  return results
    .flatMap((result) => {
      const measured = measuredBy(result);
      return measured === undefined ? [] : [{ result, measured }];
    })
    .sort((a, b) => b.measured.epsilon - a.measured.epsilon);
}

/** Undefined where nothing is claimed, nothing measured, or both may be true. */
export function privacyAlarm(report: Pick<Report, 'results' | 'target'>): PrivacyAlarm | undefined {
  for (const { result, measured } of measurements(report)) {
    const claims = claimsOf(report.target.privacy, result.privacy);
    const claim = claims && tested(claims);
    if (claims && claim && refutes(measured, claim)) return { result, measured, claims, claim };
  }
  return undefined;
}

/** An upper bound, rounded up in print: `8`, `7.99`. */
export function atMost(epsilon: number, digits = DIGITS): string {
  const scale = 10 ** digits;
  return String(Math.ceil(epsilon * scale - 1e-9) / scale);
}

/** A lower bound, rounded down in print. */
export function atLeast(epsilon: number, digits = DIGITS): string {
  const scale = 10 ** digits;
  return String(Math.floor(epsilon * scale + 1e-9) / scale);
}

/** After the point, as long as they tell bounds apart. */
const DIGITS = 2;
const MOST_DIGITS = 6;

/** Digits with which a lower bound above an upper one reads as above it in print, too: 3 of 8.004 above 8. */
export function digitsApart(lower: number, upper: number): number {
  let digits = DIGITS;
  while (digits < MOST_DIGITS && Number(atLeast(lower, digits)) <= Number(atMost(upper, digits))) digits++;
  return digits;
}
