/** What a step of private training costs: `fit` with `privacy` against `fit` without, in time and in memory. */
import { median } from '../engine/measure.ts';
import { aligned, type Columns, markdownTable, page } from '../layout.ts';
import { machine } from '../machine.ts';
import { chosenFrom, type MeasureOptions, type Named, type Suite, suiteOf } from '../suite.ts';
import { peakMb } from './memory.ts';
import { few, type Size } from './size.ts';
import { type Side, trainer } from './train.ts';

interface PrivateCase extends Named {
  readonly size: Size;
  /** More of what is quickly done, and noisier for it. */
  readonly rounds: number;
}

const cases: readonly PrivateCase[] = [
  {
    name: 'mlp',
    about: '784-256-128-10, 235,146 parameters',
    size: { kind: 'mlp', records: 3840, epochs: 2 },
    rounds: 61,
  },
  {
    name: 'simple-cnn',
    about: 'SimpleCNN on 1x28x28, 225,034 parameters',
    size: { kind: 'cnn', records: 1280, epochs: 1 },
    rounds: 15,
  },
];

const BARS = { time: 1.5, memory: 1.3 };
const MEMORY_ROUNDS = 3;

interface Measurement {
  readonly name: string;
  /** Milliseconds of a step, one a round. */
  readonly times: Readonly<Record<Side, readonly number[]>>;
  /** Peak megabytes, one a process. */
  readonly memory: Readonly<Record<Side, readonly number[]>>;
  /** Without bars for a quick look. */
  readonly quick: boolean;
}

const SIDES: readonly Side[] = ['plain', 'private'];

/** Each round both sides, whichever began the last begins not the next. */
const alternately = async (rounds: number, measure: (side: Side) => Promise<number>) => {
  const found: Record<Side, number[]> = { plain: [], private: [] };
  for (let round = 0; round < rounds; round++)
    for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed()) found[side].push(await measure(side));
  return found;
};

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
    const times = await alternately(rounds ?? (quick ? 1 : own), trainer(size));
    const memory = await alternately(quick ? 1 : MEMORY_ROUNDS, (side) => peakMb(size, side));
    onMeasured({ name, times, memory, quick });
  }
  return about;
};

/** Private to plain, round by round: what slows the machine for a while slows both. */
const ratiosOf = (values: Readonly<Record<Side, readonly number[]>>): number[] =>
  values.plain.map((plain, round) => (values.private[round] as number) / plain);

const timeMet = ({ times }: Measurement): boolean => median(ratiosOf(times)) <= BARS.time;
const memoryMet = ({ memory }: Measurement): boolean => median(ratiosOf(memory)) <= BARS.memory;

const rounded = (value: number): number => Number(value.toPrecision(3));

const spread = (values: readonly number[]) => ({
  median: rounded(median(values)),
  lowest: rounded(Math.min(...values)),
  highest: rounded(Math.max(...values)),
});

const legend = [
  'plain ms, private ms: processor time of a step of `fit`, in batches (private: expected) of 64 on one thread, median over rounds; (least): of the quietest round.',
  'time: private to plain, round by round: median (lowest to highest); least: of the quietest rounds of both. Poisson sampling, clipping and fresh noise for every parameter are in it.',
  'memory: largest resident memory of a process that trains so, private to plain, median; MB: plain, private.',
  `Bars, for the medians: ${BARS.time} in time, ${BARS.memory} in memory.`,
];

const columns: Columns = {
  heads: [
    ...['case', 'what', 'rounds', 'plain ms', '(least)', 'private ms', '(least)'],
    ...['time', 'least', 'bar', '', 'memory', 'MB', 'bar', ''],
  ],
  words: [0, 1, 10, 14],
};

const verdict = (measurement: Measurement, bar: number, met: boolean): readonly string[] =>
  measurement.quick ? ['-', ''] : [String(bar), met ? 'met' : 'MISSED'];

const row = (measurement: Measurement): string[] => {
  const { name, times, memory } = measurement;
  const [plain, own, ratio] = [spread(times.plain), spread(times.private), spread(ratiosOf(times))];
  return [
    ...[name, cases.find((one) => one.name === name)?.about ?? '', String(times.plain.length)],
    ...[plain.median, plain.lowest, own.median, own.lowest].map(String),
    `${ratio.median} (${ratio.lowest} to ${ratio.highest})`,
    String(rounded(own.lowest / plain.lowest)),
    ...verdict(measurement, BARS.time, timeMet(measurement)),
    String(rounded(median(ratiosOf(memory)))),
    `${median(memory.plain).toFixed(0)}, ${median(memory.private).toFixed(0)}`,
    ...verdict(measurement, BARS.memory, memoryMet(measurement)),
  ];
};

export const privateSuite: Suite = suiteOf<Measurement>({
  name: 'private',
  about: 'a step of private training (DP-SGD) against a plain one, in time and memory',
  ...{ cases, legend, measure },
  jsonKeys:
    '{"name","rounds","plain","private" (milliseconds of a step),"time","memory" (ratios):{"median","lowest","highest"},"plainMb","privateMb","timeOk","memoryOk"}',
  jsonLine: (measurement) => {
    const { name, times, memory, quick } = measurement;
    return JSON.stringify({
      ...{ name, rounds: times.plain.length },
      ...{ plain: spread(times.plain), private: spread(times.private) },
      ...{ time: spread(ratiosOf(times)), memory: spread(ratiosOf(memory)) },
      ...{ plainMb: median(memory.plain), privateMb: median(memory.private) },
      timeOk: quick ? null : timeMet(measurement),
      memoryOk: quick ? null : memoryMet(measurement),
    });
  },
  table: (all) => [aligned(columns, all.map(row)), '', ...legend].join('\n'),
  markdown: (about, all) =>
    page(
      { name: 'private', title: 'Private training benchmark', legend },
      about,
      markdownTable(columns, all.map(row)),
    ),
});
