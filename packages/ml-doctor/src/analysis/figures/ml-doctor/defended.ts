/** Targets with and without a defence side by side: what Tables 3 and 4 of ML-Doctor have in common. */

import { type Bar, barChart } from '../../charts/bars.ts';
import type { Evidence, Target } from '../../evidence/evidence.ts';
import { refuseMixed } from '../../evidence/mixed.ts';
import { figureOf, MODES, type Mode } from '../../evidence/modes.ts';
import type { Comparison, Figure, FigureKind, Published, Table } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import {
  PAPER_DATA,
  type PaperData,
  type PaperMode,
  type PaperModel,
} from '../../published/ml-doctor-2022/names.ts';
import { yardstick } from '../../published/ml-doctor-2022/yardsticks.ts';
import type { Grid } from '../../published/provenance.ts';
import { dataStandIn } from '../../published/stand-ins.ts';
import { targetsNote } from '../../published/unlike.ts';
import { changeOf, undefendedOf } from './changes.ts';
import { judge } from './claims.ts';
import type { Beside } from './private-cells.ts';
import { unlikeText } from './published-bar.ts';
import { bounds, grouped, has, holesOf, type Names, namesOf, needed } from './targets.ts';
import { claimsText } from './words.ts';

export interface DefenceTable<Column extends string> {
  readonly kind: FigureKind;
  readonly defense: string;
  /** Of the published table. */
  readonly model: PaperModel;
  readonly where: string;
  readonly published: Grid<PaperMode, PaperData, Readonly<Record<'none' | Column, Published>>>;
  readonly columns: readonly Column[];
  /** Heads of the published columns. */
  readonly heads: Readonly<Record<'none' | Column, string>>;
  /** @param all of the same data and architecture with this defence */
  readonly beside: (target: Target, all: readonly Target[], data: PaperData) => Beside<Column> | undefined;
  readonly notes: readonly string[];
  /** Besides the direction in which the defence moves each mode. */
  readonly claims: (evidence: Evidence, places: readonly Place[]) => readonly Comparison[];
}

/** A data set and an architecture. */
export interface Place {
  /** Undefined where the evidence lacks it. */
  readonly base: Target | undefined;
  readonly defended: readonly [Target, ...Target[]];
}

/** Places with attacks on targets that have the defence. */
export function placesOf(evidence: Evidence, defense: string): readonly Place[] {
  const defended = evidence.targets.filter(
    (target) => target.defense.name === defense && MODES.some((mode) => has(target, mode)),
  );
  return grouped(defended, ({ data, model }) => ({ data, model })).map((own) => ({
    base: undefendedOf(evidence, own[0]),
    defended: own,
  }));
}

export function defenceTable<Column extends string>(evidence: Evidence, table: DefenceTable<Column>): Figure {
  const { kind, defense } = table;
  const places = needed(placesOf(evidence, defense), kind);
  const targets = places.flatMap(({ base, defended }) => [...(base ? [base] : []), ...defended]);
  refuseMixed(targets);
  const names = namesOf(targets);
  const claims = [...directions(evidence, places, table), ...table.claims(evidence, places)];
  return {
    ...{ name: kind.name, title: kind.title },
    finding: claimsText(claims),
    charts: [chartOf(places, table, names)],
    tables: places.map((place, i) => tableOf(evidence, place, table, names, i)),
    comparisons: [...claims, ...places.flatMap((place) => cells(place, table, names))],
    notes: [
      ...table.notes,
      'A change is the defended figure less the undefended, on the same records where the study has paired them; else its interval is made of the two, and too wide.',
      targetsNote(targets, table.model),
    ],
    holes: [
      ...holesOf(targets, MODES),
      ...places.flatMap(({ base, defended: [first] }) =>
        base === undefined
          ? [
              {
                what: names.whole(first),
                code: 'MLD_EVIDENCE_MISSING' as const,
                message: `there is no undefended target beside ${names.whole(first)}`,
                hint: 'Add none to the defences of the study.',
              },
            ]
          : [],
      ),
    ],
  };
}

/** Changes of a mode over all defended targets. */
const changesOf = (evidence: Evidence, places: readonly Place[], mode: Mode): readonly number[] =>
  places.flatMap(({ defended }) =>
    defended.flatMap((target) => changeOf(evidence, target, mode)?.value ?? []),
  );

function publishedChanges<Column extends string>(
  { published, columns }: Pick<DefenceTable<Column>, 'published' | 'columns'>,
  mode: PaperMode,
): readonly number[] {
  return PAPER_DATA.flatMap((data) => {
    const cell = published[mode][data];
    return cell === undefined ? [] : columns.map((column) => cell[column].value - cell.none.value);
  });
}

