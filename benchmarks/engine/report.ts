/** The engine's measurements as JSON lines, as a table for the terminal, and as Markdown. */
import { aligned, type Columns, markdownTable, page } from '../layout.ts';
import type { Measurement } from './case.ts';

/** Whether every ratio with a bar is within it; null where there is no bar or nothing was measured. */
export const verdict = ({ ratio, bar, ownRatio, ownBar }: Measurement): boolean | null => {
  const pairs = [
    [ratio, bar],
    [ownRatio, ownBar],
  ].filter((pair): pair is [number, number] => typeof pair[0] === 'number' && typeof pair[1] === 'number');
  return pairs.length === 0 ? null : pairs.every(([value, most]) => value <= most);
};

const rounded = (value: number | null): number | null =>
  value === null ? null : Number(value.toPrecision(4));

export const jsonLine = (m: Measurement): string =>
  JSON.stringify({
    name: m.name,
    threads: m.threads,
    oursMs: rounded(m.oursMs),
    torchMs: rounded(m.torchMs),
    ratio: rounded(m.ratio),
    bar: m.bar,
    ok: verdict(m),
    ...(m.ownRatio !== undefined && { ownRatio: rounded(m.ownRatio), ownBar: m.ownBar }),
    ...(m.ownRatioNoiseGiven !== undefined && { ownRatioNoiseGiven: rounded(m.ownRatioNoiseGiven) }),
  });

export const jsonKeys =
  '{"name","threads","oursMs","torchMs","ratio","bar","ok"[,"ownRatio","ownBar","ownRatioNoiseGiven"]}';

const columns: Columns = {
  heads: ['case', 'threads', 'ours ms', '(min)', 'torch ms', '(min)', 'ratio', '(quartiles)', 'bar', ''],
  words: [0, 9],
};

const ms = (value: number | null): string =>
  value === null ? '-' : value.toPrecision(value < 1 ? 2 : value < 100 ? 3 : 4);
const ratio = (value: number | null | undefined): string =>
  typeof value === 'number' ? value.toFixed(2) : '-';

const mark = (value: number | null | undefined, bar: number | null | undefined): string =>
  typeof value !== 'number' || typeof bar !== 'number' ? '' : value <= bar ? 'met' : 'MISSED';

const rows = (measurements: readonly Measurement[]): string[][] =>
  measurements.flatMap((m) => {
    const first = [
      m.name,
      String(m.threads),
      ms(m.oursMs),
      ms(m.oursFastestMs),
      ms(m.torchMs),
      ms(m.torchFastestMs),
      ratio(m.ratio),
      m.ratioQuartiles ? m.ratioQuartiles.map(ratio).join('-') : '',
      ratio(m.bar),
      mark(m.ratio, m.bar),
    ];
    if (m.ownRatio === undefined) return [first];
    const own = (what: string, value: number | undefined, bar: number | null | undefined) => [
      `  to our plain step${what}`,
      String(m.threads),
      ...['', '', '', ''],
      ratio(value),
      '',
      ratio(bar),
      mark(value, bar),
    ];
    return [first, own('', m.ownRatio, m.ownBar), own(', noise given', m.ownRatioNoiseGiven, null)];
  });

/** What the columns mean; --help says it too. */
export const legend = [
  'ours, torch: median milliseconds of a step, (min): of the quietest round; ratio: ours / torch;',
  '(quartiles): of the ratios of single rounds, between which half of them lie.',
  'two-workers: ours is a step while two workers train at once, ratio that to a step of one alone.',
  'memory-10k-steps: ratio is resident memory after 10,000 steps to that after 500; ours a step of `fit`.',
  'Bars are the largest ratio that is good enough; they are for one thread, that of resnet18-step for two.',
];

export const table = (measurements: readonly Measurement[]): string =>
  [aligned(columns, rows(measurements)), '', ...legend].join('\n');

export const markdown = (about: readonly string[], measurements: readonly Measurement[]): string =>
  page(
    { name: 'engine', title: 'Engine benchmark', legend },
    about,
    markdownTable(columns, rows(measurements)),
  );
