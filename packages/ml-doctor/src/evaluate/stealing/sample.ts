/** What target, copies and baselines answer, in an order that does not depend on how the records came. */
import { argmax } from '../../stats/argmax.ts';
import { klDivergence } from '../../stats/kl-divergence.ts';
import type { StealingEvidence } from './evidence.ts';

/** Parallel to the sample's ids. */
export interface Judged {
  readonly answers: Int32Array;
  /** KL(target ‖ this), nats. */
  readonly divergence: Float64Array;
  /** Records with a class whose posterior is 0 here and not of the target: their divergence is the least that it can be. */
  readonly withZeros: number;
}

export interface Sample {
  /** Ascending. */
  readonly ids: Uint32Array;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** The target's answers. */
  readonly target: Int32Array;
  /** The target's commonest answer, the first among equally common ones. */
  readonly constant: number;
  readonly copies: readonly (Judged & { readonly queries: number })[];
  readonly baselines: readonly (Judged & { readonly name: string })[];
}

/** @param evidence checked */
export function sampleOf(evidence: StealingEvidence): Sample {
  const { ids, labels, classes } = evidence;
  const order = new Uint32Array(ids.length).map((_, i) => i);
  order.sort((a, b) => ids[a]! - ids[b]!);
  const row = (logits: Float32Array, place: number) =>
    logits.subarray(place * classes.length, (place + 1) * classes.length);
  const answersOf = (logits: Float32Array) => Int32Array.from(order, (place) => argmax(row(logits, place)));
  const judged = (logits: Float32Array): Judged => ({
    answers: answersOf(logits),
    divergence: Float64Array.from(order, (place) =>
      klDivergence(row(evidence.target, place), row(logits, place)),
    ),
    withZeros: order.filter((place) => hasZeroOf(row(evidence.target, place), row(logits, place))).length,
  });
  const target = answersOf(evidence.target);
  const given = new Uint32Array(classes.length);
  for (const answer of target) given[answer]!++;
  return {
    ids: order.map((place) => ids[place]!),
    labels: Int32Array.from(order, (place) => labels[place]!),
    ...{ classes, target, constant: argmax(given) },
    copies: evidence.copies.map(({ queries, logits }) => ({ queries, ...judged(logits) })),
    baselines: evidence.baselines.map(({ name, logits }) => ({ name, ...judged(logits) })),
  };
}

const hasZeroOf = (target: Float32Array, other: Float32Array): boolean =>
  other.some((logit, j) => logit === Number.NEGATIVE_INFINITY && target[j] !== Number.NEGATIVE_INFINITY);

/** At how many places the two are the same, of those that count. */
export function same(
  a: Int32Array,
  b: Int32Array | number,
  counts: (place: number) => boolean = () => true,
): number {
  let found = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === (typeof b === 'number' ? b : b[i]) && counts(i)) found++;
  return found;
}
