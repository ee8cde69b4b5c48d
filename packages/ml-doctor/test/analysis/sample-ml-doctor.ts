/** ML-Doctor's own targets as if they had been audited here: its published figures, in its own setting. */

import { TABLE_5, testAccuracy } from '../../src/analysis/published/ml-doctor-2022/accuracy.ts';
import { attackFigure } from '../../src/analysis/published/ml-doctor-2022/attacks.ts';
import { TABLE_3, TABLE_4 } from '../../src/analysis/published/ml-doctor-2022/defended.ts';
import {
  EPOCHS,
  PAPER_DATA,
  PAPER_MODELS,
  PAPER_MODES,
  type PaperData,
  type PaperMode,
  type PaperModel,
  QUARTER,
} from '../../src/analysis/published/ml-doctor-2022/names.ts';
import { PRIVATE_TRAININGS } from '../../src/analysis/published/ml-doctor-2022/private-trainings.ts';
import type { Draft } from '../report/sample-report.ts';
import { around, type SampleTarget } from './sample-evidence.ts';

export const DATA_NAMES: Readonly<Record<PaperData, string>> = {
  CelebA: 'celeba@64',
  FMNIST: 'fashion-mnist@64',
  STL10: 'stl10@64',
  UTKFace: 'utkface@64',
};
export const MODEL_NAMES: Readonly<Record<PaperModel, string>> = {
  AlexNet: 'alexnet',
  ResNet18: 'resnet18',
  VGG19: 'vgg19',
  Xception: 'xception',
  SimpleCNN: 'simple-cnn',
};

const ATTACKS: Readonly<Record<string, Draft['results'][number]['params']>> = {
  'membership/shadow-classifier': { epochs: 50, batchSize: 64, learningRate: 1e-5 },
  'inversion/mi-face': { iterations: 3000, learningRate: 0.01, patience: 100, threshold: 0.999 },
  'inversion/secret-revealer': {
    ...{ steps: 1500, restarts: 10, learningRate: 0.001, momentum: 0.9, identityWeight: 100, clip: 1 },
    ...{ latent: 100, width: 64, ganEpochs: 200, ganBatchSize: 128, ganLearningRate: 0.0002 },
  },
  'attribute/embedding': { head: 'mlp', epochs: 50 },
  'stealing/posterior-matching': {
    ...{ loss: 'mse', epochs: 50, batchSize: 64, learningRate: 0.01, momentum: 0.9, architecture: 'target' },
  },
};

/** The recipe of targets and attacks as the paper has it. */
export function inItsSetting(report: Draft, model: string): Draft {
  const recipe = { epochs: EPOCHS, batchSize: 64, learningRate: 0.01, momentum: 0.9, weightDecay: 0.0005 };
  const target = { train: { model, ...recipe, milestones: [50, 100] } };
  return {
    ...report,
    config: { ...report.config, target },
    results: report.results.map((result) => ({
      ...result,
      params: { ...result.params, ...ATTACKS[result.attack] },
    })),
  };
}

function sampleOf(
  data: PaperData,
  model: PaperModel,
  figureOf: (mode: PaperMode) => number | undefined,
  accuracy: number | undefined,
): SampleTarget {
  const own = MODEL_NAMES[model];
  return {
    ...{ data: DATA_NAMES[data], model: own, members: QUARTER[data] },
    testAccuracy: accuracy ?? Number.NaN,
    modes: Object.fromEntries(
      PAPER_MODES.flatMap((mode) => {
        const figure = figureOf(mode);
        return figure === undefined ? [] : [[mode, around(figure, 0.001)]];
      }),
    ),
    report: (report) => inItsSetting(report, own),
  };
}

/** The 20 undefended ones. */
export const publishedTargets = (): readonly SampleTarget[] =>
  PAPER_DATA.flatMap((data) =>
    PAPER_MODELS.map((model) =>
      sampleOf(
        data,
        model,
        (mode) => attackFigure(mode, model, data)?.value,
        testAccuracy(model, data).value,
      ),
    ),
  );

/** Those of Tables 3 to 5, with their undefended counterparts. */
export const publishedDefended = (): readonly SampleTarget[] =>
  PAPER_DATA.flatMap((data) => [
    sampleOf(data, 'SimpleCNN', (mode) => TABLE_3[mode][data]?.none.value, TABLE_5.SimpleCNN[data]?.value),
    ...(['epsilon1', 'epsilon2'] as const).map((column) => ({
      ...sampleOf(
        data,
        'SimpleCNN',
        (mode) => TABLE_3[mode][data]?.[column].value,
        TABLE_5[`SimpleCNN, ${column}`][data]?.value,
      ),
      defense: {
        name: 'dp-sgd',
        params: { noiseMultiplier: PRIVATE_TRAININGS[data][column].noiseMultiplier },
      },
    })),
    sampleOf(data, 'VGG19', (mode) => TABLE_4[mode][data]?.none.value, TABLE_5.VGG19[data]?.value),
    {
      ...sampleOf(
        data,
        'VGG19',
        (mode) => TABLE_4[mode][data]?.distillation.value,
        TABLE_5['VGG19, distillation'][data]?.value,
      ),
      defense: { name: 'distillation', params: { temperature: 20, alpha: 0.7 } },
    },
  ]);
