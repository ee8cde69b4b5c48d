/** The study as plain text of 80 columns for a terminal or a log. */

import { TABLES, type Table } from '../family.ts';
import { asSentence, grouped, holdsAudited, plural, STRONGER_ATTACKER } from '../format.ts';
import { printable, WIDTH, wrap } from '../plain-text.ts';
import type { Run } from '../run-record.ts';
import { bullet, LEVEL_STYLE, type Paint, painter } from '../terminal.ts';
import { findingName } from '../verdict/overall.ts';
import { describeWork } from '../work.ts';
import { matrixLines } from './matrix/matrix-terminal.ts';
import {
  attackLabel,
  auditSubject,
  groupedHoles,
  levelCounts,
  studyHeadline,
  studyTitle,
  worstFinding,
} from './overview.ts';
import { accuracyText, metricText, repeatText, tellsAttribute } from './study-format.ts';
import type { StudyReport } from './study-schema.ts';
import { type StudyGroup, type StudyMetric, type StudyRow, studyTable } from './study-table.ts';

/** Rows of the table and causes of holes; the rest is on the page. */
const MOST_ROWS = 40;
const MOST_HOLES = 10;
/** Least width of the column of defences. */
const DEFENSE_WIDTH = 16;

/**
 * Renders the summary, each line at most 80 characters wide (single words longer than that excepted), ending in a line feed.
 * Control characters in names are dropped.
 */
export function renderStudyTerminal(study: StudyReport, options: { colour: boolean; run?: Run }): string {
  const paint = painter(options.colour);
  const matrix = matrixLines(study, options.run, paint);
  const lines = [
    '',
    ...wrap(`Privacy study: ${printable(studyTitle(study))}`).map((line) => paint('bold', line)),
    '─'.repeat(WIDTH),
    ...verdictLines(study, paint),
    '',
    ...matrix,
    ...TABLES.flatMap((table) => tableLines(table, studyTable(study), paint)),
    ...holeLines(study, paint),
  ];
  if (options.run !== undefined) lines.push(...wrap(`Work: ${describeWork(options.run)}`));
  lines.push(
    ...wrap(
      `Files: study.html, with every range; study.csv, with every number; ${matrix.length > 0 ? 'matrix.csv and matrix.tex, what defences change; ' : ''}study.json; audits/, a report each`,
    ),
    '',
  );
  return lines.join('\n');
}

function verdictLines(study: StudyReport, paint: Paint): string[] {
  const worst = worstFinding(study);
  if (worst === undefined) return ['No attack finished, so nothing is known about these models.'];
  const { level } = worst.result;
  const badge = findingName(worst.result).toUpperCase();
  const [first = '', ...rest] = wrap(studyHeadline(worst.result), WIDTH - badge.length - 2);
  return [
    `${paint(LEVEL_STYLE[level], badge)}  ${paint('bold', first)}`,
    ...rest.map((line) => paint('bold', line)),
    ...wrap(
      printable(
        `The worst: ${attackLabel(study, worst.result)} against ${auditSubject(worst.audit, study)}.`,
      ),
    ),
    ...wrap(levelCounts(study)),
  ];
}

