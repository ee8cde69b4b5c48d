import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset, type Normalisation } from '../../data/dataset.ts';
import { inMemory } from '../../data/values.ts';
import { checkScaling } from './check-scaling.ts';
import { standardScalings } from './standard-scalings.ts';

const none = { scale: 1, mean: [0], std: [1] };

/** Grey pictures of 2 × 2, bytes; the label says whether their mean is above 127.5, for most of them. */
const pictures = (count: number, normalisation: Normalisation, unit = 1): Dataset => {
  const bytes = Uint8Array.from(stream(5, 'pictures').integers(new Uint32Array(count * 4), 256));
  const wrong = stream(5, 'labels').integers(new Uint32Array(count), 20);
  const y = Int32Array.from({ length: count }, (_, i) => {
    const total = bytes.subarray(4 * i, 4 * i + 4).reduce((a, b) => a + b, 0);
    return Number(total > 510) ^ Number(wrong[i] === 0);
  });
  const x = unit === 1 ? bytes : Float32Array.from(bytes, (value) => value * unit);
  return createDataset({ id: 'p', recordShape: [1, 2, 2], x, y, classes: ['dark', 'bright'], normalisation });
};

/** A model that expects pixels so scaled, with its threshold where the middle grey is then. */
const expecting =
  (middle: number, asked: number[] = []) =>
  async ({ values, rows }: { values: Float32Array; rows: number }) => {
    asked.push(rows);
    return Int32Array.from({ length: rows }, (_, i) =>
      Number(values.subarray(4 * i, 4 * i + 4).reduce((a, b) => a + b, 0) > 4 * middle),
    );
  };

const all = (data: Dataset) => Uint32Array.from({ length: data.size }, (_, i) => i);

describe('checkScaling', () => {
  it('proposes the scaling that the model was trained with', async () => {
    const data = pictures(400, none);
    const check = await checkScaling({ data, records: all(data), answers: expecting(0.5) });
    expect(check.better?.scaling).toMatchObject({ name: '0 to 1', scale: 1 / 255, mean: [0], std: [1] });
    expect(check.declared.records).toBe(400);
    expect(check.better?.right).toBeGreaterThan(check.declared.right);
    expect(check.better?.pValue).toBeLessThan(0.01);
  });

  it('lets the right one pass, whichever it is', async () => {
    for (const [normalisation, middle] of [
      [none, 127.5],
      [{ ...none, scale: 1 / 255 }, 0.5],
      [{ scale: 1 / 127.5, mean: [1], std: [1] }, 0],
    ] as const) {
      const data = pictures(400, normalisation);
      const check = await checkScaling({ data, records: all(data), answers: expecting(middle) });
      expect(check.better).toBeUndefined();
      expect(check.declared.right).toBeGreaterThanOrEqual(Math.max(...check.tried.map(({ right }) => right)));
    }
  });

  it('asks about 500 records, evenly over those given', async () => {
    const data = pictures(1500, none);
    const asked: number[] = [];
    const check = await checkScaling({ data, records: all(data), answers: expecting(127.5, asked) });
    expect(asked).toEqual([500, 500, 500, 500, 500]);
    expect(check).toMatchObject({ declared: { records: 500 } });
  });

  /** Labels that make the declared scaling right for `lost` records alone, and every other scaling for `won` alone. */
  const planted = async (won: number, lost: number, records = 500) => {
    const data = pictures(records, none);
    let calls = 0;
    const answers = async () => {
      const declared = calls++ === 0;
      return Int32Array.from(data.y, (label, i) => {
        const right = i < won ? !declared : i < won + lost ? declared : true;
        return right ? label : 1 - label;
      });
    };
    return checkScaling({ data, records: all(data), answers });
  };

  it('wants five times a p-value of at most 1 %, of the records that only one of both gets right', async () => {
    // P(Bin(12, ½) ≥ 12) = 2⁻¹², four scalings are tried.
    expect((await planted(12, 0)).better?.pValue).toBeCloseTo(4 / 4096, 12);
    // P(Bin(20, ½) ≥ 18) = (190 + 20 + 1) / 2²⁰.
    expect((await planted(18, 2)).better?.pValue).toBeCloseTo((4 * 211) / 2 ** 20, 12);
    // P(Bin(25, ½) ≥ 20) = .00204, P(Bin(26, ½) ≥ 20) = .00468: 4 times that is not below .01.
    expect((await planted(20, 5)).better?.pValue).toBeCloseTo(4 * 0.002038657665, 10);
    expect((await planted(20, 6)).better).toBeUndefined();
  });

  it('asks about both ends of what it is given', async () => {
    const data = pictures(20, none);
    const other = data.y.findIndex((label) => label !== data.y[0]);
    const records = Uint32Array.from({ length: 1600 }, (_, i) => (i < 800 ? 0 : other));
    const label = data.y[0] as number;
    const answers = async ({ rows }: { readonly rows: number }) => new Int32Array(rows).fill(label);
    expect((await checkScaling({ data, records, answers })).declared).toEqual({ right: 250, records: 500 });
  });

  it('proposes the one that is right most often of several that are better', async () => {
    const data = pictures(500, none);
    const wrong = [90, 60, 0, 30, 60];
    let calls = 0;
    const answers = async () => {
      const few = wrong[calls++] as number;
      return Int32Array.from(data.y, (label, i) => (i < few ? 1 - label : label));
    };
    const { better, tried } = await checkScaling({ data, records: all(data), answers });
    expect(tried.map(({ right }) => right)).toEqual([440, 500, 470, 440]);
    expect(better).toMatchObject({ right: 500, scaling: tried[1]?.scaling });
  });

  it('does not stop for less than two points', async () => {
    expect((await planted(9, 0)).better).toBeUndefined();
    expect((await planted(10, 0)).better).toBeDefined();
  });
});

