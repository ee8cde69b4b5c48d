/** Test accuracies and overfitting of ML-Doctor's targets: Table 5 and Fig. 7. */

import type { Published } from '../../figure.ts';
import { type Grid, give, grid, printed } from '../provenance.ts';
import { PAPER_DATA, type PaperData, type PaperModel } from './names.ts';

/** Rows of Table 5: the model, and what it is defended by. */
export type Row5 =
  | 'SimpleCNN'
  | 'SimpleCNN, epsilon1'
  | 'SimpleCNN, epsilon2'
  | 'VGG19'
  | 'VGG19, distillation';

/** Test accuracy of the targets that defences were tried on. */
export const TABLE_5: Grid<Row5, PaperData> = grid(
  PAPER_DATA,
  {
    SimpleCNN: [0.706, 0.903, 0.516, 0.818],
    'SimpleCNN, epsilon1': [0.654, 0.83, 0.347, 0.698],
    'SimpleCNN, epsilon2': [0.675, 0.836, 0.313, 0.68],
    VGG19: [0.733, 0.905, 0.587, 0.834],
    'VGG19, distillation': [0.713, 0.919, 0.588, 0.823],
  },
  (value) => printed(value, 3, 'Table 5'),
);

/** Train accuracy less test accuracy; read off the scatter plots of Fig. 7. */
export const OVERFITTING: Grid<PaperModel, PaperData> = grid(
  PAPER_DATA,
  {
    AlexNet: [0.32, 0.111, 0.478, 0.207],
    ResNet18: [0.259, 0.087, 0.476, 0.148],
    VGG19: [0.267, 0.094, 0.413, 0.166],
    Xception: [0.265, 0.085, 0.426, 0.163],
    SimpleCNN: [0.294, 0.097, 0.484, 0.182],
  },
  (value) => give(value, 0.005, 'Fig. 7, read off'),
);

/** Test accuracy of an undefended target: of Table 5, else one less its overfitting, as train accuracies are 1.00 throughout. */
export function testAccuracy(model: PaperModel, data: PaperData): Published {
  const printedOne = model === 'SimpleCNN' || model === 'VGG19' ? TABLE_5[model][data] : undefined;
  if (printedOne !== undefined) return printedOne;
  const gap = OVERFITTING[model][data] as Published;
  return { value: 1 - gap.value, low: 1 - gap.high, high: 1 - gap.low, where: `1 less ${gap.where}` };
}
