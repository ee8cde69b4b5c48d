/** How well an attack does on each target: what Figs. 2 to 5 of ML-Doctor have in common. */

import type { Metric } from '../../../report/schema.ts';
import { type Bar, barChart } from '../../charts/bars.ts';
import type { Evidence, Target } from '../../evidence/evidence.ts';
import { refuseMixed } from '../../evidence/mixed.ts';
import { figureOf, type Mode, modeOf, resultsOf } from '../../evidence/modes.ts';
import type { Cell, Comparison, Figure, FigureKind, Table } from '../../figure.ts';
import type { PaperMode } from '../../published/ml-doctor-2022/names.ts';
import { targetsNote } from '../../published/unlike.ts';
import { againstBar } from './published-bar.ts';
import { baselineOf, bounds, has, holesOf, type Names, namesOf, needed, undefended } from './targets.ts';
import { claimsText, rangeText } from './words.ts';

/** What an attacker without the attack reaches, by the name it has in reports. */
export interface Guess {
  readonly baseline: string;
  /** Of the column: `random`. */
  readonly label: string;
}

export interface Part {
  /** Of the chart: `accuracy`. */
  readonly id: string;
  /** Of the axis. */
  readonly label: string;
  readonly modes: readonly PaperMode[];
  readonly guess?: Guess;
  /** Of all targets alike: half. */
  readonly reference?: number;
}

export interface Performance {
  readonly kind: FigureKind;
  readonly parts: readonly Part[];
  readonly notes: readonly string[];
  /** Claims of the paper, judged on these targets. */
  readonly claims: (targets: readonly Target[]) => readonly Comparison[];
}

/** The figure by data set, architecture and mode. */
export function performance(
  evidence: Evidence,
  { kind, parts, notes, claims: claimsOf }: Performance,
): Figure {
  const modes = parts.flatMap((part) => part.modes.map(modeOf));
  const all = undefended(evidence);
  const targets = needed(
    all.filter((target) => modes.some((mode) => has(target, mode))),
    kind,
  );
  refuseMixed(targets);
  const names = namesOf(targets);
  const claims = claimsOf(targets);
  const finding = [
    ...modes.flatMap((mode) => {
      const found = measured(targets, mode, names);
      return found.length === 0 ? [] : [`${mode.name}: ${rangeText(found)}.`];
    }),
    ...(claims.length > 0 ? [claimsText(claims)] : []),
  ].join(' ');
  return {
    ...{ name: kind.name, title: kind.title, finding },
    charts: parts.flatMap((part) => chartOf(part, kind, targets, names)),
    tables: [tableOf(parts, kind, targets, names)],
    comparisons: [
      ...claims,
      ...targets.flatMap((target) => modes.flatMap((mode) => againstBar(target, mode, names) ?? [])),
    ],
    notes: [
      ...notes,
      targetsNote(targets),
      'Claims are judged on mean differences over targets. Targets of one data set are alike: those intervals are rather too narrow.',
    ],
    holes: holesOf(all, modes),
  };
}

function measured(targets: readonly Target[], mode: Mode, names: Names) {
  return targets.flatMap((target) => {
    const metric = figureOf(target, mode);
    return metric === undefined ? [] : [{ name: names.whole(target), metric }];
  });
}

function chartOf(
  { id, label, modes, reference }: Part,
  kind: FigureKind,
  targets: readonly Target[],
  names: Names,
) {
  const bars = targets.flatMap((target) =>
    modes.map(modeOf).flatMap((mode): Bar[] => {
      const metric = figureOf(target, mode);
      if (metric === undefined) return [];
      const place = { category: names.model(target), group: mode.name, panel: names.data(target) };
      return [{ ...place, value: metric.value, ...bounds(metric) }];
    }),
  );
  if (bars.length === 0) return [];
  const description = `${label} by architecture and mode of attack, a picture for each data set`;
  return [
    barChart(
      { id, title: `${kind.title}: ${label}`, description },
      { y: { label }, bars, ...(reference !== undefined && { reference }) },
    ),
  ];
}

function tableOf(parts: readonly Part[], kind: FigureKind, targets: readonly Target[], names: Names): Table {
  const columns = parts.flatMap((part) => part.modes.map((name) => ({ mode: modeOf(name), part })));
  const guessOf = (target: Target, { mode, part }: (typeof columns)[number]): Metric | null =>
    (part.guess && baselineOf(resultsOf(target, mode), part.guess.baseline, mode.metric)) ?? null;
  return {
    id: 'targets',
    caption: `${kind.title}, with 95 % intervals.`,
    columns: [
      { key: 'data', label: 'Data set' },
      { key: 'model', label: 'Architecture' },
      ...columns.flatMap(({ mode, part }) => [
        { key: mode.name, label: mode.name },
        ...(part.guess ? [{ key: `${mode.name} guess`, label: part.guess.label }] : []),
      ]),
    ],
    rows: targets.map((target) => ({
      data: names.data(target),
      model: names.model(target),
      ...Object.fromEntries(
        columns.flatMap((column): [string, Cell][] => [
          [column.mode.name, figureOf(target, column.mode) ?? null],
          ...(column.part.guess
            ? [[`${column.mode.name} guess`, guessOf(target, column)] as [string, Cell]]
            : []),
        ]),
      ),
    })),
  };
}
