/** A training step of a small convolutional network. */
import { trainingCase } from './training-cases.ts';

export const cnnStep = trainingCase({
  name: 'cnn-step',
  about: 'training step, CNN 28x28 (conv 32, pool, conv 64, pool, fc 128, fc 10), batch 64, same SGD',
  kind: 'cnn',
  private: false,
  bar: 1.5,
});
