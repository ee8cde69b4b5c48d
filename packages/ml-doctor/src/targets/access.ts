/**
 * What an attacker may do with a model. An attack is given an object of exactly the type its threat model allows, so
 * that reaching further does not compile.
 */

/** Records an attacker holds: which they are, and their labels. */
export interface Records {
  /** Indices in the data set, all different; no order that tells anything about membership. */
  readonly ids: Uint32Array;
  /** Class indices, parallel to `ids`. */
  readonly labels: Int32Array;
}

/** Answers to a query: one row of logits, or of log posteriors, per record. */
export interface Answers {
  /** `rows × classes`, row-major; the softmax of a row is the posterior. */
  readonly logits: Float32Array;
  readonly classes: number;
}

/** Black-box access with full posteriors: queries and nothing else. */
export interface PosteriorAccess {
  readonly classes: number;
  query(records: Records): Promise<Answers>;
}

/** Black-box access that counts what it is asked. */
export interface CountedAccess extends PosteriorAccess {
  /** Records queried so far. */
  readonly queries: number;
}
