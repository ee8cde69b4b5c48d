/** Sentences of findings, made of numbers alone. */

import { plural, signed } from '../../../report/format.ts';
import type { Metric } from '../../../report/schema.ts';
import type { Comparison, Published } from '../../figure.ts';
import type { Relation } from '../../relations/relate.ts';
import { change } from '../shokri/words.ts';

/** `mean 0.612 over 20 targets, from 0.503 (mlp on adult) to 0.731 (…)`. */
export function rangeText(found: readonly { readonly name: string; readonly metric: Metric }[]): string {
  const sorted = [...found].sort((a, b) => a.metric.value - b.metric.value);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return 'not measured';
  if (least === most) return `${three(least.metric.value)} (${least.name})`;
  const mean = found.reduce((sum, { metric }) => sum + metric.value, 0) / found.length;
  return `mean ${three(mean)} over ${plural(found.length, 'target')}, from ${three(least.metric.value)} (${least.name}) to ${three(most.metric.value)} (${most.name})`;
}

/**
 * How some claims of the paper came out, each with our difference; empty of none.
 *
 * @param theirs what was published, where ours differs: the difference in the unit of ours when left out
 */
export function claimsText(
  claims: readonly Comparison[],
  theirs = ({ value }: Published): string => signed(value, 3),
): string {
  const of = (agreement: Comparison['agreement']) =>
    claims
      .filter((claim) => claim.agreement === agreement)
      .map(({ what, ours, published }) => {
        const other = agreement === 'differs' ? `, published ${theirs(published)}` : '';
        return `${what} ${ours === null ? 'not measured' : change(ours)}${other}`;
      });
  const [same, other, open] = [of('reproduced'), of('differs'), of('not comparable')];
  return [
    ...(same.length > 0 ? [`As the paper says: ${same.join('; ')}.`] : []),
    ...(other.length > 0 ? [`Not as the paper says: ${other.join('; ')}.`] : []),
    ...(open.length > 0
      ? [
          `${open.length === 1 ? 'One claim is' : `${open.length} claims are`} too uncertain to tell, here or there.`,
        ]
      : []),
  ].join(' ');
}

const three = (value: number): string => value.toFixed(3).replace('-', '−');

/** `−0.41 (−0.74 to 0.05)`; of a correlation that there is not, why. */
export function correlationText(r: Metric | null): string {
  if (r === null) return 'without a correlation, as one of the two is the same for all targets';
  const two = (value: number) => value.toFixed(2).replace('-', '−').replace('−0.00', '0.00');
  return r.low === null || r.high === null
    ? two(r.value)
    : `${two(r.value)} (${two(r.low)} to ${two(r.high)})`;
}

/** What a correlation says, and what was published: `r = … over 16 targets: too uncertain to tell from 0; published −0.82`. */
export function relationText(
  { x, y, points, pearson, leavingOut }: Relation,
  published: Published | undefined,
): string {
  const open = pearson === null || pearson.low === null || pearson.high === null;
  const says = open ? '' : tellsFromNothing(pearson.low as number, pearson.high as number);
  const range = leavingOut && `${correlationEnd(leavingOut.least)} to ${correlationEnd(leavingOut.most)}`;
  return [
    `${x.name} and ${y.name}: r = ${correlationText(pearson)} over ${plural(points.length, 'target')}${says}`,
    ...(range ? [`without any one data set ${range}`] : []),
    ...(published ? [`published ${correlationEnd(published.value)}`] : []),
  ]
    .join('; ')
    .concat('.');
}

/** The relations that were published, in words; of the others how many can be told from none: the table has them. */
export function relationsText(
  relations: readonly Relation[],
  publishedOf: (relation: Relation) => Published | undefined,
): string {
  const known = relations.filter((relation) => publishedOf(relation) !== undefined);
  const others = relations.filter((relation) => !known.includes(relation));
  const sure = others.filter(({ pearson }) => (pearson?.low ?? -1) > 0 || (pearson?.high ?? 1) < 0);
  return [
    ...known.map((relation) => relationText(relation, publishedOf(relation))),
    ...(others.length > 0
      ? [
          `Of ${known.length > 0 ? `${others.length} other` : others.length} attacks ${sure.length} ${sure.length === 1 ? 'goes' : 'go'} with it for certain${sure.length > 0 ? `: ${sure.map(({ y, pearson }) => `${y.name} ${correlationText(pearson)}`).join(', ')}` : ''}.`,
        ]
      : []),
  ].join(' ');
}

const correlationEnd = (value: number): string => value.toFixed(2).replace('-', '−');

function tellsFromNothing(low: number, high: number): string {
  if (low > 0) return ': they rise together';
  return high < 0 ? ': one falls as the other rises' : ': too uncertain to tell from 0';
}
