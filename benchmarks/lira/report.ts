/** The suite's figures as JSON lines, as a table for the terminal, and as Markdown. */
import { median } from '../engine/measure.ts';
import { aligned, type Columns, markdownTable, page } from '../layout.ts';
import { type Figure, sides, verdict } from './figure.ts';

const rounded = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Number(median(values).toPrecision(4));

export const jsonKeys =
  '{"name","what","unit","rounds","ours","torchThreads","torchProcesses","ratio","bar","ok"}, null for what is missing';

export const jsonLine = (figure: Figure): string => {
  const { name, what, unit, values, ratios = [], bar = null } = figure;
  return JSON.stringify({
    ...{ name, what: what.trim(), unit, rounds: values.ours.length },
    ...Object.fromEntries(sides.map((side) => [side, rounded(values[side])])),
    ...{ ratio: rounded(ratios), bar, ok: verdict(figure) },
  });
};

const columns: Columns = {
  heads: ['case', 'figure', 'ours', 'PyTorch, 2 threads', 'PyTorch, 2 processes', 'unit', 'ratio', 'bar', ''],
  words: [0, 1, 5, 8],
};

const number = (values: readonly number[]): string => {
  const value = rounded(values);
  if (value === null) return '-';
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
};

const row = (figure: Figure): string[] => {
  const { name, what, unit, values, ratios, bar } = figure;
  const ok = verdict(figure);
  return [
    ...[name, what, ...sides.map((side) => number(values[side])), unit],
    ratios === undefined ? '' : number(ratios),
    bar === undefined ? '' : `${bar}${unit === '%' ? ' %' : ''}`,
    ok === null ? '' : ok ? 'met' : 'MISSED',
  ];
};

/** What the columns and figures mean; --help says it too. */
export const legend = [
  'Each side is a whole program from its start to its end, ours on an empty store; a figure is the median over rounds.',
  'PyTorch: one process with two threads, one model after another; or two processes with a thread each, the models dealt out one at a time.',
  'ratio: ours to the better of the two ways of PyTorch, round by round; its bar is for the ratio, that of the share is for ours.',
  'training, querying, scoring: wall-clock time; a moment in which two tasks ran is shared out between them. Scoring is the attack and its evaluation.',
  'the rest: starting processes, reading data, and with ours measuring for the estimate of time, storing, the report.',
  'AUC and accuracies show that both sides learn alike; their records, weights and batches are drawn differently.',
];

export const table = (figures: readonly Figure[]): string =>
  [aligned(columns, figures.map(row)), '', ...legend].join('\n');

export const markdown = (about: readonly string[], figures: readonly Figure[]): string =>
  page({ name: 'lira', title: 'LiRA benchmark', legend }, about, markdownTable(columns, figures.map(row)));
