/** Tables, folders of pictures, and places that are no files. */

import { parquet, parquetLists } from '../data/tables.ts';
import { auditOf, type BadCase, GOOD, type Planted } from './bad-case.ts';
import { table } from './good-files.ts';

const INVALID = 'MLD_DATA_INVALID';

const csv = (
  title: string,
  code: string,
  text: () => string | Uint8Array,
  says?: RegExp,
  name = 'bad.csv',
): BadCase => ({
  ...{ title, code, args: auditOf({ '--members': name, '--non-members': `${GOOD}/others.csv` }) },
  files: () => ({ [name]: text() }),
  ...(says && { says }),
});
const pq = (title: string, code: string, bytes: () => Uint8Array) =>
  csv(title, code, bytes, undefined, 'bad.parquet');
const place = (
  title: string,
  code: string,
  members: string,
  files?: Readonly<Record<string, Planted>>,
): BadCase => ({
  ...{ title, code, args: auditOf({ '--members': members }) },
  ...(files && { files: () => files }),
});
const placeCsv = (
  title: string,
  code: string,
  members: string,
  files?: Readonly<Record<string, Planted>>,
): BadCase => ({
  ...{ title, code, args: auditOf({ '--members': members, '--non-members': `${GOOD}/others.csv` }) },
  ...(files && { files: () => files }),
});

const goodParquet = (): Buffer => Buffer.from(parquet({ a: [1, 2, 3], label: [0, 1, 0] }));
const footer = (length: number): Buffer => {
  const bytes = goodParquet();
  bytes.writeUInt32LE(length, bytes.length - 8);
  return bytes;
};

