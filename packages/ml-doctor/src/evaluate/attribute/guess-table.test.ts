import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { madeEvidence, reordered } from '../../../test/evaluate/attribute-evidence.ts';
import { guessTable } from './guess-table.ts';

const read = (bytes: Uint8Array) => parquetReadObjects({ file: bytes.slice().buffer as ArrayBuffer });

it('has one row a record, categories by name, the same bytes in any order', async () => {
  const evidence = madeEvidence({ kind: 'categorical', members: 30, nonMembers: 20 });
  const rows = await read(guessTable(evidence));
  const names = evidence.attribute.categories!;
  const expected = [evidence.members, evidence.nonMembers].flatMap((group) =>
    Array.from(group.ids, (record, i) => ({
      record,
      member: group === evidence.members,
      truth: names[group.truth[i]!],
      guessed: names[group.attack.predicted[i]!],
      confidence: group.attack.beliefs![4 * i + group.attack.predicted[i]!],
      imputed: names[group.imputation.predicted[i]!],
      correct: group.truth[i] === group.attack.predicted[i],
    })),
  );
  expect(rows).toEqual(expected);
  expect(new Set(rows.map(({ correct }) => correct)).size).toBe(2);
  const backwards = { ...evidence, members: reordered(evidence.members, [...Array(30).keys()].reverse()) };
  expect(guessTable(backwards)).toEqual(guessTable(evidence));
});

it('has numbers of a continuous attribute, and no belief', async () => {
  const evidence = madeEvidence({ kind: 'continuous', members: 3, nonMembers: 2 });
  const rows = await read(guessTable(evidence));
  expect(rows[4]).toEqual({
    record: evidence.nonMembers.ids[1],
    member: false,
    truth: evidence.nonMembers.truth[1],
    guessed: evidence.nonMembers.attack.predicted[1],
    confidence: null,
    imputed: evidence.nonMembers.imputation.predicted[1],
    correct: null,
  });
});
