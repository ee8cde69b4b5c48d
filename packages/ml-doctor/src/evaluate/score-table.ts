/** The scores of every record as a Parquet file: one row a record, for whoever wants to look at single ones. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { MembershipArtifact } from './membership.ts';

/**
 * Columns `record` (index in the data set), `label` (class index), `member` (the truth), `score` (higher: more likely a
 * member) and, where the attack decides, `calledMember`. The same records and scores give the same bytes.
 *
 * @param truth 1 for a member, parallel to the artifact's ids, as are `labels`
 */
export const scoreTable = (
  { ids, scores, threshold }: MembershipArtifact,
  truth: ArrayLike<number>,
  labels: ArrayLike<number>,
): Uint8Array => {
  const column = (name: string, type: 'INT32' | 'DOUBLE' | 'BOOLEAN', of: (index: number) => unknown) => ({
    name,
    type,
    data: Array.from(scores, (_, index) => of(index)),
  });
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        column('record', 'INT32', (i) => Number(ids[i])),
        column('label', 'INT32', (i) => labels[i]),
        column('member', 'BOOLEAN', (i) => truth[i] === 1),
        column('score', 'DOUBLE', (i) => scores[i]),
        ...(threshold === undefined
          ? []
          : [column('calledMember', 'BOOLEAN', (i) => (scores[i] as number) >= threshold)]),
      ],
    }),
  );
};
