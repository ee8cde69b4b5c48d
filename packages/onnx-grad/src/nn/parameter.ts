/** Parameters: named, trainable tensors with reproducible first values. */
import type { Graph } from '../graph/graph.ts';
import { float32 } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import type { Seed } from '../random/key.ts';
import { stream } from '../random/stream.ts';
import type { Initializer } from './initializers.ts';

/** What every layer with parameters needs: a name unique in the graph, and the seed of the model. */
export interface LayerOptions {
  readonly name: string;
  readonly seed: Seed;
}

/** The values depend on the seed and the parameter's name only, not on the order in which layers are made. */
export const parameter = (
  graph: Graph,
  name: string,
  dims: readonly number[],
  init: Initializer,
  seed: Seed,
): Value =>
  graph.initializer(name, float32(dims, init(dims, stream(seed, 'parameter', name))), { trainable: true });

/** A tensor kept with the model that training updates by other means than gradients (running statistics). */
export const buffer = (graph: Graph, name: string, dims: readonly number[], value: number): Value =>
  graph.initializer(name, float32(dims, new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(value)));