export const TABLE_CASES: readonly BadCase[] = [
  csv('an empty table', INVALID, () => ''),
  csv('a header alone', INVALID, () => 'a,b,c,d,label\n'),
  csv('a table without a header', INVALID, () => '1,2,3,4,0\n'),
  csv('a table without labels', INVALID, () => table().replace('label', 'e')),
  csv('a row too short', INVALID, () => `${table()}1,2\n`),
  csv('a quote never closed', INVALID, () => `${table()}1,"2,3,4,0\n`),
  csv('a line of 4 MiB', 'MLD_LIMIT', () => `${table()}${'9'.repeat(4 << 20)}`),
  csv('a million columns', 'MLD_LIMIT', () => `${Array.from({ length: 1_000_000 }, (_, i) => i).join()}\n`),
  csv('zero bytes', 'MLD_DATA_MAGIC', () => `${table()}\0\0\0`),
  csv('UTF-16', 'MLD_DATA_MAGIC', () => Buffer.from(`\ufeff${table()}`, 'utf16le')),
  csv('no UTF-8', INVALID, () =>
    Buffer.concat([Buffer.from(table()), Buffer.from('\xff\xfe,1,2,3,0\n', 'latin1')]),
  ),
  csv('a table that is a picture', 'MLD_DATA_MAGIC', () => Buffer.from('89504e470d0a1a0a0000000d', 'hex')),
  csv('a label missing', INVALID, () =>
    table(0, (row, name) => (row === 3 && name === 'label' ? '' : undefined)),
  ),
  csv('text among the numbers', 'MLD_MODEL_INPUT', () =>
    table(0, (row, name) => (row === 3 && name === 'a' ? 'high' : undefined)),
  ),
  csv('NaN in a table', INVALID, () =>
    table(0, (row, name) => (row === 3 && name === 'a' ? 'NaN' : undefined)),
  ),
  csv('Infinity in a table', INVALID, () =>
    table(0, (row, name) => (row === 3 && name === 'a' ? 'Infinity' : undefined)),
  ),
  csv('1e999 in a table', INVALID, () =>
    table(0, (row, name) => (row === 3 && name === 'a' ? '1e999' : undefined)),
  ),
  csv('other columns on the two sides', INVALID, () => table().replace('a,b', 'a,z')),
  csv('a column twice', INVALID, () => table().replace('a,b', 'a,a')),
  csv('a table of classes that the model has not', INVALID, () =>
    table(0, (_, name) => (name === 'label' ? 7 : undefined)),
  ),
  pq('an empty Parquet file', 'MLD_DATA_MAGIC', () => Buffer.alloc(0)),
  pq('text called Parquet', 'MLD_DATA_MAGIC', () => Buffer.from(table())),
  pq('a Parquet file cut short', 'MLD_DATA_TRUNCATED', () => goodParquet().subarray(0, -20)),
  pq('a Parquet file of its first bytes', 'MLD_DATA_TRUNCATED', () => Buffer.from('PAR1')),
  pq('a Parquet footer of 4 GiB', 'MLD_DATA_TRUNCATED', () => footer(0xffffffff)),
  pq('a Parquet footer of 0 bytes', INVALID, () => footer(0)),
  pq('a Parquet footer of too few bytes', INVALID, () => footer(10)),
  pq('a Parquet file with a page overwritten', INVALID, () => {
    const bytes = goodParquet();
    bytes.fill(0xff, 4, 40);
    return bytes;
  }),
  pq('a nested Parquet column as a label', INVALID, () =>
    parquetLists(
      [
        [1, 2],
        [3, 4],
      ],
      'label',
      { a: [1, 2] },
    ),
  ),
  place('a folder that is empty', INVALID, 'pictures', { pictures: { special: 'folder' } }),
  place('members that are not there', 'MLD_DATA_UNREADABLE', 'no.npz'),
  place('members that are a named pipe', 'MLD_DATA_UNREADABLE', 'pipe.npz', {
    'pipe.npz': { special: 'pipe' },
  }),
  placeCsv('a table that is a named pipe', 'MLD_DATA_UNREADABLE', 'pipe.csv', {
    'pipe.csv': { special: 'pipe' },
  }),
  placeCsv('a Parquet file that is a named pipe', 'MLD_DATA_UNREADABLE', 'pipe.parquet', {
    'pipe.parquet': { special: 'pipe' },
  }),
  placeCsv('a table that is a folder', 'MLD_DATA_UNREADABLE', 'd.csv', { 'd.csv': { special: 'folder' } }),
  placeCsv('a Parquet file that is a folder', 'MLD_DATA_UNREADABLE', 'd.parquet', {
    'd.parquet': { special: 'folder' },
  }),
  place('members that are /dev/zero', 'MLD_DATA_UNREADABLE', '/dev/zero'),
  placeCsv('a table that links to /dev/zero', 'MLD_DATA_UNREADABLE', 'z.csv', {
    'z.csv': { link: '/dev/zero' },
  }),
  placeCsv('a Parquet file that links to /dev/zero', 'MLD_DATA_UNREADABLE', 'z.parquet', {
    'z.parquet': { link: '/dev/zero' },
  }),
  place('an array file that links to /dev/urandom', 'MLD_DATA_UNREADABLE', 'z.npz', {
    'z.npz': { link: '/dev/urandom' },
  }),
  place('a link to itself', 'MLD_DATA_UNREADABLE', 'l.npz', { 'l.npz': { link: 'l.npz' } }),
  place('a link to nothing', 'MLD_DATA_UNREADABLE', 'l.npz', { 'l.npz': { link: 'gone' } }),
  place('a path with a NUL', 'MLD_DATA_UNREADABLE', 'a\0b.npz'),
  placeCsv('a table with a NUL in its path', 'MLD_DATA_UNREADABLE', 'a\0b.csv'),
  place('an empty path', 'MLD_CONFIG', ''),
  place('a path of 5,000 letters', 'MLD_DATA_UNREADABLE', `${'x'.repeat(5000)}.npz`),
  place('a folder of arrays', INVALID, 'folder', { 'folder/a.npz': 'x' }),
  place('a folder of pictures that are links out of it', INVALID, 'p', {
    'p/cat/a.png': { link: '/etc/passwd' },
    'p/dog/b.png': { link: '../../../x' },
  }),
  place('pictures that are text', INVALID, 'p', { 'p/cat/a.png': 'no picture', 'p/dog/b.png': 'nor this' }),
  place('pictures that are named pipes', INVALID, 'p', {
    'p/cat/a.png': { special: 'pipe' },
    'p/dog/b.png': { special: 'pipe' },
  }),
  place('pictures of no bytes', INVALID, 'p', { 'p/cat/a.png': '', 'p/dog/b.jpg': '' }),
  place('a picture of 60,000 × 60,000 in its header', INVALID, 'p', {
    'p/cat/a.png': Buffer.from('89504e470d0a1a0a0000000d494844520000ea600000ea6008020000003a8c2f5c', 'hex'),
    'p/dog/b.png': Buffer.from('89504e470d0a1a0a0000000d494844520000ea600000ea6008020000003a8c2f5c', 'hex'),
  }),
  place('a data set that is not in the catalogue', 'MLD_DATA_UNKNOWN', 'fashion-mnst'),
  place('a range beyond the data set', 'MLD_DATA_INVALID', 'german-credit[0:99999999]'),
  place('a range that runs backwards', 'MLD_DATA_INVALID', 'german-credit[10:5]'),
  place('a range of letters', 'MLD_DATA_UNREADABLE', 'german-credit[a:b]'),
  {
    title: 'a table on one side and arrays on the other',
    code: INVALID,
    args: auditOf({ '--members': `${GOOD}/members.csv` }),
  },
  {
    title: 'an auxiliary side that is not there',
    code: 'MLD_DATA_UNREADABLE',
    args: auditOf({ '--auxiliary': 'no.npz' }),
  },
  { title: 'a label column that is not there', code: INVALID, args: auditOf({ '--label': 'nope' }) },
  { title: 'attributes that are not there', code: INVALID, args: auditOf({ '--attributes': 'age,sex' }) },
  { title: 'slices that are not there', code: INVALID, args: auditOf({ '--slices': 'age' }) },
  {
    title: 'a data folder that is a file',
    code: 'MLD_DATA_UNREADABLE',
    args: auditOf({ '--members': 'cifar10-20k', '--data-dir': 'f' }),
    files: () => ({ f: 'x' }),
  },
];
