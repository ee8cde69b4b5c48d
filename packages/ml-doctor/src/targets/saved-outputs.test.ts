import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { savedOutputs, savedPosteriors } from './saved-outputs.ts';

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

const rows = (...posteriors: readonly (readonly number[])[]) => ({
  ids: Uint32Array.from(posteriors, (_, i) => i),
  posteriors: Float32Array.from(posteriors.flat()),
  classes: posteriors[0]!.length,
});

describe('savedPosteriors', () => {
  it('answers with logits whose softmax is the posterior, 0 and 1 included', async () => {
    const target = savedPosteriors(rows([0.2, 0.3, 0.5], [0, 1, 0]));
    const { logits } = await target.query(records(0, 1));
    expect(Array.from(logits.subarray(0, 3), Math.exp)).toEqual(
      [0.2, 0.3, 0.5].map((p) => expect.closeTo(p, 6)),
    );
    expect([...logits.subarray(3)]).toEqual([Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY]);
    expect([...(await target.labels(records(0, 1)))]).toEqual([2, 1]);
    expect([...(await target.top(records(0), 2)).posteriors]).toEqual(
      [0.5, 0.3].map((p) => expect.closeTo(p, 6)),
    );
  });

  it('scales a row that printing rounded', async () => {
    const { logits } = await savedPosteriors(rows([0.333, 0.333, 0.333], [0.5, 0.25, 0.25])).query(
      records(0),
    );
    expect(logits.reduce((sum, z) => sum + Math.exp(z), 0)).toBeCloseTo(1, 6);
  });

  it.each([
    ['a sum beside 1', [0.4, 0.4, 0.4], 'sums to 1.2'],
    ['NaN', [Number.NaN, 0.5, 0.5], 'holds NaN'],
    ['a number below 0', [-0.2, 0.7, 0.5], 'holds -0.2'],
    ['nothing', [0, 0, 0], 'sums to 0'],
  ])('refuses a row with %s, and names the record', (_, row, named) => {
    expect(() => savedPosteriors(rows([0.2, 0.3, 0.5], row))).toThrow(
      expect.objectContaining({
        code: 'MLD_ARTIFACT',
        message: expect.stringMatching(new RegExp(`record 1 .*${named}`)),
      }),
    );
  });

  it('recognises logits, and savedOutputs recognises posteriors: neither is silently taken for the other', () => {
    expect(() => savedPosteriors(rows([3.1, -2, 0.5], [1, 2, 3]))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('savedOutputs') }),
    );
    const { ids, posteriors, classes } = rows(...Array.from({ length: 8 }, () => [0.2, 0.3, 0.5]));
    expect(() => savedOutputs({ ids, logits: posteriors, classes })).toThrow(
      expect.objectContaining({
        code: 'MLD_ARTIFACT',
        message: expect.stringContaining('posteriors'),
        hint: expect.stringContaining('savedPosteriors'),
      }),
    );
  });
});
