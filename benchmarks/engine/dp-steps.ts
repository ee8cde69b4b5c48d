/** Differentially private steps: clipped per example, with fresh noise for every parameter in the timed step. */
import { trainingCase } from './training-cases.ts';

export const dpMlpStep = trainingCase({
  name: 'dp-mlp-step',
  about: 'DP-SGD step of the MLP, noise included; PyTorch: per-example gradients by hooks',
  kind: 'mlp',
  private: true,
  bar: 1,
  ownBar: 1.5,
});

export const dpCnnStep = trainingCase({
  name: 'dp-cnn-step',
  about: 'DP-SGD step of the CNN, noise included; PyTorch: per-example gradients by hooks',
  kind: 'cnn',
  private: true,
  bar: 1,
  ownBar: 1.5,
});
