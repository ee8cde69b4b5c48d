/** Coins that are fair and say nothing, and wrong labels that are wrong and equally likely. */
import { describe, expect, it } from 'vitest';
import { type Canaries, drawCanaries, withCanaryLabels } from './canaries.ts';
import { createDataset } from './dataset.ts';
import { splitQuarters } from './split.ts';

const SIZE = 480;
const split = (seed: number) => ({ seed, perRole: 100 });
const ascending = (ids: Iterable<number>) => [...ids].sort((a, b) => a - b);
const inOf = ({ ids, included }: Canaries) => [...ids].filter((_, i) => included[i] === 1);

/** Two-sided, in standard deviations of a binomial of fair coins. */
const deviation = (ones: number, trials: number) => Math.abs(ones - trials / 2) / Math.sqrt(trials / 4);

describe('drawCanaries', () => {
  it('takes half from the members and half from the others, and keeps the other members', () => {
    for (const count of [2, 40, 200]) {
      const roles = splitQuarters(SIZE, split(3));
      const [members, others] = [new Set(roles['target-train']), new Set(roles['target-test'])];
      const { ids, included, fixed } = drawCanaries(SIZE, split(3), count);
      expect([...ids]).toEqual(ascending(new Set(ids)));
      expect(included).toHaveLength(count);
      expect([...ids].filter((id) => members.has(id))).toHaveLength(count / 2);
      expect([...ids].filter((id) => others.has(id))).toHaveLength(count / 2);
      expect([...fixed]).toEqual(ascending([...members].filter((id) => !ids.includes(id))));
      expect(fixed.length + count / 2).toBe(100);
    }
  });

  it('tosses fair coins, independent of each other, of the role and of the order (false alarm 1e-4 each)', () => {
    const [seeds, count] = [400, 60];
    let [ones, pairs, fromMembers, low] = [0, 0, 0, 0];
    const perPlace = new Float64Array(count);
    for (let seed = 0; seed < seeds; seed++) {
      const drawn = drawCanaries(SIZE, split(seed), count);
      const members = new Set(splitQuarters(SIZE, split(seed))['target-train']);
      drawn.included.forEach((coin, i) => {
        ones += coin;
        perPlace[i]! += coin;
        if (i > 0 && coin === drawn.included[i - 1]) pairs++;
        if (members.has(drawn.ids[i]!)) fromMembers += coin;
        if (i < count / 2) low += coin;
      });
    }
    expect(deviation(ones, seeds * count)).toBeLessThan(3.9);
    expect(deviation(pairs, seeds * (count - 1))).toBeLessThan(3.9);
    expect(deviation(fromMembers, (seeds * count) / 2)).toBeLessThan(3.9);
    expect(deviation(low, (seeds * count) / 2)).toBeLessThan(3.9);
    // A chi-squared of 60 degrees is above 116 with probability 2e-5.
    const chi = perPlace.reduce((sum, heads) => sum + (heads - seeds / 2) ** 2 / (seeds / 4), 0);
    expect(chi).toBeLessThan(116);
    expect(chi).toBeGreaterThan(20);
  });

  it('is the same for the same seed and another for another', () => {
    expect(drawCanaries(SIZE, split(5), 40)).toEqual(drawCanaries(SIZE, split(5), 40));
    expect(inOf(drawCanaries(SIZE, split(5), 40))).not.toEqual(inOf(drawCanaries(SIZE, split(6), 40)));
  });

  it('refuses more canaries than two roles have', () => {
    expect(() => drawCanaries(SIZE, split(1), 202)).toThrow(
      expect.objectContaining({ code: 'MLD_SPLIT', message: expect.stringContaining('202 canaries') }),
    );
  });
});

describe('withCanaryLabels', () => {
  const classes = ['a', 'b', 'c', 'd'];
  const data = createDataset({
    id: 'made',
    recordShape: [1],
    x: Float32Array.from({ length: SIZE }, (_, i) => i),
    y: Int32Array.from({ length: SIZE }, (_, i) => i % classes.length),
    classes,
    normalisation: { scale: 1, mean: [0], std: [1] },
  });

  it('gives canaries a wrong label, every wrong one equally often, and others their own', () => {
    const seeds = 100;
    const counts = new Float64Array(classes.length);
    for (let seed = 0; seed < seeds; seed++) {
      const { ids } = drawCanaries(SIZE, split(seed), 60);
      const { x, y } = withCanaryLabels(data, ids, 'wrong', seed);
      expect(x).toBe(data.x);
      const changed = ascending(data.y.keys()).filter((id) => y[id] !== data.y[id]);
      expect(changed).toEqual([...ids]);
      for (const id of ids) counts[(y[id]! - data.y[id]! + classes.length) % classes.length]!++;
    }
    expect(counts[0]).toBe(0);
    // A chi-squared of 2 degrees is above 18.4 with probability 1e-4.
    const expected = (seeds * 60) / 3;
    expect(counts.slice(1).reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)).toBeLessThan(18.4);
    expect(data.y[5]).toBe(1);
  });

  it('leaves all labels as they are where they are the records’ own', () => {
    expect(withCanaryLabels(data, Uint32Array.of(1, 2), 'own', 3)).toBe(data);
  });
});
