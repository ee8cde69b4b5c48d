/** A made-up analysis for tests of its output: every kind of chart, cell, agreement, hole and refusal once at least. */

import { barChart } from '../../src/analysis/charts/bars.ts';
import { gridChart } from '../../src/analysis/charts/grid.ts';
import { lineChart } from '../../src/analysis/charts/lines.ts';
import { scatterChart } from '../../src/analysis/charts/scatter.ts';
import type { Figure } from '../../src/analysis/figure.ts';
import type { Analysis } from '../../src/analysis/output/figures-schema.ts';

export const DATA = ['Fashion-MNIST', 'CIFAR-10 (in place of STL10)', 'UTKFace', 'CelebA'];
export const MODELS = ['AlexNet', 'ResNet18', 'VGG19', 'Xception', 'SimpleCNN'];
export const MODES = [
  ...['MemInf <B,S>', 'MemInf <B,P>', 'MemInf <W,S>', 'MemInf <W,P>', 'ModInv <W,N>'],
  ...['ModInv <W,S>', 'AttInf <W,S>', 'AttInf <W,P>', 'ModSteal <B,S>', 'ModSteal <B,P>'],
];

/** Spread over 0 to 1, the same each time. */
const spread = (i: number): number => Number(((i * 0.618034) % 1).toFixed(4));
const metric = (value: number, half = 0.02) => ({
  ...{ value, low: value - half, high: value + half },
  method: 'bootstrap over targets, 95 %',
});

const targets = DATA.flatMap((data, i) =>
  MODELS.map((model, j) => {
    const overfitting = 0.5 * spread(5 * i + j + 1);
    return { data, model, overfitting, accuracy: 0.5 + 0.6 * overfitting + 0.08 * spread(i + 3 * j + 7) };
  }),
);

const overfitting = (): Figure => ({
  name: 'ml-doctor-2022/figure-7',
  title: 'Membership inference against overfitting',
  finding:
    'Over 20 targets overfitting and membership inference correlate with +.95 (+.88 to +.98); published: +.88.',
  charts: [
    scatterChart(
      {
        ...{ id: 'scatter', title: 'Membership inference against overfitting' },
        description: 'Twenty targets; those that overfit more are attacked better',
      },
      {
        x: { label: 'Overfitting (train accuracy less test accuracy)', as: 'share' },
        y: { label: 'MemInf <B,S>, balanced accuracy', as: 'share' },
        points: targets.map((target) => ({
          ...{ x: target.overfitting, y: target.accuracy, series: target.data, shape: target.model },
          ...{ low: target.accuracy - 0.03, high: target.accuracy + 0.03 },
        })),
        line: { at: 0.54, slope: 0.6 },
      },
    ),
  ],
  tables: [
    {
      id: 'targets',
      caption: 'Targets of the figure',
      columns: [
        { key: 'target', label: 'Target' },
        { key: 'overfitting', label: 'Overfitting' },
        { key: 'accuracy', label: 'Balanced accuracy' },
        { key: 'epochs', label: 'Epochs', digits: 0 },
      ],
      rows: targets.map(({ data, model, overfitting, accuracy }, i) => ({
        ...{ target: `${model} on ${data}`, overfitting, epochs: i === 3 ? null : 10 },
        accuracy:
          i === 4
            ? { value: accuracy, low: accuracy - 0.1, high: null, method: 'one-sided' }
            : metric(accuracy),
      })),
    },
  ],
  comparisons: [
    {
      what: 'Correlation of overfitting and MemInf <B,S>',
      published: { value: 0.88, low: 0.86, high: 0.9, where: 'Fig. 7' },
      ours: { value: 0.95, low: 0.88, high: 0.98, method: 'bootstrap' },
      ...{ agreement: 'reproduced', reason: 'the two ranges overlap, and ours excludes 0' },
    },
  ],
  notes: ['CIFAR-10 stands in for STL10.', 'Targets that share a data set are not independent.'],
  holes: [],
});

