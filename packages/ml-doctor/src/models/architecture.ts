/** What an architecture is: a kind of model by name, and what its learner needs to know. */
import type { Graph } from 'onnx-grad';

export interface ArchitectureOptions {
  /** Shape of one record, channels first for images: `[1, 28, 28]`; `[n]` for a table row. */
  readonly recordShape: readonly number[];
  readonly classes: number;
  /** Seed of the first weights. */
  readonly seed: number;
  /** What normalises between layers; the architecture's own (the first of its `norms`) unless it is said. */
  readonly norm?: Norm;
  /** Share of units dropped in training where the architecture drops; its own unless it is said. */
  readonly dropout?: number;
}

/** Batch normalisation, group normalisation (Wu and He 2018; no record sees another), or nothing. */
export const NORMS = ['batch', 'group', 'none'] as const;
export type Norm = (typeof NORMS)[number];

interface Described<Name extends string> {
  readonly name: Name;
  readonly title: string;
  /** Where the architecture is described. */
  readonly source: string;
}

/** A network: a fresh graph from input shape, classes and seed, then trained by a recipe. */
export interface GradientArchitecture<Name extends string = string> extends Described<Name> {
  readonly trains: 'gradient';
  /** What can be chosen, its own first; nothing can where they are left out. */
  readonly norms?: readonly [Norm, ...Norm[]];
  /** Its own rate, 0 where it has places to drop at and drops nothing; left out where it has no such places. */
  readonly dropout?: number;
  /**
   * A graph with one input `x` `[N, ...recordShape]` and one output `logits` `[N, classes]`.
   * @throws {AuditError} MLD_USAGE when the records do not suit the architecture
   */
  readonly build: (options: ArchitectureOptions) => Graph;
}

/** A random forest: suits any records, takes no training recipe, and has no gradients. */
export interface ForestArchitecture<Name extends string = string> extends Described<Name> {
  readonly trains: 'forest';
  readonly trees: number;
}

/** `trains` says how: by gradient descent on a training recipe, or as a forest, to which no recipe applies. */
export type Architecture<Name extends string = string> =
  | GradientArchitecture<Name>
  | ForestArchitecture<Name>;
