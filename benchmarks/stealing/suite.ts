/** What an epoch of a copy costs: learning from posteriors that were kept, to plain training on the same records. */
import { median } from '../engine/measure.ts';
import { aligned, type Columns, markdownTable, page } from '../layout.ts';
import { machine } from '../machine.ts';
import { chosenFrom, type MeasureOptions, type Named, type Suite, suiteOf } from '../suite.ts';
import { compare, type Seconds, type Side } from './compare.ts';
import { few, type Size } from './size.ts';

interface StealingCase extends Named {
  readonly size: Size;
  /** More of what is quickly done, and noisier for it. */
  readonly rounds: number;
}

const sized = (
  name: string,
  model: string,
  sizes: Omit<Size, 'model'> & Pick<StealingCase, 'rounds'>,
): StealingCase => {
  const { records, epochs, rounds } = sizes;
  return {
    ...{ name, rounds, size: { model, records, epochs } },
    about: `${model} on ${records.toLocaleString('en-GB')} pictures of 1x28x28`,
  };
};

const cases: readonly StealingCase[] = [
  sized('mlp', 'mlp', { records: 5120, epochs: 6, rounds: 61 }),
  sized('cnn-28', 'simple-cnn', { records: 1280, epochs: 2, rounds: 15 }),
  sized('resnet-28', 'resnet', { records: 640, epochs: 2, rounds: 9 }),
];

const BAR = 1.1;

interface Measurement {
  readonly name: string;
  readonly records: number;
  readonly seconds: Seconds;
  /** The largest ratio that is good enough; null for a quick look. */
  readonly bar: number | null;
}

const measure = async (
  { only, rounds, quick, note }: MeasureOptions,
  onMeasured: (measurement: Measurement) => void,
): Promise<readonly string[]> => {
  const chosen = chosenFrom(cases, only);
  const about = machine();
  for (const line of about) note(line);
  for (const { name, about: what, size: full, rounds: own } of chosen) {
    note(`${name}: ${what}`);
    const size = quick ? { ...full, ...few } : full;
    const seconds = await compare(size, rounds ?? (quick ? 1 : own), (round) => {
      if (!quick)
        note(
          `  ${Object.entries(round)
            .map(([side, value]) => `${side} ${value.toFixed(3)} s`)
            .join(', ')}`,
        );
    });
    onMeasured({ name, records: size.records, seconds, bar: quick ? null : BAR });
  }
  return about;
};

type StudentSide = Exclude<Side, 'plain'>;

/** A student's epoch to a plain one, round by round: what slows the machine for a while slows all. */
const ratiosOf = ({ seconds }: Measurement, side: StudentSide): number[] =>
  seconds.plain.map((plain, round) => (seconds[side][round] as number) / plain);

const verdict = (measurement: Measurement): boolean | null =>
  measurement.bar === null
    ? null
    : (['mse', 'kl'] as const).every(
        (side) => median(ratiosOf(measurement, side)) <= (measurement.bar as number),
      );

const rounded = (value: number): number => Number(value.toPrecision(3));

const spread = (values: readonly number[]) => ({
  median: rounded(median(values)),
  lowest: rounded(Math.min(...values)),
  highest: rounded(Math.max(...values)),
});

const legend = [
  'plain: seconds of an epoch of training on labels, on one thread in batches of 64, median over rounds.',
  'mse, kl: a student’s epoch with that loss to a plain one, round by round: median (lowest to highest); the bar is for both medians.',
];

const columns: Columns = {
  heads: ['case', 'what', 'rounds', 'plain', 'mse', 'kl', 'bar', ''],
  words: [0, 1, 7],
};

const cell = (values: readonly number[]): string => {
  const { median: middle, lowest, highest } = spread(values);
  return `${middle} (${lowest} to ${highest})`;
};

const row = (measurement: Measurement): string[] => {
  const { name, bar, seconds } = measurement;
  const ok = verdict(measurement);
  return [
    ...[name, cases.find((one) => one.name === name)?.about ?? ''],
    ...[String(seconds.plain.length), String(spread(seconds.plain).median)],
    ...[cell(ratiosOf(measurement, 'mse')), cell(ratiosOf(measurement, 'kl'))],
    bar === null ? '-' : String(bar),
    ok === null ? '' : ok ? 'met' : 'MISSED',
  ];
};

export const stealingSuite: Suite = suiteOf<Measurement>({
  name: 'stealing',
  about: 'an epoch of a copy that learns from kept posteriors, against plain training',
  ...{ cases, legend, measure },
  jsonKeys:
    '{"name","records","rounds","plain","mse","kl" (seconds of an epoch),"mseRatio","klRatio":{"median","lowest","highest"},"bar","ok"}',
  jsonLine: (measurement) => {
    const { name, records, seconds, bar } = measurement;
    return JSON.stringify({
      ...{ name, records, rounds: seconds.plain.length },
      ...{ plain: spread(seconds.plain), mse: spread(seconds.mse), kl: spread(seconds.kl) },
      mseRatio: spread(ratiosOf(measurement, 'mse')),
      klRatio: spread(ratiosOf(measurement, 'kl')),
      ...{ bar, ok: verdict(measurement) },
    });
  },
  table: (all) => [aligned(columns, all.map(row)), '', ...legend].join('\n'),
  markdown: (about, all) =>
    page(
      { name: 'stealing', title: 'Stealing benchmark', legend },
      about,
      markdownTable(columns, all.map(row)),
    ),
});
