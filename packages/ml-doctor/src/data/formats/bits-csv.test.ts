import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitRows, readBitsCsv } from './bits-csv.ts';

const read = (text: string, width: number) => readBitsCsv(Buffer.from(text), 'd/rows.csv', width);

describe('readBitsCsv', () => {
  it('reads rows as written, class in quotes or not, lines of either system', () => {
    const anyRows = fc
      .integer({ min: 1, max: 9 })
      .chain((width) =>
        fc.array(
          fc.tuple(
            fc.nat(99_999),
            fc.array(fc.nat(1), { minLength: width, maxLength: width }),
            fc.constantFrom('', '"'),
            fc.constantFrom('\n', '\r\n'),
          ),
          { minLength: 1, maxLength: 6 },
        ),
      );
    fc.assert(
      fc.property(anyRows, (rows) => {
        const text = rows
          .map(([label, bits, quote, end]) => `${quote}${label}${quote},${bits.join()}${end}`)
          .join('');
        const { labels, values } = read(text, rows[0]![1].length);
        expect([...labels]).toEqual(rows.map(([label]) => label));
        expect([...values]).toEqual(rows.flatMap(([, bits]) => bits));
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['1,0,1\n2,0\n', /:2:.*2 bits/],
    ['1,0,1,1\n', /:1:.*2 bits/],
    ['1,0,2\n', /:1:.*feature 2/],
    ['1,0;1\n', /:1:.*feature 2/],
    ['"x",0,1\n', /:1:.*'x'/],
    ['"",0,1\n', /:1:.*is no number/],
    ['-1,0,1\n', /:1:.*'-1'/],
    ['1,0,1\n\n', /:2:/],
    ['1\n1,0,1\n', /:1:/],
  ])('refuses %j with file and line', (text, message) => {
    expect(() => read(text, 2)).toThrow(expect.objectContaining({ code: 'MLD_DATA_INVALID' }));
    expect(() => read(text, 2)).toThrow(message);
  });

  it('takes a last line without end as cut short', () => {
    expect(() => read('1,0,1\n1,0,1', 2)).toThrow(
      expect.objectContaining({ code: 'MLD_DATA_TRUNCATED', message: expect.stringContaining('line 2') }),
    );
  });
});

describe('bitRows', () => {
  it('reads the same rows wherever the file is cut', () => {
    const anyCuts = fc.array(fc.nat(40), { maxLength: 6 });
    fc.assert(
      fc.property(anyCuts, fc.boolean(), (cuts, labelled) => {
        const lines = ['0,1,1', '1,0,0\r', '0,0,1'].map(
          (bits, i) => `${labelled ? `"${i + 7}",` : ''}${bits}\n`,
        );
        const text = Buffer.from(lines.join(''));
        const rows = bitRows('f', { rows: 4, width: 3, labelled });
        const places = [0, ...cuts.map((cut) => cut % text.length), text.length].sort((a, b) => a - b);
        places.slice(1).forEach((to, i) => {
          // A piece that is overwritten afterwards, as those of a stream are.
          const piece = Uint8Array.from(text.subarray(places[i], to));
          rows.push(piece);
          piece.fill(0);
        });
        const { count, labels, values } = rows.end();
        expect(count).toBe(3);
        expect([...labels.subarray(0, 3)]).toEqual(labelled ? [7, 8, 9] : [0, 0, 0]);
        expect([...values.subarray(0, 9)]).toEqual([0, 1, 1, 1, 0, 0, 0, 0, 1]);
      }),
      { numRuns: 200 },
    );
  });

  it('takes no more rows than announced', () => {
    const rows = bitRows('f', { rows: 1, width: 1, labelled: false });
    rows.push(Buffer.from('1\n'));
    expect(() => rows.push(Buffer.from('1\n'))).toThrow('f:2: there are more than the 1 records expected');
  });
});
