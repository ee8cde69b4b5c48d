/** Per-example gradients in the weights of a model's last dense layer, from one forward pass. */
import { copyGraph, type Graph, type Value } from 'onnx-grad';
import { AuditError } from '../errors.ts';
import { posterior } from '../stats/log-posterior.ts';
import type { LastLayer } from './access.ts';

/** Name of the added output. */
export const ACTIVATIONS = 'last_layer_activations';

/**
 * A copy of the model that also returns what its last dense layer receives.
 * @throws {AuditError} MLD_ATTACK_UNSUITED when the logits do not come from a dense layer over flat activations
 */
export const withActivations = (model: Graph): Graph => {
  const logits = model.outputs.get('logits');
  const input = logits && denseInput(logits);
  if (input?.shape?.length !== 2)
    throw new AuditError(
      'MLD_ATTACK_UNSUITED',
      'the model’s logits do not come from a dense layer, whose gradients this attack reads',
      'Use the black-box form of the attack (access: black-box).',
    );
  const output = model.outputs.get(ACTIVATIONS);
  if (output) throw new Error(`internal: the model already has an output '${ACTIVATIONS}'`);
  model.output(ACTIVATIONS, input);
  try {
    return copyGraph(model);
  } finally {
    model.dropOutput(ACTIVATIONS);
  }
};

/** What the dense layer that makes the value receives: the first operand of Gemm, or of MatMul before a bias. */
const denseInput = (value: Value): Value | undefined => {
  const { node } = value;
  if (!node) return undefined;
  const [first, second] = node.inputs;
  if (node.op === 'Gemm' && !node.attributes.transA && (node.attributes.alpha ?? 1) === 1)
    return weighted(first, second);
  if (node.op === 'MatMul') return weighted(first, second);
  if (node.op === 'Add') return (first && denseInput(first)) ?? (second ? denseInput(second) : undefined);
  return undefined;
};

/** A product with stored weights, possibly transposed; a product of two activations is no dense layer. */
const weighted = (x: Value | null | undefined, w: Value | null | undefined): Value | undefined => {
  const stored = w?.node?.op === 'Transpose' ? w.node.inputs[0] : w;
  return x && x.origin !== 'initializer' && stored?.origin === 'initializer' ? x : undefined;
};

/**
 * The gradient of −ln softmax(z)_y in W, for z = W h + b, is (p − e_y) ⊗ h.
 *
 * @param logits `rows × classes`
 * @param activations `rows × inputs`
 */
export const lastLayerOf = (
  logits: Float32Array,
  activations: Float32Array,
  labels: Int32Array,
): LastLayer => {
  const rows = labels.length;
  const outputs = logits.length / rows;
  const deltas = new Float32Array(logits.length);
  labels.forEach((label, i) => {
    const row = posterior(logits.subarray(i * outputs, (i + 1) * outputs));
    // p_y − 1 without cancellation, for predictions of which nothing but 1 is left.
    row[label] = 0;
    row[label] = -row.reduce((sum, p) => sum + p, 0);
    deltas.set(row, i * outputs);
  });
  return { deltas, activations, outputs, inputs: activations.length / rows };
};
