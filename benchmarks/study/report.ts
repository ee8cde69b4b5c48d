/** The study suite's figures as JSON lines, as a table for the terminal, and as Markdown. */
import { median } from '../engine/measure.ts';
import { aligned, type Columns, markdownTable, page } from '../layout.ts';
import type { Bar, Figure } from './case.ts';

/** Whether the median is within its bar; null where there is no bar or no value. */
export const verdict = ({ values, bar }: Pick<Figure, 'values' | 'bar'>): boolean | null => {
  if (!bar || values.length === 0) return null;
  const value = median(values);
  return 'most' in bar ? value <= bar.most : value >= bar.least;
};

const rounded = (value: number): number => Number(value.toPrecision(4));

const summary = (values: readonly number[]) =>
  values.length === 0
    ? { median: null, lowest: null, highest: null }
    : {
        median: rounded(median(values)),
        lowest: rounded(Math.min(...values)),
        highest: rounded(Math.max(...values)),
      };

export const jsonKeys =
  '{"name","what","unit","median","lowest","highest","rounds","bar":null|{"most"|"least"},"ok"[,"remark"]}';

export const jsonLine = ({ name, what, unit, values, bar, remark }: Figure): string =>
  JSON.stringify({
    name,
    what: what.trim(),
    unit,
    ...summary(values),
    rounds: values.length,
    bar: bar ?? null,
    ok: verdict({ values, ...(bar && { bar }) }),
    ...(remark !== undefined && { remark }),
  });

const columns: Columns = {
  heads: ['case', 'figure', 'median', 'lowest', 'highest', 'unit', 'bar', ''],
  words: [0, 1, 5, 6, 7],
};

const number = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en-GB') : String(Number(value.toPrecision(3)));

const barText = (bar: Bar | undefined): string =>
  bar === undefined ? '-' : 'most' in bar ? `at most ${bar.most}` : `at least ${bar.least}`;

const row = (figure: Figure): string[] => {
  const { name, what, unit, values, bar, remark } = figure;
  const ok = verdict(figure);
  const numbers =
    values.length === 0
      ? ['-', '-', '-']
      : [median(values), Math.min(...values), Math.max(...values)].map(number);
  const mark = ok === null ? '' : ok ? 'met' : 'MISSED';
  return [name, what, ...numbers, unit, barText(bar), [mark, remark ?? ''].join(' ').trim()];
};

/** What the columns and cases mean; --help says it too. */
export const legend = [
  'median, lowest, highest: over the rounds of a case; a bar is for the median.',
  'plan-…: each round in a new process; data and code digests are there before; memory is the highest that the process ever held, programs and data included.',
  'missing-100k: a tenth of the records is in the store, each with a blob.',
  'store-…: one process, one result after another; what is read was written just before, so no disk is waited for.',
  'overhead: wall-clock time of a run, less the time in handlers, a task; the lines without a worker process are the part that is no process and no message.',
  'speed-up: wall-clock time with one worker to that with two, starting the workers included; what one training takes tells whether the cores slow each other.',
  'estimate: with two workers; measured first: from an empty store; recorded before: for other seeds, with the timings of the first run.',
];

export const table = (figures: readonly Figure[]): string =>
  [aligned(columns, figures.map(row)), '', ...legend].join('\n');

export const markdown = (about: readonly string[], figures: readonly Figure[]): string =>
  page({ name: 'study', title: 'Study benchmark', legend }, about, markdownTable(columns, figures.map(row)));
