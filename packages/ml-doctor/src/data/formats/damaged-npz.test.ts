import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npy, npz, type TestArray, zip } from '../../../test/data/write-npz.ts';
import { AuditError } from '../../errors.ts';
import { withNpz } from './npz.ts';

let path: string;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-damaged-'));
  path = join(folder, 'damaged.npz');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Everything in the file, read to its end. */
const readAll = (bytes: Uint8Array): Promise<unknown> => {
  writeFileSync(path, bytes);
  return withNpz(path, async (file) => {
    for (const name of ['x', 'y']) {
      const { shape } = await file.header(name);
      await file.numbers(
        name,
        undefined,
        new Float64Array(
          Math.min(
            1e6,
            shape.reduce((a, b) => a * b, 1),
          ),
        ),
      );
    }
  });
};
const failure = async (bytes: Uint8Array): Promise<AuditError> => {
  const error = await readAll(bytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AuditError);
  return error as AuditError;
};

const X: TestArray = { descr: '<i2', shape: [3, 2], values: [1, 2, 3, 4, 5, 6] };
const Y: TestArray = { descr: '|u1', shape: [3], values: [7, 8, 9] };
const whole = npz({ x: X, y: Y });
const packed = npz({ x: X, y: Y }, { deflate: true });
const wide = npz({ x: X, y: Y }, { zip64: true });

/** A file with these bytes in place of those at the `n`-th place where `text` stands. */
const patched = (bytes: Buffer, text: string | Buffer, at: number, put: readonly number[], n = 0): Buffer => {
  const out = Buffer.from(bytes);
  let place = -1;
  for (let i = 0; i <= n; i++) place = out.indexOf(text, place + 1);
  expect(place).toBeGreaterThanOrEqual(0);
  out.set(put, place + at);
  return out;
};
const CENTRAL = Buffer.of(0x50, 0x4b, 1, 2);
const END = Buffer.of(0x50, 0x4b, 5, 6);
const LOCATOR = Buffer.of(0x50, 0x4b, 6, 7);
const END64 = Buffer.of(0x50, 0x4b, 6, 6);
const FULL = [255, 255, 255, 255];

const withHeader = (header: string, array = X) => zip({ 'x.npy': npy(array, header), 'y.npy': npy(Y) });
const dict = (descr: string, shape: string, more = '') =>
  `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}${more}, }`;
const arrayOf = (descr: string) => withHeader(dict(`'${descr}'`, '(3, 2)'));
/** The header of `x.npy` with other bytes from `at` on. */
const head = (at: number, put: readonly number[]) => {
  const x = npy(X);
  x.set(put, at);
  return zip({ 'x.npy': x, 'y.npy': npy(Y) });
};

