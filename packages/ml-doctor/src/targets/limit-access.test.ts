import { Graph } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { limitAccess } from './limit-access.ts';
import { modelAccess } from './model-access.ts';
import type { ThreatModel } from './threat-model.ts';

const model = new Graph('model');

/** Four classes, one record, and a live model that says the same. */
const full = () => {
  const logits = Float32Array.from([0.1, 0.4, 0.2, 0.3], Math.log);
  const lastLayer = {
    deltas: new Float32Array(4),
    activations: new Float32Array(1),
    outputs: 4,
    inputs: 1,
  };
  return modelAccess({
    classes: 4,
    saved: [{ view: { dx: 0, dy: 0, flip: false }, table: { ids: Uint32Array.of(7), logits, classes: 4 } }],
    live: {
      model,
      answers: async () => ({ logits, classes: 4 }),
      lastLayer: async () => lastLayer,
      embeddings: async (_, layer = 'inner') => ({ values: Float32Array.of(5), width: 1, layer }),
    },
  });
};
const records = { ids: Uint32Array.of(7), labels: Int32Array.of(0) };
const always = ['classes', 'queries'];

const needs = (more: Partial<ThreatModel>): ThreatModel => ({
  access: 'black-box',
  auxiliary: 'none',
  output: 'label',
  record: 'xy',
  ...more,
});

describe('limitAccess', () => {
  it.each([
    [{}, ['labels']],
    [{ inputs: 'any' }, ['labels', 'labelsOf']],
    [{ output: 'top1' }, ['labels', 'top']],
    [{ output: 'topK' }, ['labels', 'top']],
    [{ output: 'topK', inputs: 'any' }, ['labels', 'labelsOf', 'top']],
    [{ output: 'posteriors' }, ['labels', 'query', 'top']],
    [{ output: 'posteriors', inputs: 'records' }, ['labels', 'query', 'top']],
    [{ output: 'posteriors', inputs: 'any' }, ['answersOf', 'labels', 'labelsOf', 'query', 'top']],
    [{ output: 'posteriors', record: 'rest' }, ['labels', 'query', 'top']],
    [
      { access: 'white-box', output: 'posteriors' },
      ['answersOf', 'embeddings', 'labels', 'labelsOf', 'lastLayer', 'model', 'query', 'top'],
    ],
    [
      { access: 'white-box', output: 'posteriors', record: 'none' },
      ['answersOf', 'embeddings', 'labels', 'labelsOf', 'lastLayer', 'model', 'query', 'top'],
    ],
    [
      { access: 'white-box', output: 'posteriors', record: 'rest', inputs: 'any' },
      ['answersOf', 'labelsOf', 'model'],
    ],
    [{ access: 'white-box', output: 'label', record: 'rest' }, ['answersOf', 'labelsOf', 'model']],
  ] as const)('for %j leaves %j', (more, expected) => {
    const limited = limitAccess(full(), needs(more));
    expect(Object.keys(limited).sort()).toEqual([...always, ...expected].sort());
  });

  it('passes on what is asked, and the count', async () => {
    const limited = limitAccess(full(), needs({ access: 'white-box', output: 'posteriors' }));
    expect(limited.queries).toBe(0);
    const one = { values: Float32Array.of(1), rows: 1 };
    expect([...(await limited.labels!(records))]).toEqual([1]);
    expect([...(await limited.labelsOf!(one))]).toEqual([1]);
    expect((await limited.query!(records)).logits).toHaveLength(4);
    expect((await limited.answersOf!(one)).classes).toBe(4);
    expect((await limited.lastLayer!(records)).outputs).toBe(4);
    expect((await limited.embeddings!(records)).layer).toBe('inner');
    expect((await limited.embeddings!(records, 'outer')).layer).toBe('outer');
    expect(limited.model).toBe(model);
    expect(limited.queries).toBe(4);
  });

  it('gives whoever lacks a part of each record the model, and answers to what he makes up', async () => {
    const limited = limitAccess(full(), needs({ access: 'white-box', output: 'posteriors', record: 'rest' }));
    const one = { values: Float32Array.of(1), rows: 1 };
    expect(limited.classes).toBe(4);
    expect([...(await limited.labelsOf!(one))]).toEqual([1]);
    expect((await limited.answersOf!(one)).classes).toBe(4);
    expect(limited.model).toBe(model);
    expect(limited.queries).toBe(2);
  });

  it('shows as many of the largest posteriors as it may', async () => {
    const top = async (output: ThreatModel['output'], k: number) => {
      const { posteriors } = await limitAccess(full(), needs({ output })).top!(records, k);
      return [...posteriors].map((p) => Math.round(10 * p));
    };
    expect(await top('top1', 3)).toEqual([4]);
    expect(await top('topK', 3)).toEqual([4, 3, 2]);
    expect(await top('posteriors', 9)).toEqual([4, 3, 2, 1]);
  });
});
