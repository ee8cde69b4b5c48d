/** Attacks against how far the target overfits: Fig. 7 of ML-Doctor. */

import { type Point, scatterChart } from '../../charts/scatter.ts';
import type { Target } from '../../evidence/evidence.ts';
import { overfittingOf } from '../../evidence/facts.ts';
import { refuseMixed } from '../../evidence/mixed.ts';
import { MODES } from '../../evidence/modes.ts';
import type { Comparison, FigureKind } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { OVERFITTING as PUBLISHED } from '../../published/ml-doctor-2022/accuracy.ts';
import { publishedCorrelation } from '../../published/ml-doctor-2022/correlations.ts';
import { targetsNote, unlikePaper } from '../../published/unlike.ts';
import { OVERFITTING, quantityOf } from '../../relations/quantities.ts';
import type { Relation } from '../../relations/relate.ts';
import { paperTarget } from './published-bar.ts';
import { bounds, has, holesOf, type Names, namesOf, needed, undefended } from './targets.ts';
import { CORRELATION_NOTES, correlationTable, relateAll } from './try-relate.ts';
import { relationsText } from './words.ts';

export const figure7: FigureKind = {
  name: 'ml-doctor-2022/figure-7',
  title: 'Attacks by overfitting of the target',
  source: 'Liu et al., USENIX Security 2022, Fig. 7',
  needs: 'undefended targets with attacks of ML-Doctor and known train and test accuracy',
  build: (evidence) => {
    const targets = needed(
      undefended(evidence).filter((target) => MODES.some((mode) => has(target, mode))),
      figure7,
    );
    refuseMixed(targets);
    const names = namesOf(targets);
    const modes = MODES.filter((mode) => targets.some((target) => has(target, mode)));
    const related = relateAll(
      targets,
      modes.map((mode) => [OVERFITTING, quantityOf(mode)] as const),
      figure7,
    );
    const publishedOf = ({ y }: Relation) => publishedCorrelation('overfitting', y.name);
    const correlations = related.relations.flatMap((relation): Comparison[] => {
      const published = publishedOf(relation);
      const what = `Pearson correlation of overfitting and ${relation.y.name} over targets`;
      return published ? [compare(what, published, relation.pearson, { nothing: 0 })] : [];
    });
    return {
      ...{ name: figure7.name, title: figure7.title },
      finding: relationsText(related.relations, publishedOf),
      charts: related.relations.map((relation) => chartOf(relation, names)),
      tables: [
        correlationTable(
          related,
          'Correlation of attacks with overfitting over targets.',
          { y: 'Attack' },
          (relation) => publishedOf(relation)?.value,
        ),
        {
          id: 'overfitting',
          caption: 'Train accuracy less test accuracy, with 95 % intervals.',
          columns: [
            { key: 'data', label: 'Data set' },
            { key: 'model', label: 'Architecture' },
            { key: 'overfitting', label: 'Overfitting' },
            { key: 'paper', label: 'Paper' },
          ],
          rows: targets.map((target) => {
            const theirs = paperTarget(target);
            return {
              ...{ data: names.data(target), model: names.model(target) },
              overfitting: overfittingOf(target) ?? null,
              paper: theirs ? (PUBLISHED[theirs.model][theirs.data]?.value ?? null) : null,
            };
          }),
        },
      ],
      comparisons: [...correlations, ...targets.flatMap((target) => gap(target, names))],
      notes: [
        ...CORRELATION_NOTES,
        'The paper draws these points and prints no correlation: what is compared was computed from its points.',
        targetsNote(targets),
      ],
      holes: [...related.holes, ...holesOf(targets, modes)],
    };
  },
};

function chartOf({ x, y, points, line, pearson }: Relation, names: Names) {
  return scatterChart(
    {
      id: `overfitting-${y.name
        .toLowerCase()
        .replace(/[^a-z]+/g, '-')
        .replace(/-$/, '')}`,
      title: `${y.name} by overfitting`,
      description: `a point for each target; Pearson ${pearson?.value.toFixed(2) ?? 'unknown'}`,
    },
    {
      x: { label: x.label },
      y: { label: y.label },
      points: points.map(
        (point): Point => ({
          ...{ x: point.x.value, y: point.y.value, ...bounds(point.y) },
          ...{ series: names.data(point.target), shape: names.model(point.target) },
        }),
      ),
      ...(line && { line }),
    },
  );
}

function gap(target: Target, names: Names): readonly Comparison[] {
  const theirs = paperTarget(target);
  const published = theirs && PUBLISHED[theirs.model][theirs.data];
  if (theirs === undefined || published === undefined) return [];
  const unlike = unlikePaper(target, theirs);
  const what = `overfitting of ${theirs.model} on ${theirs.data} (ours: ${names.whole(target)})`;
  return [
    compare(what, published, overfittingOf(target) ?? null, {
      nothing: 0,
      ...(unlike !== undefined && { unlike }),
    }),
  ];
}