const cases: readonly (readonly [string, string, Uint8Array, RegExp])[] = [
  ['nothing', 'MLD_DATA_TRUNCATED', Buffer.alloc(0), /empty/],
  ['a text', 'MLD_DATA_MAGIC', Buffer.from('x,y\n1,2\n'), /no \.npz/],
  ['a pickle', 'MLD_DATA_MAGIC', Buffer.from('\x80\x04\x95.', 'latin1'), /no \.npz/],
  ['a gzip file', 'MLD_DATA_MAGIC', Buffer.of(0x1f, 0x8b, 8, 0, 0), /no \.npz/],
  ['an archive of nothing', 'MLD_DATA_INVALID', zip({}), /no array 'x'; it holds none/],
  ['an archive of texts', 'MLD_DATA_INVALID', zip({ 'a.txt': Buffer.from('a') }), /it holds 'a\.txt'/],
  ['a text called x', 'MLD_DATA_MAGIC', zip({ 'x.npy': Buffer.from('hello, world') }), /no NumPy array/],
  ['an empty x', 'MLD_DATA_MAGIC', zip({ 'x.npy': Buffer.alloc(0) }), /no NumPy array/],
  [
    'names that are paths',
    'MLD_DATA_INVALID',
    zip({ '../x.npy': npy(X), '/etc/x.npy': npy(X) }),
    /'\.\.\/x'/,
  ],
  ['a name with control bytes', 'MLD_DATA_INVALID', zip({ '\x1b[2J\n.npy': npy(X) }), /'\?\[2J\?'/],
  ['a very long name', 'MLD_DATA_INVALID', zip({ [`${'n'.repeat(60_000)}.npy`]: npy(X) }), /n…'/],
  ['another checksum', 'MLD_DATA_CHECKSUM', patched(whole, CENTRAL, 16, [1, 2, 3, 4]), /checksum/],
  ['other contents', 'MLD_DATA_CHECKSUM', patched(whole, Buffer.of(1, 0, 2, 0, 3, 0), 0, [9]), /checksum/],
  ['a password', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 8, [1]), /encrypted/],
  ['another compression', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 10, [14]), /method 14/],
  ['deflate over stored bytes', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 10, [8]), /corrupt|compressed/],
  ['sizes that differ though stored', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 24, [1]), /cannot be/],
  ['a size beyond the file', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 20, [0, 0, 0, 9]), /does not fit/],
  ['sizes of 64 bits that are not there', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 20, FULL), /not there/],
  ['a place beyond the file', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 42, [0, 0, 0, 9]), /does not fit/],
  ['a place inside another entry', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 42, [9]), /where it is not/],
  ['the place of another entry', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 42, [0], 1), /where it is not/],
  ['a directory entry of no kind', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 0, [0]), /entry 0/],
  ['an endless name', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 28, [255, 255]), /cut short/],
  ['an endless comment', 'MLD_DATA_INVALID', patched(whole, CENTRAL, 32, [255, 255], 1), /cut short/],
  ['more entries than there are', 'MLD_DATA_INVALID', patched(whole, END, 8, [3, 0, 3, 0]), /entry 2/],
  [
    'fewer entries than there are',
    'MLD_DATA_INVALID',
    patched(whole, END, 8, [1, 0, 1, 0]),
    /after the last/,
  ],
  [
    'tens of thousands of entries',
    'MLD_LIMIT',
    patched(whole, END, 8, [255, 255, 255, 255]),
    /65535 entries/,
  ],
  ['one of several parts', 'MLD_DATA_INVALID', patched(whole, END, 4, [1]), /one part/],
  ['a directory elsewhere', 'MLD_DATA_INVALID', patched(whole, END, 16, [1, 0]), /not where/],
  [
    'bytes before the archive',
    'MLD_DATA_MAGIC',
    Buffer.concat([Buffer.from('#!/bin/sh\n'), whole]),
    /no \.npz/,
  ],
  [
    'bytes after the archive',
    'MLD_DATA_TRUNCATED',
    Buffer.concat([whole, Buffer.from('more')]),
    /end of the archive/,
  ],
  ['a zip64 end elsewhere', 'MLD_DATA_INVALID', patched(wide, LOCATOR, 8, [1]), /zip64/],
  ['a zip64 end at 2^63', 'MLD_DATA_INVALID', patched(wide, LOCATOR, 15, [128]), /announces/],
  ['a zip64 count of 2^40', 'MLD_LIMIT', patched(wide, END64, 37, [1]), /1099511627778 entries/],
  [
    'the same name twice',
    'MLD_DATA_INVALID',
    patched(whole, 'y.npy', 0, [0x78], 1),
    /'x\.npy' is there twice/,
  ],
  ['deflated noise', 'MLD_DATA_INVALID', patched(packed, 'x.npy', 5, [7, 7, 7, 7]), /corrupt/],
  ['a wrong magic', 'MLD_DATA_MAGIC', head(1, [0x4d]), /no NumPy array/],
  ['format 4', 'MLD_DATA_INVALID', head(6, [4]), /format 4/],
  ['format 0', 'MLD_DATA_INVALID', head(6, [0]), /format 0/],
  ['a header longer than the file', 'MLD_DATA_TRUNCATED', head(8, [0, 2]), /header/],
  ['a header of 65,535 bytes and more', 'MLD_LIMIT', head(8, [255, 255]), /65545/],
  ['a header of 4 GiB', 'MLD_LIMIT', head(6, [2, 0, 255, 255, 255, 255]), /4294967307/],
  ['a header of noise', 'MLD_DATA_INVALID', withHeader('\x00\x01\x02'), /header is/],
  [
    'a header that is code',
    'MLD_DATA_INVALID',
    withHeader("__import__('os').system('touch /tmp/x')"),
    /header is/,
  ],
  [
    'a header without a shape',
    'MLD_DATA_INVALID',
    withHeader("{'descr': '<i2', 'fortran_order': False, }"),
    /header is/,
  ],
  [
    'a header with more in it',
    'MLD_DATA_INVALID',
    withHeader(dict("'<i2'", '(3, 2)', ", 'a': 1")),
    /header is/,
  ],
  [
    'a header that names a shape twice',
    'MLD_DATA_INVALID',
    withHeader("{'descr': '<i2', 'shape': (3, 2), 'shape': (3, 2), }"),
    /header is/,
  ],
  ['a shape of words', 'MLD_DATA_INVALID', withHeader(dict("'<i2'", '(three, 2)')), /header is/],
  ['a shape below 0', 'MLD_DATA_INVALID', withHeader(dict("'<i2'", '(-3, -2)')), /shape is \(-3/],
  ['a shape with holes', 'MLD_DATA_INVALID', withHeader(dict("'<i2'", '(3 2, 1)')), /shape/],
  ['a shape of 2^80', 'MLD_DATA_INVALID', withHeader(dict("'<i2'", `(${2n ** 40n}, ${2n ** 40n})`)), /shape/],
  [
    'a shape of a thousand digits',
    'MLD_DATA_INVALID',
    withHeader(dict("'<i2'", `(${'9'.repeat(1000)},)`)),
    /shape/,
  ],
  ['a shape of 60 axes', 'MLD_DATA_INVALID', withHeader(dict("'<i2'", `(${'1, '.repeat(60)})`)), /60 axes/],
  ['more rows than there are', 'MLD_DATA_TRUNCATED', withHeader(dict("'<i2'", '(4, 2)')), /needs \d+ bytes/],
  ['a billion rows', 'MLD_DATA_TRUNCATED', withHeader(dict("'<i2'", '(1000000000, 2)')), /needs \d+ bytes/],
  [
    'a billion rows of nothing',
    'MLD_DATA_INVALID',
    withHeader(dict("'<i2'", '(1000000000, 0)')),
    /needs \d+ bytes/,
  ],
  ['fewer rows than there are', 'MLD_DATA_INVALID', withHeader(dict("'<i2'", '(2, 2)')), /needs \d+ bytes/],
  ...['O', '|O', '|O8', '>O'].map(
    (descr) => [`objects as ${descr}`, 'MLD_DATA_INVALID', arrayOf(descr), /objects|type/] as const,
  ),
  ...['<c8', '<M8[s]', '|V6', '<f16', '<i3', '<f1', '<U', '<U0', '<U99999999', '<i2 ', ''].map(
    (descr) =>
      [`elements of '${descr}'`, 'MLD_DATA_INVALID', arrayOf(descr), /type|objects|header|needs/] as const,
  ),
  ['text as inputs', 'MLD_DATA_INVALID', npz({ x: { descr: '<U2', shape: [1], values: ['ab'] } }), /text/],
];

