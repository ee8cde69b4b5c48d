/** The report as plain text of 80 columns for a terminal or a log. */

import { styleText } from 'node:util';
import { bestBaseline } from './best-baseline.ts';
import { byTable, type Table, tableOf } from './family.ts';
import {
  asSentence,
  formatMetric,
  grouped,
  holdsAudited,
  metricLabel,
  percentWithInterval,
  plural,
  quantity,
  queryCount,
  STRONGER_ATTACKER,
} from './format.ts';
import { defenseOf, defenseText, isOwn, reportTitle, splitOf, subjectOf } from './identity.ts';
import { attackAlone, attackLabels, variantsFor } from './labels.ts';
import { type Fact, recordFacts } from './own.ts';
import { printable, WIDTH, wrap } from './plain-text.ts';
import { atLeast, atMost, claimOf, digitsApart, measurements, privacyAlarm } from './privacy.ts';
import type { Run } from './run-record.ts';
import type { Level, Metric, Report, Result } from './schema.ts';
import { IMPUTATION, MEASURE_NAME, measureOf, tellingMeasure } from './verdict/attribute-grade.ts';
import {
  bySeverity,
  FINDING_NAME,
  findingName,
  headlineOf,
  nextSteps,
  worstResult,
} from './verdict/overall.ts';
import { describeWork } from './work.ts';

type Style = Parameters<typeof styleText>[0];

export const LEVEL_STYLE: Readonly<Record<Level, Style>> = {
  high: ['bold', 'red'],
  moderate: ['bold', 'magenta'],
  low: ['bold', 'yellow'],
  inconclusive: ['bold', 'cyan'],
  'none-found': ['bold', 'cyan'],
};

/** Text in a style, or as it is. */
export type Paint = (style: Style, text: string) => string;

