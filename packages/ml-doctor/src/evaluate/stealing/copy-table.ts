/** What target and last copy say of every record as a Parquet file: one row a record, for whoever wants to look at single ones. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { argmax } from '../../stats/argmax.ts';
import { klDivergence } from '../../stats/kl-divergence.ts';
import { posterior } from '../../stats/log-posterior.ts';
import type { StealingEvidence } from './evidence.ts';

/**
 * Columns `record` (index in the data set), `label`, `target` and `copy` (classes by name: the truth, the target's answer and
 * that of the last copy), `targetPosterior` and `copyPosterior` (each of the target's answer) and `klDivergence` (nats).
 * By index: the order of the evidence changes no byte.
 *
 * @param evidence as `evaluateStealing` accepts it
 */
export function copyTable({ ids, labels, classes, target, copies }: StealingEvidence): Uint8Array {
  const { logits } = copies.at(-1)!;
  const row = (of: Float32Array, place: number) =>
    of.subarray(place * classes.length, (place + 1) * classes.length);
  const rows = Array.from(ids.keys())
    .sort((a, b) => ids[a]! - ids[b]!)
    .map((place) => {
      const [asked, copied] = [row(target, place), row(logits, place)];
      const answer = argmax(asked);
      return {
        record: ids[place]!,
        label: classes[labels[place]!]!,
        target: classes[answer]!,
        copy: classes[argmax(copied)]!,
        targetPosterior: posterior(asked)[answer]!,
        copyPosterior: posterior(copied)[answer]!,
        klDivergence: klDivergence(asked, copied),
      };
    });
  const column = (name: keyof (typeof rows)[number], type: 'INT32' | 'DOUBLE' | 'STRING') => ({
    ...{ name, type },
    data: rows.map((each) => each[name]),
  });
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        column('record', 'INT32'),
        column('label', 'STRING'),
        column('target', 'STRING'),
        column('copy', 'STRING'),
        column('targetPosterior', 'DOUBLE'),
        column('copyPosterior', 'DOUBLE'),
        column('klDivergence', 'DOUBLE'),
      ],
    }),
  );
}
