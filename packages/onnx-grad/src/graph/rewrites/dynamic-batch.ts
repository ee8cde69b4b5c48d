/** Make a fixed batch size dynamic, or refuse: the result is proved by what each operator does with the batch. */
import { OnnxGradError } from '../../errors.ts';
import { type Dim, multiplyDims, type Shape, showShape } from '../dim.ts';
import type { Graph } from '../graph.ts';
import { isOperator } from '../operators.ts';
import type { Value } from '../value.ts';
import {
  BakedBatch,
  BatchContext,
  batchAxis,
  batchSymbol,
  mentionsBatch,
  perRecord,
} from './batch/context.ts';
import { opaqueRule } from './batch/opaque.ts';
import { batchRules } from './batch/rules.ts';
import { copyGraph, copyNode } from './copy.ts';

export interface DynamicBatchOptions {
  /** The batch size baked into the file, where its input is declared open and its constants do not tell. */
  readonly bakedBatch?: number;
}

/**
 * The same model for every batch size: the first dimension of its input, and of each output, becomes `N`. Row i of
 * each output then depends on row i of the input alone, and is what the file computed for it.
 * @throws OG_BATCH_FIXED when that cannot be shown, naming the node and the reason
 */
export const toDynamicBatch = (graph: Graph, options: DynamicBatchOptions = {}): Graph => {
  const first = onlyInput(graph).shape?.[0] as Dim;
  const batch = new BakedBatch(typeof first === 'number' ? first : options.bakedBatch);
  const result = copyGraph(graph, {
    inputShape: (input) => (input.shape as Shape).map((dim, i) => (i === 0 ? batchSymbol : elsewhere(dim))),
    node: (node, inputs, target) => {
      const context = new BatchContext(node, inputs, target, batch);
      const outputs = convert(context);
      prove(context, outputs);
      return outputs;
    },
  });
  for (const [name, value] of result.outputs)
    if (value.shape?.[0] !== batchSymbol || result.foreignTypes.has(value.name))
      throw fixed(
        `output '${name}' is ${result.foreignTypes.has(value.name) ? 'no tensor' : showShape(value.shape)}, which does not have the batch first`,
      );
  return result;
};

const fixed = (reason: string) =>
  new OnnxGradError(
    'OG_BATCH_FIXED',
    `the batch size cannot be made dynamic: ${reason}`,
    'Export the model again with a dynamic batch size and with one row per record in its output.',
  );

const onlyInput = (graph: Graph): Value => {
  const [input, ...others] = graph.inputs;
  if (!input || others.length > 0)
    throw fixed(
      `the model has ${graph.inputs.length} inputs (${graph.inputs.map((v) => v.name).join(', ')}); one is needed`,
    );
  if ((input.shape?.length ?? 0) === 0) throw fixed(`input '${input.name}' is a single number`);
  return input;
};

/** Another open dimension must not look like the batch. */
const elsewhere = (dim: Dim): Dim => (mentionsBatch(dim) ? `other_${String(dim).replace(/\W/g, '_')}` : dim);

const convert = (context: BatchContext): readonly Value[] => {
  const { node, inputs, target } = context;
  if (node.opaque?.some((a) => a.g || a.graphs.length > 0))
    return context.refuse('it contains another graph, which is not looked into');
  if (!inputs.some((input) => input && batchAxis(input.shape) !== undefined)) return withoutBatch(context);
  if (node.opaque || !isOperator(node.op)) return opaqueRule(context);
  const plan = batchRules[node.op](context);
  const names = node.outputs.map(({ name }) => (target.has(name) ? target.freshName(name) : name));
  const outputs = target.node(plan.op ?? node.op, plan.inputs ?? inputs, plan.attributes ?? node.attributes, {
    name: node.name,
    outputNames: names,
  });
  for (const output of outputs)
    if (!output.shape || batchAxis(output.shape) !== plan.axis)
      context.refuse(
        `its output ${showShape(output.shape)} does not have the batch at position ${plan.axis}`,
      );
  return outputs;
};

/** Operators that may read the batch size itself, as (part of) a shape. */
const takesShapes = new Set(['ConstantOfShape', 'Expand']);

/** A node none of whose inputs has a row per record: weights, constants, and arithmetic on shapes. */
const withoutBatch = (context: BatchContext): readonly Value[] => {
  const { node, inputs, target } = context;
  const outputs = copyNode(target, node, inputs);
  const readsSize = inputs.some((input) => input?.known?.some(mentionsBatch));
  if (readsSize && !takesShapes.has(node.op) && !outputs.every((output) => output.known))
    context.refuse('it computes with the batch size');
  return outputs;
};

/** Compare each output with the file's own: the batch apart, every dimension must be what it was. */
const prove = (context: BatchContext, outputs: readonly Value[]): void => {
  outputs.forEach((output, i) => {
    const had = context.node.outputs[i]?.shape;
    const { shape } = output;
    if (!shape) return;
    const at = batchAxis(shape);
    const record = at === undefined ? undefined : perRecord(shape[at] as Dim);
    if (shape.filter(mentionsBatch).length > 1 || (at !== undefined && record === undefined))
      context.refuse(`its output ${showShape(shape)} does not keep the records apart`);
    if (!had?.every((dim) => typeof dim === 'number')) return;
    const { size } = context.batch;
    const baked = shape.map((dim, j) => (j === at ? multiplyDims([record as Dim, size ?? 1]) : dim));
    const agrees =
      had.length === shape.length &&
      baked.every((dim, j) => typeof dim !== 'number' || dim === had[j] || (j === at && size === undefined));
    if (!agrees) context.refuse(`its output ${showShape(had)} would become ${showShape(shape)}`);
  });
};
