import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npz, type TestArray } from '../../../test/data/write-npz.ts';
import { type Npz, withNpz } from './npz.ts';

const golden = (name: string) => new URL(`../../../test/golden/npz/${name}`, import.meta.url).pathname;
const { arrays } = JSON.parse(readFileSync(golden('values.json'), 'utf8')) as {
  arrays: Record<string, { shape: number[]; values: (number | string | boolean)[] }>;
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-npz-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

async function content(file: Npz, name: string, rows?: readonly number[]): Promise<(number | string)[]> {
  const { shape, type } = await file.header(name);
  if (type.kind === 'U' || type.kind === 'S') {
    const texts: (number | string)[] = [];
    await file.each(name, (value) => texts.push(value));
    return texts;
  }
  const out = new Float64Array((rows?.length ?? shape[0]!) * count(shape.slice(1)));
  await file.numbers(name, rows, out);
  return [...out];
}

describe('withNpz on files of NumPy', () => {
  it.each(['stored.npz', 'deflated.npz'])('reads every type and order of %s', async (name) => {
    await withNpz(golden(name), async (file) => {
      expect(file.names).toEqual(Object.keys(arrays));
      for (const [array, { shape, values }] of Object.entries(arrays)) {
        expect((await file.header(array)).shape, array).toEqual(shape);
        expect(await content(file, array), array).toEqual(
          values.map((value) => (typeof value === 'boolean' ? Number(value) : value)),
        );
      }
    });
  });

  it('takes rows out of arrays of either order', async () => {
    await withNpz(golden('deflated.npz'), async (file) => {
      for (const name of ['fortran u1', 'fortran f4', '>f8']) {
        const { shape, values } = arrays[name]!;
        const width = count(shape.slice(1));
        const rows = shape[0] === 5 ? [1, 2, 4] : [1];
        const expected = rows.flatMap((row) => values.slice(row * width, (row + 1) * width));
        expect(await content(file, name, rows), name).toEqual(expected);
      }
    });
  });

  it.each(['version1.npy', 'version2.npy', 'version3.npy'])('reads %s as an archive of x', async (name) => {
    await withNpz(golden(name), async (file) => {
      expect(file.names).toEqual(['x']);
      expect(await content(file, 'x')).toEqual([0, 1, 2, 3, 100, 127]);
    });
  });

  it('reads an archive whose sizes follow the contents', async () => {
    await withNpz(golden('piped.npz'), async (file) => {
      expect(await content(file, 'x')).toEqual([0, 1, 2, 3, 100, 127]);
      expect(await content(file, 'y')).toEqual([1, 0]);
    });
  });

  it.each([
    ['objects.npz', /Python objects/],
    ['fields.npy', /elements are of type \[/],
  ])('refuses %s without unpickling', async (name, message) => {
    const error = await withNpz(golden(name), (file) => file.header('x')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/Save/),
    });
  });
});

const integer = (bits: number, signed: boolean) =>
  fc.bigInt(
    signed
      ? { min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }
      : { min: 0n, max: 2n ** BigInt(bits) - 1n },
  );
const letters = fc.string({ unit: 'grapheme-ascii', maxLength: 4 }).map((text) => text.replace(/\0+$/, ''));
const types: readonly (readonly [string, fc.Arbitrary<number | bigint | string>])[] = [
  ...[1, 2, 4, 8].flatMap((size) => [
    [`u${size}`, integer(8 * size, false)] as const,
    [`i${size}`, integer(8 * size, true)] as const,
  ]),
  ['f4', fc.float({ noNaN: true })],
  ['f8', fc.double({ noNaN: true })],
  ['b1', fc.nat(1)],
  ['U4', letters],
  ['S4', letters],
];

const anyArray: fc.Arbitrary<TestArray> = fc
  .record({
    type: fc.constantFrom(...types),
    order: fc.constantFrom('<', '>'),
    shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    fortran: fc.boolean(),
  })
  .chain(({ type: [letter, value], order, shape, fortran }) => {
    const text = letter.startsWith('U') || letter.startsWith('S');
    const axes = text ? [shape[0]!] : shape;
    const length = count(axes);
    return fc.array(value, { minLength: length, maxLength: length }).map((values) => ({
      descr: `${letter.endsWith('1') || letter.startsWith('S') ? '|' : order}${letter}`,
      ...{ shape: axes, values, fortran },
    }));
  });

describe('withNpz on files of another writer', () => {
  it('gives back the rows that were written', async () => {
    const path = join(folder, 'any.npz');
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('x', 'y', 'z'), anyArray, { minKeys: 1 }),
        fc.boolean(),
        fc.boolean(),
        fc.infiniteStream(fc.boolean()),
        async (written, deflate, zip64, keep) => {
          writeFileSync(path, npz(written, { deflate, zip64 }));
          await withNpz(path, async (file) => {
            expect(file.names).toEqual(Object.keys(written));
            for (const [name, { shape, values }] of Object.entries(written)) {
              const text = typeof values[0] === 'string';
              const rows = Array.from({ length: shape[0]! }, (_, row) => row).filter(
                () => text || keep.next().value,
              );
              const width = count(shape.slice(1));
              const expected = rows.flatMap((row) => values.slice(row * width, (row + 1) * width));
              expect(await content(file, name, rows)).toEqual(
                expected.map((value) => (typeof value === 'bigint' ? Number(value) : value)),
              );
            }
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('joins rows that lie across blocks', async () => {
    const path = join(folder, 'long.npz');
    const [rows, width] = [450, 333];
    const values = Array.from({ length: rows * width }, (_, i) => (i * 7919) % 65_521);
    for (const fortran of [false, true]) {
      writeFileSync(
        path,
        npz({ x: { descr: '<u4', shape: [rows, width], values, fortran } }, { deflate: fortran }),
      );
      const wanted = [0, 1, 195, 196, 197, 392, 393, 394, 395, 449];
      const found = await withNpz(path, (file) => content(file, 'x', wanted));
      expect(found).toEqual(wanted.flatMap((row) => values.slice(row * width, (row + 1) * width)));
    }
  });

  it('reads bytes into bytes, and none of the arrays that are not asked for', async () => {
    const path = join(folder, 'two.npz');
    const bytes = npz({
      x: { descr: '|u1', shape: [3, 2], values: [1, 2, 3, 4, 5, 6] },
      z: { descr: '|u1', shape: [2], values: [77, 88] },
    });
    // The other array is damaged; nobody looks at it.
    bytes[bytes.lastIndexOf(Buffer.of(77, 88))]! ^= 1;
    writeFileSync(path, bytes);
    const out = new Uint8Array(4);
    await withNpz(path, (file) => file.numbers('x', [0, 2], out));
    expect([...out]).toEqual([1, 2, 5, 6]);
    await expect(withNpz(path, (file) => content(file, 'z'))).rejects.toMatchObject({
      code: 'MLD_DATA_CHECKSUM',
    });
  });

  it('stops when it is told to', async () => {
    const path = join(folder, 'stop.npz');
    writeFileSync(path, npz({ x: { descr: '|u1', shape: [2], values: [1, 2] } }));
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(withNpz(path, (file) => content(file, 'x'), stop.signal)).rejects.toThrow('enough');
  });
});
