/** How complex a data set is, measured on its records: how its classes lie among each other, and what its values compress to. */
import { deflateSync } from 'fflate';
import { clopperPearson } from '../../stats/binomial.ts';
import type { Metric } from '../../stats/metric.ts';
import type { Neighbours } from './neighbours.ts';

/**
 * Share of records whose nearest other member is of another class: the leave-one-out error of the nearest-neighbour rule
 * (Cover & Hart 1967), measure N3 of Ho & Basu (IEEE TPAMI 24, 2002). For many records at most twice the error of the
 * best classifier there can be. Of equally near ones the first counts.
 *
 * @param judged how many records, the first, are judged
 */
export function nearestNeighbourError(
  { k, places }: Pick<Neighbours, 'k' | 'places'>,
  labels: ArrayLike<number>,
  judged: number,
): Metric {
  let wrong = 0;
  for (let i = 0; i < judged; i++) if (labels[places[i * k]!] !== labels[i]) wrong++;
  return {
    value: wrong / judged,
    ...clopperPearson(wrong, judged),
    method: 'Clopper-Pearson, 95 %, as if records that share neighbours were independent',
  };
}

/**
 * Bits that a value takes when records are compressed one by one, by deflate (RFC 1951) at its highest level: an upper
 * bound of their Kolmogorov complexity (Li & Vitányi 2008, ch. 2), the mean over records. It can exceed what is stored by
 * the few bytes that deflate adds; hold only data of one kind and size against each other.
 *
 * @param records the bytes of each
 * @param values values of a record
 */
export function bitsPerValue(records: readonly Uint8Array[], values: number): number {
  const bytes = records.reduce((sum, record) => sum + deflateSync(record, { level: 9 }).length, 0);
  return (8 * bytes) / (records.length * values);
}
