/** What copies of a model are judged by. */
import type { Metric } from '../../stats/metric.ts';

/** What a guess, or a model that was made without asking the target, reaches. */
export const BASELINE = {
  constant: 'the commonest answer',
  ownLabels: 'learnt from as many records’ own labels, without a query',
  randomInputs: 'learnt from random inputs, as many queries',
} as const;

export interface Copy {
  readonly queries: number;
  /** `records × classes`. */
  readonly logits: Float32Array;
}

/** Of records that the target was not trained on, and the attacker did not ask about. */
export interface StealingEvidence {
  readonly ids: Uint32Array;
  /** True classes. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** The target's own logits: `records × classes`. */
  readonly target: Float32Array;
  /** By rising number of queries; the last is the one that is judged. */
  readonly copies: readonly Copy[];
  /** By the names of {@link BASELINE}, `constant` left out: it is found here. */
  readonly baselines: readonly { readonly name: string; readonly logits: Float32Array }[];
  readonly seed: number;
}

type Metrics = Readonly<Record<string, Metric>>;

export interface StealingFindings {
  /** Of the last copy: {@link Metrics} of a point, `targetAccuracy`, `agreementGain` and `agreementSkill`. */
  readonly metrics: Metrics;
  /** Of each copy: agreement, accuracy, agreementOnErrors (where the target errs), klDivergence. */
  readonly points: readonly { readonly queries: number; readonly metrics: Metrics }[];
  /**
   * Each with agreement, accuracy and, where it has posteriors, klDivergence, and with agreementGain, the last copy's
   * agreement less its own; the greatest agreement first.
   */
  readonly baselines: readonly { readonly name: string; readonly metrics: Metrics }[];
  /** Per class: agreement and accuracy of the last copy; `records` of that class. */
  readonly slices: readonly {
    readonly by: string;
    readonly value: string;
    readonly records: number;
    readonly metrics: Metrics;
  }[];
  readonly notes: readonly string[];
}
