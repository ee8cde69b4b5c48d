/** How fast embeddings are extracted: records a second, to plain inference with the same model. */
import { median } from '../engine/measure.ts';
import { aligned, type Columns, markdownTable, page } from '../layout.ts';
import { machine } from '../machine.ts';
import { chosenFrom, type MeasureOptions, type Named, type Suite, suiteOf } from '../suite.ts';
import { compare, type Seconds } from './compare.ts';
import { few, type Size } from './size.ts';

interface EmbeddingsCase extends Named {
  readonly size: Size;
  /** More of what is quickly done, and noisier for it. */
  readonly rounds: number;
}

const RECORDS = 20_000;

const sized = (
  name: string,
  model: string,
  recordShape: readonly number[],
  rounds: number,
): EmbeddingsCase => ({
  rounds,
  name,
  about: `${model} on ${RECORDS.toLocaleString('en-GB')} records of ${recordShape.join('x')}`,
  size: { model, recordShape, records: RECORDS },
});

const cases: readonly EmbeddingsCase[] = [
  sized('mlp-784', 'mlp', [784], 31),
  sized('cnn-28', 'simple-cnn', [1, 28, 28], 9),
  sized('cnn-32', 'simple-cnn', [3, 32, 32], 7),
  sized('resnet-32', 'resnet', [3, 32, 32], 3),
];

const BAR = 0.9;

interface Measurement {
  readonly name: string;
  readonly records: number;
  readonly seconds: Seconds;
  /** The smallest ratio that is good enough; null for a quick look. */
  readonly bar: number | null;
}

const measure = async (
  { only, rounds, quick, note }: MeasureOptions,
  onMeasured: (measurement: Measurement) => void,
): Promise<readonly string[]> => {
  const chosen = chosenFrom(cases, only);
  const about = machine();
  for (const line of about) note(line);
  for (const { name, about: what, size, rounds: own } of chosen) {
    note(`${name}: ${what}`);
    const records = quick ? few : size.records;
    const count = rounds ?? (quick ? 1 : own);
    const seconds = await compare({ ...size, records }, count, (round) => {
      if (!quick)
        note(
          `  ${Object.entries(round)
            .map(([side, value]) => `${side} ${value.toFixed(2)} s`)
            .join(', ')}`,
        );
    });
    onMeasured({ name, records, seconds, bar: quick ? null : BAR });
  }
  return about;
};

type Way = 'cut' | 'access';

/** Throughput to plain throughput, round by round: what slows the machine for a while slows all. */
const ratiosOf = ({ seconds }: Measurement, way: Way): number[] =>
  seconds.plain.map((plain, round) => plain / (seconds[way][round] as number));

const verdict = (measurement: Measurement): boolean | null =>
  measurement.bar === null
    ? null
    : (['cut', 'access'] as const).every(
        (way) => median(ratiosOf(measurement, way)) >= (measurement.bar as number),
      );

const rounded = (value: number): number => Number(value.toPrecision(3));

const spread = (values: readonly number[]) => ({
  median: rounded(median(values)),
  lowest: rounded(Math.min(...values)),
  highest: rounded(Math.max(...values)),
});

/** Records a second, one a round. */
const speeds = ({ records, seconds }: Measurement, side: keyof Seconds): number[] =>
  seconds[side].map((value) => records / value);

const legend = [
  'plain: records a second of predict, on one thread, median over rounds.',
  'up to the layer: throughput of predict on the model cut off at its embedding, to plain throughput, round by round: median (lowest to highest).',
  'end to end: the same for what an attack calls, inputs made and embeddings copied; the bar is for both medians.',
];

const columns: Columns = {
  heads: ['case', 'what', 'rounds', 'plain', 'up to the layer', 'end to end', 'bar', ''],
  words: [0, 1, 7],
};

const cell = (values: readonly number[]): string => {
  const { median: middle, lowest, highest } = spread(values);
  return `${middle} (${lowest} to ${highest})`;
};

const row = (measurement: Measurement): string[] => {
  const { name, bar } = measurement;
  const ok = verdict(measurement);
  return [
    ...[name, cases.find((one) => one.name === name)?.about ?? ''],
    String(measurement.seconds.plain.length),
    Math.round(rounded(median(speeds(measurement, 'plain')))).toLocaleString('en-GB'),
    ...[cell(ratiosOf(measurement, 'cut')), cell(ratiosOf(measurement, 'access'))],
    bar === null ? '-' : String(bar),
    ok === null ? '' : ok ? 'met' : 'MISSED',
  ];
};

export const embeddingsSuite: Suite = suiteOf<Measurement>({
  name: 'embeddings',
  about: 'extraction of embeddings, against plain inference with the same model',
  ...{ cases, legend, measure },
  jsonKeys:
    '{"name","records","rounds","plain","cut","access" (records a second),"cutRatio","accessRatio":{"median","lowest","highest"},"bar","ok"}',
  jsonLine: (measurement) => {
    const { name, records, seconds, bar } = measurement;
    return JSON.stringify({
      ...{ name, records, rounds: seconds.plain.length },
      ...{ plain: spread(speeds(measurement, 'plain')), cut: spread(speeds(measurement, 'cut')) },
      access: spread(speeds(measurement, 'access')),
      cutRatio: spread(ratiosOf(measurement, 'cut')),
      accessRatio: spread(ratiosOf(measurement, 'access')),
      ...{ bar, ok: verdict(measurement) },
    });
  },
  table: (all) => [aligned(columns, all.map(row)), '', ...legend].join('\n'),
  markdown: (about, all) =>
    page(
      { name: 'embeddings', title: 'Embeddings benchmark', legend },
      about,
      markdownTable(columns, all.map(row)),
    ),
});