describe('standardScalings', () => {
  const names = (data: Dataset) => standardScalings(data, all(data)).map(({ name }) => name);
  const own = "the data's own means and deviations";

  it('are five for pictures, less the declared one', () => {
    const imagenet = "ImageNet's means and deviations";
    expect(names(pictures(50, { scale: 3, mean: [0], std: [1] }))).toEqual([
      ...['values as they are', '0 to 1', '-1 to 1', imagenet, own],
    ]);
    expect(names(pictures(50, { scale: 2 / 255, mean: [1], std: [1] }))).toEqual([
      ...['values as they are', '0 to 1', imagenet, own],
    ]);
  });

  it('know pictures that are from 0 to 1 already', () => {
    const data = pictures(50, none, 1 / 255);
    const found = standardScalings(data, all(data));
    expect(found.map(({ name }) => name)).not.toContain('values as they are');
    expect(found).toContainEqual({ name: '0 to 255', scale: 255, mean: [0], std: [1] });
    expect(found).toContainEqual({ name: '-1 to 1', scale: 1, mean: [0.5], std: [0.5] });
  });

  it('bring pictures to mean 0 and deviation 1 by their own, in the numbers that people write', () => {
    const data = pictures(50, none);
    const scaling = standardScalings(data, all(data)).find(({ name }) => name === own)!;
    expect(scaling.scale).toBe(1 / 255);
    const scaled = Array.from(
      inMemory(data.x),
      (value) => (value * scaling.scale - scaling.mean[0]!) / scaling.std[0]!,
    );
    const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
    expect(mean).toBeCloseTo(0, 10);
    expect(scaled.reduce((sum, value) => sum + value ** 2, 0) / scaled.length).toBeCloseTo(1, 10);
  });

  it('of tables work column by column, and leave constant ones where they are', () => {
    const data = createDataset({
      id: 't',
      recordShape: [2],
      x: Float32Array.of(1, 7, 3, 7, 8, 7),
      y: Int32Array.of(0, 1, 0),
      classes: ['a', 'b'],
      normalisation: { scale: 1, mean: [0, 0], std: [1, 1] },
    });
    // Mean 4, deviation √((9 + 1 + 16) / 3).
    expect(standardScalings(data, all(data))).toEqual([
      { name: own, scale: 1, mean: [4, 7], std: [expect.closeTo(Math.sqrt(26 / 3), 12), 1] },
      { name: '0 to 1, by the smallest and largest value', scale: 1, mean: [1, 7], std: [7, 1] },
    ]);
  });
});
