/** What an architecture is: a recipe for a fresh graph from input shape, classes and seed. */
import type { Graph } from 'onnx-grad';

export interface ArchitectureOptions {
  /** Shape of one record, channels first for images: `[1, 28, 28]`; `[n]` for a table row. */
  readonly recordShape: readonly number[];
  readonly classes: number;
  /** Seed of the first weights. */
  readonly seed: number;
}

export interface Architecture<Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  /** Where the architecture is described. */
  readonly source: string;
  /**
   * A graph with one input `x` `[N, ...recordShape]` and one output `logits` `[N, classes]`.
   * @throws {AuditError} MLD_USAGE when the records do not suit the architecture
   */
  readonly build: (options: ArchitectureOptions) => Graph;
}
