/** Online LiRA on CIFAR-10, all models trained, against a plain PyTorch script on the same two cores. */
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blasIsTuned, type TorchAbout, torchAbout } from '../engine/torch-process.ts';
import { machine } from '../machine.ts';
import { TemporaryStores } from '../study/temporary-store.ts';
import { chosenFrom, type MeasureOptions, type Named, type Suite, suiteOf } from '../suite.ts';
import { compare, figuresOf } from './compare.ts';
import { type Figure, type SideName, sides } from './figure.ts';
import { programArgs } from './ours.ts';
import { jsonKeys, jsonLine, legend, markdown, table } from './report.ts';
import { lira4, lira16, type Scale, tiny } from './scale.ts';

interface LiraCase extends Named {
  readonly scale: Scale;
  /** Whether the bars are for it. */
  readonly judged: boolean;
}

const cases: readonly LiraCase[] = [
  {
    name: 'lira-4',
    about: 'a look at it: 5 models, 3 epochs, 10,000 candidates',
    scale: lira4,
    judged: false,
  },
  {
    name: 'lira-16',
    about: '17 models (simple-cnn, 12 epochs on 5,000 records each), 10,000 candidates',
    scale: lira16,
    judged: true,
  },
];

const dataFolder = (): string =>
  process.env['ML_DOCTOR_DATA']
    ? resolve(process.env['ML_DOCTOR_DATA'])
    : fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** All sides, or those that LIRA_SIDES names with commas between them: a run of each takes ten minutes. */
const wantedSides = (): readonly SideName[] => {
  const named = process.env['LIRA_SIDES']?.split(',');
  if (named === undefined) return sides;
  const strange = named.find((name) => !(sides as readonly string[]).includes(name));
  if (strange !== undefined) throw new Error(`LIRA_SIDES names '${strange}'; sides are ${sides.join(', ')}`);
  return sides.filter((side) => named.includes(side));
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const torchLines = (torch: TorchAbout | undefined): string[] => {
  if (!torch)
    return [
      'PyTorch is not here (Debian: python3-torch for /usr/bin/python3): skipped, only our own times are given',
    ];
  const speed = `PyTorch ${torch.version}; its 512x512x512 float32 product takes ${torch.matmulMs.toFixed(1)} ms on one thread`;
  if (blasIsTuned(torch)) return [speed];
  return [
    speed,
    'WARNING: that is the speed of the reference BLAS; the ratios flatter us. Install libopenblas0-pthread.',
  ];
};

const measure = async (
  { only, rounds, quick, note }: MeasureOptions,
  onMeasured: (figure: Figure) => void,
): Promise<readonly string[]> => {
  const chosen = chosenFrom(cases, only);
  const data = dataFolder();
  const torch = await torchAbout();
  const wanted = wantedSides();
  const about = [...machine(), ...torchLines(torch)];
  if (wanted.length < sides.length) about.push(`Only these sides were run: ${wanted.join(', ')}.`);
  const hasData = await isThere(join(data, 'cifar10'));
  if (!hasData)
    about.push(
      'CIFAR-10 is not here (ML_DOCTOR_DATA, or shared/data beside the repository, with a folder cifar10): skipped',
    );
  for (const line of about) note(line);
  if (!hasData) return about;
  const program = await programArgs(!quick);
  await using stores = new TemporaryStores();
  for (const { name, about: what, scale, judged } of chosen) {
    note(`${name}: ${what}`);
    const runs = await compare(quick ? tiny : scale, {
      ...{ program, data, note, fresh: () => stores.fresh() },
      ...{ hasTorch: torch !== undefined, wanted, rounds: rounds ?? 1 },
    });
    // Too little work to judge by.
    for (const figure of figuresOf(name, runs, judged && !quick)) onMeasured(figure);
  }
  return about;
};

export const liraSuite: Suite = suiteOf({
  name: 'lira',
  about: 'online LiRA on CIFAR-10, all models trained, against a plain PyTorch script',
  ...{ cases, legend, jsonKeys, measure, jsonLine, table, markdown },
});
