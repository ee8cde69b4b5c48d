/** The loss of MixupMMD: cross-entropy of mixed records, and how far members' posteriors are from strangers'. */
import { type Loss, losses, ops, type Value } from 'onnx-grad';
import { heldConstant } from '../held-constant.ts';

/**
 * Mean of k over all pairs of rows of a `[N, C]` and b `[M, C]`, k(u, v) = exp(−‖u − v‖² / 2): the Gaussian kernel of
 * width 1.
 */
const meanKernel = (a: Value, b: Value): Value => {
  const k = (value: number) => a.graph.scalar(value);
  const squares = (rows: Value) => ops.ReduceSum(ops.Mul(rows, rows), [1]);
  const products = ops.MatMul(a, ops.Transpose(b, [1, 0]));
  const sums = ops.Add(squares(a), ops.Transpose(squares(b), [1, 0]));
  const exponents = ops.Sub(products, ops.Mul(sums, k(0.5)));
  return ops.ReduceMean(ops.Exp(exponents), undefined, { keepdims: false });
};

/**
 * Squared maximum mean discrepancy of two samples, `[N, C]` and `[M, C]`, biased: the mean kernel within the one plus that
 * within the other, less twice that between them; equation 5 of Gretton et al., JMLR 2012. A scalar from 0.
 */
export const squaredMmd = (a: Value, b: Value): Value =>
  ops.Sub(ops.Add(meanKernel(a, a), meanKernel(b, b)), ops.Mul(meanKernel(a, b), a.graph.scalar(2)));

/**
 * −Σ_c q_c log softmax(mixed)_c + weight · MMD²(softmax(plain), sg[softmax(validation)]); the second term is the same
 * for all records of a batch, so that their mean is one cross-entropy and one MMD². The kernel, its width, the biased
 * estimate and the sg are those of Li, Li & Ribeiro's program: members' posteriors are moved to strangers', which stay.
 * Output `[N, 3 C]` as of `threePasses`, target q `[N, C]`.
 */
export const mixupMmdLoss = (classes: number, weight: number): Loss => ({
  name: 'mixup-mmd',
  target: (output) => ({ dtype: 'float32', shape: [output.shape?.[0] ?? 'N', classes] }),
  perExample: (output, q) => {
    const [plain, mixed, validation] = ops.Split(output, [classes, classes, classes], { axis: 1 }) as [
      Value,
      Value,
      Value,
    ];
    const fit = losses.softCrossEntropy().perExample(mixed, q);
    const gap = squaredMmd(
      ops.Softmax(plain, { axis: 1 }),
      heldConstant(ops.Softmax(validation, { axis: 1 })),
    );
    return ops.Add(fit, ops.Mul(gap, output.graph.scalar(weight)));
  },
});
