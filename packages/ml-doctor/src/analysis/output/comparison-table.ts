/** Comparisons with published figures as rows of text: for Markdown and LaTeX. */

import { type CellText, comparisonText } from './cell-text.ts';
import type { FigureEntry } from './figures-schema.ts';

export type ComparisonEntry = FigureEntry['comparisons'][number];

const line = ({ value, interval }: CellText): string =>
  interval === undefined ? value : `${value} (${interval})`;

export const COMPARISON_HEADS = ['Figure', 'Published', 'Ours', 'Agreement', 'Why'] as const;

export function comparisonTexts(comparison: ComparisonEntry): string[] {
  const texts = comparisonText(comparison.published, comparison.ours);
  const published = `${line(texts.published)}, ${comparison.published.where}`;
  return [comparison.what, published, line(texts.ours), comparison.agreement, comparison.reason];
}

export const comparisonCaption = ({ title }: Pick<FigureEntry, 'title'>): string =>
  `${title}: published figures and ours`;

/** How many comparisons ended how. */
export interface Counts {
  readonly reproduced: number;
  readonly differs: number;
  readonly 'not comparable': number;
}

export function countsOf(comparisons: readonly Pick<ComparisonEntry, 'agreement'>[]): Counts {
  const of = (wanted: ComparisonEntry['agreement']) =>
    comparisons.filter(({ agreement }) => agreement === wanted).length;
  return { reproduced: of('reproduced'), differs: of('differs'), 'not comparable': of('not comparable') };
}

/** `3 reproduced, 1 differs, 2 not comparable`; undefined where nothing is compared. */
export function countsText(counts: Counts): string | undefined {
  const parts = [
    ...(counts.reproduced > 0 ? [`${counts.reproduced} reproduced`] : []),
    ...(counts.differs > 0 ? [`${counts.differs} ${counts.differs === 1 ? 'differs' : 'differ'}`] : []),
    ...(counts['not comparable'] > 0 ? [`${counts['not comparable']} not comparable`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
