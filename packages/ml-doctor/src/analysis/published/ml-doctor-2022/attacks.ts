/** How well the ten modes of attack did on the 20 undefended targets: ML-Doctor's Tables 3 and 4 and Figs. 2, 4, 5, 6. */

import type { Published } from '../../figure.ts';
import { type Grid, give, grid } from '../provenance.ts';
import { deviation, TABLE_3, TABLE_4 } from './defended.ts';
import { PAPER_DATA, type PaperData, type PaperMode, type PaperModel } from './names.ts';

/** Architectures whose figures are printed nowhere, but drawn. */
type Drawn = Exclude<PaperModel, 'SimpleCNN' | 'VGG19'>;

type Bars<Mode extends PaperMode> = Readonly<Record<Mode, Published>>;

/** Reading errors, of bars and of bars by eye; to them comes how far the runs behind a bar deviate. */
const READING = 0.01;
const BY_EYE = 0.02;

function bar(height: number, reading: number, where: string, ...of: Parameters<typeof deviation>): Published {
  return give(height, Math.hypot(reading, deviation(...of)), where);
}

/** Bars of one group of a figure, in its order of modes. */
const bars =
  <Mode extends PaperMode>(modes: readonly Mode[], where: string) =>
  (heights: readonly number[], model: PaperModel, data: PaperData): Bars<Mode> =>
    Object.fromEntries(
      modes.map((mode, i) => [mode, bar(heights[i] as number, READING, where, mode, model, data)]),
    ) as Bars<Mode>;

const membership = bars(['MemInf <B,S>', 'MemInf <B,P>', 'MemInf <W,S>', 'MemInf <W,P>'], 'Fig. 2, read off');
const attribute = bars(['AttrInf <W,S>', 'AttrInf <W,P>'], 'Fig. 4, read off');
const stealing = bars(['ModSteal <B,S>', 'ModSteal <B,P>'], 'Fig. 5, read off');

/** Fig. 2. */
const MEMBERSHIP = grid<Drawn, PaperData, readonly number[], ReturnType<typeof membership>>(
  PAPER_DATA,
  {
    AlexNet: [
      [0.65, 0.658, 0.724, 0.727],
      [0.559, 0.551, 0.577, 0.572],
      [0.748, 0.746, 0.831, 0.815],
      [0.594, 0.631, 0.656, 0.666],
    ],
    ResNet18: [
      [0.594, 0.604, 0.742, 0.706],
      [0.527, 0.548, 0.541, 0.57],
      [0.89, 0.919, 0.911, 0.93],
      [0.692, 0.722, 0.746, 0.738],
    ],
    Xception: [
      [0.618, 0.65, 0.756, 0.751],
      [0.596, 0.591, 0.598, 0.607],
      [0.903, 0.895, 0.904, 0.911],
      [0.644, 0.719, 0.753, 0.786],
    ],
  },
  membership,
);

/** Fig. 4, of the two sets of faces. */
const ATTRIBUTE = grid<Drawn, PaperData, readonly number[], ReturnType<typeof attribute>>(
  PAPER_DATA,
  {
    AlexNet: [[0.67, 0.68], null, null, [0.641, 0.628]],
    ResNet18: [[0.725, 0.719], null, null, [0.809, 0.803]],
    // biome-ignore lint/suspicious/noApproximativeNumericConstant: as measured
    Xception: [[0.693, 0.66], null, null, [0.809, 0.796]],
  },
  attribute,
);

/** Fig. 5. */
const STEALING = grid<Drawn, PaperData, readonly number[], ReturnType<typeof stealing>>(
  PAPER_DATA,
  {
    AlexNet: [
      [0.749, 0.665],
      [0.917, 0.833],
      [0.535, 0.287],
      [0.888, 0.669],
    ],
    ResNet18: [
      [0.847, 0.788],
      [0.926, 0.892],
      [0.524, 0.4],
      [0.931, 0.841],
    ],
    Xception: [
      [0.816, 0.724],
      [0.918, 0.886],
      [0.587, 0.433],
      [0.907, 0.808],
    ],
  },
  stealing,
);

/**
 * Fig. 6, by eye. The bars of Fig. 3 show other values of the same quantity; those of Fig. 6 agree with Tables 3 and 4, and are
 * taken.
 */
const INVERSION: Grid<Drawn, PaperData> = grid(
  PAPER_DATA,
  {
    AlexNet: [0.65, 0.71, 0.5, 0.855],
    ResNet18: [0.665, 0.62, 0.285, 0.845],
    Xception: [0.64, 0.545, 0.285, 0.855],
  },
  (value, model, data) => bar(value, BY_EYE, 'Fig. 6, by eye', 'ModInv <W,S>', model, data),
);

/** Mean squared errors of white-box inversion without data: the same of all architectures. */
const ERRORS: Readonly<Record<PaperData, Published>> = {
  CelebA: give(0.058, 0.005, 'read off, the same of all architectures'),
  FMNIST: give(0.99, 0.005, 'read off, the same of all architectures'),
  STL10: give(0.2, 0.005, 'read off, the same of all architectures'),
  UTKFace: give(0.07, 0.005, 'read off, the same of all architectures'),
};

/**
 * The published figure of a mode on an undefended target: accuracy, of ModInv <W,N> the mean squared error, of ModSteal
 * the agreement. Printed where it was printed (SimpleCNN and VGG19), else read off a figure; undefined of
 * attribute inference on anything but faces.
 */
export function attackFigure(mode: PaperMode, model: PaperModel, data: PaperData): Published | undefined {
  if (model === 'SimpleCNN') return TABLE_3[mode][data]?.none;
  if (model === 'VGG19') return TABLE_4[mode][data]?.none;
  if (mode === 'ModInv <W,N>') return ERRORS[data];
  if (mode === 'ModInv <W,S>') return INVERSION[model][data];
  const cells: Partial<Bars<PaperMode>> = {
    ...MEMBERSHIP[model][data],
    ...ATTRIBUTE[model][data],
    ...STEALING[model][data],
  };
  return cells[mode];
}
