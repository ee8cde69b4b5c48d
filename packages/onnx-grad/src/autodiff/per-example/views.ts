/** Views of a parameter: nodes that only relabel its elements, so its gradients follow by relabelling back. */
import { Reshape, Transpose } from '../../graph/ops/index.ts';
import type { Node, Value } from '../../graph/value.ts';
import type { ParameterUse } from './use.ts';

interface View {
  /** A gradient of the view, `[...view]`, as one of the parameter. */
  readonly undo: (gradient: Value) => Value;
  /** The same for `[N, ...view]`. */
  readonly undoEach: (gradients: Value) => Value;
}

const reshaping = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity']);

/** How to go back through a node that merely turns or reshapes its first input; undefined for every other node. */
export const viewOf = (node: Node): View | undefined => {
  const from = node.inputs[0]?.shape;
  const to = node.outputs[0]?.shape;
  if (!isStatic(from) || !isStatic(to)) return undefined;
  if (reshaping.has(node.op))
    return { undo: (g) => Reshape(g, from), undoEach: (g) => Reshape(g, [-1, ...from]) };
  if (node.op !== 'Transpose') return undefined;
  const perm =
    (node.attributes['perm'] as readonly number[] | undefined) ?? from.map((_, i) => from.length - 1 - i);
  const inverse = from.map((_, axis) => perm.indexOf(axis));
  return {
    undo: (g) => Transpose(g, inverse),
    undoEach: (g) => Transpose(g, [0, ...inverse.map((axis) => axis + 1)]),
  };
};

const isStatic = (shape: Value['shape']): shape is readonly number[] =>
  shape?.every((dim) => typeof dim === 'number') ?? false;

/** The use of a view, as one of what it views. Norms stay. */
export const throughView = (use: ParameterUse, { undo, undoEach }: View): ParameterUse => ({
  squaredNorm: () => use.squaredNorm(),
  weightedSum: (factors) => undo(use.weightedSum(factors)),
  each: () => undoEach(use.each()),
});
