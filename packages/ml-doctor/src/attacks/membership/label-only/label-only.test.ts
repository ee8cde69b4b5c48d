import { describe, expect, it } from 'vitest';
import { bare } from '../../../audit/selftest/bench/bare-input.ts';
import { type BenchOptions, bench, context } from '../../../audit/selftest/bench/membership-bench.ts';
import { IDENTITY, viewKey } from '../../../data/view-key.ts';
import { views } from '../../../data/views.ts';
import { evaluateMembership } from '../../../evaluate/membership.ts';
import type { Inputs, LiveLabelAccess, Records } from '../../../targets/access.ts';
import type { RecordData } from '../membership-attack.ts';
import { boundaryDistances } from './boundary.ts';
import { rightCopies, rightViews } from './consistency.ts';
import { labelOnly } from './label-only.ts';

const records = (ids: readonly number[], labels: readonly number[]): Records => ({
  ids: Uint32Array.from(ids),
  labels: Int32Array.from(labels),
});

/** Records on a line at their ids; the model says class 1 from 5 on, 0 below. */
const line = () => {
  const rows: number[] = [];
  const classOf = (x: number) => (x >= 5 ? 1 : 0);
  const model: LiveLabelAccess = {
    classes: 2,
    labels: async ({ ids }) => Int32Array.from(ids, classOf),
    labelsOf: async ({ values, rows: count }) => {
      rows.push(count);
      return Int32Array.from(values, classOf);
    },
  };
  const data: RecordData = {
    ...bare.data,
    inputs: ({ ids }) => Float32Array.from(ids),
    bounds: { low: Float32Array.of(0), high: Float32Array.of(10) },
  };
  return { model, data, rows };
};
const search = { budget: 400, seed: 1, signal: context.signal, progress: () => {} };

describe('boundaryDistances', () => {
  it('are those to the next place of another class, and 0 for what is misclassified', async () => {
    const { model, data } = line();
    const { distances, unreached } = await boundaryDistances(
      model,
      records([1, 4, 6, 9, 2], [0, 0, 1, 1, 1]),
      {
        ...search,
        data,
      },
    );
    for (const [i, expected] of [4, 1, 1, 4, 0].entries()) {
      expect(distances[i]).toBeGreaterThanOrEqual(expected);
      expect(distances[i]).toBeLessThanOrEqual(expected * 1.01);
    }
    expect(unreached).toBe(0);
  });

  it('are the diagonal of the bounds where no record has another class', async () => {
    const { model, data, rows } = line();
    const found = await boundaryDistances(model, records([1, 2], [0, 1]), { ...search, data });
    expect([...found.distances]).toEqual([10, 0]);
    expect(found.unreached).toBe(1);
    expect(rows).toEqual([]);
  });

  it('costs no more than the budget for each record, the first answer included', async () => {
    for (const budget of [2, 3, 15, 150, 400]) {
      const { model, data, rows } = line();
      const fractions: number[] = [];
      await boundaryDistances(model, records([3, 8], [0, 1]), {
        ...search,
        data,
        budget,
        progress: (fraction) => fractions.push(fraction),
      });
      const total = rows.reduce((a, b) => a + b, 0);
      expect(total).toBeLessThanOrEqual(2 * (budget - 1));
      expect(total).toBeGreaterThan(0);
      expect(fractions.at(-1)).toBe(1);
    }
  });
});

describe('rightViews', () => {
  it('counts the views that are classified as the label says', async () => {
    const asked = views(1, true);
    expect(asked).toHaveLength(18);
    // Record i is right in its first i views.
    const model = {
      classes: 3,
      labels: async ({ ids }: Records, view = IDENTITY) =>
        Int32Array.from(ids, (id) => (asked.findIndex((one) => viewKey(one) === viewKey(view)) < id ? 2 : 1)),
    };
    expect([...(await rightViews(model, records([0, 7, 18, 3], [2, 2, 2, 1]), asked))]).toEqual([
      0, 7, 18, 15,
    ]);
  });
});

describe('rightCopies', () => {
  const length = 30;
  const copies = 40;
  const share = 0.1;
  /** Bits stand as −1 and 3: all −1 in record 0, all 3 in record 1, alternating in record 2. */
  const data: RecordData = {
    recordShape: [length],
    features: 'binary',
    inputs: ({ ids }) =>
      Float32Array.from({ length: ids.length * length }, (_, place) => {
        const id = ids[Math.floor(place / length)]!;
        return [-1, 3, place % 2 ? 3 : -1][id]!;
      }),
    bounds: { low: new Float32Array(length).fill(-1), high: new Float32Array(length).fill(3) },
  };
  const options = { data, share, copies, seed: 4, signal: context.signal, progress: () => {} };
  const recorder = (answer: (row: Float32Array) => number) => {
    const sent: Inputs[] = [];
    const rowsOf = ({ values, rows }: Inputs) =>
      Array.from({ length: rows }, (_, i) => values.slice(i * length, (i + 1) * length));
    const model: LiveLabelAccess = {
      classes: 2,
      labels: async (asked) => Int32Array.from(asked.ids, () => 1),
      labelsOf: async (inputs) => {
        sent.push(inputs);
        return Int32Array.from(rowsOf(inputs), answer);
      },
    };
    return { model, copiesOf: (row: number) => sent.map((inputs) => rowsOf(inputs)[row]!) };
  };

  it('flips each bit with the given probability, and counts the plain record too', async () => {
    const { model, copiesOf } = recorder((row) => (row[0] === 3 ? 1 : 0));
    const asked = records([0, 1, 2], [0, 1, 1]);
    const right = await rightCopies(model, asked, options);
    const plain = data.inputs(asked);
    let flipped = 0;
    for (let i = 0; i < 3; i++) {
      expect(copiesOf(i)).toHaveLength(copies);
      for (const copy of copiesOf(i)) {
        expect(copy.every((v) => v === -1 || v === 3)).toBe(true);
        flipped += copy.filter((v, j) => v !== plain[i * length + j]).length;
      }
      // Plain records are all called 1; copies by their first bit.
      const called = copiesOf(i).filter((copy) => (copy[0] === 3 ? 1 : 0) === asked.labels[i]).length;
      expect(right[i]).toBe(called + (asked.labels[i] === 1 ? 1 : 0));
    }
    const bits = 3 * copies * length;
    // Five standard errors.
    expect(Math.abs(flipped / bits - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / bits));
    const keys = [0, 1].flatMap((i) =>
      copiesOf(i).map((copy) => copy.map((v, j) => (v === plain[i * length + j] ? 0 : 1)).join()),
    );
    // Patterns are the copy's and the record's own; 4 % of them flip nothing.
    expect(new Set(keys).size).toBeGreaterThan(1.6 * copies);
  });
});

