/** Training steps of deep networks on small pictures; much of what they hold stands on maps of few positions. */
import { trainingCase } from './training-cases.ts';

export const resnet18Step = trainingCase({
  name: 'resnet18-step',
  about: 'training step, ResNet18 (torchvision) 3x32x32, batch 64, same SGD',
  kind: 'resnet18',
  private: false,
  bar: null,
  twoThreadsBar: 1.6,
});

export const vgg19Step = trainingCase({
  name: 'vgg19-step',
  about: 'training step, VGG19 with batch normalisation and one dense layer, 3x32x32, batch 64, same SGD',
  kind: 'vgg19',
  private: false,
  bar: null,
});
