/** Attacks against the epochs of the target: Fig. 8 of ML-Doctor. */

import type { Metric } from '../../../report/schema.ts';
import { type LinePoint, lineChart } from '../../charts/lines.ts';
import type { Target } from '../../evidence/evidence.ts';
import { epochsOf, overfittingOf } from '../../evidence/facts.ts';
import { refuseMixed } from '../../evidence/mixed.ts';
import { figureOf, MODES, modeOf } from '../../evidence/modes.ts';
import type { Comparison, Figure, FigureKind, Published, Table } from '../../figure.ts';
import { WITHIN } from '../../published/compare.ts';
import { compareOrder } from '../../published/compare-order.ts';
import { FIGURE_8 } from '../../published/ml-doctor-2022/epochs.ts';
import { targetsNote } from '../../published/unlike.ts';
import { type LadderOf, ladders } from '../shokri/ladders.ts';
import { three } from '../shokri/words.ts';
import { bounds, has, holesOf, needed, undefended } from './targets.ts';
import { claimsText } from './words.ts';

type Ladder = LadderOf<{ readonly target: Target; readonly epochs: number }>;

export const figure8: FigureKind = {
  name: 'ml-doctor-2022/figure-8',
  title: 'Attacks by epochs of the target',
  source: 'Liu et al., USENIX Security 2022, Fig. 8',
  needs: 'undefended targets with attacks of ML-Doctor that differ in their epochs only',
  build: (evidence) => {
    const attacked = undefended(evidence).filter((target) => MODES.some((mode) => has(target, mode)));
    const found = needed(laddersOf(attacked), figure8);
    const targets = found.flatMap(({ rungs }) => rungs.map(({ target }) => target));
    refuseMixed(targets);
    const modes = MODES.filter((mode) => targets.some((target) => has(target, mode)));
    const claims = found.flatMap(claimsOf);
    return {
      ...{ name: figure8.name, title: figure8.title },
      finding: [...found.map((ladder) => sentence(ladder)), claimsText(claims)].filter(Boolean).join(' '),
      charts: [
        lineChart(
          {
            ...{ id: 'epochs', title: figure8.title },
            description:
              'figures of the attacks along the epochs, a picture for each data set and architecture',
          },
          {
            x: { label: 'epochs', as: 'log' },
            y: { label: 'accuracy, agreement' },
            points: found.flatMap((ladder) => pointsOf(ladder)),
          },
        ),
      ],
      tables: [
        tableOf(
          found,
          modes.map(({ name }) => name),
        ),
      ],
      comparisons: claims,
      notes: [
        'Compared are orders, the last point less the first. Points of one line are of one training and the same records: the intervals of their differences are rather too wide.',
        'The paper’s lines were read off by eye, and of two targets only. Mean squared errors are in the table alone.',
        targetsNote(targets),
      ],
      holes: holesOf(targets, modes),
    } satisfies Figure;
  },
};

function laddersOf(targets: readonly Target[]): readonly Ladder[] {
  return ladders(
    targets.flatMap((target) => {
      const epochs = epochsOf(target);
      return epochs === undefined ? [] : [{ target, epochs }];
    }),
    ({ target: { data, model } }) => {
      const { epochs: _, ...training } = model.params;
      return { name: `${model.name} on ${data.name}`, params: data.params, also: { training } };
    },
    ({ epochs }) => epochs,
  );
}

function pointsOf({ label, rungs }: Ladder): LinePoint[] {
  return MODES.filter(({ metric }) => metric !== 'mseNormalised').flatMap((mode) =>
    rungs.flatMap(({ target, epochs }): LinePoint[] => {
      const metric = figureOf(target, mode);
      if (metric === undefined) return [];
      return [{ series: mode.name, panel: label, x: epochs, y: metric.value, ...bounds(metric) }];
    }),
  );
}

/** The first and the last target of a line that have a mode. */
function endsOf({ rungs }: Ladder, name: string) {
  const mode = modeOf(name);
  const all = rungs.flatMap(({ target, epochs }): { epochs: number; metric: Metric }[] => {
    const metric = figureOf(target, mode);
    return metric === undefined ? [] : [{ epochs, metric }];
  });
  const [first, last] = [all[0], all.at(-1)];
  return first === undefined || last === undefined || first === last ? undefined : { first, last };
}

function sentence(ladder: Ladder): string {
  const told = MODES.flatMap(({ name }) => {
    const ends = endsOf(ladder, name);
    return ends ? [`${name} ${three(ends.first.metric)} to ${three(ends.last.metric)}`] : [];
  });
  const [first, last] = [ladder.rungs[0], ladder.rungs.at(-1)];
  return `${ladder.label}, from ${first?.epochs} to ${last?.epochs} epochs: ${told.join('; ')}.`;
}

/** The words of the paper for attribute inference: no points of it could be read. */
const FLAT: Published = { value: 0, low: -0.02, high: 0.02, where: 'Fig. 8, nearly flat by eye' };

function claimsOf(ladder: Ladder): Comparison[] {
  const read = FIGURE_8.flatMap(({ mode, points }) => {
    const epochs = Object.keys(points)
      .map(Number)
      .sort((a, b) => a - b);
    const [first, last] = [points[epochs[0] as number], points[epochs.at(-1) as number]];
    return first && last ? [{ mode, within: 0.01, first: last, second: first }] : [];
  });
  const flat = { first: FLAT, second: { ...FLAT, low: 0, high: 0 } };
  const claims = [
    ...read,
    ...(['AttrInf <W,S>', 'AttrInf <W,P>'] as const).map((mode) => ({ mode, within: WITHIN, ...flat })),
  ];
  return claims.flatMap(({ mode, within, first, second }) => {
    const ends = endsOf(ladder, mode);
    if (ends === undefined) return [];
    const what = `${mode} on ${ladder.label}, ${ends.last.epochs} epochs less ${ends.first.epochs}`;
    return [
      compareOrder(
        what,
        { first, second },
        { first: ends.last.metric, second: ends.first.metric },
        { within },
      ),
    ];
  });
}

function tableOf(found: readonly Ladder[], modes: readonly string[]): Table {
  return {
    id: 'epochs',
    caption: 'Attacks by epochs of the target, with 95 % intervals.',
    columns: [
      { key: 'target', label: 'Target' },
      { key: 'epochs', label: 'Epochs', digits: 0 },
      { key: 'overfitting', label: 'Overfitting' },
      ...modes.map((name) => ({ key: name, label: name })),
    ],
    rows: found.flatMap(({ label, rungs }) =>
      rungs.map(({ target, epochs }) => ({
        ...{ target: label, epochs, overfitting: overfittingOf(target) ?? null },
        ...Object.fromEntries(modes.map((name) => [name, figureOf(target, modeOf(name)) ?? null])),
      })),
    ),
  };
}
