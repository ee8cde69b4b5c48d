/** Files of arrays: .npz and what is inside, IDX, CIFAR. */

import { deflateRawSync, gzipSync } from 'node:zlib';
import { npy, npz, zip } from '../data/write-npz.ts';
import { auditOf, type BadCase } from './bad-case.ts';
import { arrays, ROWS } from './good-files.ts';

const { x, y } = arrays();
const INVALID = 'MLD_DATA_INVALID';

/** As the members of an audit that is otherwise right. */
const members = (
  title: string,
  code: string,
  bytes: () => string | Uint8Array,
  says?: RegExp,
  name = 'bad.npz',
): BadCase => ({
  ...{ title, code, args: auditOf({ '--members': name }), files: () => ({ [name]: bytes() }) },
  ...(says && { says }),
});

const withX = (descr: string, value: (i: number) => number | string): Buffer =>
  npz({ x: { ...x, descr, values: x.values.map((_, i) => value(i)) }, y });
const withY = (descr: string, value: (i: number) => number | string): Buffer =>
  npz({ x, y: { descr, shape: [ROWS], values: y.values.map((_, i) => value(i)) } });
const headed = (header: string): Buffer => zip({ 'x.npy': npy(x, header), 'y.npy': npy(y) });
const shaped = (shape: string): Buffer =>
  headed(`{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`);
const good = (): Buffer => npz({ x, y });
const patched = (bytes: Buffer, find: string, change: (at: number, bytes: Buffer) => void): Buffer => {
  const at = bytes.lastIndexOf(Buffer.from(find, 'latin1'));
  if (at < 0) throw new Error(`nothing to change: ${find}`);
  change(at, bytes);
  return bytes;
};
const CENTRAL = 'PK\x01\x02';
const END = 'PK\x05\x06';

/** An entry of zeros that says of itself what it likes: thousands of times its packed size. */
const bomb = (mebibytes: number): Buffer => {
  const zeros = deflateRawSync(Buffer.alloc(mebibytes << 20), { level: 9 });
  const head = npy({ descr: '<f4', shape: [(mebibytes << 18) - 32], values: [] });
  return Buffer.concat([head, zeros]);
};

const idx = (type: number, dims: readonly number[], bytes: Uint8Array): Buffer => {
  const head = Buffer.alloc(4 + 4 * dims.length);
  head.set([0, 0, type, dims.length]);
  dims.forEach((dim, i) => {
    head.writeUInt32BE(dim, 4 + 4 * i);
  });
  return Buffer.concat([head, bytes]);
};
const idxCase = (title: string, code: string, images: Uint8Array, labels?: Uint8Array): BadCase => ({
  ...{ title, code, args: auditOf({ '--members': 'a-images-idx3-ubyte' }) },
  files: () => ({
    'a-images-idx3-ubyte': images,
    ...(labels && { 'a-labels-idx1-ubyte': labels }),
  }),
});

