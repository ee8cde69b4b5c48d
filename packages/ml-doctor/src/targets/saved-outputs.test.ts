import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { savedOutputs } from './saved-outputs.ts';

const table = () => ({
  ids: Uint32Array.of(8, 3, 5),
  logits: Float32Array.of(8.1, 8.2, 3.1, 3.2, 5.1, 5.2),
  classes: 2,
});
const records = (...ids: number[]) => ({ ids: Uint32Array.from(ids), labels: new Int32Array(ids.length) });

describe('savedOutputs', () => {
  it('answers with the row of each record, in the order asked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat()),
        async (ids, classes, picks) => {
          const logits = Float32Array.from({ length: ids.length * classes }, (_, i) => i + 0.5);
          const target = savedOutputs({ ids: Uint32Array.from(ids), logits, classes });
          const rows = Array.from({ length: 7 }, () => picks.next().value! % ids.length);
          const { logits: found } = await target.query(records(...rows.map((row) => ids[row]!)));
          const expected = rows.flatMap((row) => [...logits.subarray(row * classes, (row + 1) * classes)]);
          expect([...found]).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('counts the records it is asked for, each time, and nothing for a refusal', async () => {
    const target = savedOutputs(table());
    expect(target.queries).toBe(0);
    await target.query(records(3, 8));
    await target.query(records(3));
    await target.query(records());
    await expect(target.query(records(5, 4))).rejects.toThrow();
    expect(target.queries).toBe(3);
  });

  it('answers with a copy', async () => {
    const given = table();
    const target = savedOutputs(given);
    (await target.query(records(8))).logits.fill(0);
    expect([...(await target.query(records(8))).logits]).toEqual([...Float32Array.of(8.1, 8.2)]);
    expect(given).toEqual(table());
  });

  it('names the record it has no row for', async () => {
    await expect(savedOutputs(table()).query(records(3, 77))).rejects.toMatchObject({
      code: 'MLD_ARTIFACT',
      message: expect.stringContaining('77'),
    });
  });

  it('takes log posteriors, −∞ for an impossible class', async () => {
    const logits = Float32Array.of(Number.NEGATIVE_INFINITY, 0, 0, 0, 0, 0);
    expect((await savedOutputs({ ...table(), logits }).query(records(8))).logits[0]).toBe(-Infinity);
  });

  it.each([
    ['too few numbers', { logits: new Float32Array(5) }, '5 numbers'],
    ['too few records', { ids: Uint32Array.of(8, 3) }, '2 records'],
    ['a record twice', { ids: Uint32Array.of(8, 3, 8) }, 'record 8'],
    ['NaN', { logits: Float32Array.of(1, 1, 1, Number.NaN, 1, 1) }, 'record 3'],
    ['+∞', { logits: Float32Array.of(1, 1, 1, 1, 1, Number.POSITIVE_INFINITY) }, 'record 5'],
    ['a row of −∞', { logits: Float32Array.of(-Infinity, -Infinity, 1, 1, 1, 1) }, 'record 8'],
  ])('refuses a table with %s', (_, part, named) => {
    expect(() => savedOutputs({ ...table(), ...part })).toThrow(
      expect.objectContaining({ code: 'MLD_ARTIFACT', message: expect.stringContaining(named) }),
    );
  });
});
