/** Which axis of an inner value holds its channels: the second in pictures, the last in rows of tokens. */
import type { Graph, Node, Value } from 'onnx-grad';
import { changingValues, layerInput } from './weighted-layers.ts';

const CHANNELS_SECOND = new Set([
  ...['Conv', 'ConvTranspose', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'GlobalMaxPool'],
  ...['BatchNormalization', 'InstanceNormalization'],
]);

/** These may move axes. */
const REARRANGES = new Set(['Transpose', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

/**
 * Told by the operators that make or read the value, directly or behind others that leave the axes where they are;
 * undefined where none of them tells.
 */
export const channelAxis = (model: Graph, value: Value): number | undefined => {
  const changing = changingValues(model);
  const seen = new Set<Value>([value]);
  for (const at of seen) {
    for (const node of touching(model, at)) {
      if (CHANNELS_SECOND.has(node.op)) return 1;
      if (isAlongLast(node, changing)) return (at.shape?.length ?? 0) - 1;
      if (REARRANGES.has(node.op)) continue;
      for (const next of [...node.inputs, ...node.outputs])
        if (next && changing.has(next) && next.shape?.length === value.shape?.length) seen.add(next);
    }
  }
  return undefined;
};

const isAlongLast = (node: Node, changing: ReadonlySet<Value>): boolean =>
  node.op === 'LayerNormalization' || (node.op === 'MatMul' && layerInput(node, changing) === node.inputs[0]);

const touching = (model: Graph, value: Value): readonly Node[] =>
  model.nodes.filter(({ inputs, outputs }) => inputs.includes(value) || outputs.includes(value));