function directions<Column extends string>(
  evidence: Evidence,
  places: readonly Place[],
  table: DefenceTable<Column>,
): readonly Comparison[] {
  return MODES.flatMap((mode) => {
    const ours = changesOf(evidence, places, mode);
    const what = `change of ${mode.name} under ${table.defense}`;
    const published = publishedChanges(table, mode.name as PaperMode);
    return ours.length === 0 ? [] : [judge({ what, where: table.where, published, ours })];
  });
}

function cells<Column extends string>(
  { base, defended }: Place,
  table: DefenceTable<Column>,
  names: Names,
): readonly Comparison[] {
  const [first] = defended;
  const data = dataStandIn(first)?.for;
  if (data === undefined) return [];
  const own = [
    ...(base ? [{ target: base, beside: { column: 'none' } as Beside<'none' | Column> }] : []),
    ...defended.flatMap((target) => {
      const beside: Beside<'none' | Column> | undefined = table.beside(target, defended, data);
      return beside === undefined ? [] : [{ target, beside }];
    }),
  ];
  return own.flatMap(({ target, beside: { column, unlike: other } }) =>
    MODES.flatMap((mode): Comparison[] => {
      const name = mode.name as PaperMode;
      const published = table.published[name][data]?.[column];
      if (published === undefined) return [];
      const unlike = [unlikeText(target, mode, { data, model: table.model }), other]
        .filter(Boolean)
        .join('; ');
      const what = `${mode.name} on ${table.model}, ${data}, ${table.heads[column]} (ours: ${names.whole(target)})`;
      return [
        compare(what, published, figureOf(target, mode) ?? null, {
          ...yardstick(name, data, published.value),
          ...(unlike !== '' && { unlike }),
        }),
      ];
    }),
  );
}

function chartOf<Column extends string>(places: readonly Place[], table: DefenceTable<Column>, names: Names) {
  const groupOf = groupsOf(places, table, names);
  const targets = places.flatMap(({ base, defended }) => [...(base ? [base] : []), ...defended]);
  const bars = targets.flatMap((target) =>
    MODES.filter(({ metric }) => metric !== 'mseNormalised').flatMap((mode): Bar[] => {
      const metric = figureOf(target, mode);
      if (metric === undefined) return [];
      const place = {
        category: mode.name,
        group: groupOf(target),
        panel: `${names.model(target)} on ${names.data(target)}`,
      };
      return [{ ...place, value: metric.value, ...bounds(metric) }];
    }),
  );
  const description =
    'figures of nine modes of attack with and without the defence, a picture for each data set';
  return barChart(
    { id: 'defences', title: table.kind.title, description },
    { y: { label: 'accuracy, agreement' }, bars },
  );
}

/** Colours: the defence, or the column it stands in where every data set has settings of its own. */
function groupsOf<Column extends string>(
  places: readonly Place[],
  { beside, heads }: DefenceTable<Column>,
  names: Names,
): (target: Target) => string {
  const labels = new Set(places.flatMap(({ defended }) => defended.map(names.defense)));
  if (labels.size <= Math.max(...places.map(({ defended }) => defended.length))) return names.defense;
  return (target) => {
    const place = places.find(({ defended }) => defended.includes(target));
    const data = dataStandIn(target)?.for;
    const found = place && data && beside(target, place.defended, data);
    return found ? heads[found.column] : names.defense(target);
  };
}

function tableOf<Column extends string>(
  evidence: Evidence,
  { base, defended }: Place,
  { published, columns, heads }: DefenceTable<Column>,
  names: Names,
  index: number,
): Table {
  const [first] = defended;
  const data = dataStandIn(first)?.for;
  const all = ['none', ...columns] as const;
  const shown = MODES.filter((mode) =>
    [...(base ? [base] : []), ...defended].some((target) => has(target, mode)),
  );
  return {
    id: `place-${index + 1}`,
    caption: `${names.model(first)} on ${names.data(first)}: attacks with 95 % intervals, what the defence changed, and the published figures${data === undefined ? '' : ` of ${data}`}.`,
    columns: [
      { key: 'mode', label: 'Attack' },
      { key: 'none', label: 'none' },
      ...defended.flatMap((target, i) => [
        { key: `defended-${i}`, label: names.defense(target) },
        { key: `change-${i}`, label: 'change' },
      ]),
      ...(data === undefined
        ? []
        : all.map((column) => ({ key: `paper-${column}`, label: `paper: ${heads[column]}` }))),
    ],
    rows: shown.map((mode) => ({
      mode: mode.name,
      none: (base && figureOf(base, mode)) ?? null,
      ...Object.fromEntries(
        defended.flatMap((target, i) => [
          [`defended-${i}`, figureOf(target, mode) ?? null],
          [`change-${i}`, changeOf(evidence, target, mode) ?? null],
        ]),
      ),
      ...(data !== undefined &&
        Object.fromEntries(
          all.map((column) => [
            `paper-${column}`,
            published[mode.name as PaperMode][data]?.[column].value ?? null,
          ]),
        )),
    })),
  };
}
