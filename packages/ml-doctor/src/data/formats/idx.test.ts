import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readIdx } from './idx.ts';

/** An IDX file built field by field from the format's description. */
function idx(type: number, shape: readonly number[], body: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = type;
  header[3] = shape.length;
  shape.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, body]);
}

function big(
  bytesEach: number,
  values: readonly number[],
  write: (b: Buffer, v: number, at: number) => void,
) {
  const body = Buffer.alloc(bytesEach * values.length);
  values.forEach((value, i) => {
    write(body, value, bytesEach * i);
  });
  return body;
}

const images = idx(0x08, [2, 2, 3], Buffer.from([0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255]));

describe('readIdx', () => {
  it.each([
    [0x08, 'Uint8Array', [0, 255, 7], 1, (b: Buffer, v: number, at: number) => b.writeUInt8(v, at)],
    [0x09, 'Int8Array', [0, -128, 127], 1, (b: Buffer, v: number, at: number) => b.writeInt8(v, at)],
    [0x0b, 'Int16Array', [1, -300, 32767], 2, (b: Buffer, v: number, at: number) => b.writeInt16BE(v, at)],
    [
      0x0c,
      'Int32Array',
      [1, -70000, 2 ** 31 - 1],
      4,
      (b: Buffer, v: number, at: number) => b.writeInt32BE(v, at),
    ],
    [0x0d, 'Float32Array', [0.5, -1.25, 3], 4, (b: Buffer, v: number, at: number) => b.writeFloatBE(v, at)],
    [0x0e, 'Float64Array', [0.1, -1e300, 3], 8, (b: Buffer, v: number, at: number) => b.writeDoubleBE(v, at)],
  ] as const)('reads element type %i as %s', (type, name, values, bytes, write) => {
    const { shape, data } = readIdx(idx(type, [3], big(bytes, values, write)), 'f');
    expect(shape).toEqual([3]);
    expect(data.constructor.name).toBe(name);
    expect([...data]).toEqual([...values]);
  });

  it('reads the same from a gzipped and from a plain file', () => {
    const plain = readIdx(images, 'f');
    expect(plain.shape).toEqual([2, 2, 3]);
    expect(readIdx(gzipSync(images), 'f')).toEqual(plain);
  });

  it('does not keep the file alive or share its bytes', () => {
    const file = Buffer.from(images);
    const { data } = readIdx(file, 'f');
    file.fill(9);
    expect(data[11]).toBe(255);
  });

  it.each([
    ['a web page', Buffer.from('<html><body>Not found</body></html>')],
    ['an unknown element type', idx(0x0a, [1], Buffer.alloc(1))],
    ['no dimensions', idx(0x08, [], Buffer.alloc(1))],
  ])('refuses %s by its magic number', (_, file) => {
    expect(() => readIdx(file, 'd/x.idx')).toThrow(
      expect.objectContaining({ code: 'MLD_DATA_MAGIC', message: expect.stringContaining('d/x.idx') }),
    );
  });

  it('refuses a file cut anywhere, with what was found and expected', () => {
    for (let length = 0; length < images.length; length++) {
      expect(() => readIdx(images.subarray(0, length), 'x'), `${length} bytes`).toThrow(
        expect.objectContaining({
          code: 'MLD_DATA_TRUNCATED',
          message: expect.stringContaining(`${length}`),
        }),
      );
    }
    expect(() => readIdx(images.subarray(0, 20), 'x')).toThrow(
      /shape \[2,2,3\] needs 28 bytes and there are 20/,
    );
  });

  it('refuses a gzipped file cut anywhere', () => {
    const file = gzipSync(images);
    for (let length = 2; length < file.length; length++) {
      expect(() => readIdx(file.subarray(0, length), 'x'), `${length} bytes`).toThrow(
        expect.objectContaining({ code: 'MLD_DATA_TRUNCATED' }),
      );
    }
  });

  it('refuses bytes after the array', () => {
    expect(() => readIdx(Buffer.concat([images, Buffer.alloc(3)]), 'x')).toThrow(
      expect.objectContaining({ code: 'MLD_DATA_INVALID', message: expect.stringContaining('31') }),
    );
  });

  it('refuses a header that announces more than memory holds, without allocating it', () => {
    const huge = idx(0x0e, [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], Buffer.alloc(8));
    expect(() => readIdx(huge, 'x')).toThrow(expect.objectContaining({ code: 'MLD_DATA_TRUNCATED' }));
  });
});