describe('labelOnly', () => {
  it('needs labels only, live ones where it makes inputs', () => {
    const label = { access: 'black-box', output: 'label', record: 'xy' } as const;
    const of = (params: object) => labelOnly.configure(params);
    expect(of({ method: 'gap' }).needs).toEqual({ ...label, auxiliary: 'none' });
    expect(of({ method: 'gap' }).references.count).toBe(0);
    const augment = of({ method: 'augment' });
    expect(augment.needs).toEqual({ ...label, auxiliary: 'shadow' });
    expect(augment.references).toMatchObject({ count: 1, pool: { kind: 'disjoint' }, live: false });
    expect(augment.asks.views).toHaveLength(18);
    for (const params of [{ method: 'augment', transform: 'noise' }, { method: 'boundary' }, {}]) {
      const { needs, references, asks } = of(params);
      expect(needs).toEqual({ ...label, auxiliary: 'shadow', inputs: 'any' });
      expect(references).toMatchObject({ count: 1, live: true });
      expect(asks.views).toHaveLength(1);
    }
    expect(of({ records: 7 }).asks.sample).toBe(7);
    expect(of({}).params).toMatchObject({ method: 'boundary', budget: 2500, records: 100 });
  });

  it('with gap has the balanced accuracy .5 (training accuracy + 1 − test accuracy)', async () => {
    const configured = labelOnly.configure({ method: 'gap' });
    const { input, truth, close } = await bench(configured, { seed: 2, leak: 'leaky', size: 150 });
    const { scores, threshold } = await configured.run(input, context);
    const { ids, labels } = input.records;
    const { logits, classes } = await input.target.query(input.records);
    await close();
    const accuracy = (member: number) => {
      let [right, all] = [0, 0];
      ids.forEach((_, i) => {
        if (truth[i] !== member) return;
        const row = [...logits.subarray(i * classes, (i + 1) * classes)];
        if (row.indexOf(Math.max(...row)) === labels[i]) right++;
        all++;
      });
      return right / all;
    };
    const { metrics } = evaluateMembership({ ids, scores, threshold: threshold! }, truth);
    expect(accuracy(1)).toBeGreaterThan(accuracy(0));
    expect(metrics.balancedAccuracy?.value).toBeCloseTo((accuracy(1) + 1 - accuracy(0)) / 2, 12);
  });

  const run = async (params: object, options: Omit<BenchOptions, 'seed'>) => {
    const configured = labelOnly.configure(params);
    const made = await bench(configured, { seed: 6, ...options });
    try {
      return { ...(await configured.run(made.input, context)), ...made };
    } finally {
      await made.close();
    }
  };

  it('with boundary scores a sample within its budget', async () => {
    const budget = 160;
    const { scores, input, notes } = await run(
      { method: 'boundary', records: 9, budget },
      { leak: 'leaky', size: 60 },
    );
    expect(scores).toHaveLength(18);
    expect(input.target.queries).toBeLessThanOrEqual(18 * budget);
    // Beyond the first line search: a gradient has been paid for.
    expect(input.target.queries).toBeGreaterThan(9 * 110);
    expect(notes).toEqual([]);
  });

  it.each([
    ['augment by views on bits', { method: 'augment' }, 'binary', 'noise'],
    ['augment by noise on pictures', { method: 'augment', transform: 'noise' }, 'image', 'views'],
    ['augment by noise on numbers', { method: 'augment', transform: 'noise' }, 'numeric', 'boundary'],
  ] as const)('refuses %s and says what suits', async (_, params, features, advice) => {
    const { model } = line();
    const reference = {
      model,
      members: records([1], [0]),
      nonMembers: records([2], [0]),
    };
    await expect(
      labelOnly.configure(params).run(
        {
          ...bare,
          // Refused before anything is asked.
          target: { ...model, queries: 0 } as never,
          references: [reference as never],
          records: records([3], [0]),
          data: { ...bare.data, features },
        },
        context,
      ),
    ).rejects.toMatchObject({ code: 'MLD_ATTACK_UNSUITED', hint: expect.stringContaining(advice) });
  });
});
