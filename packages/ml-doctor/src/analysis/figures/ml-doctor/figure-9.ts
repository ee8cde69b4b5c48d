/** How the attacks go together over targets: Fig. 9 of ML-Doctor. */

import { type Field, gridChart } from '../../charts/grid.ts';
import { refuseMixed } from '../../evidence/mixed.ts';
import { MODES } from '../../evidence/modes.ts';
import type { Comparison, FigureKind } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { publishedCorrelation } from '../../published/ml-doctor-2022/correlations.ts';
import { targetsNote } from '../../published/unlike.ts';
import { quantityOf } from '../../relations/quantities.ts';
import type { Relation } from '../../relations/relate.ts';
import { has, holesOf, needed, undefended } from './targets.ts';
import { CORRELATION_NOTES, correlationTable, relateAll } from './try-relate.ts';
import { relationText } from './words.ts';

export const figure9: FigureKind = {
  name: 'ml-doctor-2022/figure-9',
  title: 'Correlation of the attacks over targets',
  source: 'Liu et al., USENIX Security 2022, Fig. 9',
  needs: 'undefended targets with two attacks of ML-Doctor or more',
  build: (evidence) => {
    const targets = needed(
      undefended(evidence).filter((target) => MODES.some((mode) => has(target, mode))),
      figure9,
    );
    refuseMixed(targets);
    const modes = MODES.filter((mode) => targets.some((target) => has(target, mode)));
    const quantities = modes.map(quantityOf);
    const related = relateAll(
      targets,
      quantities.flatMap((y, i) => quantities.slice(0, i).map((x) => [x, y] as const)),
      figure9,
    );
    const publishedOf = ({ x, y }: Relation) => publishedCorrelation(x.name, y.name);
    const printed = related.relations.filter((relation) => publishedOf(relation) !== undefined);
    const told = printed.length > 0 ? printed : related.relations;
    return {
      ...{ name: figure9.name, title: figure9.title },
      finding: told.map((relation) => relationText(relation, publishedOf(relation))).join(' '),
      charts: (['pearson', 'spearman'] as const).map((which) =>
        gridChart(
          {
            id: which,
            title: `${which === 'pearson' ? 'Pearson' : 'Spearman'} correlation of the attacks over targets`,
            description: 'a field for each pair of attacks: the correlation, and its 95 % interval',
          },
          {
            fields: fieldsOf(related.relations, which),
            domain: [-1, 1],
            legend: which === 'pearson' ? 'Pearson’s r' : 'Spearman’s ρ',
          },
        ),
      ),
      tables: [
        correlationTable(
          related,
          'Correlation of the attacks over targets.',
          { x: 'Attack', y: 'and' },
          (relation) => publishedOf(relation)?.value,
        ),
      ],
      comparisons: printed.flatMap((relation): Comparison[] => {
        const published = publishedOf(relation);
        const what = `Pearson correlation of ${relation.x.name} and ${relation.y.name} over targets`;
        return published ? [compare(what, published, relation.pearson, { nothing: 0 })] : [];
      }),
      notes: [
        ...CORRELATION_NOTES,
        `Of ${related.relations.length} pairs about one in twenty would be told from 0 by chance alone: the published pairs are the ones that were asked about beforehand.`,
        targetsNote(targets),
      ],
      holes: [...related.holes, ...holesOf(targets, modes)],
    };
  },
};

function fieldsOf(relations: readonly Relation[], which: 'pearson' | 'spearman'): Field[] {
  const two = (value: number) => value.toFixed(2).replace('-', '−');
  return relations.map((relation) => {
    const { value = null, low = null, high = null } = relation[which] ?? {};
    const text =
      value === null
        ? ''
        : low === null || high === null
          ? two(value)
          : `${two(value)}\n${two(low)} to ${two(high)}`;
    return { row: relation.y.name, column: relation.x.name, value, text };
  });
}
