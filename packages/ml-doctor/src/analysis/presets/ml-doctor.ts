/** What ML-Doctor (Liu et al., USENIX Security 2022) did, in small and as published. */

import type { Preset } from './presets.ts';

const SOURCE = 'Liu et al., ML-Doctor, USENIX Security 2022';

const overTargets = (
  targets: readonly string[],
  defended: readonly string[],
): readonly Preset['figures'][number][] => [
  ...['figure-2', 'figure-3', 'figure-4', 'figure-5'].map((figure) => ({
    figure: named(figure),
    parts: targets,
  })),
  { figure: named('figure-6'), parts: [...targets, 'complexity'] },
  { figure: named('figure-7'), parts: targets },
  { figure: named('figure-8'), parts: ['epochs'] },
  { figure: named('figure-9'), parts: targets },
  { figure: 'relations', parts: targets },
  ...['table-3', 'table-4', 'table-5'].map((table) => ({ figure: named(table), parts: defended })),
];

const named = (figure: string): string => `ml-doctor-2022/${figure}`;

export const mlDoctorSmall: Preset = {
  name: 'small',
  title: 'ML-Doctor 2022 in small: 16 targets of four data sets, 1,000 training records each',
  source: SOURCE,
  parts: [
    { name: 'targets', title: 'All ten modes of attack on 16 targets' },
    { name: 'complexity', title: 'How complex the four data sets are' },
    { name: 'defenses', title: 'SimpleCNN with DP-SGD and distilled' },
    { name: 'epochs', title: 'SimpleCNN on faces, 2 to 40 epochs' },
  ],
  figures: overTargets(['targets'], ['defenses']),
};

const PRIVATE = ['dp-sgd-celeba', 'dp-sgd-fashion-mnist', 'dp-sgd-stl10', 'dp-sgd-utkface'] as const;

export const mlDoctorPaper: Preset = {
  name: 'paper',
  title: 'ML-Doctor 2022 as published: 20 targets of four data sets at 64 pixels, 300 epochs',
  source: SOURCE,
  parts: [
    { name: 'targets', title: 'All ten modes of attack on the 20 targets' },
    { name: 'complexity', title: 'How complex the four data sets are' },
    ...PRIVATE.map((name) => ({
      name,
      title: `SimpleCNN with DP-SGD on ${name.replace('dp-sgd-', '')}, at the published epsilons`,
    })),
    { name: 'distillation', title: 'VGG19 distilled into a VGG19' },
    { name: 'epochs', title: 'AlexNet on faces, 10 to 300 epochs' },
  ],
  figures: overTargets(['targets'], [...PRIVATE, 'distillation']),
};
