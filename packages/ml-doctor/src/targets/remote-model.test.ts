/** A remote model is asked in parts: every record once, in order, and each gets its own answer. */
import { describe, expect, it } from 'vitest';
import type { RemoteTarget } from './remote.ts';
import { remoteModel } from './remote-model.ts';

const { signal } = new AbortController();

/** Two numbers of a record, as they are. */
const echo = (): RemoteTarget & { readonly asked: number[] } => {
  const asked: number[] = [];
  return {
    asked,
    answers: async ({ values, rows }) => {
      asked.push(rows);
      return { logits: values.slice(), classes: values.length / rows };
    },
  };
};

describe('a remote model', () => {
  it.each([0, 1, 1023, 1024, 1025, 2500])('answers %i records, each for itself', async (rows) => {
    const target = echo();
    const values = Float32Array.from({ length: 2 * rows }, (_, i) => i);
    const { logits, classes } = await remoteModel(target, { classes: 2, signal }).answers({ values, rows });
    expect(classes).toBe(2);
    expect(logits).toEqual(values);
    expect(target.asked.reduce((sum, one) => sum + one, 0)).toBe(rows);
    expect(Math.max(0, ...target.asked)).toBeLessThanOrEqual(1024);
  });

  it.each([
    ['of other classes', { logits: new Float32Array(6), classes: 3 }],
    ['to fewer records', { logits: new Float32Array(2), classes: 2 }],
  ])('refuses answers %s', async (_, found) => {
    const model = remoteModel({ answers: async () => found }, { classes: 2, signal });
    await expect(model.answers({ values: new Float32Array(4), rows: 2 })).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_ANSWER',
    });
  });

  it('has neither weights nor layers', async () => {
    const model = remoteModel(echo(), { classes: 2, signal });
    expect(() => model.model).toThrow(expect.objectContaining({ code: 'MLD_ARTIFACT' }));
    await expect(
      model.lastLayer({ ids: new Uint32Array(0), labels: new Int32Array(0) }),
    ).rejects.toMatchObject({ code: 'MLD_ARTIFACT' });
  });
});
