import { describe, expect, it } from 'vitest';
import type { AuditError } from '../../errors.ts';
import type { Column } from '../dataset.ts';
import { decodeTable } from './decode-table.ts';
import { encodeTable } from './encode-table.ts';
import type { Field } from './fields.ts';

const COLUMNS: readonly Column[] = [
  { name: 'age' },
  { name: 'work', categories: ['none', 'own', 'paid'] },
  { name: 'grade', categories: ['low', 'middle', 'high'], ordered: true },
];
const encode = (rows: readonly (readonly Field[])[], columns = COLUMNS) =>
  encodeTable('people', rows, columns);
const refusal = (run: () => unknown): AuditError => {
  try {
    run();
  } catch (thrown) {
    return thrown as AuditError;
  }
  throw new Error('nothing was thrown');
};

describe('encodeTable', () => {
  it('gives a number one place, a category one for each value, an ordered one its index', () => {
    const { x, oneHot, recordShape, normalisation } = encode([
      [30, 'own', 'high'],
      ['40', 'none', 'low'],
    ]);
    expect(recordShape).toEqual([5]);
    expect([...x]).toEqual([30, 0, 1, 0, 2, 40, 1, 0, 0, 0]);
    expect(oneHot).toEqual([{ first: 1, width: 3 }]);
    expect(normalisation).toEqual({ scale: 1, mean: [35, 0, 0, 0, 1], std: [5, 1, 1, 1, 1] });
  });

  it('gives a constant column its value as mean and 1 as deviation, whatever rounding does', () => {
    const rows = Array.from({ length: 10 }, () => [0.1, 'own', 'middle']);
    const { normalisation } = encode(rows);
    expect(normalisation.mean).toEqual([Math.fround(0.1), 0, 0, 0, 1]);
    expect(normalisation.std).toEqual([1, 1, 1, 1, 1]);
  });

  it('keeps the category that stands for "not known" as one', () => {
    const columns = [{ name: 'work', categories: ['own', '?'], missing: '?' }];
    expect([...encode([['?'], ['own']], columns).x]).toEqual([0, 1, 1, 0]);
  });

  it.each(['3', '-0.5', '+.5', '1e3', '1.', '1E-2'])('reads %j as a number', (text) => {
    expect(encode([[text, 'own', 'low']]).x[0]).toBe(Math.fround(Number(text)));
  });

  it.each<[Field, RegExp]>([
    ['', /is '', not a number/],
    [' 3', /is ' 3', not a number/],
    ['3 years', /not a number/],
    ['0x10', /not a number/],
    ['1,5', /not a number/],
    ['Infinity', /not a number/],
    [Number.NaN, /is 'NaN', not a number/],
    [Number.POSITIVE_INFINITY, /not a number/],
    ['1e400', /not a number/],
    [1e39, /too large for a 32-bit number/],
  ])('refuses %j as a number', (field, message) => {
    const rows = [
      [1, 'own', 'low'],
      [field, 'own', 'low'],
    ];
    const error = refusal(() => encode(rows));
    expect(error.code).toBe('MLD_DATA_INVALID');
    expect(error.message).toMatch(/'people': record 1, column 'age'/);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(/\w/);
  });

  it.each([
    [1, 'payd', 'work', 'paid', "'none', 'own', 'paid'"],
    [2, 'midle', 'grade', 'middle', "'low', 'middle', 'high'"],
    [1, 'Own', 'work', 'own', "'own'"],
    [1, ' own', 'work', 'own', "'own'"],
  ])('refuses a category it does not know in column %i: %j', (c, field, column, nearest, known) => {
    const row: Field[] = [1, 'own', 'low'];
    const error = refusal(() => encode([row, row.with(c, field)]));
    expect(error.code).toBe('MLD_DATA_INVALID');
    expect(error.message).toContain(`record 1, column '${column}' is '${field}'`);
    expect(error.hint).toContain(`Did you mean '${nearest}'?`);
    expect(error.hint).toContain(known);
  });

  it('shows the start of long lists and long texts', () => {
    const categories = Array.from({ length: 100 }, (_, i) => `category ${i}`);
    const { message, hint } = refusal(() => encode([['x'.repeat(5000)]], [{ name: 'c', categories }]));
    expect(message.length).toBeLessThan(200);
    expect(hint).toContain("'category 19', … (100 in all)");
    expect(hint).not.toContain('category 20');
  });

  it.each<[string, readonly Column[], RegExp]>([
    ['no columns', [], /no columns/],
    ['two of one name', [{ name: 'a' }, { name: 'a' }], /two .* 'a'/],
    ['no categories', [{ name: 'a', categories: [] }], /'a' has an empty list/],
    ['a category twice', [{ name: 'a', categories: ['x', 'y', 'x'] }], /'a' lists .* 'x' twice/],
    ['an order of numbers', [{ name: 'a', ordered: true }], /'a' is ordered/],
    ['a number called missing', [{ name: 'a', missing: '?' }], /'a' calls '\?'/],
    ['an unlisted missing', [{ name: 'a', categories: ['x'], missing: '?' }], /none of its categories/],
  ])('refuses columns with %s', (_, columns, message) => {
    const error = refusal(() => encode([columns.map(() => 'x')], columns));
    expect(error).toMatchObject({ code: 'MLD_DATA_INVALID', message: expect.stringMatching(message) });
  });

  it('refuses no rows, and a row of another length', () => {
    expect(refusal(() => encode([]))).toMatchObject({ code: 'MLD_DATA_INVALID', message: /no rows/ });
    for (const odd of [
      [1, 'own'],
      [1, 'own', 'low', 'low'],
    ])
      expect(refusal(() => encode([[1, 'own', 'low'], odd]))).toMatchObject({
        code: 'MLD_DATA_INVALID',
        message: expect.stringContaining(`record 1 has ${odd.length} fields for 3 columns`),
      });
  });
});

describe('decodeTable', () => {
  it.each([
    ['two ones', [0, 1, 1, 0, 0], /record 0 .*'work'/],
    ['no one', [0, 0, 0, 0, 0], /record 0 .*'work'/],
    ['a share of one', [0, 1, 0, 0.5, 0], /record 0 .*'work'/],
    ['an index that is none', [0, 1, 0, 0, 3], /record 0 .*'grade'/],
    ['an index between two', [0, 1, 0, 0, 0.5], /record 0 .*'grade'/],
  ])('does not make up a category from %s', (_, values, message) => {
    const run = () => decodeTable({ x: Float32Array.from(values), columns: COLUMNS });
    expect(run).toThrow(/internal/);
    expect(run).toThrow(message);
  });
});
