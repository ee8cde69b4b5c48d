/** A layer of a model by the name its user knows it by. */
import type { Graph, Node, Value } from 'onnx-grad';
import { nearestNames } from '../data/nearest-name.ts';
import { AuditError } from '../errors.ts';
import { changingValues } from './weighted-layers.ts';

const SUGGESTIONS = 3;
const WEIGHT = '.weight';

/**
 * What the named layer gives. A name is that of a value, of an output, of a node (for the first of its outputs), or of
 * a module: `fc1` where the weights `fc1.weight` are stored, as PyTorch and onnx-grad name them.
 * @throws {AuditError} MLD_LAYER_UNKNOWN, with the nearest names
 */
export const namedLayer = (model: Graph, name: string): Value => {
  const named = model.has(name) ? model.value(name) : model.outputs.get(name);
  const found =
    named ?? model.nodes.find((node) => node.name === name)?.outputs[0] ?? modules(model).get(name);
  if (found) return found;
  throw new AuditError(
    'MLD_LAYER_UNKNOWN',
    `the model has no layer '${name}'`,
    `The nearest names are ${nearestNames(name, layerNames(model), SUGGESTIONS)
      .map((one) => `'${one}'`)
      .join(', ')}.`,
  );
};

/** What the nodes give that are the first to read the weights of a module. */
const modules = (model: Graph): ReadonlyMap<string, Value> => {
  const changing = changingValues(model);
  const found = new Map<string, Value>();
  for (const { inputs, outputs } of model.nodes) {
    const [output] = outputs;
    const stored = inputs.find((input) => input?.origin === 'initializer' && input.name.endsWith(WEIGHT));
    const module = stored?.name.slice(0, -WEIGHT.length);
    if (module && output && changing.has(output) && !found.has(module)) found.set(module, output);
  }
  return found;
};

/** Names that a layer can be asked for by. */
const layerNames = (model: Graph): readonly string[] => {
  const changing = changingValues(model);
  const gives = ({ outputs }: Node) => outputs[0] && changing.has(outputs[0]);
  const computed = model.nodes
    .filter(gives)
    .flatMap(({ name, outputs }) => [name, outputs[0]?.name as string]);
  return [...new Set([...modules(model).keys(), ...computed, ...model.inputs.map(({ name }) => name)])];
};
