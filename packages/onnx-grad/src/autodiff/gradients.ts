/** Reverse-mode differentiation: appends to a graph the nodes that compute gradients of one of its values. */
import { OnnxGradError } from '../errors.ts';
import { capturedValues } from '../graph/captures.ts';
import { isStatic, sameShape, showShape } from '../graph/dim.ts';
import { type DType, isFloat } from '../graph/dtype.ts';
import { isOperator } from '../graph/operators.ts';
import { Sum } from '../graph/ops/index.ts';
import type { Node, Value } from '../graph/value.ts';
import { fuse } from './fusions.ts';
import { expandLike, RuleContext, scalarLike, stops, zerosLike } from './rule.ts';
import { rules } from './rules.ts';

/**
 * ∂target/∂w for each w in `wrt`: values of the same graph, each with its w's shape. `target` must hold one element,
 * unless `seed`, a cotangent of its shape, is given; then the results are vector-Jacobian products.
 * A w that does not influence the target gets zeros.
 * @throws OG_NO_GRADIENT when a path leads through an operator without a gradient, naming the node
 * @throws OG_BAD_ARGUMENT when the target is no single float and there is no seed, or the seed does not fit
 */
export const gradients = (target: Value, wrt: readonly Value[], options: { seed?: Value } = {}): Value[] => {
  const seed = options.seed ?? seedFor(target);
  if (isStatic(seed.shape) && isStatic(target.shape) && !sameShape(seed.shape, target.shape))
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `the seed has shape ${showShape(seed.shape)}, '${target.name}' ${showShape(target.shape)}`,
      "Pass a seed of the target's shape.",
    );
  const cotangents = backward(new Map([[target, seed]]), wrt);
  return wrt.map((w) => cotangents.get(w) ?? zerosLike(w));
};

const seedFor = (target: Value): Value => {
  if (!isFloat(target.dtype) || !target.shape?.every((dim) => dim === 1))
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `'${target.name}' is ${target.dtype} ${showShape(target.shape)}; a gradient needs one float`,
      'Reduce it to a scalar first (ReduceSum), or pass a seed.',
    );
  const one = scalarLike(target, 1);
  return target.shape.length === 0 ? one : expandLike(one, target);
};

/**
 * Cotangents of `wrt` given those of some values. A value of `wrt` is a boundary as well as a result: what lies
 * before it is followed only as far as other values of `wrt` need it.
 */
export const backward = (seeds: ReadonlyMap<Value, Value>, wrt: readonly Value[]): Map<Value, Value> => {
  const graph = (wrt[0] ?? [...seeds.keys()][0])?.graph;
  if (!graph) return new Map();
  const wanted = dependents(graph.nodes, wrt);
  const contributions = new Map<Value, Value[]>();
  const totals = new Map<Value, Value>();
  const contribute = (value: Value, cotangent: Value) => {
    const list = contributions.get(value);
    if (list) list.push(cotangent);
    else contributions.set(value, [cotangent]);
  };
  const total = (value: Value): Value | undefined => {
    const known = totals.get(value);
    if (known) return known;
    const list = contributions.get(value);
    if (!list) return undefined;
    const sum = list.length === 1 ? (list[0] as Value) : Sum(...list);
    totals.set(value, sum);
    return sum;
  };
  for (const [value, seed] of seeds) contribute(value, seed);
  // A copy: rules append to the graph while it is walked.
  const nodes = [...graph.nodes];
  const uses = countUses(nodes);
  const boundary = new Set([...wrt, ...seeds.keys()]);
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i] as Node;
    if (!node.outputs.some((output) => contributions.has(output))) continue;
    const reached = [...node.inputs, ...capturedValues(node)].filter((value) => value && wanted.has(value));
    if (reached.length === 0 || stopsHere(node)) continue;
    const context = new RuleContext(node, node.outputs.map(total), wanted);
    const fused = fuse(context, uses, boundary);
    if (fused) {
      contribute(fused.value, fused.cotangent);
      continue;
    }
    applyRule(context, contribute);
  }
  const results = new Map<Value, Value>();
  for (const value of wrt) {
    const cotangent = total(value);
    if (cotangent) results.set(value, cotangent);
  }
  return results;
};

const applyRule = (context: RuleContext, contribute: (value: Value, cotangent: Value) => void): void => {
  const { node } = context;
  if (node.opaque || !isOperator(node.op))
    context.refuse(
      `the operator${node.domain ? ` of domain '${node.domain}'` : ''} is not one this tool can differentiate`,
    );
  for (const value of [...node.inputs, ...node.outputs])
    if (value && isHalf(value.dtype))
      context.refuse(
        `'${value.name}' is ${value.dtype}`,
        'Export the model with 32-bit floats: gradients of 16-bit ones are not supported.',
      );
  const rule = rules[node.op];
  const cotangents = rule(context);
  for (const [i, input] of node.inputs.entries()) {
    if (!input || !context.wants(i)) continue;
    const cotangent = cotangents[i];
    if (!cotangent)
      context.refuse(`it has no derivative with respect to '${input.name}' (input ${i}), which varies`);
    else contribute(input, cotangent);
  }
};

const isHalf = (dtype: DType): boolean => dtype === 'float16' || dtype === 'bfloat16';

/** Whether the derivative is zero wherever it exists. */
const stopsHere = (node: Node): boolean => !node.opaque && isOperator(node.op) && rules[node.op] === stops;

/**
 * The values of `wrt` and everything that varies smoothly with them: a path ends at integers, truth values, and
 * operators that are constant in pieces.
 */
const dependents = (nodes: readonly Node[], wrt: readonly Value[]): ReadonlySet<Value> => {
  const reached = new Set<Value>(wrt);
  for (const node of nodes) {
    if (stopsHere(node)) continue;
    if ([...node.inputs, ...capturedValues(node)].some((value) => value && reached.has(value)))
      for (const output of node.outputs)
        if (isFloat(output.dtype) || isHalf(output.dtype)) reached.add(output);
  }
  return reached;
};

const countUses = (nodes: readonly Node[]): ReadonlyMap<Value, number> => {
  const uses = new Map<Value, number>();
  for (const node of nodes)
    for (const input of node.inputs) if (input) uses.set(input, (uses.get(input) ?? 0) + 1);
  return uses;
};
