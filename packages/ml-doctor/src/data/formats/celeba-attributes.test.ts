import { describe, expect, it } from 'vitest';
import { CELEBA_ATTRIBUTES, readAttributeCsv, readAttributeList } from './celeba-attributes.ts';

const NAMES = CELEBA_ATTRIBUTES.join(' ');
const ones = Array(40).fill(' 1').join(' ');
const mixed = CELEBA_ATTRIBUTES.map((_, i) => (i % 3 === 0 ? ' 1' : '-1')).join(' ');
const rows = [`000001.jpg ${ones}`, `000002.jpg ${mixed}`];
const list = (...lines: readonly (string | number)[]) =>
  readAttributeList(Buffer.from(`${lines.join('\n')}\n`), 'd/list.txt');

describe('readAttributeList', () => {
  it('reads rows of 1 and -1 with one blank or two, lines of either system', () => {
    const text = `2\r\n${NAMES} \r\n${rows.join('\r\n')}\r\n`;
    for (const { pictures, values, firstLine } of [
      list(2, NAMES, ...rows),
      readAttributeList(Buffer.from(text), 'f'),
    ]) {
      expect([pictures, firstLine]).toEqual([['000001.jpg', '000002.jpg'], 3]);
      CELEBA_ATTRIBUTES.forEach((name, i) => {
        expect([...values[name]], name).toEqual([1, i % 3 === 0 ? 1 : 0]);
      });
    }
  });

  it.each<[string, readonly (string | number)[], RegExp]>([
    ['no count', [NAMES, ...rows], /list\.txt:1: '5_o_Clock_Shadow Arc' is no number/],
    ['another count', [3, NAMES, ...rows], /list\.txt:1: announces 3 pictures, and 2 rows follow/],
    [
      'other attributes',
      [2, NAMES.replace('Male', 'Female'), ...rows],
      /:2: column 21 is 'Female', expected 'Male'/,
    ],
    [
      'an attribute too few',
      [2, NAMES.replace(' Young', ''), ...rows],
      /:2: column 40 is nothing, expected 'Young'/,
    ],
    ['an attribute too many', [2, `${NAMES} Old`, ...rows], /:2: has 41 columns, expected 40/],
    ['a short row', [2, NAMES, rows[0]!, '000002.jpg 1 1'], /:4: has 3 fields, expected 41/],
    ['a long row', [2, NAMES, `${rows[0]} 1`, rows[1]!], /:3: has 42 fields, expected 41/],
    ['a picture twice', [2, NAMES, rows[0]!, rows[0]!], /:4: 000001\.jpg is there twice/],
    [
      'another value',
      [2, NAMES, rows[0]!.replace(/1$/, '0'), rows[1]!],
      /:3: Young of 000001\.jpg is '0', neither 1 nor -1/,
    ],
  ])('refuses %s, with its line', (_, lines, message) => {
    expect(() => list(...lines)).toThrow(expect.objectContaining({ code: 'MLD_DATA_INVALID' }));
    expect(() => list(...lines)).toThrow(message);
  });

  it('takes a last line without end as cut short', () => {
    const text = `2\n${NAMES}\n${rows.join('\n')}`;
    expect(() => readAttributeList(Buffer.from(text), 'f')).toThrow(
      expect.objectContaining({ code: 'MLD_DATA_TRUNCATED', message: expect.stringContaining('line 4') }),
    );
  });
});

describe('readAttributeCsv', () => {
  const header = `file,identity,${CELEBA_ATTRIBUTES.join()}`;
  const row = `000001.jpg,2880,${CELEBA_ATTRIBUTES.map((_, i) => i % 2).join()}`;
  const csv = (...lines: readonly string[]) =>
    readAttributeCsv(Buffer.from(`${lines.join('\n')}\n`), 'd/a.csv');

  it('reads rows of 1 and 0 after the identity', () => {
    const { pictures, values, firstLine } = csv(header, row);
    expect([pictures, firstLine]).toEqual([['000001.jpg'], 2]);
    expect(CELEBA_ATTRIBUTES.map((name) => values[name][0])).toEqual(CELEBA_ATTRIBUTES.map((_, i) => i % 2));
  });

  it.each<[string, readonly string[], RegExp]>([
    ['no header', [row], /a\.csv:1: column 1 is '000001\.jpg', expected 'file'/],
    [
      '-1',
      [header, row.replace('2880,0', '2880,-1')],
      /:2: 5_o_Clock_Shadow of 000001\.jpg is '-1', neither 1 nor 0/,
    ],
  ])('refuses %s', (_, lines, message) => {
    expect(() => csv(...lines)).toThrow(message);
  });
});
