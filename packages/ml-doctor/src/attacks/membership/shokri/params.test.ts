/** The parameters of Shokri's attack: complete for their kind of shadow data, and refused for another. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { attackChoice } from '../../../config/complete.ts';
import { shokri } from './shokri.ts';

const training = { hidden: 64, epochs: 50, batchSize: 100, learningRate: 0.01, l2: 1e-6 };

describe('parameters', () => {
  it('are 20 shadow models on real data, and the published attack network, when nothing is said', () => {
    const { params, needs, references } = shokri.configure();
    expect(params).toEqual({ shadows: 20, shadowData: 'real', ...training });
    expect(needs).toMatchObject({ access: 'black-box', auxiliary: 'shadow', output: 'posteriors' });
    expect(references).toMatchObject({ count: 20, pool: { kind: 'disjoint' }, asked: ['pool'], live: false });
  });

  it.each([
    [{ shadowData: 'noisy' }, { noise: 0.1 }, { method: 'noisy', share: 0.1 }],
    [{ shadowData: 'noisy', noise: 0.2 }, {}, { method: 'noisy', share: 0.2 }],
    [{ shadowData: 'marginals' }, {}, { method: 'marginals' }],
    [
      { shadowData: 'model', kMin: 3 },
      { kMax: 'auto', minConfidence: 'auto', maxRejections: 10, maxIterations: 1000 },
      {
        method: 'model',
        kMax: 'auto',
        kMin: 3,
        minConfidence: 'auto',
        maxRejections: 10,
        maxIterations: 1000,
      },
    ],
  ])('%j become those of that kind', (given, filled, synthesis) => {
    const { params, references, needs } = shokri.configure({ shadows: 10, ...given });
    expect(params).toEqual({ shadows: 10, ...training, ...given, ...filled });
    expect(references).toMatchObject({ count: 10, pool: { kind: 'synthetic', synthesis } });
    expect(JSON.parse(JSON.stringify(references.pool))).toEqual(references.pool);
    expect(needs.auxiliary).toBe(given.shadowData === 'model' ? 'none' : 'shadow');
    expect(needs.inputs).toBe(given.shadowData === 'noisy' ? 'records' : 'any');
    // Given back complete, as a report or a study does.
    expect(shokri.configure(params).params).toEqual(params);
    expect(shokri.configure({ ...given, shadows: 10, epochs: undefined }).params).toEqual(params);
  });

  it('stand in a configuration as they are', () => {
    const flat = { 'membership/shokri': { shadows: 10, shadowData: 'noisy', noise: 0.2 } };
    expect(attackChoice(flat)).toEqual({
      name: 'membership/shokri',
      params: { shadows: 10, shadowData: 'noisy', noise: 0.2, ...training },
    });
  });

  it.each([
    [{ noise: 0.2 }, 'noise belongs to shadowData: noisy, but shadowData is real'],
    [{ shadowData: 'model', noise: 0.2 }, 'noise belongs to shadowData: noisy, but shadowData is model'],
    [{ shadowData: 'noisy', kMax: 3 }, 'kMax belongs to shadowData: model, but shadowData is noisy'],
    [{ shadowData: 'marginals', minConfidence: 'auto' }, 'minConfidence belongs to shadowData: model'],
    [{ shadowData: 'model', kMax: 3, kMin: 4 }, 'kMin'],
    [{ shadowData: 'noisy', noise: 0 }, 'noise'],
    [{ shadowData: 'noisy', noise: 1.1 }, 'noise'],
    [{ shadowData: 'model', minConfidence: 1 }, 'minConfidence'],
    [{ shadowData: 'model', kMax: 'some' }, 'kMax'],
    [{ shadowData: 'model', maxIterations: 0 }, 'maxIterations'],
    [{ shadowData: 'synthetic' }, 'shadowData'],
  ])('%j are refused', (given, message) => {
    expect(() => shokri.configure(given)).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringContaining(message) }),
    );
  });

  it('have a JSON Schema, for input and output', () => {
    for (const io of ['input', 'output'] as const) {
      const { properties = {}, additionalProperties } = z.toJSONSchema(shokri.schema, { io });
      expect(additionalProperties).toBe(false);
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(['shadows', 'noise', 'kMax', 'l2']));
    }
  });
});
