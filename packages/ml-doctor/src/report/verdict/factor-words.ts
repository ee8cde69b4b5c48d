/** What the most exposed records have in common, in words. */

import { grouped, plural } from '../format.ts';
import type { Factor, FactorName, Factors } from '../schema.ts';

interface Words {
  /** As a heading of a row. */
  readonly name: string;
  /** After "are among the members ". */
  readonly most: string;
  /** After "it is easier to tell members ", where more of it exposes, and where less does. */
  readonly more: string;
  readonly less: string;
}

export const FACTOR_WORDS: Readonly<Record<FactorName, Words>> = {
  overfitClass: {
    name: 'Overfitting of the class',
    most: 'of the classes that the model is overfitted to most',
    more: 'of classes that the model is overfitted to',
    less: 'of classes that the model is not overfitted to',
  },
  smallClass: {
    name: 'Small class',
    most: 'of the smallest classes',
    more: 'of small classes',
    less: 'of large classes',
  },
  meanDistance: {
    name: 'Far from other members',
    most: 'farthest from all others (outliers)',
    more: 'far from all others (outliers)',
    less: 'close to others',
  },
  localOutlier: {
    name: 'Local outlier',
    most: 'that are the strongest local outliers',
    more: 'that are local outliers',
    less: 'that are no local outliers',
  },
  otherClassNear: {
    name: 'Nearer to another class',
    most: 'that lie nearest to another class',
    more: 'that lie near to another class',
    less: 'that lie well within their class',
  },
  labelDisagreement: {
    name: 'Label unlike its neighbours’',
    most: 'whose label most of their neighbours do not have',
    more: 'whose label their neighbours do not have',
    less: 'whose label their neighbours have',
  },
  duplicates: {
    name: 'Exact duplicates',
    most: 'of which there are most copies',
    more: 'of which there are copies',
    less: 'of which there are no copies',
  },
  nearDuplicates: {
    name: 'Near duplicates',
    most: 'that have most near duplicates',
    more: 'that have near duplicates',
    less: 'that have no near duplicates',
  },
};

/** Factors told of in the sentence; the table has them all. */
const MOST_TOLD = 3;

export function explaining(factors: readonly Factor[]): readonly Factor[] {
  return factors
    .filter(({ explains }) => explains !== undefined)
    .sort((a, b) => (a.pValue ?? 1) - (b.pValue ?? 1));
}

export function factorsSentence({ mostExposed, factors }: Omit<Factors, 'sentence'>): string {
  const found = explaining(factors);
  if (found.length === 0)
    return `Nothing that was looked at explains which records are exposed: what members show of them, non-members show too, or chance would.`;
  const told = found.slice(0, MOST_TOLD).map((factor) => factorClause(factor, mostExposed?.members));
  const more = found.length - told.length;
  return `${told.join('. ')}.${more > 0 ? ` ${plural(more, 'more factor')} ${more === 1 ? 'explains' : 'explain'} it too.` : ''}${found.length > 1 ? ' Such factors often go together: one of them may stand for another.' : ''}`;
}

/** By the most exposed where there are clearly more or fewer of them than by chance, else by the AUC. */
function factorClause(factor: Factor, exposed: number | undefined): string {
  const { most, more, less } = FACTOR_WORDS[factor.name];
  const { top, lowest, highest, explains } = factor;
  const beyond = top && (explains === 'more' ? (top.lift.low ?? 0) > 1 : (top.lift.high ?? 2) < 1);
  if (top && exposed !== undefined && beyond) {
    const { others } = top;
    const control =
      others.records === 0
        ? 'no non-member scores as high'
        : `of the ${grouped(others.records)} non-members that score as high, ${grouped(others.top)}`;
    return `Of the ${grouped(exposed)} most exposed records ${grouped(top.exposed)} are among the members ${most} (by chance ${(exposed * top.share).toFixed(1)}; ${control})`;
  }
  const aucs =
    lowest && highest
      ? ` (AUC ${lowest.value.toFixed(2)} among those with least of it, ${highest.value.toFixed(2)} with most)`
      : '';
  return `It is easier to tell members ${explains === 'more' ? more : less}${aucs}`;
}
