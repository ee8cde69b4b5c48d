/** Which stored tensors of a model are its trainable weights, and what each of them does. */
import type { Graph } from '../graph/graph.ts';
import { liveNodes } from '../graph/prune.ts';
import { elementCount, type Tensor } from '../graph/tensor.ts';
import type { Node } from '../graph/value.ts';
import { Finder, type ParameterUse } from './parameters/finder.ts';

export type ParameterKind =
  | 'weight'
  | 'bias'
  /** Per-channel factor of a normalisation. */
  | 'scale'
  /** Per-channel summand that is no layer's bias. */
  | 'shift'
  | 'running-mean'
  | 'running-variance'
  /** A table that Gather looks rows up in. */
  | 'embedding'
  /** Numbers added to, or joined with, what a layer gives: positions, class tokens. */
  | 'position'
  /** Of PRelu. */
  | 'slope'
  /** Named trainable by the file, in a use that is none of these. */
  | 'other';

export interface Parameter {
  /** Of the initializer, or of the output of the Constant node that holds it. */
  readonly name: string;
  readonly kind: ParameterKind;
  /** Name of the first node that uses it. */
  readonly node: string;
  /** Inputs and outputs of one unit of its layer (a bias has its weight's); 1 where it acts element by element. */
  readonly fanIn: number;
  readonly fanOut: number;
  readonly dims: readonly number[];
}

export interface ParameterAnalysis {
  readonly parameters: readonly Parameter[];
  /** Every use, in the order of the nodes: a tensor may be used more than once. */
  readonly uses: readonly ParameterUse[];
  /** Nodes with learned numbers that cannot be reached: computed weights, unknown operators. */
  readonly hidden: readonly { readonly node: Node; readonly reason: string }[];
  /** What else holds more than one number: stored tensors that are no parameters (input normalisation, masks), Scaler. */
  readonly constants: readonly string[];
  /** Single numbers behind a layer that are no parameters and may have been learned, by name. */
  readonly loneNumbers: ReadonlyMap<string, Tensor>;
}

/**
 * Weights, biases, normalisation parameters and embeddings of a model, in the order of its nodes; running statistics
 * are among them. Seen through Identity, Transpose, Reshape, Cast and Constant. Not among them: shapes, single
 * numbers that are no bias, and what is done to the input before the first layer. A graph that names its
 * parameters (`graph.parameters`) keeps those, and the running statistics.
 */
export const findParameters = (graph: Graph): readonly Parameter[] => analyseParameters(graph).parameters;

export const analyseParameters = (graph: Graph): ParameterAnalysis => {
  const finder = new Finder(graph, liveNodes(graph));
  const named = graph.parameters;
  const uses = finder.uses.filter(
    ({ stored, kind }) => named.size === 0 || named.has(stored.name) || kind.startsWith('running-'),
  );
  const parameters = new Map<string, Parameter>();
  for (const { stored, kind, node, fanIn, fanOut } of uses)
    if (!parameters.has(stored.name))
      parameters.set(stored.name, {
        name: stored.name,
        kind,
        node: node.name,
        fanIn,
        fanOut,
        dims: stored.tensor.dims,
      });
  for (const name of named)
    if (!parameters.has(name)) {
      const dims = graph.initializers.get(name)?.dims ?? [];
      parameters.set(name, { name, kind: 'other', node: '', fanIn: 1, fanOut: 1, dims });
    }
  const kept = [...finder.storedFloats].filter(([name]) => !parameters.has(name));
  const isLone = ([, { dims }]: (typeof kept)[number]) => elementCount(dims) === 1;
  return {
    parameters: [...parameters.values()],
    uses,
    hidden: finder.hidden,
    constants: [...kept.filter((entry) => !isLone(entry)).map(([name]) => name), ...finder.kept],
    loneNumbers: new Map(kept.filter(isLone)),
  };
};
