import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBitRecords, readByteRecords } from './labelled-bytes.ts';

const anyRecords = (most: number) =>
  fc.integer({ min: 1, max: 20 }).chain((length) =>
    fc.array(fc.tuple(fc.nat(255), fc.array(fc.nat(most), { minLength: length, maxLength: length })), {
      minLength: 1,
      maxLength: 6,
    }),
  );

describe('readByteRecords', () => {
  it('reads records as written, gzipped or plain', () => {
    fc.assert(
      fc.property(anyRecords(255), fc.boolean(), (records, gzipped) => {
        // What starts like gzip is taken for it.
        fc.pre(!(records[0]![0] === 0x1f && records[0]![1][0] === 0x8b));
        const plain = Buffer.from(records.flatMap(([label, values]) => [label, ...values]));
        const found = readByteRecords(gzipped ? gzipSync(plain) : plain, 'f', records[0]![1].length);
        expect([...found.labels]).toEqual(records.map(([label]) => label));
        expect([...found.values]).toEqual(records.flatMap(([, values]) => values));
      }),
      { numRuns: 100 },
    );
  });
});

describe('readBitRecords', () => {
  it('reads bits from the highest down', () => {
    fc.assert(
      fc.property(anyRecords(1), (records) => {
        const packed = records.flatMap(([label, bits]) => {
          const text = bits.join('').padEnd(8 * Math.ceil(bits.length / 8), '0');
          return [label, ...text.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2))];
        });
        const found = readBitRecords(gzipSync(Buffer.from(packed)), 'f', records[0]![1].length);
        expect([...found.labels]).toEqual(records.map(([label]) => label));
        expect([...found.values]).toEqual(records.flatMap(([, bits]) => bits));
      }),
      { numRuns: 100 },
    );
  });
});

it.each([0, 1, 9, 11, 19])('refuses %d bytes, which are no whole records of 10', (length) => {
  const expected = expect.objectContaining({
    code: 'MLD_DATA_TRUNCATED',
    message: expect.stringMatching(`d/x.bin.*${length} bytes`),
  });
  expect(() => readByteRecords(Buffer.alloc(length), 'd/x.bin', 9)).toThrow(expected);
  expect(() => readBitRecords(Buffer.alloc(length), 'd/x.bin', 65)).toThrow(expected);
});

it('inflates no more than it is told to expect', () => {
  expect(() => readByteRecords(gzipSync(Buffer.alloc(30)), 'f', 9, 20)).toThrow(
    expect.objectContaining({ code: 'MLD_DATA_INVALID' }),
  );
});
