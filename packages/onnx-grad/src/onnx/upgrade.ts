/** Nodes written for older operator sets, rewritten to the one we write. Reads opset 9 to 21. */
import { create } from '@bufbuild/protobuf';
import { OnnxGradError } from '../errors.ts';
import { subgraphsOf } from '../graph/captures.ts';
import type { Graph } from '../graph/graph.ts';
import { constantNumbers } from '../graph/infer/reshaping.ts';
import { int64, scalar, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
} from '../proto/onnx_pb.ts';

export const oldestOpset = 9;
export const newestOpset = 21;

export interface RawNode {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeProto>;
}

type Upgrade = (node: RawNode, graph: Graph) => RawNode;

/** Operators we do not know whose meaning changed at the given opset, so that older ones cannot be carried over. */
const changedMeaning: Readonly<Record<string, number>> = {
  Hardmax: 13,
  TopK: 10,
  DFT: 20,
  GroupNormalization: 21,
};

export const upgradeNode = (node: RawNode, opset: number, graph: Graph): RawNode => {
  const changed = changedMeaning[node.op];
  if (changed !== undefined && opset < changed)
    throw new OnnxGradError(
      'OG_MODEL_OPSET',
      `${node.op} '${node.name}' of opset ${opset} means something else since opset ${changed}`,
      `Export the model with opset ${changed} or newer.`,
    );
  let current = node;
  for (const [before, ops, upgrade] of upgrades)
    if (opset < before && ops.test(current.op)) current = upgrade(current, graph);
  return current;
};

/**
 * Subgraphs (of If, Loop, Scan) are carried along as they are, so nothing in them may read differently in the operator
 * set that is written.
 */
export const refuseOldSubgraphs = (node: NodeProto, opset: number): void => {
  for (const inner of subgraphsOf(node.attribute).flatMap((graph) => graph.node)) {
    const { opType } = inner;
    const since = Math.max(
      changedMeaning[opType] ?? 0,
      ...upgrades.map(([before, ops]) => (ops.test(opType) ? before : 0)),
    );
    if (opset < since && (inner.domain === '' || inner.domain === 'ai.onnx'))
      throw new OnnxGradError(
        'OG_MODEL_OPSET',
        `${opType} '${inner.name}' in a subgraph of ${node.opType} '${node.name}' is of opset ${opset} and means something else since opset ${since}`,
        `Export the model with opset ${since} or newer.`,
      );
    refuseOldSubgraphs(inner, opset);
  }
};

const without = (node: RawNode, ...names: string[]) =>
  new Map([...node.attributes].filter(([name]) => !names.includes(name)));

const ints = (node: RawNode, name: string): number[] | undefined =>
  node.attributes.get(name)?.ints.map(Number);

const asInput = (graph: Graph, values: readonly number[]): Value =>
  graph.constant(int64([values.length], values));

/** A list attribute that became an input at position `at`. */
const listToInput =
  (attribute: string, at = 1): Upgrade =>
  (node, graph) => {
    const values = ints(node, attribute);
    if (!values) return node;
    const inputs = [...node.inputs];
    while (inputs.length < at) inputs.push(null);
    inputs[at] = asInput(graph, values);
    return { ...node, inputs, attributes: without(node, attribute) };
  };

const floatInput = (node: RawNode, graph: Graph, attribute: string): Value | null => {
  const found = node.attributes.get(attribute);
  if (!found) return null;
  const dtype = node.inputs[0]?.dtype === 'float64' ? 'float64' : 'float32';
  return graph.constant(scalar(found.f, dtype));
};

const clip: Upgrade = (node, graph) => ({
  ...node,
  inputs: [node.inputs[0] ?? null, floatInput(node, graph, 'min'), floatInput(node, graph, 'max')],
  attributes: without(node, 'min', 'max'),
});

const pad: Upgrade = (node, graph) => ({
  ...node,
  inputs: [
    node.inputs[0] ?? null,
    asInput(graph, ints(node, 'pads') ?? []),
    floatInput(node, graph, 'value'),
  ],
  attributes: without(node, 'pads', 'value'),
});

const slice: Upgrade = (node, graph) => {
  const axes = ints(node, 'axes');
  return {
    ...node,
    inputs: [
      node.inputs[0] ?? null,
      asInput(graph, ints(node, 'starts') ?? []),
      asInput(graph, ints(node, 'ends') ?? []),
      ...(axes ? [asInput(graph, axes)] : []),
    ],
    attributes: new Map(),
  };
};

const dropout: Upgrade = (node, graph) => ({
  ...node,
  inputs: [node.inputs[0] ?? null, floatInput(node, graph, 'ratio')],
  attributes: new Map(),
});

const attribute = (name: string, value: string): AttributeProto =>
  create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.STRING,
    s: new TextEncoder().encode(value),
  });

/**
 * Upsample, and Resize of opset 10, count coordinates the asymmetric way; nearest pixels they find by rounding down
 * along an axis that grows and up along one that shrinks.
 */
