import { describe, expect, it } from 'vitest';
import { readSpacedTable } from './spaced-table.ts';

const read = (text: string) => readSpacedTable(Buffer.from(text), 'd/rows.data', ['KIND', 'AGE', 'CLASS']);

describe('readSpacedTable', () => {
  it('reads rows with a line of names or without, lines of either system', () => {
    const rows = [
      ['A1', '30', '1'],
      ['B2', '41', '0'],
    ];
    expect(read('KIND AGE CLASS\nA1 30 1\nB2 41 0\n')).toEqual(rows);
    expect(read('A1 30 1\nB2 41 0\n')).toEqual(rows);
    expect(read('KIND AGE CLASS\r\nA1 30 1\r\nB2 41 0\r\n')).toEqual(rows);
  });

  it('takes a file of nothing as one without records', () => {
    expect(() => read('')).toThrow(/no records/);
  });

  it.each([
    ['A1 30\n', /rows\.data:1: .*3 fields/],
    ['KIND AGE CLASS\nA1 30 1\nA1 30 1 2\n', /rows\.data:3: .*3 fields/],
    ['A1  1\n', /rows\.data:1:/],
    ['A1 30 1\n\n', /rows\.data:2:/],
    ['KIND AGE CLASS\n', /no records/],
    ['A1 30 1', /cut short, line 1/],
    ['A1 30 1\nA1 30 1', /cut short, line 2/],
  ])('refuses %j with file and line', (text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: text.endsWith('\n') ? 'MLD_DATA_INVALID' : 'MLD_DATA_TRUNCATED' }),
    );
    expect(() => read(text)).toThrow(message);
  });
});
