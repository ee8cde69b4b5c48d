/** A model as it stands in a training step: parameters as inputs, batch statistics, random masks. */
import { OnnxGradError } from '../errors.ts';
import { type Shape, showShape } from '../graph/dim.ts';
import type { Graph } from '../graph/graph.ts';
import { Cast, Mul } from '../graph/ops/index.ts';
import { copyInto } from '../graph/rewrites/copy.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Node, Value } from '../graph/value.ts';
import { batchNormalizationTraining } from './batch-normalization.ts';

export interface RandomMask {
  /** Input of the training graph that takes the mask, of the shape of what is dropped. */
  readonly input: Value;
  /** Probability that an element is kept; kept elements are 1 / keep, dropped ones 0. */
  readonly keep: number;
  /** Shape of one record's mask. */
  readonly shape: readonly number[];
}

export interface TrainingModel {
  /** What each output of the model became. */
  readonly outputs: ReadonlyMap<string, Value>;
  /** What the trainable tensors are in the graph, by name: inputs, unless they were given. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** Running statistics: name -> [before, updated value]. */
  readonly buffers: ReadonlyMap<string, readonly [Value, Value]>;
  readonly masks: readonly RandomMask[];
}

/**
 * Copy a model into a training graph. BatchNormalization uses the batch's statistics and moves the running ones.
 * Dropout multiplies by a mask that is an input, so that which units drop is addressed by seed and step and a resumed
 * run repeats to the bit.
 * @param given values of the target by the name of the input, parameter or running statistic that they stand in for:
 *   a second pass through a model whose parameters are there already, or through one that the same step has updated
 */
export const trainingModel = (
  target: Graph,
  model: Graph,
  given: ReadonlyMap<string, Value> = new Map(),
): TrainingModel => {
  const parameters = new Map<string, Value>();
  const buffers = new Map<string, readonly [Value, Value]>();
  const masks: RandomMask[] = [];
  const bindings = new Map<Value, Value>();
  const asInput = (name: string): Value => {
    const source = model.value(name);
    const input = given.get(name) ?? target.input(name, source.dtype, source.shape as readonly number[]);
    bindings.set(source, input);
    return input;
  };
  for (const input of model.inputs) {
    const stand = given.get(input.name);
    if (stand) bindings.set(input, stand);
  }
  for (const name of model.parameters) parameters.set(name, asInput(name));
  const statistics = new Map<string, Value>();
  for (const node of model.nodes)
    if (node.op === 'BatchNormalization')
      for (const value of node.inputs.slice(3))
        if (value && model.initializers.has(value.name) && !statistics.has(value.name))
          statistics.set(value.name, asInput(value.name));

  const trainingNode = (node: Node, inputs: readonly (Value | null)[]): readonly Value[] | undefined => {
    if (node.op === 'BatchNormalization') {
      const { y, mean, variance } = batchNormalizationTraining(target, node, inputs);
      node.inputs.slice(3).forEach((value, i) => {
        const input = value && statistics.get(value.name);
        if (value && input) buffers.set(value.name, [input, i === 0 ? mean : variance]);
      });
      return [y];
    }
    if (node.op === 'Dropout') {
      const x = inputs[0] as Value;
      const keep = 1 - dropRate(model, node);
      if (keep === 1) return [x];
      const shape = recordShape(node, x);
      const mask = target.input(target.freshName(`${node.name}.mask`), 'float32', x.shape as Shape);
      masks.push({ input: mask, keep, shape });
      return [Mul(x, x.dtype === 'float32' ? mask : Cast(mask, x.dtype))];
    }
    return undefined;
  };

  const copied = copyInto(target, model, { bindings, node: trainingNode });
  const outputs = new Map([...model.outputs].map(([name, value]) => [name, copied.get(value) as Value]));
  return { outputs, parameters, buffers, masks };
};

/** Everything but the batch, which must be known before a mask can be drawn. */
const recordShape = (node: Node, x: Value): number[] => {
  const shape = x.shape?.slice(1);
  if (!shape?.every((dim) => typeof dim === 'number'))
    throw notTrainable(
      node,
      `what it drops has shape ${showShape(x.shape)}`,
      'Only the batch size may stay open.',
    );
  return shape as number[];
};

const dropRate = (model: Graph, node: Node): number => {
  const ratio = node.inputs[1];
  if (!ratio) return 0.5;
  const stored =
    model.initializers.get(ratio.name) ?? (ratio.node?.attributes['value'] as Tensor | undefined);
  if (!stored)
    throw notTrainable(
      node,
      `its ratio '${ratio.name}' is computed when it runs`,
      'Store the ratio in the model.',
    );
  return Number(stored.data[0]);
};

const notTrainable = (node: Node, reason: string, hint: string) =>
  new OnnxGradError('OG_NOT_TRAINABLE', `${node.op} '${node.name}' cannot be trained: ${reason}`, hint);
