/** Arithmetic of dimensions against numbers: whatever the symbols stand for, a formula must have the right value. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDims,
  broadcast,
  type Dim,
  divideDims,
  isStatic,
  multiplyDims,
  normaliseAxis,
  opaqueDim,
  sameShape,
  sizeOf,
} from './dim.ts';

const symbols = { N: 2, H: 3, W: 5, batch_1: 7 };

/** The value of a formula: its grammar is products with `*`, and sums in parentheses. */
const evaluate = (dim: Dim): number => {
  if (typeof dim === 'number') return dim;
  const expression = dim.replace(/[A-Za-z_]\w*/g, (name) => String(symbols[name as keyof typeof symbols]));
  expect(expression).toMatch(/^[\d*+()]+$/);
  return Function(`return ${expression}`)() as number;
};

const plain = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(...Object.keys(symbols)));
const product = fc.array(plain, { maxLength: 3 }).map(multiplyDims);
const dim: fc.Arbitrary<Dim> = fc.oneof(
  plain,
  product,
  fc.tuple(product, product).map(([a, b]) => addDims(a, b)),
);

describe('products and quotients', () => {
  test('a product has the value of its factors multiplied', () => {
    fc.assert(
      fc.property(fc.array(dim, { maxLength: 4 }), (dims) => {
        expect(evaluate(multiplyDims(dims))).toBe(dims.map(evaluate).reduce((a, b) => a * b, 1));
      }),
    );
  });

  test('the order of the factors and their grouping do not show', () => {
    fc.assert(
      fc.property(dim, dim, dim, (a, b, c) => {
        const whole = multiplyDims([a, b, c]);
        expect(multiplyDims([c, a, b])).toBe(whole);
        expect(multiplyDims([a, multiplyDims([b, c])])).toBe(whole);
      }),
    );
  });

  test('dividing a product by one factor gives the other', () => {
    fc.assert(
      fc.property(dim, dim, (a, b) => {
        expect(divideDims(multiplyDims([a, b]), b)).toBe(multiplyDims([a]));
      }),
    );
  });

  test('a quotient times its divisor is the dividend; where there is none it is not invented', () => {
    fc.assert(
      fc.property(dim, dim, (a, b) => {
        const quotient = divideDims(a, b);
        if (quotient !== undefined) expect(multiplyDims([quotient, b])).toBe(multiplyDims([a]));
      }),
    );
    expect(divideDims(7, 2)).toBeUndefined();
    expect(divideDims('N', 2)).toBeUndefined();
    expect(divideDims(6, 'N')).toBeUndefined();
    expect(divideDims('N', 'H')).toBeUndefined();
    expect(divideDims(6, 0)).toBeUndefined();
  });

  test('a batch of images flattens and comes back', () => {
    const size = sizeOf(['N', 3, 8, 8]);
    expect(size).toBe('192*N');
    expect(divideDims(size, 'N')).toBe(192);
    expect(divideDims(size, 64)).toBe('3*N');
  });
});

describe('sums', () => {
  test('have the value of their terms added', () => {
    fc.assert(
      fc.property(dim, dim, (a, b) => {
        expect(evaluate(addDims(a, b))).toBe(evaluate(a) + evaluate(b));
      }),
    );
  });
  test('of the same symbols stay products', () => {
    expect(addDims('N', 'N')).toBe('2*N');
    expect(addDims('3*H*N', multiplyDims(['N', 'H']))).toBe('4*H*N');
    expect(addDims('N', 0)).toBe('N');
  });
  test('of different ones are no symbol of their own that could be taken apart', () => {
    const sum = addDims('N', 1);
    expect(divideDims(sum, 'N')).toBeUndefined();
    expect(divideDims(multiplyDims([sum, 4]), 4)).toBe(sum);
    expect(multiplyDims([sum, sum, 2])).toBe(`2*${sum}*${sum}`);
  });
});

test('functions of dimensions have equal names for equal arguments only', () => {
  expect(opaqueDim('window', 'H', 2)).toBe(opaqueDim('window', 'H', 2));
  expect(opaqueDim('window', 'H', 2)).not.toBe(opaqueDim('window', 'H', 3));
  expect(divideDims(multiplyDims([opaqueDim('window', 'H', 2), 6]), 3)).toBe(
    `2*${opaqueDim('window', 'H', 2)}`,
  );
});

describe('broadcasting', () => {
  /** NumPy's rule on plain numbers, written another way. */
  const brute = (a: readonly number[], b: readonly number[]): number[] | undefined => {
    const rank = Math.max(a.length, b.length);
    const [x, y] = [a, b].map((s) => [...Array(rank - s.length).fill(1), ...s]) as [number[], number[]];
    if (x.some((d, i) => d !== y[i] && d !== 1 && y[i] !== 1)) return undefined;
    return x.map((d, i) => (d === 1 ? (y[i] as number) : d));
  };
  const small = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });

  test('of numbers is NumPy’s', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(broadcast(a, b)).toEqual(brute(a, b));
      }),
      { numRuns: 300 },
    );
  });
  test('of a symbol with itself, with 1, with a number, with another', () => {
    expect(broadcast(['N', 3], ['N', 1])).toEqual(['N', 3]);
    expect(broadcast(['N'], [1])).toEqual(['N']);
    expect(broadcast([1], ['N'])).toEqual(['N']);
    expect(broadcast(['N'], [4])).toEqual([4]);
    expect(broadcast(['N'], ['M'])).toBeUndefined();
  });
});

test('axes count from either end and no further', () => {
  expect([0, 2, -1, -3].map((axis) => normaliseAxis(axis, 3))).toEqual([0, 2, 2, 0]);
  expect([3, -4, 0.5, Number.NaN].map((axis) => normaliseAxis(axis, 3))).toEqual(Array(4).fill(undefined));
  expect(normaliseAxis(0, 0)).toBeUndefined();
});

test('static and equal shapes', () => {
  expect([isStatic([]), isStatic([1, 2]), isStatic(['N', 2]), isStatic(undefined)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([sameShape([1, 'N'], [1, 'N']), sameShape([1], [1, 1]), sameShape(['N'], ['M'])]).toEqual([
    true,
    false,
    false,
  ]);
});
