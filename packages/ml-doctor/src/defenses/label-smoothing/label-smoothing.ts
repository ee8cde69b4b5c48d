/** Label smoothing: a model is taught to be less sure of its labels than they are. */
import { losses } from 'onnx-grad';
import { z } from 'zod';
import { defense } from '../defense.ts';
import { learnNetwork } from '../learn-network.ts';

const params = z.strictObject({
  smoothing: z
    .number()
    .positive()
    .lt(1)
    .default(0.1)
    .describe('share ε of the label that is spread over all classes alike, above 0 and below 1'),
});

/**
 * Cross-entropy against (1 − ε) · one-hot + ε / classes (Szegedy et al., CVPR 2016, §7). Made for accuracy and
 * calibration; offered because it is often taken for a defence, so that what it does can be measured.
 */
export const labelSmoothing = defense({
  name: 'label-smoothing',
  title: 'Label smoothing',
  source: 'Szegedy et al., CVPR 2016, §7; Müller et al., NeurIPS 2019',
  params,
  changes: ['training'],
  learner: {
    continues: () => true,
    notes: () => [
      'Label smoothing has been found to raise what membership attacks learn on pictures (Kaya and Dumitraș, ICML 2021): it need not protect.',
    ],
    train: (options, { smoothing }) =>
      learnNetwork(options, { loss: losses.crossEntropy({ labelSmoothing: smoothing }) }),
  },
});
