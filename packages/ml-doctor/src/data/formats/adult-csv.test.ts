import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAdultCsv } from './adult-csv.ts';

const columns = ['age', 'job', 'income'];
const read = (text: string) => readAdultCsv(Buffer.from(text), 'adult.test', columns).rows;

describe('readAdultCsv', () => {
  it('gives equal fields for the two layouts of the publisher', () => {
    const rows = [
      ['25', '?', '<=50K'],
      ['38', 'Sales', '>50K'],
    ];
    expect(read('25, ?, <=50K\n38, Sales, >50K\n\n')).toEqual(rows);
    expect(read('|1x3 Cross validator\n25, ?, <=50K.\n38, Sales, >50K.\n\n')).toEqual(rows);
    expect(readAdultCsv(gzipSync('25, ?, <=50K\n38, Sales, >50K\n'), 'f', columns).rows).toEqual(rows);
  });

  it.each([
    ['25, ?\n', /adult\.test:1: 2 fields where 3/],
    ['25, ?, <=50K\n25, , <=50K\n', /adult\.test:2: column 'job' is empty/],
    ['\n\n', /no records/],
  ])('refuses %j with file and line', (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'MLD_DATA_INVALID' }));
    expect(() => read(text)).toThrow(message);
  });

  it('takes a last line without end as cut short, even where all its fields are there', () => {
    expect(() => read('25, ?, <=50K\n38, Sales, >50')).toThrow(
      expect.objectContaining({ code: 'MLD_DATA_TRUNCATED', message: expect.stringContaining('line 2') }),
    );
  });
});
