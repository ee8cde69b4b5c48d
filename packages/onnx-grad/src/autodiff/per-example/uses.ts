/** From a node and one of its inputs to the per-example form of that use; which operators have one. */
import { OnnxGradError } from '../../errors.ts';
import { Min, Mul, Neg } from '../../graph/ops/index.ts';
import type { Node, Value } from '../../graph/value.ts';
import { RuleContext } from '../rule.ts';
import { convGeometry, transposedGeometry } from '../rules/conv.ts';
import { channelSums, convolutionUse } from './convolution.ts';
import { denseUse } from './dense.ts';
import { embeddingUse } from './embedding.ts';
import { rankOf, small, sumToPerExample, times } from './helpers.ts';
import { batchNormalised, instanceNormalised, layerNormalised } from './normalization.ts';
import type { ParameterUse } from './use.ts';

/** @throws OG_NO_PER_EXAMPLE naming the node when its use of the parameter has no per-example form */
export const parameterUse = (node: Node, index: number, delta: Value): ParameterUse => {
  const c = new RuleContext(node, [delta], new Set());
  const shape = c.x(index).shape ?? [];
  const refuse = () =>
    new OnnxGradError(
      'OG_NO_PER_EXAMPLE',
      `${node.op} '${node.name}' uses the parameter '${c.x(index).name}' in a way that has no per-example gradient`,
      'Use dense, convolution, layer- or group-normalisation layers, or leave that parameter out.',
    );
  /** A parameter that meets every example in the same way: broadcast over the batch. */
  const broadcast = (cotangent: () => Value): ParameterUse => {
    // With an entry for each example it would be the batch that fixes its size.
    if (shape.length === rankOf(delta) && shape[0] !== 1) throw refuse();
    return small(() => sumToPerExample(cotangent(), shape));
  };
  switch (node.op) {
    case 'Gemm':
      if (index === 2) return broadcast(() => times(delta, c.int('beta', 1)));
      if (index === 1 && !c.int('transA', 0))
        return denseUse({ x: c.x(0), delta, transposed: c.int('transB', 0) === 1, alpha: c.int('alpha', 1) });
      break;
    case 'MatMul':
      if (index === 1 && shape.length === 2 && rankOf(c.x(0)) >= 2)
        return denseUse({ x: c.x(0), delta, transposed: false, alpha: 1 });
      break;
    case 'Conv':
      if (index === 2) return small(() => channelSums(delta));
      if (index === 1) return convolutionUse(c.x(0), delta, c.x(1), convGeometry(c));
      break;
    case 'ConvTranspose':
      if (index === 2) return small(() => channelSums(delta));
      // The roles swap, as in its gradient: the cotangent is the large side. An example's factor may scale either
      // side of the product; here it scales our input, the smaller one.
      if (index === 1) return convolutionUse(delta, c.x(0), c.x(1), transposedGeometry(c));
      break;
    case 'Add':
    case 'Sum':
      return broadcast(() => delta);
    case 'Sub':
      return broadcast(() => (index === 0 ? delta : Neg(delta)));
    case 'Mul':
      return broadcast(() => Mul(delta, c.x(1 - index)));
    case 'PRelu':
      if (index === 1) return broadcast(() => Mul(delta, Min(c.x(0), c.scalar(0))));
      break;
    case 'LayerNormalization':
      if (index === 2) return broadcast(() => delta);
      if (index === 1) return broadcast(() => Mul(delta, layerNormalised(c)));
      break;
    case 'BatchNormalization':
      if (index === 2) return small(() => channelSums(delta));
      if (index === 1) return small(() => channelSums(Mul(delta, batchNormalised(c))));
      break;
    case 'InstanceNormalization':
      if (index === 2) return small(() => channelSums(delta));
      if (index === 1) return small(() => channelSums(Mul(delta, instanceNormalised(c))));
      break;
    case 'Gather':
      if (index === 0 && c.int('axis', 0) === 0 && shape.length === 2)
        return embeddingUse(c.x(0), c.x(1), delta);
      break;
  }
  throw refuse();
};
