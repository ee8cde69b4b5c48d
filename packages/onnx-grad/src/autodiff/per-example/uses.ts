/** From a node and one of its inputs to the per-example form of that use; which operators have one. */
import { OnnxGradError } from '../../errors.ts';
import { Mul, Neg, Sub } from '../../graph/ops/index.ts';
import type { Node, Value } from '../../graph/value.ts';
import { RuleContext } from '../rule.ts';
import { convGeometry, transposedGeometry } from '../rules/conv.ts';
import { channelSums, convolutionUse } from './convolution.ts';
import { denseUse, embeddingUse } from './dense.ts';
import { rankOf, small, sumToPerExample } from './helpers.ts';
import type { ParameterUse } from './use.ts';

/** A matrix stored the other way round: Transpose of two axes. */
export const isTurn = (node: Node | undefined): boolean =>
  node?.op === 'Transpose' && node.inputs[0]?.shape?.length === 2 && node.inputs[0].origin !== 'node';

/** @throws OG_NO_PER_EXAMPLE naming the node when its use of the parameter has no per-example form */
export const parameterUse = (node: Node, index: number, delta: Value): ParameterUse => {
  const c = new RuleContext(node, [delta], new Set());
  const shape = c.x(index).shape ?? [];
  const op = isTurn(c.x(index).node) && node.op !== 'MatMul' ? 'turned' : node.op;
  switch (op) {
    case 'Gemm':
      if (index === 2) {
        const beta = c.int('beta', 1);
        return small(() => scaled(sumToPerExample(delta, shape), beta));
      }
      if (index === 1 && !c.int('transA', 0))
        return denseUse({ x: c.x(0), delta, transposed: c.int('transB', 0) === 1, alpha: c.int('alpha', 1) });
      break;
    case 'MatMul':
      if (index === 1 && shape.length === 2 && [2, 3].includes(rankOf(c.x(0)))) {
        const transposed = isTurn(c.x(1).node);
        return denseUse({ x: c.x(0), delta, transposed, alpha: 1 });
      }
      break;
    case 'Conv':
      if (index === 2) return small(() => channelSums(delta));
      if (index === 1) return convolutionUse(c.x(0), delta, c.x(1), convGeometry(c));
      break;
    case 'ConvTranspose':
      if (index === 2) return small(() => channelSums(delta));
      // The roles swap, as in its gradient: the cotangent is the large side.
      if (index === 1) return swappedConvolution(c, delta);
      break;
    case 'Add':
      return small(() => sumToPerExample(delta, shape));
    case 'Sub':
      return small(() => sumToPerExample(index === 0 ? delta : Neg(delta), shape));
    case 'Mul':
      return small(() => sumToPerExample(Mul(delta, c.x(1 - index)), shape));
    case 'LayerNormalization':
      if (index === 2) return small(() => sumToPerExample(delta, shape));
      if (index === 1)
        return small(() => sumToPerExample(Mul(delta, Mul(Sub(c.x(0), c.extra(1)), c.extra(2))), shape));
      break;
    case 'Gather':
      if (index === 0 && c.int('axis', 0) === 0 && shape.length === 2 && rankOf(c.x(1)) === 2)
        return embeddingUse(c.x(0), c.x(1), delta);
      break;
  }
  throw new OnnxGradError(
    'OG_NO_PER_EXAMPLE',
    `${node.op} '${node.name}' uses the parameter '${c.x(index).name}' in a way that has no per-example gradient`,
    'Use dense, convolution, layer- or group-normalisation layers, or leave that parameter out.',
  );
};

const scaled = (value: Value, by: number): Value => (by === 1 ? value : Mul(value, value.graph.scalar(by)));

const swappedConvolution = (c: RuleContext, delta: Value): ParameterUse => {
  // An example's factor may scale either side of the product: here it scales our input, the smaller one.
  return convolutionUse(delta, c.x(0), c.x(1), transposedGeometry(c));
};
