/** Which of our data sets and architectures stand for which of ML-Doctor's, and how alike they are. */

import { parseDataName } from '../../data/data-name.ts';
import { parseModelName } from '../../models/model-name.ts';
import type { Target } from '../evidence/evidence.ts';
import type { PaperData, PaperModel } from './ml-doctor-2022/names.ts';

export interface StandIn<Name extends string> {
  /** Name in the paper. */
  readonly for: Name;
  /** What it is in place of the paper's own; absent where it is the paper's own. */
  readonly unlike?: string;
}

/** A stand-in of pictures, with the pixels a side that they have where a name asks for no others. */
export interface DataStandIn extends StandIn<PaperData> {
  readonly pixels: number;
}

const DATA: Readonly<Record<string, DataStandIn>> = {
  celeba: { for: 'CelebA', pixels: 32 },
  'celeba-10k': { for: 'CelebA', pixels: 32, unlike: 'the first 10,000 faces of CelebA' },
  'fashion-mnist': { for: 'FMNIST', pixels: 28 },
  'fashion-mnist-10k': { for: 'FMNIST', pixels: 28, unlike: 'the 10,000 test images of Fashion-MNIST' },
  stl10: { for: 'STL10', pixels: 32 },
  // Ten classes too, nine of them the same; but pictures of 32 pixels where STL10 has 96.
  cifar10: { for: 'STL10', pixels: 32, unlike: 'CIFAR-10 in place of STL10' },
  'cifar10-20k': { for: 'STL10', pixels: 32, unlike: 'CIFAR-10 in place of STL10' },
  utkface: { for: 'UTKFace', pixels: 32 },
  // Compressed anew, at no fewer pixels than the paper's, and three faces fewer.
  'utkface-64px': { for: 'UTKFace', pixels: 32 },
};

/** The data sets of the catalogue that stand for one of the paper's. */
export const STAND_IN_DATA: readonly string[] = Object.keys(DATA);

const MODELS: Readonly<Record<string, StandIn<PaperModel>>> = {
  alexnet: { for: 'AlexNet' },
  'alexnet-small': { for: 'AlexNet', unlike: 'an AlexNet for small pictures' },
  resnet18: { for: 'ResNet18' },
  'resnet18-cifar': { for: 'ResNet18', unlike: 'a ResNet18 for small pictures' },
  vgg19: { for: 'VGG19' },
  'vgg19-small': { for: 'VGG19', unlike: 'a VGG19 for small pictures' },
  xception: { for: 'Xception' },
  // Two convolutions in the paper's words, three in its code: either may be behind its figures.
  'simple-cnn': { for: 'SimpleCNN' },
  'simple-cnn-3': { for: 'SimpleCNN' },
};

/** The paper's data set that this target's stands for, in the pixels it has; undefined where it stands for none. */
export function dataStandIn({ data }: Pick<Target, 'data'>): DataStandIn | undefined {
  const { id, pixels } = parseDataName(data.name);
  const found = Object.hasOwn(DATA, id) ? DATA[id] : undefined;
  return found && { ...found, ...(pixels !== undefined && { pixels }) };
}

/** The paper's architecture that this target's stands for; undefined where it stands for none, as `resnet` and `mlp`. */
export function modelStandIn({ model }: Pick<Target, 'model'>): StandIn<PaperModel> | undefined {
  const { name, norm, dropout } = parseModelName(model.name);
  const found = Object.hasOwn(MODELS, name) ? MODELS[name] : undefined;
  const options = [
    ...(found?.unlike === undefined ? [] : [found.unlike]),
    ...(norm === undefined ? [] : [norm === 'none' ? 'no normalisation' : `${norm} normalisation`]),
    ...(dropout === undefined ? [] : [`a dropout of ${dropout}`]),
  ];
  return found && { for: found.for, ...(options.length > 0 && { unlike: options.join(', ') }) };
}
