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
import { refuseMixing } from './separation.ts';
import type { ParameterUse } from './use.ts';
import { parameterUse } from './uses.ts';
import { throughView, viewOf } from './views.ts';

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
  refuseMixing(nodes, losses.graph.inputs, parameters, batch);
  const uses = new Map(parameters.map((p) => [p, usesOf(nodes, p)]));
  const outputs = [...new Set([...uses.values()].flat().map(({ node }) => node.outputs[0] as Value))];
  const ones = expandLike(scalarLike(losses, 1), losses);
  const deltas = backward(new Map([[losses, ones]]), outputs);
  const forms = new Map<Value, ParameterUse[]>();
  for (const [parameter, list] of uses)
    forms.set(
      parameter,
      list.flatMap(({ node, index, wrap }) => {
        const delta = deltas.get(node.outputs[0] as Value);
        return delta ? [wrap(parameterUse(node, index, delta))] : [];
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

interface Use {
  readonly node: Node;
  readonly index: number;
  /** From the use of what the node sees to the use of the parameter it is a view of. */
  readonly wrap: (use: ParameterUse) => ParameterUse;
}

const usesOf = (nodes: readonly Node[], stored: Value, wrap: Use['wrap'] = (use) => use): Use[] =>
  nodes.flatMap((node) => {
    const view = node.inputs[0] === stored ? viewOf(node) : undefined;
    if (view) return usesOf(nodes, node.outputs[0] as Value, (use) => wrap(throughView(use, view)));
    return node.inputs.flatMap((input, index) => (input === stored ? [{ node, index, wrap }] : []));
  });

const unused = (parameter: Value) =>
  new OnnxGradError(
    'OG_BAD_ARGUMENT',
    `the losses do not depend on the parameter '${parameter.name}'`,
    'Pass only parameters the model uses.',
  );
