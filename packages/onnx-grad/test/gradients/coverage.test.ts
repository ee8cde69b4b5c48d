/** Every operator with a gradient has a case that checks it, and every form of the convolution's weight gradient is reached. */
import { describe, expect, test } from 'vitest';
import { gradients } from '../../src/autodiff/gradients.ts';
import { stops } from '../../src/autodiff/rule.ts';
import { rules } from '../../src/autodiff/rules.ts';
import { Graph } from '../../src/graph/graph.ts';
import { operators } from '../../src/graph/operators.ts';
import { Conv, ReduceSum } from '../../src/graph/ops/index.ts';
import type { ConvAttributes } from '../../src/graph/ops/windows.ts';
import { convolutionCases } from './cases/convolutions.ts';
import { elementwiseCases } from './cases/elementwise.ts';
import { indexingCases } from './cases/indexing.ts';
import { normalizationCases } from './cases/normalizations.ts';
import { poolCases } from './cases/pools.ts';
import { productCases } from './cases/products.ts';
import { reductionCases } from './cases/reductions.ts';
import { reshapingCases } from './cases/reshaping.ts';

const cases = [
  ...convolutionCases,
  ...elementwiseCases,
  ...indexingCases,
  ...normalizationCases,
  ...poolCases,
  ...productCases,
  ...reductionCases,
  ...reshapingCases,
];

/** Its rule gives a gradient to none of its inputs; `special-cases.test.ts` shows that it refuses. */
const withoutGradient = ['OneHot'];

describe('the table of rules', () => {
  test('has an entry for every operator', () => {
    expect(Object.keys(rules).sort()).toEqual(Object.keys(operators).sort());
  });

  test('has a gradient case for every operator with a gradient, and for no other', () => {
    const differentiable = Object.entries(rules).flatMap(([op, rule]) =>
      rule === stops || withoutGradient.includes(op) ? [] : [op],
    );
    expect([...new Set(cases.map(({ op }) => op))].sort()).toEqual(differentiable.sort());
  });

  test('stops only at operators that are constant in pieces or have no float input', () => {
    expect(
      Object.entries(rules)
        .flatMap(([op, rule]) => (rule === stops ? [op] : []))
        .sort(),
    ).toEqual(
      [
        ...[
          'And',
          'ArgMax',
          'Ceil',
          'Constant',
          'ConstantOfShape',
          'Equal',
          'Floor',
          'Greater',
          'GreaterOrEqual',
        ],
        ...['Less', 'LessOrEqual', 'Not', 'Or', 'Round', 'Shape', 'Sign'],
      ].sort(),
    );
  });
});

describe('forms of the weight gradient', () => {
  /** The nodes that the weight gradient alone adds. */
  const added = (
    x: readonly number[],
    w: readonly number[],
    attributes: ConvAttributes,
  ): Map<string, number> => {
    const graph = new Graph();
    const weights = graph.input('w', 'float32', w);
    const y = Conv(graph.input('x', 'float32', x), weights, undefined, attributes);
    const loss = ReduceSum(y, undefined, { keepdims: false });
    const before = graph.nodes.length;
    gradients(loss, [weights]);
    const counts = new Map<string, number>();
    for (const { op } of graph.nodes.slice(before)) counts.set(op, (counts.get(op) ?? 0) + 1);
    return counts;
  };
  const products = (counts: Map<string, number>) => ({
    MatMul: counts.get('MatMul') ?? 0,
    Gemm: counts.get('Gemm') ?? 0,
    Mul: counts.get('Mul') ?? 0,
  });

  // The same kinds of convolution as the cases in `cases/convolutions.ts`, which name the form they reach.
  test('few weights: one batched product over patches', () => {
    expect(products(added([2, 2, 6, 6], [3, 2, 4, 4], {}))).toEqual({ MatMul: 1, Gemm: 0, Mul: 0 });
    expect(products(added([2, 6, 5], [4, 3, 2], { group: 2 }))).toEqual({ MatMul: 1, Gemm: 0, Mul: 0 });
  });
  test('depthwise: a product and a sum per tap', () => {
    expect(products(added([2, 3, 6, 6], [3, 1, 3, 2], { group: 3 }))).toEqual({ MatMul: 0, Gemm: 0, Mul: 6 });
  });
  test('stride 1 in two dimensions: one product per kernel column in a flat frame', () => {
    expect(products(added([2, 9, 6, 6], [2, 9, 3, 2], { pads: [2, 1, 2, 1] }))).toEqual({
      MatMul: 0,
      Gemm: 2,
      Mul: 0,
    });
  });
  test('stride 1, where that frame would be mostly zeros: one product per tap', () => {
    expect(products(added([2, 9, 6, 6], [2, 9, 3, 2], {}))).toEqual({ MatMul: 0, Gemm: 6, Mul: 0 });
  });
  test('few channels: one product over joined patches', () => {
    const strided = added([2, 3, 8, 8], [4, 3, 4, 4], { strides: [2, 2], pads: [1, 1, 1, 1] });
    expect(products(strided)).toEqual({ MatMul: 0, Gemm: 1, Mul: 0 });
  });
  test('anything else: one product per tap', () => {
    const strided = added([2, 9, 6, 6], [2, 9, 3, 2], { strides: [2, 1] });
    expect(products(strided)).toEqual({ MatMul: 0, Gemm: 6, Mul: 0 });
    expect(products(added([2, 12, 6], [2, 12, 3], {}))).toEqual({ MatMul: 0, Gemm: 3, Mul: 0 });
  });
});