describe('withNpz on files that are broken or hostile', () => {
  it.each(cases)('refuses %s: %s', async (_, code, bytes, message) => {
    const error = await failure(bytes);
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/\w/) });
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(500);
    expect(error.message).toMatch(/^[ -~…]+$/);
  });

  it.each([
    ['deflated', packed],
    ['zip64', wide],
  ])('refuses every beginning of a %s archive', async (_, bytes) => {
    await readAll(bytes);
    for (let length = 0; length < bytes.length; length++) {
      const { code } = await failure(bytes.subarray(0, length));
      expect(['MLD_DATA_TRUNCATED', 'MLD_DATA_MAGIC']).toContain(code);
    }
  });

  it('refuses every beginning of an .npy file', async () => {
    const bytes = npy(X);
    for (let length = 1; length < bytes.length; length++) {
      expect((await failure(bytes.subarray(0, length))).code).toBe('MLD_DATA_TRUNCATED');
    }
    expect((await failure(Buffer.concat([bytes, Buffer.of(0)]))).code).toBe('MLD_DATA_INVALID');
  });

  it('ends in a value or an error of ours whichever byte is another', async () => {
    for (const bytes of [whole, packed, wide]) {
      for (let at = 0; at < bytes.length; at += 7) {
        const other = Buffer.from(bytes);
        other[at]! ^= 1 << (at % 8);
        const error = await readAll(other).catch((thrown: unknown) => thrown);
        if (error !== undefined) expect(error, `byte ${at}`).toBeInstanceOf(AuditError);
      }
    }
  });

  it('refuses what cannot be as long as announced, and stops at what is far too dense', async () => {
    const header = npy({ ...X, values: [] }, dict("'|u1'", '(700000, 1000)'));
    const announced = zip({ 'x.npy': header, 'y.npy': npy(Y) }, { deflate: true });
    const directory = announced.indexOf(CENTRAL);
    const lying = Buffer.from(announced);
    lying.writeUInt32LE(header.length + 700_000_000, directory + 24);
    expect((await failure(lying)).message).toMatch(/cannot be the/);

    // Half a gigabyte of zeros: deflate of one 8 MiB piece with a full flush can be repeated.
    const piece = deflateRawSync(Buffer.alloc(2 ** 23), { finishFlush: 3 });
    const pieces = 40;
    const start = deflateRawSync(npy({ ...X, values: [] }, dict("'|u1'", `(${pieces * 2 ** 13}, 1024)`)), {
      finishFlush: 3,
    });
    const stream = Buffer.concat([start, ...Array.from({ length: pieces }, () => piece), Buffer.of(3, 0)]);
    const bomb = zip({ 'x.npy': stream, 'y.npy': npy(Y) });
    const at = bomb.indexOf(CENTRAL);
    bomb.writeUInt16LE(8, at + 10);
    bomb.writeUInt32LE(
      npy({ ...X, values: [] }, dict("'|u1'", `(${pieces * 2 ** 13}, 1024)`)).length + pieces * 2 ** 23,
      at + 24,
    );
    writeFileSync(path, bomb);
    expect(bomb.length).toBeLessThan(400_000);
    await expect(withNpz(path, (file) => file.numbers('x', [5], new Uint8Array(1024)))).rejects.toMatchObject(
      {
        code: 'MLD_LIMIT',
        message: expect.stringContaining('inflate to more than'),
      },
    );
  });

  it('reads nothing but a regular file', async () => {
    for (const place of [folder, '/dev/zero', join(folder, 'absent.npz')]) {
      await expect(withNpz(place, async () => 0)).rejects.toMatchObject({ code: 'MLD_DATA_UNREADABLE' });
    }
  });
});
