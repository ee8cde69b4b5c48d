import { Graph } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { IDENTITY } from '../data/view-key.ts';
import { modelAccess } from './model-access.ts';

const flipped = { dx: 0, dy: 0, flip: true };
const table = (ids: readonly number[], logits: readonly number[]) => ({
  ids: Uint32Array.from(ids),
  logits: Float32Array.from(logits),
  classes: 2,
});
const records = (...ids: number[]) => ({ ids: Uint32Array.from(ids), labels: new Int32Array(ids.length) });

const live = () => {
  const asked: number[] = [];
  return {
    model: new Graph('model'),
    asked,
    answers: async ({ values, rows }: { values: Float32Array; rows: number }) => {
      asked.push(rows);
      return { logits: values.slice(0, 2 * rows), classes: 2 };
    },
    lastLayer: async () => ({
      deltas: Float32Array.of(1, -1),
      activations: Float32Array.of(3),
      outputs: 2,
      inputs: 1,
    }),
    embeddings: async (_: unknown, layer = 'inner') => ({ values: Float32Array.of(7), width: 1, layer }),
  };
};

const access = () =>
  modelAccess({
    classes: 2,
    saved: [
      { view: IDENTITY, table: table([1, 2], [10, 11, 20, 21]) },
      { view: IDENTITY, table: table([5], [51, 50]) },
      { view: flipped, table: table([1], [-10, -11]) },
    ],
    live: live(),
  });

describe('modelAccess', () => {
  it('looks records up in all tables of a view, and of that view only', async () => {
    const model = access();
    expect([...(await model.query(records(5, 1))).logits]).toEqual([51, 50, 10, 11]);
    expect([...(await model.query(records(1), flipped)).logits]).toEqual([-10, -11]);
    expect([...(await model.query(records(1), { dx: 0, dy: 0, flip: false })).logits]).toEqual([10, 11]);
    await expect(model.query(records(2), flipped)).rejects.toMatchObject({
      code: 'MLD_ARTIFACT',
      message: expect.stringMatching(/record 2 .*flipped/),
    });
    await expect(model.query(records(3))).rejects.toMatchObject({
      message: expect.stringMatching(/record 3$/),
    });
  });

  it('tells the class of the largest logit, the first among equals', async () => {
    const model = access();
    expect([...(await model.labels(records(1, 5, 2)))]).toEqual([1, 0, 1]);
    expect([...(await model.labels(records(1), flipped))]).toEqual([0]);
    expect([...(await model.labelsOf({ values: Float32Array.of(1, 1, 1, 2), rows: 2 }))]).toEqual([0, 1]);
  });

  it('tells the largest posteriors, no more than there are', async () => {
    const { posteriors, k } = await access().top(records(5, 1), 9);
    expect(k).toBe(2);
    const p = 1 / (1 + Math.exp(-1));
    for (const [i, expected] of [p, 1 - p, p, 1 - p].entries())
      expect(posteriors[i]).toBeCloseTo(expected, 6);
    const one = await access().top(records(5, 1), 1);
    expect(one.posteriors).toHaveLength(2);
    expect(one.posteriors[1]).toBeCloseTo(p, 6);
  });

  it('counts every row it is asked, saved or live', async () => {
    const model = access();
    const counts: number[] = [];
    for (const ask of [
      () => model.query(records(1, 2)),
      () => model.labels(records(1), flipped),
      () => model.top(records(1, 2, 5), 1),
      () => model.answersOf({ values: new Float32Array(8), rows: 4 }),
      () => model.labelsOf({ values: new Float32Array(10), rows: 5 }),
      () => model.lastLayer(records(1, 2, 5)),
      () => model.embeddings(records(1, 2, 5)),
    ]) {
      const before = model.queries;
      await ask();
      counts.push(model.queries - before);
    }
    expect(counts).toEqual([2, 1, 3, 4, 5, 0, 0]);
  });

  it('refuses live questions where the model is not at hand', async () => {
    const model = modelAccess({ classes: 2, saved: [] });
    const refusal = { code: 'MLD_ARTIFACT', message: expect.stringContaining('not at hand') };
    const one = { values: Float32Array.of(1), rows: 1 };
    await expect(model.answersOf(one)).rejects.toMatchObject(refusal);
    await expect(model.labelsOf(one)).rejects.toMatchObject(refusal);
    await expect(model.lastLayer(records(1))).rejects.toMatchObject(refusal);
    await expect(model.embeddings(records(1))).rejects.toMatchObject(refusal);
  });
});
