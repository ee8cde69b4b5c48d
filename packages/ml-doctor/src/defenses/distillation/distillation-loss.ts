/** What a student is taught by: its teacher's softened answers, and the labels. */
import { type Loss, losses, ops, type Value } from 'onnx-grad';

export interface DistillationLossOptions {
  /** T, above 0. */
  readonly temperature: number;
  /** α, 0 to 1: the weight of the teacher against that of the labels, 1 − α. */
  readonly alpha: number;
  /** Whether the teacher's term counts once, as in Hinton et al., or twice, as in ML-Doctor. */
  readonly form: 'hinton' | 'ml-doctor';
}

/**
 * w T² KL(p ‖ softmax(z / T)) + (1 − α) CE(z, y), w being α or 2 α: per record the sum over classes, so that the batch
 * mean of it is PyTorch's KLDivLoss(log_softmax(z / T), p, 'batchmean'). T² keeps the gradient of the first term, about
 * T (softmax(z / T) − p), of one size whatever T (Hinton et al. 2015, §2 and §2.1).
 *
 * Logits z `[N, C]`; target `[N, 2C]`: the teacher's posteriors p at T, then the label y as one-hot.
 */
export const distillationLoss = ({ temperature, alpha, form }: DistillationLossOptions): Loss => {
  const weight = (form === 'ml-doctor' ? 2 : 1) * alpha * temperature ** 2;
  return {
    name: 'distillation',
    target: (logits) => ({ dtype: 'float32', shape: [logits.shape?.[0] ?? 'N', 2 * classesOf(logits)] }),
    perExample: (logits, target) => {
      const k = (value: number) => logits.graph.scalar(value);
      const classes = classesOf(logits);
      const [teacher, label] = ops.Split(target, [classes, classes], { axis: 1 }) as [Value, Value];
      const toTeacher = losses.klDivergence().perExample(ops.Div(logits, k(temperature)), teacher);
      const toLabel = losses.softCrossEntropy().perExample(logits, label);
      return ops.Add(ops.Mul(toTeacher, k(weight)), ops.Mul(toLabel, k(1 - alpha)));
    },
  };
};

const classesOf = ({ name, shape }: Value): number => {
  const classes = shape?.[1];
  if (typeof classes !== 'number') throw new Error(`internal: '${name}' has an unknown number of classes`);
  return classes;
};
