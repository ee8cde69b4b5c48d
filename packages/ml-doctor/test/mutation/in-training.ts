/** Wrong gradients and losses in training. */
import { edits, type Mutation, OWN } from './mutation.ts';

const GRADIENTS = 'packages/onnx-grad';

export const training: readonly Mutation[] = [
  ...edits(
    `${GRADIENTS}/src/optim/sgd.ts`,
    [`${GRADIENTS}/src/optim/optimizers.test.ts`],
    [
      [
        'gradients of former steps are not cleared',
        'const next = add([...terms, scaled(velocity, momentum)]);',
        'const next = add([...terms, velocity]);',
      ],
    ],
  ),
  ...edits(
    `${GRADIENTS}/src/train/training-step.ts`,
    [`${GRADIENTS}/src/train/training-step.test.ts`],
    [
      [
        'gradients without the weights of the records',
        'gradients(losses, values, { seed: weights })',
        'gradients(ReduceSum(losses, undefined, { keepdims: false }), values)',
      ],
    ],
  ),
  // Noticed from the other package: it must use the copy of this one.
  ...edits(
    `${GRADIENTS}/src/nn/losses.ts`,
    [`${OWN}/models/train-model.test.ts`],
    [
      [
        'training away from the labels',
        'return Neg(sumRecord(Mul(q, LogSoftmax(logits, { axis: -1 }))));',
        'return sumRecord(Mul(q, LogSoftmax(logits, { axis: -1 })));',
      ],
    ],
  ),
];
