/** What keeps a target of ours from being the paper's, one thing at a time. */

import { describe, expect, it } from 'vitest';
import { catalog, type DatasetId } from '../../data/catalog/catalog.ts';
import type { Target } from '../evidence/evidence.ts';
import { dataStandIn, modelStandIn, STAND_IN_DATA } from './stand-ins.ts';
import { targetsNote, unlikePaper } from './unlike.ts';

const RECIPE = {
  ...{ batchSize: 64, epochs: 300, learningRate: 0.01, milestones: [50, 100] },
  ...{ momentum: 0.9, weightDecay: 0.0005 },
};

/** As the evidence has it, with what is looked at. */
function target(data: string, members: number, model: string, params: object = {}): Target {
  const recipe = { ...RECIPE, ...params };
  const audit = { data: { name: data, params: {} }, model: { name: model, params: recipe } };
  const splits = { 'target-train': members, 'target-test': members };
  const report = { data: { id: data, splits }, target: { name: model }, config: {} };
  return { ...audit, defense: { name: 'none', params: {} }, runs: [{ audit, report }] } as unknown as Target;
}

const stl10 = { data: 'STL10', model: 'SimpleCNN' } as const;
const unlike = (model: string, params: object) => unlikePaper(target('stl10@64', 3250, model, params), stl10);

describe('unlikePaper', () => {
  it.each([
    [target('celeba@64', 50_649, 'resnet18'), 'CelebA', 'ResNet18'],
    [target('fashion-mnist@32', 17_500, 'xception'), 'FMNIST', 'Xception'],
    [target('stl10@64', 3250, 'vgg19'), 'STL10', 'VGG19'],
    // Three faces fewer than the paper's archive, and so a record less.
    [target('utkface-64px@64', 5502, 'alexnet'), 'UTKFace', 'AlexNet'],
    [target('utkface', 5503, 'simple-cnn'), 'UTKFace', 'SimpleCNN'],
    [target('utkface', 5503, 'simple-cnn-3'), 'UTKFace', 'SimpleCNN'],
  ] as const)('says nothing of the paper’s own: %#', (own, data, model) => {
    expect(unlikePaper(own, { data, model })).toBeUndefined();
  });

  it('says all that is unlike of a small target', () => {
    const small = target('cifar10-20k', 1000, 'alexnet-small', { epochs: 20, batchSize: 32 });
    expect(unlikePaper(small, { data: 'STL10', model: 'AlexNet' })).toBe(
      'CIFAR-10 in place of STL10; an AlexNet for small pictures; 1,000 training records, not 3,250; 20 epochs, not 300; batches of 32, not 64',
    );
    expect(unlikePaper(target('fashion-mnist-10k', 17_500, 'mlp'), { data: 'FMNIST', model: 'VGG19' })).toBe(
      'the 10,000 test images of Fashion-MNIST; mlp in place of VGG19; 28 pixels a side, not 32 or 64',
    );
  });

  it('does not take one data set or architecture of the paper for another', () => {
    const own = target('celeba@64', 50_649, 'resnet18');
    expect(unlikePaper(own, { data: 'STL10', model: 'ResNet18', members: 50_649 })).toBe(
      'celeba@64 in place of STL10',
    );
    expect(unlikePaper(own, { data: 'CelebA', model: 'VGG19' })).toBe('resnet18 in place of VGG19');
  });

  it.each<[object, string]>([
    [{ learningRate: 0.1 }, 'another learning rate'],
    [{ momentum: 0 }, 'another momentum'],
    [{ weightDecay: 0 }, 'another weight decay'],
    [{ milestones: [] }, 'other milestones of the learning rate'],
    [{ learningRateDecay: 1e-7 }, 'a learning rate that falls with every step'],
    [{ epochs: 299 }, '299 epochs, not 300'],
    [{ batchSize: 65 }, 'batches of 65, not 64'],
    [{ optimizer: 'adam', momentum: undefined }, 'adam, not sgd; another momentum'],
  ])('sees %o', (params, text) => {
    expect(unlike('simple-cnn', params)).toBe(text);
  });

  it('takes a rate that does not decay, and SGD by its name, for what they are', () => {
    expect(unlike('simple-cnn', { learningRateDecay: 0, optimizer: 'sgd' })).toBeUndefined();
  });

  it('lets the paper’s own settings differ: other records, epochs, pixels', () => {
    const early = target('stl10@96', 1000, 'simple-cnn', { epochs: 10 });
    expect(unlikePaper(early, { ...stl10, members: 1000, epochs: 10, pixels: [96] })).toBeUndefined();
    expect(unlikePaper(early, { ...stl10, members: 1011, epochs: 10, pixels: [96] })).toBe(
      '1,000 training records, not 1,011',
    );
    expect(unlikePaper(early, { ...stl10, members: 1010, epochs: 10 })).toBe(
      '96 pixels a side, not 32 or 64',
    );
  });
});

describe('stand-ins', () => {
  it('are known in whatever pixels, and with options that make them unlike', () => {
    expect(dataStandIn({ data: { name: 'celeba-10k@48', params: {} } })?.for).toBe('CelebA');
    expect(dataStandIn({ data: { name: 'adult', params: {} } })).toBeUndefined();
    expect(dataStandIn({ data: { name: 'toString', params: {} } })).toBeUndefined();
    const model = (name: string) => modelStandIn({ model: { name, params: {} } });
    expect(model('resnet18+group-norm')).toEqual({ for: 'ResNet18', unlike: 'group normalisation' });
    expect(model('vgg19-small+no-norm+dropout-0.3')).toEqual({
      for: 'VGG19',
      unlike: 'a VGG19 for small pictures, no normalisation, a dropout of 0.3',
    });
    for (const name of ['resnet', 'mlp', 'shokri-cnn', 'constructor']) expect(model(name)).toBeUndefined();
  });

  it('have the pixels of their name, else those that the catalogue reads them in', () => {
    expect(dataStandIn({ data: { name: 'celeba@48', params: {} } })?.pixels).toBe(48);
    for (const id of STAND_IN_DATA) {
      const { pixels } = catalog[id as DatasetId];
      expect(dataStandIn({ data: { name: id, params: {} } })?.pixels, id).toBe(pixels?.usual);
    }
  });
});

describe('targetsNote', () => {
  it('says on what targets a correlation stands', () => {
    const targets = [
      target('cifar10-20k', 1000, 'simple-cnn', { epochs: 20 }),
      target('cifar10-20k', 1000, 'resnet', { epochs: 20 }),
      target('utkface-64px', 800, 'simple-cnn', { epochs: 10 }),
    ];
    expect(targetsNote(targets)).toBe(
      "These are 3 targets, of cifar10-20k, utkface-64px and simple-cnn, resnet; 800 to 1,000 training records and 10 to 20 epochs each; the paper's are 20, of CelebA, FMNIST, STL10, UTKFace and five architectures, with 3,250 to 50,649 records and 300 epochs; here are CIFAR-10 in place of STL10; not the paper's architectures: resnet.",
    );
    expect(targetsNote([target('stl10', 3250, 'vgg19')])).toMatch(
      /^These are 1 target, of stl10 and vgg19; 3,250 training records and 300 epochs each; .* epochs\.$/,
    );
  });
});
