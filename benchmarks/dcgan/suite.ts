/** Adversarial training of a DCGAN, an epoch of ours against one of a plain PyTorch loop, one thread each. */
import { median } from '../engine/measure.ts';
import { describeTorch, torchAbout } from '../engine/torch-process.ts';
import { aligned, type Columns, markdownTable, page } from '../layout.ts';
import { machine } from '../machine.ts';
import { chosenFrom, type MeasureOptions, type Named, type Suite, suiteOf } from '../suite.ts';
import { compare, type Epochs } from './compare.ts';
import { type Size, tiny } from './size.ts';

interface DcganCase extends Named {
  readonly size: Size;
}

const cases: readonly DcganCase[] = [64, 128].map((batchSize) => ({
  name: `dcgan-${batchSize}`,
  about: `an epoch of 1,280 pictures of 3x32x32, width 64, 100 latent numbers, batch ${batchSize}`,
  size: { batchSize, records: 1280, width: 64 },
}));

const ROUNDS = 5;
const BAR = 1.3;

interface Measurement {
  readonly name: string;
  readonly epochs: Epochs;
  /** The largest ratio that is good enough; null for a quick look. */
  readonly bar: number | null;
}

const measure = async (
  { only, rounds, quick, note }: MeasureOptions,
  onMeasured: (measurement: Measurement) => void,
): Promise<readonly string[]> => {
  const chosen = chosenFrom(cases, only);
  const torch = await torchAbout();
  const about = [...machine(), ...describeTorch(torch)];
  for (const line of about) note(line);
  for (const { name, about: what, size } of chosen) {
    note(`${name}: ${what}`);
    const count = rounds ?? (quick ? 1 : ROUNDS);
    const epochs = await compare(quick ? tiny : size, count, torch !== undefined, { quick, note });
    onMeasured({ name, epochs, bar: quick ? null : BAR });
  }
  return about;
};

/** Round by round: what slows the machine for a while slows both. */
const ratiosOf = ({ epochs: { ours, torch } }: Measurement): number[] =>
  torch.map((theirs, round) => (ours[round] as number) / theirs);

const verdict = (measurement: Measurement): boolean | null => {
  const ratios = ratiosOf(measurement);
  return measurement.bar === null || ratios.length === 0 ? null : median(ratios) <= measurement.bar;
};

const rounded = (value: number): number => Number(value.toPrecision(3));

/** Median, lowest and highest; nulls for what was not measured. */
const spread = (values: readonly number[]) =>
  values.length === 0
    ? { median: null, lowest: null, highest: null }
    : {
        median: rounded(median(values)),
        lowest: rounded(Math.min(...values)),
        highest: rounded(Math.max(...values)),
      };

const legend = [
  'ours, PyTorch: seconds of an epoch on one thread, median over rounds (lowest to highest).',
  'ratio: ours to PyTorch’s, round by round; the bar is for its median.',
];

const columns: Columns = {
  heads: ['case', 'what', 'ours', 'PyTorch', 'ratio', 'bar', ''],
  words: [0, 1, 6],
};

const cell = (values: readonly number[], unit = ''): string => {
  const { median: middle, lowest, highest } = spread(values);
  return middle === null ? '-' : `${middle}${unit} (${lowest} to ${highest})`;
};

const row = (measurement: Measurement): string[] => {
  const { name, epochs, bar } = measurement;
  const ok = verdict(measurement);
  return [
    ...[name, cases.find((one) => one.name === name)?.about ?? ''],
    ...[cell(epochs.ours, ' s'), cell(epochs.torch, ' s'), cell(ratiosOf(measurement))],
    bar === null ? '-' : String(bar),
    ok === null ? '' : ok ? 'met' : 'MISSED',
  ];
};

export const dcganSuite: Suite = suiteOf<Measurement>({
  name: 'dcgan',
  about: 'adversarial training of a generator of pictures, against a plain PyTorch loop',
  ...{ cases, legend, measure },
  jsonKeys: '{"name","rounds","ours","torch","ratio":{"median","lowest","highest"},"bar","ok"}, seconds',
  jsonLine: (measurement) => {
    const { name, epochs, bar } = measurement;
    return JSON.stringify({
      ...{ name, rounds: epochs.ours.length, ours: spread(epochs.ours), torch: spread(epochs.torch) },
      ...{ ratio: spread(ratiosOf(measurement)), bar, ok: verdict(measurement) },
    });
  },
  table: (all) => [aligned(columns, all.map(row)), '', ...legend].join('\n'),
  markdown: (about, all) =>
    page({ name: 'dcgan', title: 'DCGAN benchmark', legend }, about, markdownTable(columns, all.map(row))),
});
