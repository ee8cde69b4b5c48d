/** What a one-run audit means for the owner: of the training, not of the model at hand, so it has words of its own. */
import { grouped, percent } from '../format.ts';
import {
  atLeast,
  type Claim,
  type Claims,
  claimsText,
  digitsApart,
  fewestGuesses,
  type Measured,
  refutes,
  speaksOf,
  tested,
} from '../privacy.ts';
import type { Level, Verdict } from '../schema.ts';

/**
 * From here on a bound is a finding by itself: at ε = 3 somebody who held it for even odds whether a record was used may
 * be 95 % sure (e³ to 1) after seeing the model.
 */
export const EPSILON = { moderate: 3 } as const;

/** The bound and the guesses it stands on. */
export interface AuditedTraining extends Measured {
  readonly guesses: number;
  readonly guessAccuracy: number;
}

/**
 * | level | when |
 * | --- | --- |
 * | high | the bound refutes the claim, that of the target and that of the audited model, and only then: it speaks of records made to stand out, in a model like the target |
 * | moderate | bound ≥ 3 |
 * | low | bound > 0 |
 * | none-found | bound 0, and the audit could have refuted the claim there is |
 * | inconclusive | bound 0 otherwise: without a claim an audit that shows nothing reassures nobody |
 *
 * A training that keeps nothing is called `low` by chance in one of 20 audits at most.
 */
export function oneRunVerdict(found: AuditedTraining, claims: Claims | undefined): Verdict {
  const claim = claims && tested(claims);
  const level = levelOf(found, claim);
  const digits = level === 'high' && claim ? digitsApart(found.epsilon, claim.epsilon) : undefined;
  return {
    level,
    sentence: [...opening(found, level, digits), ...aboutClaim(found, claims, digits)].join(' '),
    advice: ADVICE[level],
  };
}

function levelOf(found: AuditedTraining, claim: Claim | undefined): Level {
  if (claim !== undefined && refutes(found, claim)) return 'high';
  if (found.epsilon >= EPSILON.moderate) return 'moderate';
  if (found.epsilon > 0) return 'low';
  return claim !== undefined && canRefute(found, claim) ? 'none-found' : 'inconclusive';
}

function canRefute(found: Measured, claim: Claim): boolean {
  return speaksOf(found, claim) && found.reach > claim.epsilon;
}

function opening(
  { epsilon, delta, guesses, guessAccuracy }: AuditedTraining,
  level: Level,
  digits: number | undefined,
): string[] {
  const guessed = `Of ${grouped(guesses)} guesses which canaries were trained on, ${percent(guessAccuracy)} were right`;
  if (level === 'none-found' || level === 'inconclusive')
    return [`${guessed}, as many as chance may give where nothing is kept of any record.`];
  return [
    ...(level === 'high' ? ['The training is not as private as claimed.'] : []),
    `${guessed}: with 95 % confidence the epsilon of this training is at least ${atLeast(epsilon, digits)} at delta ${delta}.`,
  ];
}

function aboutClaim(
  found: AuditedTraining,
  claims: Claims | undefined,
  digits: number | undefined,
): string[] {
  if (claims === undefined)
    return [
      'No differential privacy is claimed of this training; a stronger audit may show a larger epsilon.',
    ];
  const claim = tested(claims);
  const claimed = `The claim is an epsilon of at most ${claimsText(claims, digits)}`;
  if (!speaksOf(found, claim))
    return [`${claimed}, of which an audit at the smaller delta ${found.delta} says nothing.`];
  if (refutes(found, claim))
    return [
      `${claimed}: at 95 % confidence both cannot be true, and noise, clipping, sampling or accounting are at fault.`,
    ];
  if (!canRefute(found, claim))
    return [
      `${claimed}, which this audit could not refute: so many guesses can show at most ${atLeast(found.reach)}; ${neededFor(claim)}.`,
    ];
  return [`${claimed}: nothing here contradicts it, which is no proof of it.`];
}

/** More guesses than this nobody makes. */
const MANY = 1e7;

function neededFor({ epsilon }: Claim): string {
  const fewest = fewestGuesses(epsilon);
  return fewest > MANY
    ? 'no number of guesses that could be made would do'
    : `at least ${grouped(fewest)} would be needed, all of them right`;
}

const ADVICE: Readonly<Record<Level, readonly string[]>> = {
  high: [
    'Do not rely on the claimed epsilon, nor release a model on the strength of it, until the cause is found and the training passes this audit.',
    'Look at the noise (its deviation is that of the sum, in clip norms), at whether every single record is clipped, not the batch, and at whether batches are drawn as the accountant assumes.',
  ],
  moderate: [
    'Records that stand out (rare ones, wrong labels) leave a clear trace in models trained like this: train with differential privacy (DP-SGD), or with a smaller epsilon, and audit again.',
  ],
  low: [
    'Audit with more canaries and guesses before relying on a small bound: it shows the least that the training gives away.',
  ],
  inconclusive: [
    'Audit with more canaries and guesses, and state what privacy is claimed: an audit alone cannot show that a training is private.',
  ],
  'none-found': ['Audit again whenever the training is changed.'],
};
