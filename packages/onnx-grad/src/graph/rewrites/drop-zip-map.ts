/** Remove `ZipMap`, which turns a classifier's probabilities into a list of maps that onnxruntime-node cannot return. */
import { OnnxGradError } from '../../errors.ts';
import type { Dim } from '../dim.ts';
import type { Graph } from '../graph.ts';
import { isOperator } from '../operators.ts';
import type { Node, Value } from '../value.ts';
import { copyGraph } from './copy.ts';

export interface WithoutZipMap {
  readonly graph: Graph;
  /** Per output that was a list of maps: the maps' keys, in the order of the tensor's columns. */
  readonly classes: ReadonlyMap<string, readonly (string | number)[]>;
}

/**
 * The same model with the probabilities `[N, classes]` under the output names their maps had. A graph without ZipMap
 * comes back as a copy.
 * @throws OG_MODEL_INVALID when something other than an output reads a map
 */
export const dropZipMap = (graph: Graph): WithoutZipMap => {
  const zips = new Map<Value, Node>();
  for (const node of graph.nodes) if (isZipMap(node)) zips.set(node.outputs[0] as Value, node);
  for (const node of graph.nodes)
    for (const input of node.inputs) if (input && zips.has(input)) throw readElsewhere(node, input);
  const probabilities = new Map([...zips.values()].map((zip) => [zip.inputs[0] as Value, keys(zip).length]));
  const classes = new Map<string, readonly (string | number)[]>();
  for (const [name, value] of graph.outputs) {
    const zip = zips.get(value);
    if (zip) classes.set(name, keys(zip));
  }
  const result = copyGraph(graph, {
    node: (node, inputs, target) => {
      if (isZipMap(node)) return [inputs[0] as Value];
      const width = node.outputs.map((output) => (output.shape ? undefined : probabilities.get(output)));
      if (width.every((w) => w === undefined)) return undefined;
      // The file does not say what shape the probabilities have: a row per row of the input, a column per class.
      const rows: Dim = graph.inputs[0]?.shape?.[0] ?? 'N';
      const outputs = node.outputs.map(({ name, dtype, shape }, k) => ({
        name,
        dtype,
        shape: width[k] === undefined ? shape : [rows, width[k] as number],
      }));
      const { op, domain, name, opaque, attributes } = node;
      if (opaque || !isOperator(op))
        return target.opaqueNode({ op, domain, name, inputs, outputs, attributes: opaque ?? [] });
      const declared = new Map(outputs.map((output) => [output.name, output]));
      return target.node(op, inputs, attributes, { name, outputNames: [...declared.keys()], declared });
    },
  });
  return { graph: result, classes };
};

const isZipMap = (node: Node): boolean => node.op === 'ZipMap' && node.domain === 'ai.onnx.ml';

const keys = (zip: Node): readonly (string | number)[] =>
  (zip.opaque ?? []).flatMap(({ name, ints, strings }): (string | number)[] => {
    if (name === 'classlabels_int64s') return ints.map(Number);
    return name === 'classlabels_strings' ? strings.map((bytes) => new TextDecoder().decode(bytes)) : [];
  });

const readElsewhere = (node: Node, map: Value) =>
  new OnnxGradError(
    'OG_MODEL_INVALID',
    `${node.op} '${node.name}' reads the list of maps '${map.name}'`,
    'Export the classifier with raw probabilities (in skl2onnx: options={"zipmap": False}).',
  );