const correlations = (): Figure => ({
  name: 'ml-doctor-2022/figure-9',
  title: 'How the attacks relate to one another',
  finding: 'Of 45 pairs 12 have an interval that excludes 0; MemInf and ModSteal −.61 (−.85 to −.20).',
  charts: [
    gridChart(
      {
        ...{ id: 'pearson', title: 'Pearson correlation of every pair of attacks' },
        description: 'Blue fields rise together, orange ones apart',
      },
      {
        ...{ domain: [-1, 1], legend: 'Pearson correlation' },
        fields: MODES.flatMap((row, i) =>
          MODES.map((column, j) => {
            const value = i === j ? 1 : i === 4 && j < 4 ? null : 2 * spread(i * j + i + j) - 1;
            return { row, column, value, text: value === null ? '–' : value.toFixed(2).replace('-', '−') };
          }),
        ),
      },
    ),
  ],
  tables: [],
  comparisons: [
    {
      what: 'MemInf and ModSteal',
      published: { value: -0.82, low: -0.82, high: -0.82, where: 'Fig. 9' },
      ours: metric(-0.61, 0.1),
      ...{ agreement: 'differs', reason: 'the published −.82 lies below our interval' },
    },
    {
      what: 'ModInv and MemInf',
      published: { value: 0.3, low: 0.25, high: 0.35, where: 'Fig. 9' },
      ours: null,
      ...{ agreement: 'not comparable', reason: 'no target has both attacks' },
    },
  ],
  notes: [],
  holes: [
    {
      ...{ what: 'ModInv <W,N>', code: 'MLD_CONFIG', message: '4 targets lack inversion/mi-face' },
      hint: 'Add it to the study and run it again.',
    },
  ],
});

const epochs = (): Figure => ({
  name: 'relations',
  title: 'Over the epochs of one training',
  finding: 'Membership inference rises from 52 % to 77 % within 100 epochs.',
  charts: [
    lineChart(
      { id: 'epochs', title: 'Attacks over the epochs', description: 'All four rise' },
      {
        ...{ x: { label: 'Epochs', as: 'log' }, y: { label: 'Balanced accuracy', as: 'share' } },
        points: DATA.slice(0, 2).flatMap((panel, k) =>
          MODES.slice(0, 4).flatMap((series, j) =>
            [10, 20, 40, 60, 80, 100].map((x, i) => {
              const y = 0.5 + 0.05 * i + 0.02 * j + 0.01 * k;
              return {
                series,
                panel,
                x,
                y,
                ...(j === 1 && i === 2 ? {} : { low: y - 0.02, high: y + 0.02 }),
              };
            }),
          ),
        ),
      },
    ),
    barChart(
      { id: 'bars', title: 'Gain of attribute inference per target', description: 'Some gain, some lose' },
      {
        ...{ y: { label: 'Gain in accuracy', as: 'share' }, reference: 0 },
        bars: targets.map(({ data, model }, i) => ({
          ...{ category: `${model} on ${data}`, group: 'AttInf <W,S>', value: spread(i) - 0.4 },
          ...{ low: spread(i) - 0.45, high: spread(i) - 0.35 },
        })),
      },
    ),
  ],
  ...{ tables: [], comparisons: [], notes: [], holes: [] },
});

export const sampleFigures = (): Figure[] => [overfitting(), correlations(), epochs()];

export const sampleAnalysis = (): Analysis => ({
  figures: sampleFigures(),
  refused: [
    {
      ...{ what: 'shokri-2017/table-3', title: 'What mitigations change', code: 'MLD_CONFIG' },
      ...{ message: 'no target has a mitigation', hint: 'Run ml-doctor study --preset shokri-small.' },
    },
  ],
  about: {
    title: 'ML-Doctor in small: 20 targets',
    command: 'ml-doctor study --preset small',
    version: '0.1.0',
    sources: [
      {
        name: 'targets',
        study: {
          command: 'ml-doctor study presets/small/targets.yaml',
          ...{ tool: { version: '0.1.0' }, audits: [{ seed: 1 }, { seed: 0 }, { seed: 1 }] },
        },
      },
    ],
  },
});
