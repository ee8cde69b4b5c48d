/** What was guessed of every record as a Parquet file: one row a record, for whoever wants to look at single ones. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { AttributeEvidence, Guessed } from './evidence.ts';

type Row = readonly [guessed: Guessed, place: number];

/**
 * Columns `record` (index in the data set), `member`, `truth`, `guessed` and `imputed` (categories by name, numbers of a
 * continuous attribute), `confidence` (the attack's belief in its guess) and `correct`, both null for a continuous one.
 * Members first, each group by index: the order of the evidence changes no byte.
 *
 * @param evidence as `evaluateAttribute` accepts it
 */
export function guessTable({ attribute, members, nonMembers }: AttributeEvidence): Uint8Array {
  const names = attribute.kind === 'continuous' ? undefined : attribute.categories!;
  const rows = [...rowsOf(members), ...rowsOf(nonMembers)];
  const column = (
    name: string,
    type: 'INT32' | 'DOUBLE' | 'BOOLEAN' | 'STRING',
    of: (...row: Row) => unknown,
    nullable = false,
  ) => ({ name, type, nullable, data: rows.map((row) => of(...row)) });
  const value = (name: string, of: (...row: Row) => number) =>
    column(name, names ? 'STRING' : 'DOUBLE', (...row) => (names ? names[of(...row)]! : of(...row)));
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        column('record', 'INT32', ({ ids }, i) => ids[i]!),
        column('member', 'BOOLEAN', (group) => group === members),
        value('truth', ({ truth }, i) => truth[i]!),
        value('guessed', ({ attack }, i) => attack.predicted[i]!),
        column(
          'confidence',
          'DOUBLE',
          ({ attack }, i) => (names ? attack.beliefs![i * names.length + attack.predicted[i]!]! : null),
          true,
        ),
        value('imputed', ({ imputation }, i) => imputation.predicted[i]!),
        column(
          'correct',
          'BOOLEAN',
          ({ attack, truth }, i) => (names ? attack.predicted[i] === truth[i] : null),
          true,
        ),
      ],
    }),
  );
}

const rowsOf = (group: Guessed): readonly Row[] =>
  Array.from(group.ids.keys())
    .sort((a, b) => group.ids[a]! - group.ids[b]!)
    .map((place) => [group, place] as const);