const resize: Upgrade = (node, graph) => {
  const listed = node.attributes.get('scales')?.floats;
  const scales: Value | null = listed
    ? graph.constant({
        dtype: 'float32',
        dims: [listed.length],
        data: Float32Array.from(listed),
      } satisfies Tensor)
    : (node.inputs[1] ?? null);
  const attributes = without(node, 'scales');
  attributes.set('coordinate_transformation_mode', attribute('coordinate_transformation_mode', 'asymmetric'));
  attributes.set('nearest_mode', attribute('nearest_mode', oldRounding(node, scales)));
  return { ...node, op: 'Resize', inputs: [node.inputs[0] ?? null, null, scales], attributes };
};

const oldRounding = (node: RawNode, scales: Value | null): 'floor' | 'ceil' => {
  const mode = node.attributes.get('mode');
  const nearest = !mode || new TextDecoder().decode(mode.s) === 'nearest';
  if (node.op === 'Upsample' || !nearest) return 'floor';
  const factors = scales && constantNumbers(scales);
  if (factors?.every((factor) => factor >= 1)) return 'floor';
  if (factors?.every((factor) => factor <= 1)) return 'ceil';
  throw new OnnxGradError(
    'OG_MODEL_OPSET',
    `Resize '${node.name}' of opset 10 ${factors ? 'both grows and shrinks' : 'takes factors that are computed'}, which newer opsets do not have`,
    'Export the model with opset 11 or newer.',
  );
};

/** Before opset 13 softmax flattened its input to a matrix at `axis`; the same unless axis is not the last. */
const softmax: Upgrade = (node, graph) => {
  const x = node.inputs[0];
  const given = node.attributes.get('axis');
  const axis = given ? Number(given.i) : 1;
  const rank = x?.shape?.length;
  const last = rank !== undefined && (axis === rank - 1 || axis === -1);
  if (last || !x) return { ...node, attributes: withAxis(node, -1) };
  const flat = graph.node('Flatten', [x], { axis })[0] as Value;
  const soft = graph.node(node.op as 'Softmax' | 'LogSoftmax', [flat], { axis: -1 })[0] as Value;
  const shape = graph.node('Shape', [x])[0] as Value;
  return { ...node, op: 'Reshape', inputs: [soft, shape], attributes: new Map() };
};

const intAttribute = (name: string, i: number): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(i) });

const withAxis = (node: RawNode, axis: number) =>
  new Map(node.attributes).set('axis', intAttribute('axis', axis));

/** Since opset 18 an even split must say into how many parts. */
const split: Upgrade = (node) =>
  node.inputs.length > 1
    ? node
    : {
        ...node,
        attributes: new Map(node.attributes).set(
          'num_outputs',
          intAttribute('num_outputs', node.outputs.length),
        ),
      };

const gridSample: Upgrade = (node) => {
  const mode = node.attributes.get('mode');
  const old = mode && new TextDecoder().decode(mode.s);
  const renamed = old === 'bilinear' ? 'linear' : old === 'bicubic' ? 'cubic' : old;
  return renamed
    ? { ...node, attributes: new Map(node.attributes).set('mode', attribute('mode', renamed)) }
    : node;
};

/** The form with more than one output was the one for training; two of its five outputs are gone. */
const batchNormalization: Upgrade = (node) =>
  node.outputs.slice(1).every((name) => name === '')
    ? node
    : {
        ...node,
        outputs: node.outputs.slice(0, 3),
        attributes: new Map(node.attributes).set('training_mode', intAttribute('training_mode', 1)),
      };

/** Since opset 16 regions are shifted by half a pixel unless said otherwise. */
const roiAlign: Upgrade = (node) => {
  const name = 'coordinate_transformation_mode';
  return { ...node, attributes: new Map(node.attributes).set(name, attribute(name, 'output_half_pixel')) };
};

/** Below this opset, for these operators, apply this; in order. */
const upgrades: readonly (readonly [number, RegExp, Upgrade])[] = [
  [10, /^Slice$/, slice],
  [10, /^Upsample$/, resize],
  [11, /^Resize$/, (node, graph) => (node.inputs.length === 2 ? resize(node, graph) : node)],
  [11, /^Clip$/, clip],
  [11, /^Pad$/, pad],
  [11, /^Scatter$/, (node) => ({ ...node, op: 'ScatterElements' })],
  [12, /^Dropout$/, dropout],
  [13, /^(Squeeze|Unsqueeze|ReduceSum)$/, listToInput('axes')],
  [13, /^Split$/, listToInput('split')],
  [13, /^(Softmax|LogSoftmax)$/, softmax],
  [14, /^BatchNormalization$/, batchNormalization],
  [16, /^RoiAlign$/, roiAlign],
  [18, /^Reduce(?!Sum$)/, listToInput('axes')],
  [18, /^Split$/, split],
  [20, /^GridSample$/, gridSample],
];
