/**
 * What an attacker may do with a model. An attack is given an object of exactly the type its threat model allows, so
 * that reaching further does not compile; `limitAccess` makes it so at run time too.
 */
import type { Graph } from 'onnx-grad';
import type { View } from '../data/views.ts';

/** Records an attacker holds: which they are, and their labels. */
export interface Records {
  /** Indices in the data set, all different; no order that tells anything about membership. */
  readonly ids: Uint32Array;
  /** Class indices, parallel to `ids`. */
  readonly labels: Int32Array;
}

/** Inputs of the attacker's own making, as the model receives them (normalised). */
export interface Inputs {
  /** `rows × record length`, row-major. */
  readonly values: Float32Array;
  readonly rows: number;
}

/** Answers to a query: one row of logits, or of log posteriors, per record. */
export interface Answers {
  /** `rows × classes`, row-major; the softmax of a row is the posterior. */
  readonly logits: Float32Array;
  readonly classes: number;
}

/** The largest posteriors of each record, and nothing else. */
export interface TopAnswers {
  /** `rows × k`, row-major, descending. */
  readonly posteriors: Float32Array;
  readonly k: number;
}

/** Black-box access to the predicted class. `view` is the transformed copy of each record that is sent. */
export interface LabelAccess {
  readonly classes: number;
  /** The predicted classes, parallel to the records. */
  labels(records: Records, view?: View): Promise<Int32Array>;
}

/** Black-box access to the largest posteriors. */
export interface TopAccess extends LabelAccess {
  /** The `min(k, classes)` largest posteriors of each record. */
  top(records: Records, k: number): Promise<TopAnswers>;
}

/** Black-box access with full posteriors: queries and nothing else. */
export interface PosteriorAccess extends TopAccess {
  query(records: Records, view?: View): Promise<Answers>;
}

/** Black-box access to the predicted class of any input. */
export interface LiveLabelAccess extends LabelAccess {
  labelsOf(inputs: Inputs): Promise<Int32Array>;
}

/** Black-box access with full posteriors, for any input. */
export interface LivePosteriorAccess extends PosteriorAccess, LiveLabelAccess {
  answersOf(inputs: Inputs): Promise<Answers>;
}

/**
 * Per-example gradients of the cross-entropy loss in the weights of the last dense layer. Record i's gradient is the
 * outer product `deltas[i] ⊗ activations[i]`, a matrix `outputs × inputs`, kept as its two factors.
 */
export interface LastLayer {
  /** `rows × outputs`: posterior minus one-hot label. */
  readonly deltas: Float32Array;
  /** `rows × inputs`: what the layer receives. */
  readonly activations: Float32Array;
  readonly outputs: number;
  readonly inputs: number;
}

/** What an inner layer makes of records. */
export interface Embeddings {
  /** `rows × width`, row-major. */
  readonly values: Float32Array;
  readonly width: number;
  /** The layer they were taken from, by its name in the graph. */
  readonly layer: string;
}

/**
 * Graph and weights in the hands of somebody who knows a part of each record only: he may put in what he makes up, and
 * nothing takes whole records by their ids.
 */
export interface WeightAccess {
  readonly classes: number;
  /**
   * The model: outputs `logits` `[N, classes]` of one input `x` `[N, ...recordShape]`. Attacks build on copies of it.
   * @throws {AuditError} MLD_ARTIFACT where only saved answers are at hand
   */
  readonly model: Graph;
  answersOf(inputs: Inputs): Promise<Answers>;
  labelsOf(inputs: Inputs): Promise<Int32Array>;
}

/** Graph and weights: everything above, gradients and inner layers. */
export interface WhiteBoxAccess extends LivePosteriorAccess, WeightAccess {
  /** @throws {AuditError} MLD_ATTACK_UNSUITED when the model's outputs do not come from a dense layer */
  lastLayer(records: Records): Promise<LastLayer>;
  /**
   * What a layer makes of the records: the named one, or what the last layer with weights receives.
   * @throws {AuditError} MLD_LAYER_UNKNOWN for a name that the graph has not; MLD_ATTACK_UNSUITED where the model has no
   *   such layer, or what it gives is the record itself; MLD_ARTIFACT where only saved answers are at hand
   */
  embeddings(records: Records, layer?: string): Promise<Embeddings>;
}

/** Counts what the target is asked. */
export interface Counted {
  /** Rows sent to the target so far: records, transformed copies and inputs of the attacker's making alike. */
  readonly queries: number;
}

/** Black-box access that counts what it is asked. */
export type CountedAccess = PosteriorAccess & Counted;
