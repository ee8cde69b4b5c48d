import { describe, expect, it } from 'vitest';
import { parquet, parquetLists, scratch } from '../../../../test/data/tables.ts';
import { readTables } from './read-tables.ts';

const { file, folder } = scratch();
const GOOD = 'v,c,label\n1,a,0\n2,b,1\n';
const LONG = 'x'.repeat(1 << 21);

const read = (members: string, nonMembers: string, attributes?: readonly string[], label?: string) =>
  readTables(
    { members, nonMembers, sample: 100, ...(attributes && { attributes }), ...(label && { label }) },
    { seed: 1, base: '/' },
  );
const INVALID = 'MLD_DATA_INVALID';

describe('damaged tables', () => {
  const numbered = Array.from({ length: 1200 }, (_, i) => i);
  it.each<[what: string, content: string | Uint8Array, code: string, message: RegExp, ending?: string]>([
    ['nothing', '', INVALID, /is empty/],
    ['blank lines alone', '\n\n\n', INVALID, /is empty/],
    ['a header alone', 'v,c,label\n', INVALID, /no rows/],
    ['no header', '1,2,0\n3,4,1\n', INVALID, /:1: has no header/],
    ['no header, one column', '1\n2\n', INVALID, /no header/],
    ['no label', 'v,c\n1,a\n', INVALID, /no column called label, y, target, class; it has 'v', 'c'/],
    ['nothing but a label', 'label\n0\n1\n', INVALID, /no columns besides/],
    ['a name twice', 'v,v,label\n1,2,0\n', INVALID, /two columns are called 'v'/],
    ['a name left out', 'v,,label\n1,2,0\n', INVALID, /column 2 has no name/],
    ['a short row', 'v,c,label\n1,a,0\n2,b\n', INVALID, /:3: a row of 2 fields/],
    ['a long row', 'v,c,label\n1,a,0\n2,b,1,9\n', INVALID, /:3: a row of 4 fields/],
    ['a quote that never ends', 'v,c,label\n1,"a,0\n2,b,1\n', INVALID, /quote is opened and never closed/],
    ['a quote inside a field', 'v,c,label\n1,a"b"c,0\n', INVALID, /:2: field 2 has a quote in its middle/],
    ['text after a quote', 'v,c,label\n1,"a"b,0\n', INVALID, /:2: field 2/],
    ['a line without end', `v,c,label\n1,${LONG},0\n`, 'MLD_LIMIT', /:2: a row of more than/],
    ['commas without end', `v,c,label\n1,a,0\n${','.repeat(1 << 21)}`, 'MLD_LIMIT', /:3: a row of more than/],
    [
      'a quoted field without end',
      `v,c,label\n1,"${'x\n'.repeat(1 << 20)}`,
      'MLD_LIMIT',
      /a row of more than/,
    ],
    ['a header without end', LONG, 'MLD_LIMIT', /:1: a row of more than/],
    [
      'too many columns',
      `${Array.from({ length: 20_001 }, (_, i) => `c${i}`).join()},label\n`,
      'MLD_LIMIT',
      /20002 columns/,
    ],
    ['zero bytes', 'v,c,la\0bel\n', 'MLD_DATA_MAGIC', /byte 6 is 0/],
    ['zero bytes later', Buffer.concat([Buffer.from(GOOD), Buffer.alloc(9)]), 'MLD_DATA_MAGIC', /is 0/],
    [
      'Latin-1',
      Buffer.from('v,c,label\n1,M\xfcnchen,0\n', 'latin1'),
      INVALID,
      /no UTF-8, at line 1 or later/,
    ],
    ['a letter cut in two', Buffer.from('v,c,label\n1,a,0\n2,ü').subarray(0, -1), INVALID, /no UTF-8/],
    ['UTF-16', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), 'MLD_DATA_MAGIC', /UTF-16/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'MLD_DATA_MAGIC', /gzip/],
    ['zip', Buffer.from('PK\x03\x04rest'), 'MLD_DATA_MAGIC', /zip/],
    ['Parquet called CSV', Buffer.from('PAR1rest'), 'MLD_DATA_MAGIC', /Parquet/],
    [
      'a number that is missing',
      'v,c,label\n1,a,0\n,b,1\n',
      INVALID,
      /:3: column 'v' has no value, where the others are numbers/,
    ],
    ['NaN', 'v,c,label\n1,a,0\nNaN,b,1\n', INVALID, /:3: column 'v' has no value/],
    ['infinity', 'v,c,label\n1,a,0\n-inf,b,1\n', INVALID, /:3: column 'v' is '-inf'/],
    ['beyond 64 bits', 'v,c,label\n1e999,a,0\n', INVALID, /:2: column 'v' is '1e999'/],
    ['beyond 32 bits', 'v,c,label\n1e300,a,0\n2,b,1\n', INVALID, /:2: column 'v' is '1e300'/],
    ['a column without values', 'v,c,label\n,a,0\n,b,1\n', INVALID, /column 'v' has no values/],
    ['a label that is missing', 'v,c,label\n1,a,0\n2,b,?\n', INVALID, /:3: column 'label' has no value/],
    [
      'a label that is a fraction',
      'v,c,label\n1,a,0.5\n2,b,1\n',
      INVALID,
      /label 0.5, which is no whole number/,
    ],
    [
      'labels without end',
      `v,label\n${Array.from({ length: 10_002 }, (_, i) => `1,${i}`).join('\n')}`,
      INVALID,
      /more than 10000 different/,
    ],
    ['an infinite label', 'v,c,label\n1,a,inf\n', INVALID, /:2: column 'label' is 'inf'/],
    [
      'too many categories',
      `v,label\n${numbered.map((i) => `name${i},0`).join('\n')}\n`,
      INVALID,
      /'v' holds texts, as 'name0' \(.*:2\), and more than 1000/,
    ],
    [
      'one text among numbers',
      `v,label\n${numbered.map((i) => `${i},0`).join('\n')}\nn/k,0\n`,
      INVALID,
      /holds texts, as 'n\/k' \(.*:1202\)/,
    ],
    [
      'a category of pages',
      `v,label\n${'x'.repeat(1001)},0\n`,
      INVALID,
      /:2: column 'v' holds a text that is too long/,
    ],
    ['no Parquet', 'hello', 'MLD_DATA_MAGIC', /does not begin with PAR1/, '.parquet'],
    ['an empty Parquet', '', 'MLD_DATA_MAGIC', /is empty/, '.parquet'],
    ['a Parquet of four bytes', 'PAR1', 'MLD_DATA_TRUNCATED', /does not end with PAR1/, '.parquet'],
    [
      'a footer longer than its file',
      Buffer.from('PAR1\xff\xff\xff\x7fPAR1', 'latin1'),
      'MLD_DATA_TRUNCATED',
      /footer of 2147483647/,
      '.parquet',
    ],
    ['an empty footer', Buffer.from('PAR1\0\0\0\0PAR1', 'latin1'), INVALID, /footer is damaged/, '.parquet'],
    [
      'a list of a billion',
      Buffer.from('PAR1\x15\x02\x19\xfc\xff\xff\xff\xff\x03\x08\0\0\0PAR1', 'latin1'),
      INVALID,
      /footer is damaged/,
      '.parquet',
    ],
    [
      'structures without end',
      Buffer.concat([
        Buffer.from('PAR1'),
        Buffer.alloc(5000, 0x1c),
        Buffer.from([0x88, 0x13, 0, 0]),
        Buffer.from('PAR1'),
      ]),
      INVALID,
      /nested more than 16 deep/,
      '.parquet',
    ],
    [
      'lists of other lengths',
      parquetLists([[1, 2], [3]], 'v', { label: [0, 1] }),
      INVALID,
      /row 1 \(from 0\): column 'v' holds a list of 1/,
      '.parquet',
    ],
    [
      'a missing value in a list',
      parquetLists(
        [
          [1, 2],
          [3, Number.NaN],
        ],
        'v',
        { label: [0, 1] },
      ),
      INVALID,
      /row 1 \(from 0\): column 'v'/,
      '.parquet',
    ],
    [
      'nothing but nulls',
      parquet({ v: [null, null], label: [0, 1] }),
      INVALID,
      /column 'v' has no values/,
      '.parquet',
    ],
    [
      'NaN in Parquet',
      parquet({ v: [1, Number.NaN], label: [0, 1] }),
      INVALID,
      /row 1 \(from 0\): column 'v' has no value/,
      '.parquet',
    ],
    ['an unknown ending', GOOD, 'MLD_DATA_UNKNOWN', /ending '\.xls'/, '.xls'],
  ])('refuses %s', async (_, content, code, message, ending = '.csv') => {
    const path = file(content, ending);
    const error = await read(path, path).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w/),
    });
    expect((error as Error).message.length).toBeLessThan(400);
  });

  it.each([
    ['lacks', 'v,label\n1,0\n', /lacks 'c'$/],
    ['has more', 'v,c,d,label\n1,a,2,0\n', /has 'd' besides/],
    ['has others', 'v,C,label\n1,a,0\n', /lacks 'c' and has 'C' besides/],
  ])('refuses a second side that %s columns', async (_, text, message) => {
    await expect(read(file(GOOD), file(text))).rejects.toMatchObject({
      code: INVALID,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [['cc'], undefined, /no column 'cc', which should be an attribute/],
    [['label'], undefined, /both the label and an attribute/],
    [undefined, 'lable', /no column 'lable', which should be the label/],
    [['c', 'v'], undefined, /no columns besides/],
  ])('refuses attributes %j with label %j', async (attributes, label, message) => {
    const path = file(GOOD);
    await expect(read(path, path, attributes, label)).rejects.toMatchObject({
      code: INVALID,
      message: expect.stringMatching(message),
    });
  });

  it('says that a file cannot be read', async () => {
    for (const path of [`${folder}/none.csv`, `${folder}/none.parquet`])
      await expect(read(path, path)).rejects.toMatchObject({ code: 'MLD_DATA_UNREADABLE' });
  });
});
