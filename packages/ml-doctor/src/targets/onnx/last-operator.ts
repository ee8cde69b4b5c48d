/** What makes a model's answers: the last operator that changes numbers, seen through those that only rearrange them. */
import type { Node, Value } from 'onnx-grad';

/** These give the same numbers in another shape, type or under another name. */
const PASSES = new Set(['Identity', 'Cast', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Dropout']);

/** Undefined where the answer is an input or a stored tensor. */
export function lastOperator(answer: Value): Node | undefined {
  let { node } = answer;
  while (node && PASSES.has(node.op) && node.inputs[0] && node.outputs.indexOf(answer) <= 0) {
    answer = node.inputs[0];
    node = answer.node;
  }
  return node;
}

/** A string attribute of an operator that is carried unread. */
export const textAttribute = (node: Node, name: string): string | undefined => {
  const found = node.opaque?.find((attribute) => attribute.name === name);
  return found && new TextDecoder().decode(found.s);
};
