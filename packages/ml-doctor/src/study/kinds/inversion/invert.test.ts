/** What an inversion attack is told of the data, and what is kept of what it finds. */
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { byHandContext } from '../../../../test/study/by-hand.ts';
import { trainedJudge } from '../../../../test/study/made-judge.ts';
import {
  type InversionInput,
  inversionAttack,
  inversionParams,
} from '../../../attacks/inversion/inversion-attack.ts';
import { batch, createDataset } from '../../../data/dataset.ts';
import { splitQuarters } from '../../../data/split.ts';
import type { LivePosteriorAccess } from '../../../targets/access.ts';
import { dataRef } from '../data-ref.ts';
import { fromBytes } from '../typed-bytes.ts';
import { invert } from './invert.ts';

const made = vi.hoisted(() => ({ data: undefined as unknown, attack: undefined as unknown }));
vi.mock('../../../data/load-dataset.ts', () => ({ loadDataset: async () => made.data }));
vi.mock('../../../attacks/inversion/registry.ts', () => ({ inversionAttackOf: () => made.attack }));

const SIZE = 40;
const CLASSES = 3;
const split = { seed: 6, perRole: 8 };
const roles = splitQuarters(SIZE, split);
const data = createDataset({
  id: 'made',
  recordShape: [CLASSES],
  // A category of two, and the number of the record.
  x: Float32Array.from({ length: SIZE * CLASSES }, (_, i) => {
    const [record, column] = [Math.floor(i / CLASSES), i % CLASSES];
    return column === 2 ? record : (record + column) % 2;
  }),
  y: Int32Array.from({ length: SIZE }, (_, i) => i % CLASSES),
  classes: ['a', 'b', 'c'],
  normalisation: { scale: 1, mean: [0, 0, 9], std: [1, 1, 3] },
  oneHot: [{ first: 0, width: 2 }],
});
made.data = data;

/** Asks about five records, and hands back numbers that tell where they come from. */
const attackWith = (auxiliary: 'none' | 'shadow') => {
  const inputs: InversionInput<unknown>[] = [];
  made.attack = inversionAttack({
    name: 'inversion/made',
    title: 'made',
    source: 'nobody',
    params: z.strictObject(inversionParams),
    needs: () => ({
      ...{ access: 'black-box', auxiliary, output: 'posteriors', record: 'none', inputs: 'any' },
    }),
    run: async (input) => {
      inputs.push(input);
      const target = input.target as unknown as LivePosteriorAccess;
      await target.answersOf({ values: new Float32Array(5 * CLASSES), rows: 5 });
      const numbers = (from: number) => Float32Array.from(input.wanted, (label) => from + label);
      return {
        values: numbers(10),
        starts: numbers(20),
        confidence: Float64Array.from(input.wanted, (label) => label / 4),
        notes: ['a note'],
      };
    },
  });
  return inputs;
};

const run = (params: { readonly classes: 'all' | number | readonly number[]; readonly perClass: number }) =>
  invert.run(
    { data: dataRef(data), split, attack: 'inversion/made', params },
    [trainedJudge(CLASSES)],
    byHandContext,
  );

describe('invert', () => {
  it('gives an attack with auxiliary data the shadow records, none of the target', async () => {
    const inputs = attackWith('shadow');
    await run({ classes: 'all', perClass: 1 });
    const shadow = [...roles['shadow-train'], ...roles['shadow-test']].sort((a, b) => a - b);
    const { x, y } = batch(data, shadow);
    expect(inputs[0]!.population).toEqual({ values: x, labels: y });
  });

  it('gives one without it nothing but the space that records lie in', async () => {
    const inputs = attackWith('none');
    await run({ classes: 'all', perClass: 1 });
    expect(inputs).toHaveLength(1);
    expect(inputs[0]).toMatchObject({
      population: { values: new Float32Array(0), labels: new Int32Array(0) },
      space: {
        ...{ recordShape: [3], features: 'numeric', oneHot: [{ first: 0, width: 2 }] },
        bounds: { low: Float32Array.of(0, 0, -3), high: Float32Array.of(1, 1, 10) },
      },
    });
  });

  it.each([
    ['all', 2, [0, 0, 1, 1, 2, 2]],
    [2, 1, [0, 1]],
    [[2, 0], 3, [0, 0, 0, 2, 2, 2]],
  ] as const)(
    'reconstructs the classes asked for in their order: %j, %i of each',
    async (classes, perClass, wanted) => {
      attackWith('none');
      const { result, blobs } = await run({ classes, perClass });
      expect(result).toEqual({ reconstructions: wanted.length, queries: 5, notes: ['a note'] });
      expect([...fromBytes(Int32Array, blobs!['wanted']!)]).toEqual(wanted);
      expect([...fromBytes(Float32Array, blobs!['values']!)]).toEqual(wanted.map((label) => 10 + label));
      expect([...fromBytes(Float32Array, blobs!['starts']!)]).toEqual(wanted.map((label) => 20 + label));
      expect([...fromBytes(Float64Array, blobs!['confidence']!)]).toEqual(wanted.map((label) => label / 4));
    },
  );
});
