import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classIndices } from './classes.ts';

const plain = (sides: Parameters<typeof classIndices>[0], options?: Parameters<typeof classIndices>[1]) => {
  const { y, classes } = classIndices(sides, options);
  return { y: y.map((side) => [...side]), classes };
};

describe('classIndices', () => {
  it('takes whole numbers as indices, classes without records too', () => {
    expect(plain([[0, 3], Float32Array.of(1, 3)])).toEqual({
      y: [
        [0, 3],
        [1, 3],
      ],
      classes: ['0', '1', '2', '3'],
    });
    expect(
      plain([
        ['0', '2.0'],
        [' 1 ', '02'],
      ]),
    ).toEqual({
      y: [
        [0, 2],
        [1, 2],
      ],
      classes: ['0', '1', '2'],
    });
  });

  it('takes numbers below 0, and names, in ascending order', () => {
    expect(plain([[2, -1], [10]])).toEqual({ y: [[1, 0], [2]], classes: ['-1', '2', '10'] });
    expect(plain([['dog', 'Cat'], ['cat']])).toEqual({ y: [[2, 0], [1]], classes: ['Cat', 'cat', 'dog'] });
    // By code points, as Python sorts: UTF-16 would put the emoji first.
    expect(plain([['\u{1F600}', '\uFF5E']]).classes).toEqual(['\uFF5E', '\u{1F600}']);
  });

  it('counts labels of records that were not drawn', () => {
    expect(plain([['b'], ['c']], { others: ['a', 'd'] })).toEqual({
      y: [[1], [2]],
      classes: ['a', 'b', 'c', 'd'],
    });
    expect(plain([[1]], { others: [4] }).classes).toHaveLength(5);
  });

  it('heeds the order that is given, before that of the model', () => {
    const modelClasses = ['a', 'b', 'c'];
    expect(plain([['a', 'c', 'b']], { modelClasses }).y).toEqual([[0, 2, 1]]);
    expect(plain([['a', 'c', 'b']], { modelClasses, classes: ['c', 'b', 'a'] }).y).toEqual([[2, 0, 1]]);
  });

  it('takes numbers for names, unless names are numbers', () => {
    expect(plain([[0, 2], ['1']], { classes: ['x', 'y', 'z'] }).y).toEqual([[0, 2], [1]]);
    expect(plain([[9, 1, '4.0']], { modelClasses: ['1', '4', '9'] }).y).toEqual([[2, 0, 1]]);
    expect(() => plain([[0]], { modelClasses: ['1', '4', '9'] })).toThrow(
      /label '0' is none of the 3 classes of the model/,
    );
  });

  it('gives every label the place of its name, whatever the labels', () => {
    const label = fc.oneof(
      fc.constantFrom('a', 'b', 'zebra', 'Ä'),
      fc.string({ minLength: 1, maxLength: 3 }).map((s) => `n${s.trim()}`),
    );
    fc.assert(
      fc.property(fc.array(fc.array(label, { minLength: 1 }), { minLength: 1, maxLength: 3 }), (sides) => {
        const { y, classes } = classIndices(sides);
        expect(y.map((side) => [...side].map((index) => classes[index]))).toEqual(sides);
        expect(new Set(classes).size).toBe(classes.length);
        expect(classes.every((name) => sides.flat().includes(name))).toBe(true);
      }),
    );
  });

  it.each<[string, Parameters<typeof classIndices>[0], Parameters<typeof classIndices>[1], RegExp]>([
    [
      'a name that is mistyped',
      [['cat'], ['dog', 'cot']],
      { classes: ['cat', 'dog'] },
      /non-members: row 1 .*'cot'.*nearest is 'cat'/,
    ],
    ['a number beyond the classes', [[0, 1, 2]], { classes: ['cat', 'dog'] }, /members: row 2 .*'2'/],
    ['a number below them', [[0], [0], [-1]], { classes: ['cat', 'dog'] }, /auxiliary: row 0 .*'-1'/],
    ['a fraction', [[0, 1.5]], {}, /members: row 1 .*1\.5/],
    ['no number', [[Number.NaN]], {}, /NaN/],
    ['fractions as text', [['0.5', '1']], {}, /0\.5/],
    ['amounts', [[0, 123_456]], {}, /at most 10000.*123456/],
    ['names of everybody', [Array.from({ length: 10_001 }, (_, i) => `id${i}`)], {}, /more than 10000/],
    ['a class that is named twice', [[0]], { classes: ['a', 'b', 'a'] }, /'a' is named twice/],
    ['no classes', [[0]], { classes: [] }, /empty/],
  ])('refuses %s', (_, sides, options, message) => {
    expect(() => classIndices(sides, options)).toThrow(
      expect.objectContaining({ code: 'MLD_DATA_INVALID', hint: expect.stringMatching(/\w/) }),
    );
    expect(() => classIndices(sides, options)).toThrow(message);
  });

  it('names the place as its caller does', () => {
    expect(() =>
      classIndices([['a'], ['b']], { classes: ['a'], place: (side, i) => `f${side}.csv line ${i + 2}` }),
    ).toThrow(/^f1\.csv line 2: label 'b'/);
  });
});
