/** The page's suite: how long `report.html` of a large audit takes to be made and, in a real browser, to open. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stream } from 'onnx-grad';
import { evaluateMembership } from '../../packages/ml-doctor/src/evaluate/membership.ts';
import { mostExposed } from '../../packages/ml-doctor/src/evaluate/most-exposed.ts';
import { renderHtml } from '../../packages/ml-doctor/src/report/html/page.ts';
import { MOST_EXPOSED, type Report } from '../../packages/ml-doctor/src/report/schema.ts';
import { browserPath, openBrowser } from '../../packages/ml-doctor/test/browser/browser.ts';
import { sampleReportOfFour } from '../../packages/ml-doctor/test/report/sample-stealing.ts';
import { median } from '../engine/measure.ts';
import { aligned, type Columns, markdownTable, page as pageOf } from '../layout.ts';
import { machine } from '../machine.ts';
import { chosenFrom, type MeasureOptions, type Suite, suiteOf } from '../suite.ts';

interface Measurement {
  readonly name: string;
  readonly about: string;
  /** Seconds, or megabytes of the page. */
  readonly unit: 's' | 'MB';
  readonly values: readonly number[];
  /** At most; null without one. */
  readonly bar: number | null;
}

const ROUNDS = 5;
const RECORDS = 50_000;

const cases = [
  { name: 'render', about: 'report to page, the first time in a process included' },
  { name: 'size', about: 'of the page on disk' },
  { name: 'open', about: 'navigation to the load event in headless chromium, 1280 pixels wide' },
] as const;

/** Every family, its membership attacks judged on so many records, each naming as many as a report takes. */
const largeReport = (records: number): Report => {
  const report = sampleReportOfFour() as Report;
  return {
    ...report,
    results: report.results.map((result, place) => {
      if (!result.attack.startsWith('membership/') || result.curves.roc === undefined) return result;
      const truth = Uint8Array.from({ length: records }, (_, i) => i % 2);
      const scores = Float64Array.from(
        stream(1, 'benchmark', 'report', place).normal(new Float32Array(records)),
        (noise, i) => noise + 0.4 * truth[i]!,
      );
      const { metrics, curves } = evaluateMembership({ ids: Uint32Array.from(truth.keys()), scores }, truth);
      return {
        ...result,
        records: { members: records / 2, nonMembers: records / 2 },
        metrics: { ...metrics } as Report['results'][number]['metrics'],
        curves: { roc: curves.roc },
        exposed: mostExposed({ scores }, truth, MOST_EXPOSED).map(({ index, ...entry }) => ({
          ...{ record: index, class: `class ${index % 10}`, ...entry },
        })),
      };
    }),
  };
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

const timesOf = async (rounds: number, work: () => Promise<unknown>): Promise<readonly number[]> => {
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) values.push(await seconds(work));
  return values;
};

const measure = async (
  { only, rounds, quick, note }: MeasureOptions,
  onMeasured: (measurement: Measurement) => void,
): Promise<readonly string[]> => {
  const about = machine();
  for (const line of about) note(line);
  const count = rounds ?? (quick ? 1 : ROUNDS);
  const report = largeReport(quick ? 2000 : RECORDS);
  const chosen = new Set<string>(chosenFrom(cases, only).map(({ name }) => name));
  const told = ({ name, about: what }: (typeof cases)[number]) => ({ name, about: what });
  const [render, size, open] = cases;
  let html = '';
  const rendered = await timesOf(count, async () => {
    html = await renderHtml(report);
  });
  if (chosen.has('render')) onMeasured({ ...told(render), unit: 's', values: rendered, bar: null });
  if (chosen.has('size'))
    onMeasured({ ...told(size), unit: 'MB', values: [Buffer.byteLength(html) / 1e6], bar: 10 });
  if (chosen.has('open')) {
    if (browserPath === undefined) note('open: left out, no chromium is installed');
    else onMeasured({ ...told(open), unit: 's', values: await opened(html, count), bar: 2 });
  }
  return about;
};

/** A new window each time, so that nothing is remembered. */
const opened = async (html: string, rounds: number): Promise<readonly number[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-page-'));
  const browser = await openBrowser();
  try {
    const path = join(folder, 'report.html');
    writeFileSync(path, html);
    const values: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      values.push(await seconds(() => page.goto(pathToFileURL(path).href, { waitUntil: 'load' })));
      await context.close();
    }
    return values;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const rounded = (value: number): number => Number(value.toPrecision(3));
const legend = [
  `A report with every family of attacks, its membership attacks judged on ${RECORDS.toLocaleString('en-GB')} records, ${MOST_EXPOSED} of them named for each; a bar is for the median.`,
];
const columns: Columns = {
  heads: ['case', 'what', 'median', 'lowest', 'highest', 'bar', ''],
  words: [0, 1, 6],
};

const row = ({ name, about, unit, values, bar }: Measurement): readonly string[] => [
  name,
  about,
  ...[median(values), Math.min(...values), Math.max(...values)].map((value) => `${rounded(value)} ${unit}`),
  bar === null ? '-' : `${bar} ${unit}`,
  bar === null ? '' : median(values) <= bar ? 'met' : 'missed',
];

export const reportSuite: Suite = suiteOf<Measurement>({
  name: 'report',
  about: 'the page of a large audit: made, and opened in a browser',
  cases,
  legend,
  jsonKeys: 'name, about, unit, values, bar',
  measure,
  jsonLine: (measurement) => JSON.stringify(measurement),
  table: (measurements) => aligned(columns, measurements.map(row)),
  markdown: (about, measurements) =>
    pageOf(
      { name: 'report', title: 'Report page benchmark', legend },
      about,
      markdownTable(columns, measurements.map(row)),
    ),
});
