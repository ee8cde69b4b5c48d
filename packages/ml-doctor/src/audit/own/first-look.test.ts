/** The first look, over models that are right as often as a test says. */
import { expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import type { OwnAuditConfig } from '../../config/own-config.ts';
import { splitQuarters } from '../../data/split.ts';
import { unwrittenSource } from '../check/check-cells.ts';
import { firstLook } from './first-look.ts';

const MEMBERS = 400;
const data = madePictures({ size: 700 });
const split = { seed: 3, sizes: { members: MEMBERS, nonMembers: 300, auxiliary: 0 } };
const members = new Set(splitQuarters(data.size, split)['target-train']);

/** A model that is right on every member and on no other record; an input is the number of its record. */
const looked = (expectAccuracy?: OwnAuditConfig['expectAccuracy']) =>
  firstLook(
    { checkScaling: false, ...(expectAccuracy && { expectAccuracy }) } as OwnAuditConfig,
    unwrittenSource,
    data,
    split,
    async ({ values, rows }) => {
      expect(values).toHaveLength(rows);
      return Int32Array.from(
        values,
        (record) => ((data.y[record] as number) + (members.has(record) ? 0 : 1)) % 3,
      );
    },
    (records) => Float32Array.from(records),
  );

it('counts 250 records of each side', async () => {
  expect(await looked()).toEqual({
    members: { right: 250, records: 250 },
    nonMembers: { right: 0, records: 250 },
  });
});

// Clopper and Pearson: of 250 of 250 the lower end is 0.0005^(1/250) = 0.970 at 99.9 %, and 0.985 at 95 %.
it.each([[{ members: 1, nonMembers: 0 }], [{ members: 0.975 }], [{ nonMembers: 0.025 }], [{}]])(
  '%j may be',
  async (expected) => {
    expect((await looked(expected)).members.right).toBe(250);
  },
);

it.each([
  [{ members: 0.965 }, '250 of 250 members (1.000), where 0.965'],
  [{ nonMembers: 0.035 }, '0 of 250 non-members (0.000), where 0.035'],
  [{ members: 1, nonMembers: 1 }, '0 of 250 non-members'],
])('%j cannot be', async (expected, message) => {
  await expect(looked(expected)).rejects.toMatchObject({
    code: 'MLD_ACCURACY',
    message: expect.stringContaining(message),
  });
});
