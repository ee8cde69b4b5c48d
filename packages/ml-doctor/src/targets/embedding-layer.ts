/** A model cut off at one of its layers: what that layer makes of a record is the record's embedding. */
import { copyInto, elementCount, Graph, ops, type Value } from 'onnx-grad';
import { AuditError } from '../errors.ts';
import { channelAxis } from './channel-axis.ts';
import { lastWeightedInput, passesWeights } from './last-weighted-layer.ts';
import { namedLayer } from './named-layer.ts';
import { changingValues } from './weighted-layers.ts';

/** Name of the output. */
export const EMBEDDING = 'layer_embedding';

/** Numbers of a record above which a picture's places are averaged. */
export const LARGEST_EMBEDDING = 4096;

export interface EmbeddingLayer {
  /** What the layer gives. */
  readonly value: Value;
  /** Axes to average over; none for what is taken as it is. */
  readonly averaged: readonly number[];
  /** The layer's name, and what is done to what it gives: `conv5 (mean over 8×8)`. */
  readonly layer: string;
}

/**
 * The named layer, or what the last layer with weights receives. Values of more than one dimension a record are taken
 * in the order they are stored; above `LARGEST_EMBEDDING` numbers a record, each channel is averaged over its places,
 * where the model tells which axis the channels are. A value before all layers with weights is refused: it is the
 * record itself, scaled or reshaped at most, and to read an attribute off it tells nothing of the model.
 * @param name of a value, a node or a module (see `namedLayer`)
 * @throws {AuditError} MLD_LAYER_UNKNOWN for a name that the model has not; MLD_ATTACK_UNSUITED for a layer that does
 *   not depend on the input, holds no floats, has not one row per record or has no layer with weights before it (as the
 *   only layer of a logistic regression), and as `lastWeightedInput`
 */
export const embeddingLayer = (model: Graph, name?: string): EmbeddingLayer => {
  const value = name === undefined ? lastWeightedInput(model) : namedLayer(model, name);
  const called = name ?? nameOf(value);
  const subject =
    name === undefined ? `'${called}', which the last layer with weights receives,` : `layer '${called}'`;
  refuseUnsuited(model, value, subject);
  const { averaged, done } = treatment(model, value);
  return { value, averaged, layer: done ? `${called} (${done})` : called };
};

/** A graph of the model's inputs and one output `EMBEDDING`, float32, one row per record. */
export const embeddingGraph = (model: Graph, { value, averaged }: EmbeddingLayer): Graph => {
  const graph = new Graph(model.name);
  const copy = copyInto(graph, model, { roots: [value] }).get(value) as Value;
  const floats = copy.dtype === 'float32' ? ops.Identity(copy) : ops.Cast(copy, 'float32');
  graph.output(
    EMBEDDING,
    averaged.length > 0 ? ops.ReduceMean(floats, averaged, { keepdims: false }) : floats,
  );
  return graph;
};

/** The node's name, which files keep more readable; the value's own where the node's would mean another value. */
const nameOf = ({ graph, name, node, origin }: Value): string =>
  origin === 'node' &&
  node?.outputs[0]?.name === name &&
  !graph.has(node.name) &&
  !graph.outputs.has(node.name)
    ? node.name
    : name;

const refuseUnsuited = (model: Graph, value: Value, subject: string): void => {
  const changing = changingValues(model);
  const refuse = (reason: string, hint: string) =>
    new AuditError('MLD_ATTACK_UNSUITED', `${subject} is no embedding of records: ${reason}`, hint);
  const reason = unsuited(model, value, changing);
  if (reason !== undefined)
    throw refuse(reason, 'Name another layer (option `layer`), or use a black-box attack.');
  if (!passesWeights(value, changing))
    throw refuse(
      'it is the record itself, as no layer with weights lies before it',
      'Name a later layer (option `layer`); a model of a single layer has no embedding: use attribute/gradient or attribute/tabular.',
    );
};

const unsuited = (model: Graph, value: Value, changing: ReadonlySet<Value>): string | undefined => {
  const { dtype, shape } = value;
  if (!changing.has(value)) return 'it does not depend on the input';
  if (!['float32', 'float64', 'float16'].includes(dtype)) return `it holds ${dtype}, not floats`;
  const [first] = shape ?? [undefined];
  const batch = model.inputs[0]?.shape?.[0];
  // A size that is named otherwise than the batch may still be it; how many rows there are shows when it runs.
  const isOther = typeof first === 'number' || (first !== undefined && /[*(]/.test(first));
  return shape?.length === 0 || (first !== batch && isOther)
    ? `its shape [${shape?.join(', ')}] does not have one row per record`
    : undefined;
};

/** Axes to average over, and what is done to a record in words; none for a row of numbers. */
const treatment = (
  model: Graph,
  value: Value,
): { readonly averaged: readonly number[]; readonly done?: string } => {
  const dims = (value.shape ?? []).slice(1);
  if (!dims.every((dim) => typeof dim === 'number') || dims.filter((dim) => dim > 1).length < 2)
    return { averaged: [] };
  const channels = elementCount(dims) > LARGEST_EMBEDDING ? channelAxis(model, value) : undefined;
  if (channels === undefined) return { averaged: [], done: `${dims.join('×')}, flattened` };
  const averaged = dims.map((_, i) => i + 1).filter((axis) => axis !== channels);
  return { averaged, done: `mean over ${averaged.map((axis) => dims[axis - 1]).join('×')}` };
};
