/** What an attack needs of a target and its owner, what a target offers, and whether the two fit. */
import type {
  LabelAccess,
  LiveLabelAccess,
  LivePosteriorAccess,
  PosteriorAccess,
  TopAccess,
  WeightAccess,
  WhiteBoxAccess,
} from './access.ts';

/** From the least to the most that a target may answer to a query. */
export const OUTPUTS = ['label', 'top1', 'topK', 'posteriors'] as const;
export type Output = (typeof OUTPUTS)[number];

/** From the least to the most that an attacker may touch. */
export const ACCESSES = ['black-box', 'white-box'] as const;
export type Access = (typeof ACCESSES)[number];

/**
 * The attacker's own data: none; records of the target's distribution that are none of its; some records whose
 * membership is known; records of another distribution.
 */
export const AUXILIARIES = ['none', 'shadow', 'partial', 'other'] as const;
export type Auxiliary = (typeof AUXILIARIES)[number];

/** How far an attacker reaches the target. */
export interface Offer {
  /** `black-box`: queries only; `white-box`: graph and weights too. */
  readonly access: Access;
  /** The most that a query is answered with; `loss`: nothing but the loss of each record. */
  readonly output: Output | 'loss';
}

/** The least that an attack needs. */
export interface Need {
  readonly access: Access;
  readonly output: Output;
  readonly readsLoss?: true;
}

/** An attacker: what he needs of the target, and what he has himself. */
export interface ThreatModel extends Need {
  readonly auxiliary: Auxiliary;
  /** What the attacker knows of a candidate record: input and label; all but one attribute, and the label (`rest`); nothing. */
  readonly record: 'xy' | 'rest' | 'none';
  /** `any`: he sends inputs of his own making too; `records` (or nothing): records and their transformed copies. */
  readonly inputs?: 'records' | 'any';
  /** Set where the loss of each record is all that is read of the answers. */
  readonly readsLoss?: true;
}

/**
 * The access that a threat model allows. Whoever holds the weights and all of a record but one attribute must not run
 * them on the whole record.
 */
export type AccessOf<N extends ThreatModel> = N extends {
  readonly access: 'white-box';
  readonly record: 'rest';
}
  ? WeightAccess
  : N extends { readonly access: 'white-box' }
    ? WhiteBoxAccess
    : N extends { readonly inputs: 'any' }
      ? N extends { readonly output: 'label' }
        ? LiveLabelAccess
        : LivePosteriorAccess
      : N extends { readonly output: 'label' }
        ? LabelAccess
        : N extends { readonly output: 'top1' | 'topK' }
          ? TopAccess
          : PosteriorAccess;

/** Everything there is: a model file in the attacker's hands. */
export const FULL_OFFER: Offer = { access: 'white-box', output: 'posteriors' };

/** The part of the offer that falls short of the need, or undefined when the attack can run. */
export function shortfall(
  need: Need,
  offer: Offer,
): { part: 'access' | 'output'; needs: string; offers: string } | undefined {
  if (ACCESSES.indexOf(need.access) > ACCESSES.indexOf(offer.access))
    return { part: 'access', needs: need.access, offers: offer.access };
  if (offer.output === 'loss')
    return need.readsLoss === true ? undefined : { part: 'output', needs: need.output, offers: 'loss' };
  if (OUTPUTS.indexOf(need.output) > OUTPUTS.indexOf(offer.output))
    return { part: 'output', needs: need.output, offers: offer.output };
  return undefined;
}