export function painter(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/**
 * Renders the summary, each line at most 80 characters wide (single words longer than that excepted), ending in a line feed.
 * Control characters in names from outside are dropped, so that a model's name cannot steer the terminal.
 */
export function renderTerminal(report: Report, options: { colour: boolean; run?: Run }): string {
  const paint = painter(options.colour);
  const heading = (text: string) => paint('bold', text);
  const worst = worstResult(report);
  const lines: string[] = [
    '',
    ...wrap(`Privacy audit of ${printable(reportTitle(report))}`).map(heading),
    '─'.repeat(WIDTH),
  ];

  if (worst === undefined) lines.push('No attack finished, so nothing is known about this model.');
  else {
    const { verdict } = worst;
    const label = attackLabels(report.results)(worst);
    lines.push(
      `${paint(LEVEL_STYLE[verdict.level], findingName(verdict).toUpperCase())}  ${heading(headlineOf(worst))}`,
    );
    lines.push(...wrap(printable(`${label}: ${verdict.sentence}`)));
  }

  lines.push('', ...facts(report, options.run), '');
  for (const { table, items } of byTable(bySeverity(report.results), tableOf))
    lines.push(...resultTable(table, items, paint), '');
  lines.push(...commonOf(report, heading));
  if (report.holes.length > 0) {
    lines.push(heading('Missing'));
    for (const hole of report.holes) {
      lines.push(
        ...bullet(printable(`${hole.task} failed [${hole.code}]: ${asSentence(hole.message)} ${hole.hint}`)),
      );
      if (hole.blocked.length > 0)
        lines.push(...bullet(printable(`not run because of it: ${hole.blocked.join(', ')}`)));
    }
    lines.push('');
  }
  lines.push(heading('What to do next'), ...nextSteps(report).flatMap((step) => bullet(printable(step))), '');
  return lines.join('\n');
}

/** What the records have in common that the strongest explained attack finds; nothing where nobody asked. */
function commonOf(report: Report, heading: (text: string) => string): string[] {
  const result = bySeverity(report.results).find(({ factors }) => factors !== undefined);
  if (result?.factors === undefined) return [];
  const told = `${attackLabels(report.results)(result)}: ${result.factors.sentence}`;
  return [heading('What the most exposed records have in common'), ...wrap(printable(told)), ''];
}

function facts(report: Report, run: Run | undefined): string[] {
  const { target, data } = report;
  const size = target.parameters === null ? '' : `, ${grouped(target.parameters)} parameters`;
  const splits = Object.entries(data.splits).map(([role, count]) => `${grouped(count)} ${role}`);
  const accuracy = (metric: Report['target']['trainAccuracy']) =>
    metric === null ? 'unknown' : percentWithInterval(metric);
  const defense = defenseOf(report);
  const split = splitOf(report);
  const rows: Fact[] = [
    ...(report.name === undefined ? [] : [['Audit', subjectOf(report)] as const]),
    ['Model', `${target.name}, ${target.classes} classes${size}`],
    ...(defense.name === 'none' ? [] : [['Defence', defenseText(defense)] as const]),
    ...(isOwn(report)
      ? recordFacts(report)
      : ([
          ['Training acc.', accuracy(target.trainAccuracy)],
          ['Test accuracy', accuracy(target.testAccuracy)],
          ['Data', `${data.id}: ${splits.join(', ')}${split === undefined ? '' : ` (${split})`}`],
        ] as const)),
  ];
  for (const warning of target.warnings ?? []) rows.push(['WARNING', warning]);
  for (const note of target.notes ?? []) rows.push(['Mind', note]);
  rows.push(...privacyFacts(report), ...notRunFact(report));
  if (run !== undefined) rows.push(['Work', describeWork(run)]);
  return rows.flatMap(([label, text]) =>
    wrap(printable(text), WIDTH - 15).map((line, i) => `${(i === 0 ? label : '').padEnd(15)}${line}`),
  );
}

function notRunFact({ notRun = [] }: Report): Fact[] {
  if (notRun.length === 0) return [];
  return [['Not run', `${plural(notRun.length, 'attack')} that nobody named; report.html says why of each`]];
}

/** Differential privacy, as claimed and as measured. */
function privacyFacts(report: Report): [string, string][] {
  const claim = claimOf(report.target.privacy);
  const [most] = measurements(report);
  const alarm = privacyAlarm(report);
  const shown = alarm?.measured ?? most?.measured;
  const digits = alarm && digitsApart(alarm.measured.epsilon, alarm.claim.epsilon);
  const own = claimOf((alarm ?? most)?.result.privacy);
  return [
    ...(claim === undefined
      ? []
      : [
          [
            'Claimed',
            `epsilon at most ${atMost(claim.epsilon, digits)} at delta ${claim.delta}${own === undefined ? '' : `; ${atMost(own.epsilon, digits)} for the model that was audited`}`,
          ] satisfies [string, string],
        ]),
    ...(shown === undefined
      ? []
      : [
          [
            'Measured',
            `epsilon at least ${atLeast(shown.epsilon, digits)} at delta ${shown.delta}, 95 % confidence`,
          ] satisfies [string, string],
        ]),
  ];
}

/** A figure with what stands below it. */
interface Cell {
  readonly value: string;
  readonly interval: string;
}

interface Column {
  readonly title: string;
  readonly cell: (result: Result) => Cell;
}

const UNKNOWN: Cell = { value: '-', interval: '' };

/** A column for a metric, unless nobody has it. */
function metricColumn(name: string, results: readonly Result[], title = metricLabel(name)): Column[] {
  if (results.every(({ metrics }) => metrics[name] === undefined)) return [];
  const cell = ({ metrics }: Result) => {
    const metric = metrics[name];
    return metric === undefined ? UNKNOWN : formatMetric(name, metric);
  };
  return [{ title, cell }];
}

const COLUMNS: Readonly<Record<Table, (results: readonly Result[]) => Column[]>> = {
  membership: (results) => ['tprAtFpr0.01', 'auc'].flatMap((name) => metricColumn(name, results)),
  audit: () => [
    { title: 'Epsilon', cell: epsilonCell },
    { title: 'Delta', cell: ({ params }) => ({ value: String(params['delta']), interval: '' }) },
  ],
  inversion: (results) => [
    ...metricColumn('judgeAccuracy', results, 'Judge'),
    {
      title: 'Baseline',
      cell: ({ baselines }) => {
        const best = bestBaseline(baselines);
        return best === undefined
          ? UNKNOWN
          : { ...formatMetric('judgeAccuracy', best.metric), interval: 'the best' };
      },
    },
    ...metricColumn('memberCloser', results),
  ],
  attribute: () => [
    { title: 'Guessed', cell: guessedCell },
    { title: 'Gain', cell: (result) => gainCell(result, 'gain') },
    { title: 'Members', cell: (result) => gainCell(result, 'beyond') },
  ],
  stealing: (results) => [
    ...metricColumn('agreement', results, 'Agreement'),
    { title: 'Accuracy', cell: accuracyCell },
    { title: 'Queries', cell: queriesCell },
  ],
};

/** The bound; below it, what it could have been. */
function epsilonCell({ metrics: { epsilonLowerBound: bound, epsilonReach: reach } }: Result): Cell {
  if (bound === undefined) return UNKNOWN;
  return {
    value: `at least ${atLeast(bound.value)}`,
    interval: reach === undefined ? '' : `of ${atLeast(reach.value)}`,
  };
}

/** How often the copy is right; below it, how often the model is. */
function accuracyCell({ metrics: { accuracy, targetAccuracy } }: Result): Cell {
  const print = (metric: Metric | undefined) =>
    metric === undefined ? '' : formatMetric('accuracy', metric).value;
  return {
    value: print(accuracy) || '-',
    interval: targetAccuracy === undefined ? '' : `of ${print(targetAccuracy)}`,
  };
}

/** How many; below it, what they cost. */
function queriesCell({ queries, curves: { budget } }: Result): Cell {
  const last = budget?.at(-1);
  const cost = last?.cost ?? null;
  return {
    value: grouped(last?.queries ?? queries),
    interval: cost === null ? '' : `cost ${quantity(cost)}`,
  };
}

/** How much is guessed right, or how far off; below it, the same without the model. */
function guessedCell(result: Result): Cell {
  const { figure } = measureOf(result);
  const print = (metric: Metric | undefined) =>
    metric === undefined
      ? '-'
      : `${formatMetric(figure, metric).value}${figure === 'meanAbsoluteError' ? ' off' : ''}`;
  const imputation = result.baselines.find(({ name }) => name === IMPUTATION);
  return { value: print(result.metrics[figure]), interval: print(imputation?.metrics[figure]) };
}

function gainCell(result: Result, part: 'gain' | 'beyond'): Cell {
  const measure = tellingMeasure(result, part);
  const metric = result.metrics[measure[part]];
  if (metric === undefined) return UNKNOWN;
  const { value, interval } = formatMetric(measure[part], metric);
  return {
    value: measure === measureOf(result) ? value : `${value} ${MEASURE_NAME[measure.figure]}`,
    interval,
  };
}

const FIRST_TITLE: Readonly<Record<Table, string>> = {
  membership: 'Attack (95 % intervals below)',
  audit: 'Audit of the training',
  inversion: 'Attack',
  attribute: 'Attack',
  stealing: 'Attack',
};

function resultTable(table: Table, results: readonly Result[], paint: Paint): string[] {
  const columns = COLUMNS[table](results);
  const header = [FIRST_TITLE[table], ...columns.map(({ title }) => title), 'Level'];
  const figures = results.map((result) => {
    const printed = columns.map(({ cell }) => cell(result));
    const first = [...printed.map((p) => p.value), findingName(result.verdict)];
    const { finding } = result.verdict;
    const whose = finding === undefined ? '' : FINDING_NAME[finding];
    return [first, [...printed.map((p) => p.interval), whose]];
  });
  const widths = header
    .slice(1)
    .map((title, column) =>
      Math.max(title.length, ...figures.flatMap((rows) => rows.map((row) => row[column]!.length))),
    );
  const room = WIDTH - widths.reduce((sum, width) => sum + width + 2, 0);
  const names = attackLines(results, room);
  const first = Math.max(...[header[0]!, ...names.flat()].map((line) => Math.min(room, line.length)));
  const line = ([name = '', ...cells]: readonly string[]) =>
    [cut(name, first).padEnd(first), ...cells.map((cell, i) => cell.padEnd(widths[i]!))].join('  ').trimEnd();
  return [
    paint('bold', line(header)),
    ...results.flatMap((_, i) =>
      names[i]!.map((name, at) => {
        const text = line([name, ...(figures[i]![at] ?? [])]);
        return at === 0 ? text : paint('dim', text);
      }),
    ),
    ...(results.some(({ references }) => holdsAudited(references))
      ? wrap(`* trained ${STRONGER_ATTACKER}.`)
      : []),
    ...(NOTE[table] === undefined ? [] : wrap(NOTE[table])),
  ];
}

const NOTE: Readonly<Partial<Record<Table, string>>> = {
  audit:
    'Epsilon: of the training with 95 % confidence, measured on a model of its own, not on the target; ' +
    'below, the most that could have been shown.',
  inversion:
    'Judge: reconstructions recognised as their class. Baseline: the same without an attack. ' +
    'Member closer: those with a training record nearest; chance: 50 %. Below: 95 % intervals.',
  attribute:
    'Guessed: how many members are guessed right, or how far off a number is; below it, the same without the model. ' +
    'Gain: over that. Members: gain on training records less any on others. Below: 95 % intervals; whose attribute it is.',
  stealing:
    'Agreement: new records on which the copy answers as the model does; below, its 95 % interval. ' +
    'Accuracy: of the copy; below, of the model. The level counts what exceeds a copy without these queries.',
};

/** Of each attack its name, what tells it from the others of that name, where it comes from, and what the attacker does. */
function attackLines(results: readonly Result[], width: number): string[][] {
  // The attribute has a line, so that of the parameters only others tell attacks apart.
  const variantOf = variantsFor(results.map(attackAlone));
  const indented = (text: string) => wrap(printable(text), width - 2).map((line) => `  ${line}`);
  return results.map((result) => {
    const variant = variantOf(attackAlone(result));
    return [
      result.attack,
      ...(result.attribute === undefined ? [] : indented(`guesses ${result.attribute.name}`)),
      ...(variant === '' ? [] : indented(variant)),
      ...(result.through === undefined
        ? []
        : indented(`through ${result.through.attack}, ${queryCount(result.through.queries)}`)),
      `  ${printable(result.source)}`,
      ...indented(attacker(result)),
    ];
  });
}

function attacker({ threatModel, references, generator, attribute, copy, through }: Result): string {
  const { count, pool } = references;
  if (copy !== undefined && count === 0) return `${threatModel.access}, ${ASKED[copy.pool] ?? copy.pool}`;
  if (attribute !== undefined && count === 0)
    return `${threatModel.access}, knows ${grouped(attribute.auxiliaryRecords)}`;
  if (generator !== undefined && count === 0) return `${threatModel.access}, a generator`;
  if (through !== undefined && count === 0) return `${threatModel.access}, a copy`;
  if (count === 0) return `${threatModel.access}, no models`;
  const kind = {
    none: '',
    disjoint: '',
    'with-candidates': ' *',
    other: ', other data',
    synthetic: ', made-up data',
    canaries: ' with canaries',
  };
  return `${threatModel.access}, ${plural(count, 'model')}${kind[pool]}`;
}

/** What the thief of a model asks about; other names are those of data sets. */
const ASKED: Readonly<Record<string, string>> = {
  shadow: 'shadow data',
  partial: 'some members',
  uniform: 'random inputs',
  generator: 'generator',
};

/** The text, its end cut off with an ellipsis where it is too long. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** The text as an item of a list. */
export function bullet(text: string): string[] {
  return wrap(text, WIDTH - 2).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`));
}
