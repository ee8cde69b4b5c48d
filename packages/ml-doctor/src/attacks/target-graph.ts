/** The target as part of a graph of the attacker's: its logits as a function of inputs that he optimises. */
import {
  attachModel,
  backward,
  copyGraph,
  type Graph,
  type Node,
  OnnxGradError,
  type Value,
} from 'onnx-grad';
import { AuditError } from '../errors.ts';

/**
 * Appends a copy of the model to the graph, reading `x` `[N, ...recordShape]` in place of its input.
 * @returns its logits, `[N, classes]`
 */
export const attachTarget = (graph: Graph, model: Graph, x: Value): Value =>
  attachModel(graph, model, { [model.inputs[0]?.name ?? 'x']: x }, 'logits');

/** Attacks that follow no gradient, by family. */
const BLACK_BOX: Readonly<Record<string, string>> = {
  inversion: 'inversion/black-box',
  attribute: 'attribute/tabular',
};

const hint = (name: string): string =>
  `Use ${BLACK_BOX[name.replace(/\/.*/, '')]}, which needs answers only, or export the model without that part (softmax and logits instead of decisions).`;

/**
 * Refuses a model along whose gradient nobody can climb from the logits to the input; `name` is the attack's.
 * @throws {AuditError} MLD_ATTACK_UNSUITED for an input that is no 32-bit float, an operator without a gradient on the
 *   way (both named), and where all derivatives on the way are zero (the operators that stop them named)
 */
export const refuseUndifferentiable = (name: string, model: Graph): void => {
  for (const { name: input, dtype } of model.inputs)
    if (dtype !== 'float32')
      throw new AuditError(
        'MLD_ATTACK_UNSUITED',
        `${name}: the model's input '${input}' is ${dtype}, and only inputs of 32-bit floats can be optimised`,
        'Export the model from the point where its inputs are floats, with what encodes them outside the graph.',
      );
  const graph = copyGraph(model);
  const [x] = graph.inputs;
  const logits = graph.outputs.get('logits');
  if (!x || !logits) throw new Error('internal: a target has one input and the output logits');
  if (arrives(name, logits, x)) return;
  const stopped = stoppersBetween(x, logits);
  throw new AuditError(
    'MLD_ATTACK_UNSUITED',
    `${name}: no gradient reaches the model's input '${x.name}': ${
      stopped.length === 0
        ? 'the logits do not depend on it'
        : `the derivative of ${stopped.map(shown).join(', ')} is zero wherever it exists`
    }`,
    hint(name),
  );
};

/** Whether anything at all comes back from the logits to the input. */
const arrives = (name: string, logits: Value, x: Value): boolean => {
  try {
    return flows(logits, [x]);
  } catch (error) {
    if (!(error instanceof OnnxGradError) || error.code !== 'OG_NO_GRADIENT') throw error;
    throw new AuditError(
      'MLD_ATTACK_UNSUITED',
      `${name}: the model cannot be differentiated: ${error.message}`,
      hint(name),
      { cause: error },
    );
  }
};

/** Only whether a cotangent comes back is asked, so that any value of the right shape will do: the value itself. */
const flows = (from: Value, to: readonly Value[]): boolean => backward(new Map([[from, from]]), to).size > 0;

/** The nodes on the way that vary with the input while none of their outputs does so smoothly. */
const stoppersBetween = (x: Value, logits: Value): readonly Node[] => {
  const needed = new Set([logits]);
  const nodes = [...x.graph.nodes];
  for (const node of [...nodes].reverse())
    if (node.outputs.some((output) => needed.has(output)))
      for (const input of node.inputs) if (input) needed.add(input);
  const smooth = new Set([x]);
  return nodes.filter((node) => {
    const varying = node.inputs.filter((input): input is Value => !!input && smooth.has(input));
    const outputs = node.outputs.filter((output) => needed.has(output));
    if (varying.length === 0 || outputs.length === 0) return false;
    const passing = outputs.filter((output) => passes(output, varying));
    for (const output of passing) smooth.add(output);
    return passing.length === 0;
  });
};

/** Whether a node lets some of a derivative through. One without a gradient is not what makes it zero. */
const passes = (output: Value, inputs: readonly Value[]): boolean => {
  if (output.dtype !== 'float32' && output.dtype !== 'float64') return false;
  try {
    return flows(output, inputs);
  } catch (error) {
    if (error instanceof OnnxGradError && error.code === 'OG_NO_GRADIENT') return true;
    throw error;
  }
};

const shown = ({ op, name }: Node): string => `${op} '${name}'`;
