/** A training step of a small multilayer perceptron. */
import { trainingCase } from './training-cases.ts';

export const mlpStep = trainingCase({
  name: 'mlp-step',
  about: 'training step, MLP 784-256-128-10, batch 64, SGD with momentum and weight decay',
  kind: 'mlp',
  private: false,
  bar: 1.3,
});