export const ARRAY_CASES: readonly BadCase[] = [
  members('an empty .npz', 'MLD_DATA_TRUNCATED', () => ''),
  members('a .npz that is text', 'MLD_DATA_MAGIC', () => 'x,y\n1,2\n'),
  members('a pickle called .npz', 'MLD_DATA_MAGIC', () => Buffer.from('80049525000000', 'hex')),
  members('a .npz cut to half', 'MLD_DATA_TRUNCATED', () => good().subarray(0, 400)),
  members('a .npz without its last byte', 'MLD_DATA_TRUNCATED', () => good().subarray(0, -1)),
  members('a .npz with its middle missing', INVALID, () => {
    const bytes = good();
    return Buffer.concat([bytes.subarray(0, 200), bytes.subarray(300)]);
  }),
  members('a bit turned in the values', 'MLD_DATA_CHECKSUM', () => {
    const bytes = good();
    bytes[400] = (bytes[400] as number) ^ 1;
    return bytes;
  }),
  members('a .npz of nothing', INVALID, () => zip({}), /no array of inputs/),
  members('entries called ../../x and /etc/passwd', INVALID, () =>
    zip({ '../../x.npy': npy(x), '/etc/passwd.npy': npy(x), 'C:\\y.npy': npy(y) }),
  ),
  members('an entry with a NUL in its name', INVALID, () => zip({ 'x\0.npy': npy(x), 'y.npy': npy(y) })),
  members('two entries of one name', INVALID, () => {
    const bytes = zip({ 'x.npy': npy(x), 'z.npy': npy(x), 'y.npy': npy(y) });
    return Buffer.from(bytes.toString('latin1').replaceAll('z.npy', 'x.npy'), 'latin1');
  }),
  members('a zip in a zip', 'MLD_DATA_MAGIC', () => zip({ 'x.npy': good(), 'y.npy': npy(y) })),
  members('zips in zips, ten deep', INVALID, () => {
    let inner = good();
    for (let i = 0; i < 10; i++) inner = zip({ 'inner.zip': inner }, { deflate: true });
    return inner;
  }),
  members('a flat bomb of 64 MiB in an array without end', INVALID, () =>
    zip({ 'x.npy': Buffer.concat([npy(x), Buffer.alloc(64 << 20)]), 'y.npy': npy(y) }, { deflate: true }),
  ),
  members('a bomb for an array of labels', INVALID, () => {
    const wide = npy({ descr: '<f4', shape: [16 << 20], values: [] });
    return zip(
      { 'x.npy': npy(x), 'y.npy': Buffer.concat([wide, Buffer.alloc(64 << 20)]) },
      { deflate: true },
    );
  }),
  members('an array that announces 1 MiB and has 1 KiB', 'MLD_DATA_TRUNCATED', () =>
    zip({ 'x.npy': bomb(1), 'y.npy': npy(y) }),
  ),
  members('a directory that announces 2^32 bytes', INVALID, () =>
    patched(good(), CENTRAL, (at, bytes) => bytes.writeUInt32LE(0xfffffff0, at + 24)),
  ),
  members('zip64 sizes of 2^63', INVALID, () =>
    patched(npz({ x, y }, { zip64: true }), CENTRAL, (at, bytes) => {
      const name = bytes.readUInt16LE(at + 28);
      bytes.writeBigUInt64LE(1n << 63n, at + 46 + name + 10);
    }),
  ),
  members('zip64 that counts 2^40 entries', 'MLD_LIMIT', () =>
    patched(npz({ x, y }, { zip64: true }), 'PK\x06\x06', (at, bytes) => {
      bytes.writeBigUInt64LE(1n << 40n, at + 32);
    }),
  ),
  members('an end that counts 65,000 entries', 'MLD_LIMIT', () =>
    patched(good(), END, (at, bytes) => {
      bytes.writeUInt16LE(65_000, at + 8);
      bytes.writeUInt16LE(65_000, at + 10);
    }),
  ),
  members('an entry compressed by an unknown method', INVALID, () =>
    patched(good(), CENTRAL, (at, bytes) => bytes.writeUInt16LE(99, at + 10)),
  ),
  members('an encrypted entry', INVALID, () =>
    patched(good(), CENTRAL, (at, bytes) => bytes.writeUInt16LE(1, at + 8)),
  ),
  members('an array of 2^60 numbers', INVALID, () => shaped('(1152921504606846976,)')),
  members('an array of 2^20 × 2^20 × 2^20 numbers', INVALID, () => shaped('(1048576, 1048576, 1048576)')),
  members('an array of 2^40 rows of nothing', INVALID, () => shaped('(1099511627776, 0)')),
  members('a shape below 0', INVALID, () => shaped('(-1, 4)')),
  members('a shape that is no list', INVALID, () => shaped('40')),
  members('32 axes', INVALID, () => shaped(`(${'1, '.repeat(32)})`)),
  members('an array of more than the file holds', 'MLD_DATA_TRUNCATED', () => shaped('(4000, 4)')),
  members('an array of less than the file holds', INVALID, () => shaped('(4, 4)')),
  members('a header that calls a function', INVALID, () =>
    headed("{'descr': __import__('os').system('touch pwned'), 'fortran_order': False, 'shape': (1,), }"),
  ),
  members('a header of 60,000 letters', INVALID, () => headed(`{'descr': '${'f'.repeat(60_000)}'}`)),
  members('a header that announces 4 GiB', 'MLD_LIMIT', () => {
    const bytes = npy(x);
    bytes[6] = 2;
    bytes.writeUInt32LE(0xffffffff, 8);
    return zip({ 'x.npy': bytes, 'y.npy': npy(y) });
  }),
  members('an array of objects', INVALID, () =>
    headed("{'descr': '|O', 'fortran_order': False, 'shape': (40, 4), }"),
  ),
  members('an array of records with fields', INVALID, () =>
    headed("{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (40,), }"),
  ),
  members('complex numbers', INVALID, () =>
    headed("{'descr': '<c16', 'fortran_order': False, 'shape': (10, 4), }"),
  ),
  members('numbers as text', INVALID, () => withX('<U4', (i) => String(i)), /text/),
  members(
    'NaN among the inputs',
    INVALID,
    () => withX('<f4', (i) => (i === 77 ? Number.NaN : i)),
    /NaN|finite/,
  ),
  members('Infinity among the inputs', INVALID, () => withX('<f8', (i) => (i === 5 ? -Infinity : i))),
  members('numbers beyond float32', INVALID, () => withX('<f8', (i) => i * 1e300)),
  members('no labels', INVALID, () => npz({ x }), /no array of labels/),
  members('no inputs', INVALID, () => npz({ y }), /no array of inputs/),
  members('one-hot labels', INVALID, () => npz({ x, y: x }), /one value a record/),
  members('fewer labels than records', INVALID, () =>
    npz({ x, y: { descr: '<i8', shape: [3], values: [0, 1, 2] } }),
  ),
  members('labels that are NaN', INVALID, () => withY('<f4', () => Number.NaN)),
  members('labels with fractions', INVALID, () => withY('<f4', (i) => i / 7)),
  members('negative labels', INVALID, () => withY('<i8', (i) => -1 - (i % 2))),
  members('labels beyond the classes of the model', INVALID, () => withY('<i8', (i) => i % 5)),
  members('labels of 2^62', INVALID, () => withY('<i8', (i) => (i === 0 ? String(2n ** 62n) : i % 3))),
  members('names where the model has numbers', INVALID, () => withY('<U3', (i) => `n${i % 4}`)),
  members('a different width on the two sides', INVALID, () =>
    npz({ x: { descr: '<f4', shape: [ROWS, 3], values: x.values.slice(0, ROWS * 3) }, y }),
  ),
  members('no records', INVALID, () =>
    npz({ x: { descr: '<f4', shape: [0, 4], values: [] }, y: { descr: '<i8', shape: [0], values: [] } }),
  ),
  members('a single record', 'MLD_SPLIT', () =>
    npz({
      x: { descr: '<f4', shape: [1, 4], values: [1, 2, 3, 4] },
      y: { descr: '<i8', shape: [1], values: [0] },
    }),
  ),
  members('a number for an array', INVALID, () => npz({ x: { descr: '<f4', shape: [], values: [1] }, y })),
  members('a lone .npy', INVALID, () => npy(x), /one array/, 'bad.npy'),
  members('a .npy cut short', INVALID, () => npy(x).subarray(0, 100), undefined, 'bad.npy'),
  members('a .npy cut within its magic', INVALID, () => npy(x).subarray(0, 4), undefined, 'b.npy'),
  members('the same records on both sides', 'MLD_OVERLAP', () => npz(arrays(1))),
  members('an unknown kind of file', 'MLD_DATA_MAGIC', () => 'hello', undefined, 'bad.dat'),
  members('a CIFAR file cut short', 'MLD_DATA_TRUNCATED', () => Buffer.alloc(3000), undefined, 'bad.bin'),
  members('an empty CIFAR file', 'MLD_DATA_TRUNCATED', () => '', undefined, 'bad.bin'),
  members(
    'a CIFAR file for a model of four columns',
    INVALID,
    () => Buffer.alloc(3073 * 2),
    undefined,
    'bad.bin',
  ),
  members(
    'a gzip bomb of 100 MiB as CIFAR',
    'MLD_DATA_TRUNCATED',
    () => gzipSync(Buffer.alloc(100 << 20)),
    undefined,
    'bad.bin.gz',
  ),
  members(
    'a gzip file cut short',
    'MLD_DATA_TRUNCATED',
    () => gzipSync(Buffer.alloc(3073)).subarray(0, 15),
    undefined,
    'b.bin.gz',
  ),
  idxCase('an IDX file without its labels', 'MLD_DATA_UNREADABLE', idx(8, [2, 2, 2], Buffer.alloc(8))),
  idxCase(
    'an IDX file of 2^96 numbers',
    'MLD_DATA_TRUNCATED',
    idx(8, [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], Buffer.alloc(8)),
    idx(8, [2], Buffer.alloc(2)),
  ),
  idxCase(
    'an IDX file cut short',
    'MLD_DATA_TRUNCATED',
    idx(8, [40, 2, 2], Buffer.alloc(8)),
    idx(8, [40], Buffer.alloc(40)),
  ),
  idxCase(
    'an IDX file with too much',
    INVALID,
    idx(8, [2, 2, 2], Buffer.alloc(80)),
    idx(8, [2], Buffer.alloc(2)),
  ),
  idxCase(
    'an IDX file of an unknown type',
    'MLD_DATA_MAGIC',
    idx(7, [2, 2, 2], Buffer.alloc(8)),
    idx(8, [2], Buffer.alloc(2)),
  ),
  idxCase(
    'an IDX file of 255 axes',
    'MLD_DATA_TRUNCATED',
    Buffer.from([0, 0, 8, 255, 0, 0]),
    idx(8, [2], Buffer.alloc(2)),
  ),
  idxCase(
    'IDX labels of another number',
    INVALID,
    idx(8, [4, 2, 2], Buffer.alloc(16)),
    idx(8, [2], Buffer.alloc(2)),
  ),
  idxCase('an empty IDX file', 'MLD_DATA_TRUNCATED', Buffer.alloc(0), idx(8, [2], Buffer.alloc(2))),
];
