import { describe, expect, it } from 'vitest';
import { createDataset } from '../../../data/dataset.ts';
import { type BaselineSource, baselinesOf, meanOf } from './baselines.ts';

// As the model receives them: (x, (y − 1) / 2).
const data = createDataset({
  id: 'rows',
  recordShape: [2],
  x: Float32Array.of(1, 1, 2, 3, 5, 5, 8, 1, 100, 100, 9, 7),
  y: Int32Array.of(0, 1, 0, 1, 0, 2),
  classes: ['a', 'b', 'c', 'd'],
  normalisation: { scale: 1, mean: [0, 1], std: [1, 2] },
});

const source = (more: Partial<BaselineSource> = {}): BaselineSource => ({
  data,
  population: {
    // Record 4 is not the attacker's.
    ids: Uint32Array.of(0, 1, 2, 3, 5),
    classes: 4,
    // Large logits are not large posteriors: record 0 has both classes at 1/2.
    logits: Float32Array.from([
      ...[50, 50, 0, 0],
      ...[1, -9, -9, -9],
      ...[-3, 2, 2, 2],
      ...[-9, 1, -9, -9],
      ...[1, -9, -9, -9],
    ]),
  },
  learnt: new Set(),
  classes: [0, 1, 3],
  perClass: 2,
  attack: { starts: Float32Array.of(1, 2, 3, 4), wanted: Int32Array.of(0, 0) },
  guided: false,
  ...more,
});

const plain = (of: BaselineSource) =>
  baselinesOf(of).map(({ name, values, wanted }) => ({ name, values: [...values], wanted: [...wanted] }));

describe('baselinesOf', () => {
  it('are the class means of what the attacker holds, the records the target is surest of, the start and nothing', () => {
    expect(plain(source())).toEqual([
      {
        name: 'class mean of auxiliary data',
        // Of a: records 0 and 2; of b: 1 and 3; of d the attacker has none.
        values: [3, 1, 5, 0.5],
        wanted: [0, 1],
      },
      {
        name: 'best auxiliary record',
        // Sure of a are 1 and 5 alike; of b is 3, then 0 by half; of d is 2 by a third, then 1 before 3 and 5.
        values: [2, 1, 9, 3, 8, 0, 1, 0, 5, 2, 2, 1],
        wanted: [0, 0, 1, 1, 3, 3],
      },
      { name: 'unoptimised start', values: [1, 2, 3, 4], wanted: [0, 0] },
      { name: 'all-zero input', values: [0, 0, 0, 0, 0, 0], wanted: [0, 1, 3] },
    ]);
  });

  it('show no record that the judge has learnt', () => {
    const [means, best] = plain(source({ learnt: new Set([3, 5]) }));
    expect(means).toMatchObject({ values: [3, 1, 2, 1], wanted: [0, 1] });
    expect(best).toMatchObject({
      // Of a: 1, then 0; of b: 0, then 2; of d as before.
      values: [2, 1, 1, 0, 1, 0, 5, 2, 5, 2, 2, 1],
      wanted: [0, 0, 1, 1, 3, 3],
    });
  });

  it('say that a start is a sample where the target has guided it', () => {
    expect(plain(source({ guided: true })).map(({ name }) => name)[2]).toBe(
      'unoptimised sample of the guided generator',
    );
  });

  it('are as many best records as reconstructions of a class', () => {
    const [, best] = plain(source({ classes: [1], perClass: 1 }));
    expect(best).toMatchObject({ values: [8, 0], wanted: [1] });
  });
});

it('takes means in double precision', () => {
  const x = new Float32Array(3000).fill(1);
  x[0] = 2 ** 26;
  const many = createDataset({
    ...{ id: 'many', recordShape: [1], x, y: new Int32Array(3000), classes: ['a'] },
    normalisation: { scale: 1, mean: [0], std: [1] },
  });
  const ids = Uint32Array.from(x, (_, i) => i);
  expect(meanOf(many, ids)[0]).toBe(Math.fround((2 ** 26 + 2999) / 3000));
});
