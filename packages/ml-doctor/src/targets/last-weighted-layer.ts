/** Finds the last layer with weights on the way to a model's answer, and whether one lies before a value. */
import type { Graph, Node, Value } from 'onnx-grad';
import { AuditError } from '../errors.ts';
import { changingValues, layerInput } from './weighted-layers.ts';

/** Operators that onnx-grad does not know, which have no weights and answer for what their inputs hold. */
const WEIGHTLESS = new Set([
  ...['ZipMap', 'Normalizer', 'Scaler', 'LpNormalization', 'QuantizeLinear', 'DequantizeLinear'],
  ...['Hardmax', 'Softsign', 'Celu', 'ThresholdedRelu', 'Mish'],
]);

const HINT = 'Name one of its layers (option `layer`), or use a black-box attack.';

/**
 * What the last layer with weights receives: the embedding of a record as Song and Shmatikov (Overlearning, ICLR 2020)
 * read it. Walks back from `logits`, or else the first output of floats, through everything that is no such layer,
 * along all branches; of the layers it meets, the one that lies behind the others is the last.
 * @throws {AuditError} MLD_ATTACK_UNSUITED where there is no such layer, something that cannot be looked into stands in
 *   its place, or several layers with different inputs stand side by side
 */
export const lastWeightedInput = (model: Graph): Value => {
  const changing = changingValues(model);
  const [name, output] = answerOf(model);
  const met = nearestLayers(output, changing);
  const last = met.filter((node) => !met.some((other) => other !== node && isBehind(other, node)));
  const hidden = last.find((node) => !layerInput(node, changing));
  if (hidden)
    throw unsuited(
      `the model’s output '${name}' comes from ${hidden.op} '${hidden.name}', which is no layer with weights that can be looked into`,
    );
  const inputs = [...new Set(last.map((node) => layerInput(node, changing) as Value))];
  if (inputs.length > 1)
    throw unsuited(
      `the model’s output '${name}' comes from ${last.length} last layers that receive different values: ${list(last)}`,
    );
  if (!inputs[0]) throw unsuited(`the model’s output '${name}' does not come from a layer with weights`);
  return inputs[0];
};

/**
 * Whether a value is computed from what a layer with weights gives. So is what comes from a table of weights or from an
 * operator that cannot be looked into. A factor and a shift for each number, as BatchNormalization has, are no layer:
 * each number of the record can be told from what they give.
 */
export const passesWeights = (value: Value, changing: ReadonlySet<Value>): boolean =>
  nearestLayers(value, changing).length > 0;

const unsuited = (message: string) => new AuditError('MLD_ATTACK_UNSUITED', message, HINT);

const list = (nodes: readonly Node[]): string => nodes.map(({ op, name }) => `${op} '${name}'`).join(', ');

const answerOf = ({ outputs, name }: Graph): readonly [string, Value] => {
  const logits = outputs.get('logits');
  if (logits) return ['logits', logits];
  const found = [...outputs].find(([, { dtype }]) => dtype.startsWith('float')) ?? [...outputs][0];
  if (!found) throw new Error(`internal: the model '${name}' has no output`);
  return found;
};

/** The first layer, or operator with a table or unknown to us, on each way back from the value. */
const nearestLayers = (from: Value, changing: ReadonlySet<Value>): readonly Node[] => {
  const met = new Set<Node>();
  const seen = new Set<Node>();
  const stack = [from];
  for (let value = stack.pop(); value; value = stack.pop()) {
    const { node } = value;
    if (!node || seen.has(node) || !changing.has(value)) continue;
    seen.add(node);
    if (layerInput(node, changing) || isClosed(node, changing)) met.add(node);
    else for (const input of node.inputs) if (input) stack.push(input);
  }
  return [...met];
};

/** A table in which rows are looked up holds weights, and so may an operator that we do not know. */
const isClosed = (node: Node, changing: ReadonlySet<Value>): boolean => {
  const [table] = node.inputs;
  if (node.opaque) return !WEIGHTLESS.has(node.op);
  return node.op.startsWith('Gather') && !!table && !changing.has(table);
};

/** Whether `later` is computed from what `earlier` gives. */
const isBehind = (later: Node, earlier: Node): boolean => {
  const seen = new Set<Node>();
  const stack: Node[] = [later];
  for (let node = stack.pop(); node; node = stack.pop())
    for (const input of node.inputs) {
      const before = input?.node;
      if (before === earlier) return true;
      if (!before || seen.has(before)) continue;
      seen.add(before);
      stack.push(before);
    }
  return false;
};
