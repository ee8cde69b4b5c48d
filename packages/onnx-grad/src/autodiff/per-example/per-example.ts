/**
 * Per-example gradients of a batch: their norms without storing them, weighted sums of them, or the gradients
 * themselves. One backward pass finds the cotangents δ at the outputs of the nodes that use parameters; since no
 * example sees another, everything follows from the δ and those nodes' inputs (Goodfellow 2015, arXiv 1510.01799;
 * for convolutions Rochette et al. 2019, arXiv 1912.06015).
 */
import { OnnxGradError } from '../../errors.ts';
import { showShape } from '../../graph/dim.ts';
import { Sqrt, Sum } from '../../graph/ops/index.ts';
import { liveNodes } from '../../graph/prune.ts';
import type { Node, Value } from '../../graph/value.ts';
import { backward } from '../gradients.ts';
import { expandLike, scalarLike } from '../rule.ts';
import { squaresPerExample } from './helpers.ts';
import type { ParameterUse } from './use.ts';
import { isTurn, parameterUse } from './uses.ts';

export interface PerExampleGradients {
  /** ‖gᵢ‖² over all the parameters together, `[N]`. */
  squaredNorms(): Value;
  /** ‖gᵢ‖, `[N]`. */
  norms(): Value;
  /** Σᵢ factorᵢ gᵢ for each parameter, in order; `factors` is `[N]`. */
  weightedSums(factors: Value): Value[];
  /** gᵢ of one parameter for every i, `[N, ...parameter]`. Large: meant for a last layer, and to be used at once. */
  each(parameter: Value): Value;
}

/**
 * @param losses one loss per example, `[N]`; example i's loss must depend on example i's inputs alone
 * @throws OG_NO_PER_EXAMPLE when a layer mixes examples or a parameter's use has no per-example form
 */
export const perExampleGradients = (losses: Value, parameters: readonly Value[]): PerExampleGradients => {
  const batch = losses.shape?.length === 1 ? losses.shape[0] : undefined;
  if (batch === undefined)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `'${losses.name}' has shape ${showShape(losses.shape)}; per-example losses have shape [N]`,
      'Pass the losses before they are averaged.',
    );
  const nodes = liveNodes(losses.graph, [losses]);
  refuseMixing(nodes, parameters, batch);
  const uses = new Map(parameters.map((p) => [p, usesOf(nodes, p)]));
  const outputs = [...new Set([...uses.values()].flat().map(({ node }) => node.outputs[0] as Value))];
  const ones = expandLike(scalarLike(losses, 1), losses);
  const deltas = backward(new Map([[losses, ones]]), outputs);
  const forms = new Map<Value, ParameterUse[]>();
  for (const [parameter, list] of uses)
    forms.set(
      parameter,
      list.flatMap(({ node, index }) => {
        const delta = deltas.get(node.outputs[0] as Value);
        return delta ? [parameterUse(node, index, delta)] : [];
      }),
    );
  const formsOf = (parameter: Value): ParameterUse[] => {
    const found = forms.get(parameter);
    if (!found || found.length === 0) throw unused(parameter);
    return found;
  };
  const each = (parameter: Value): Value => sum(formsOf(parameter).map((form) => form.each()));
  const squaredNorms = (): Value =>
    sum(
      parameters.map((parameter) => {
        const [only, ...more] = formsOf(parameter);
        // Gradients of a shared parameter add up before they are squared.
        return only && more.length === 0 ? only.squaredNorm() : squaresPerExample(each(parameter));
      }),
    );
  return {
    squaredNorms,
    norms: () => Sqrt(squaredNorms()),
    weightedSums: (factors) =>
      parameters.map((p) => sum(formsOf(p).map((form) => form.weightedSum(factors)))),
    each,
  };
};

const sum = (values: readonly Value[]): Value =>
  values.length === 1 ? (values[0] as Value) : Sum(...values);

const usesOf = (nodes: readonly Node[], parameter: Value): { node: Node; index: number }[] =>
  nodes.flatMap((node) => {
    const here = node.inputs.flatMap((input, index) => (input === parameter ? [{ node, index }] : []));
    // A stored matrix is often turned before it is multiplied; the product is what uses it.
    return here.length > 0 && isTurn(node) ? usesOf(nodes, node.outputs[0] as Value) : here;
  });

const unused = (parameter: Value) =>
  new OnnxGradError(
    'OG_BAD_ARGUMENT',
    `the losses do not depend on the parameter '${parameter.name}'`,
    'Pass only parameters the model uses.',
  );

/** Every value between a parameter and the losses must keep the batch as its first axis, and no node may mix it. */
const refuseMixing = (nodes: readonly Node[], parameters: readonly Value[], batch: number | string): void => {
  const reached = new Set<Value>(parameters);
  for (const node of nodes) {
    if (!node.inputs.some((input) => input && reached.has(input))) continue;
    if (isTurn(node) && parameters.includes(node.inputs[0] as Value)) {
      reached.add(node.outputs[0] as Value);
      continue;
    }
    const reason =
      node.op === 'BatchNormalization' && node.attributes['training_mode'] === 1
        ? 'it uses the statistics of the whole batch'
        : node.outputs[0]?.shape?.[0] !== batch
          ? `its output ${showShape(node.outputs[0]?.shape)} does not keep the examples apart`
          : undefined;
    if (reason)
      throw new OnnxGradError(
        'OG_NO_PER_EXAMPLE',
        `no per-example gradients through ${node.op} '${node.name}': ${reason}`,
        'Replace batch normalisation by group normalisation, and keep the batch as the first axis of every layer.',
      );
    for (const output of node.outputs) reached.add(output);
  }
};
