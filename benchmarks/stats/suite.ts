/** The statistics' suite: seconds a call, in one process, against their bars. */
import { median } from '../engine/measure.ts';
import { aligned, type Columns, markdownTable, page } from '../layout.ts';
import { machine } from '../machine.ts';
import { chosenFrom, type MeasureOptions, type Suite, suiteOf } from '../suite.ts';
import { cases } from './cases.ts';

interface Measurement {
  readonly name: string;
  readonly about: string;
  /** Seconds, one a round. */
  readonly values: readonly number[];
  /** Most seconds; null without a bar, and for few records. */
  readonly bar: number | null;
}

const ROUNDS = 5;

const measure = async (
  { only, rounds, quick, note }: MeasureOptions,
  onMeasured: (measurement: Measurement) => void,
): Promise<readonly string[]> => {
  const about = machine();
  for (const line of about) note(line);
  for (const { name, about: what, bar, prepare } of chosenFrom(cases, only)) {
    note(`${name}: ${what}`);
    const call = prepare(quick);
    const values = Array.from({ length: rounds ?? (quick ? 1 : ROUNDS) }, () => {
      const started = performance.now();
      call();
      return (performance.now() - started) / 1000;
    });
    onMeasured({ name, about: what, values, bar: quick ? null : (bar ?? null) });
  }
  return about;
};

const verdict = ({ values, bar }: Measurement): boolean | null =>
  bar === null ? null : median(values) <= bar;
const rounded = (value: number): number => Number(value.toPrecision(3));
const legend = [
  'Seconds of wall-clock time on one thread, the first call in the process included; a bar is for the median.',
];
const columns: Columns = {
  heads: ['case', 'what', 'median', 'lowest', 'highest', 'bar', ''],
  words: [0, 1, 6],
};

const row = (measurement: Measurement): string[] => {
  const { name, about, values, bar } = measurement;
  const ok = verdict(measurement);
  const numbers = [median(values), Math.min(...values), Math.max(...values)].map((v) => `${rounded(v)} s`);
  return [
    ...[name, about, ...numbers, bar === null ? '-' : `${bar} s`],
    ok === null ? '' : ok ? 'met' : 'MISSED',
  ];
};

export const statsSuite: Suite = suiteOf<Measurement>({
  name: 'stats',
  about: 'intervals on a million scores, and the check of a split',
  ...{ cases, legend, measure },
  jsonKeys: '{"name","median","lowest","highest","rounds","bar":null|seconds,"ok"}',
  jsonLine: (measurement) => {
    const { name, values, bar } = measurement;
    const ends = { lowest: rounded(Math.min(...values)), highest: rounded(Math.max(...values)) };
    return JSON.stringify({
      ...{ name, median: rounded(median(values)), ...ends },
      ...{ rounds: values.length, bar, ok: verdict(measurement) },
    });
  },
  table: (all) => [aligned(columns, all.map(row)), '', ...legend].join('\n'),
  markdown: (about, all) =>
    page(
      { name: 'stats', title: 'Statistics benchmark', legend },
      about,
      markdownTable(columns, all.map(row)),
    ),
});
