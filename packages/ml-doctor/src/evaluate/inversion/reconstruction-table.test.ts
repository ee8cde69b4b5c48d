import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { madeEvidence } from '../../../test/evaluate/inversion-evidence.ts';
import { evaluateInversion } from './evaluate-inversion.ts';
import { reconstructionTable } from './reconstruction-table.ts';

const read = (bytes: Uint8Array) => parquetReadObjects({ file: bytes.slice().buffer as ArrayBuffer });

it('holds one row for each reconstruction, the same bytes each time', async () => {
  const { rows, metrics } = evaluateInversion(madeEvidence());
  const bytes = reconstructionTable(rows);
  const table = await read(bytes);
  expect(table).toEqual(
    rows.map(({ figures, nearestMember, nearestNonMember, ...row }) => ({
      ...row,
      ...figures,
      nearestMember,
      nearestNonMember,
    })),
  );
  expect(table.map(({ class: label, index }) => [label, index]).slice(2, 5)).toEqual([
    [0, 2],
    [1, 0],
    [1, 1],
  ]);
  const mean = table.reduce((sum, row) => sum + (row['mse'] as number), 0) / table.length;
  expect(mean).toBeCloseTo(metrics.mse!.value, 12);
  expect(reconstructionTable(evaluateInversion(madeEvidence()).rows)).toEqual(bytes);
});

it('has nulls where a class has no members, and no columns that nothing has', async () => {
  const evidence = madeEvidence({ classes: 2, perClass: 1, features: 'numeric' });
  const labels = evidence.members.labels.map(() => 1);
  const [first, second] = await read(
    reconstructionTable(evaluateInversion({ ...evidence, members: { ...evidence.members, labels } }).rows),
  );
  expect(first).toMatchObject({ class: 0, mse: null, nearestMember: null, nearestNonMember: null });
  expect(second!['nearestMemberDistance']).toBeGreaterThan(0);
  expect(Object.keys(first!)).not.toContain('ssimClassMean');
});