function tableLines(kind: Table, every: readonly StudyGroup[], paint: Paint): string[] {
  const groups = every.map((group) => ({
    ...group,
    rows: group.rows.filter(({ table }) => table === kind),
  }));
  const all = groups.flatMap(({ rows }) => rows);
  if (all.length === 0) return [];
  const titles = TITLES[kind];
  const families = new Set(all.map(({ attack }) => attack.split('/')[0]!));
  // Of one family only, its name is said once, above the table.
  const family = families.size === 1 ? `${[...families][0]}/` : '';
  let room = MOST_ROWS;
  const shown = groups.map((group) => {
    const rows = group.rows
      .slice(0, room)
      .map((row) => ({ cells: cellsOf(row, family), below: textBelow(row) }));
    room -= rows.length;
    return { title: printable(`${group.model} on ${group.data}`), rows };
  });
  const widths = fit(
    titles,
    shown.flatMap(({ rows }) => rows.map(({ cells }) => cells)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => shorten(cell, widths[i]!).padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  const below = all.some(({ repeat }) => repeat !== undefined)
    ? ' Below: 95 % intervals for sampling and seed, and spread between seeds.'
    : '';
  const which = family === '' ? '' : ` Attacks are ${printable(family)}…`;
  return [
    ...wrap(`Means over n seeds; ${FIGURES[kind]}; accuracy (Acc.) on test data.${below}${which}`),
    paint('bold', line(titles)),
    ...shown
      .filter(({ rows }) => rows.length > 0)
      .flatMap(({ title, rows }) => [
        paint('bold', shorten(title, WIDTH)),
        ...rows.flatMap(({ cells, below }) => [
          line(cells),
          ...(below === '' ? [] : wrap(below, WIDTH - 4).map((text) => paint('dim', `    ${text}`))),
        ]),
      ]),
    ...(all.some(({ references }) => holdsAudited(references))
      ? wrap(`* trains models ${STRONGER_ATTACKER}.`)
      : []),
    ...(all.length > MOST_ROWS ? [`and ${grouped(all.length - MOST_ROWS)} more in study.html`] : []),
    '',
  ];
}

const TITLES: Readonly<Record<Table, readonly string[]>> = {
  membership: ['Attack', 'Defence', 'n', 'TPR', 'AUC', 'Acc.', 'Level'],
  audit: ['Audit', 'Defence', 'n', 'Epsilon', 'Acc.', 'Level'],
  inversion: ['Attack', 'Defence', 'n', 'Judge', 'Closer', 'Acc.', 'Level'],
  attribute: ['Attack', 'Defence', 'n', 'Gain', 'Members', 'Acc.', 'Level'],
  stealing: ['Attack', 'Defence', 'n', 'Agree', 'Queries', 'Acc.', 'Level'],
};

/** What the titles of the figures stand for. */
const FIGURES: Readonly<Record<Table, string>> = {
  membership: 'TPR at 1 % FPR',
  audit:
    '95 % lower bounds of the epsilon of the training, measured on a model of its own, not on the target',
  inversion:
    'reconstructions that a judge recognises (Judge) and that have a training record nearest (Closer)',
  attribute:
    'points of accuracy, or % of error, gained over a guess without the model (Gain), and how much of it, in points, beyond any gain on others (Members)',
  stealing:
    'new records on which the copy answers as the model does (Agree), after so many queries (Queries)',
};

/** Two figures fit: of attributes those that tell of a leak, without what is guessed right in all. */
const shownFigures = ({ table, figures }: StudyRow): readonly StudyMetric[] =>
  table === 'stealing' ? ['agreement', 'queries'] : figures.slice(-2);

/** Whose copy is attacked, which the column of names has no room for, and the figures over seeds. */
const textBelow = ({ through, repeat }: StudyRow): string =>
  [
    ...(through === undefined ? [] : [printable(`through a copy by ${through}`)]),
    ...(repeat === undefined ? [] : [repeatText(repeat)]),
  ].join('; ');

function cellsOf(row: StudyRow, family: string): string[] {
  const { attack, attribute, through, references, defense, audits, planned, metrics, testAccuracy } = row;
  const mark = holdsAudited(references) ? ' *' : '';
  // Unless the name tells already, which of several it is.
  const whole = attack.slice(family.length);
  const name = through === undefined ? whole : whole.replace(` through ${through}`, ' (copy)');
  const guessed = attribute === undefined || tellsAttribute(attack, attribute) ? '' : `: ${attribute}`;
  return [
    `  ${printable(`${name}${guessed}`)}${mark}`,
    printable(defense),
    audits.length === planned ? String(planned) : `${audits.length}/${planned}`,
    ...shownFigures(row).map((name) => metricText(name, metrics[name])?.mean.replace(/ points$/, '') ?? '-'),
    accuracyText(testAccuracy)?.mean ?? '-',
    findingName(row),
  ];
}

/** Widths of the columns: attack and defence share what the figures leave. */
function fit(titles: readonly string[], rows: readonly (readonly string[])[]): number[] {
  const [attack = 0, defense = 0, ...figures] = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const room = WIDTH - figures.reduce((sum, width) => sum + width + 2, 0) - 2;
  const forDefense = Math.min(defense, Math.max(DEFENSE_WIDTH, room - attack));
  return [Math.min(attack, room - forDefense), forDefense, ...figures];
}

/** Too long a text without its middle: what tells names apart often stands at their end. */
function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}

function holeLines({ holes, audits }: StudyReport, paint: Paint): string[] {
  if (holes.length === 0) return [];
  const groups = groupedHoles(holes);
  const touched = audits.filter((audit) => audit.holes > 0).length;
  return [
    paint('bold', 'Missing'),
    ...bullet(
      `${plural(holes.length, 'task')} failed, which leaves gaps in ${grouped(touched)} of ${plural(audits.length, 'audit')}.`,
    ),
    ...groups.slice(0, MOST_HOLES).flatMap(({ code, message, hint, tasks, blocked }) => {
      const others = tasks.length > 1 ? ` and ${grouped(tasks.length - 1)} more` : '';
      const kept = blocked > 0 ? ` (${plural(blocked, 'task')} not run because of it)` : '';
      return bullet(
        printable(`${tasks[0]}${others} failed [${code}]: ${asSentence(message)} ${hint}${kept}`),
      );
    }),
    ...(groups.length > MOST_HOLES
      ? bullet(`${plural(groups.length - MOST_HOLES, 'cause')} more in study.html`)
      : []),
    '',
  ];
}
