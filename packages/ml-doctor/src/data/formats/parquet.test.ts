import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test/data/tables.ts';
import { AuditError } from '../../errors.ts';
import { openParquet } from './parquet.ts';

const { file } = scratch();
/** Written by pandas and pyarrow: tools/golden/parquet-tables.py. */
const golden: { readonly files: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL('../../../test/golden/parquet-tables.json', import.meta.url), 'utf8'),
);
const bytesOf = (name: string) => Buffer.from(golden.files[name] as string, 'base64');

const readAll = async (content: Uint8Array) => {
  const parquetFile = await openParquet(file(content, '.parquet'));
  const columns: Record<string, unknown[]> = {};
  for (const [index, name] of parquetFile.columns.entries()) {
    const cells: unknown[] = [];
    await parquetFile.readColumn(index, (start, piece) => {
      expect(start).toBe(cells.length);
      cells.push(...piece);
    });
    columns[name] = cells;
  }
  return { rows: parquetFile.rows, columns };
};

const upTo12 = <T>(value: (i: number) => T): T[] => Array.from({ length: 12 }, (_, i) => value(i));
const TABLE = {
  i8: upTo12((i) => i - 3),
  i64: upTo12((i) => i * 1e12),
  u32: upTo12((i) => i + 4294967280),
  f4: upTo12((i) => i / 4),
  f8: upTo12((i) => i / 3),
  flag: upTo12((i) => i % 3 === 0),
  city: upTo12((i) => ['Oslo', 'Graz', 'Bern'][i % 3]),
  gap: upTo12((i) => (i % 4 === 1 ? null : `t${i % 2}`)),
  label: upTo12((i) => i % 2),
};

describe('openParquet', () => {
  it.each([
    'snappy',
    'gzip',
    'brotli',
    'zstd',
    'lz4',
    'none',
    'pages 2',
    'no dictionary',
    'row groups',
    'byte stream split',
  ])('reads what pyarrow wrote: %s', async (name) => {
    expect(await readAll(bytesOf(name))).toEqual({ rows: 12, columns: TABLE });
  });

  it.each(['vectors', 'vectors, pages 2'])('reads lists as pyarrow wrote them: %s', async (name) => {
    const { columns } = await readAll(bytesOf(name));
    expect(columns).toEqual({
      posteriors: upTo12((i) => [Math.fround((i + 1) / 20), Math.fround(1 - (i + 1) / 20)]),
      fixed: upTo12((i) => [i, 0 - i, 2 * i]),
      label: upTo12((i) => i % 2),
      member: upTo12((i) => i < 6),
    });
  });

  it('reads whole numbers beyond 2^53 as text, so that identifiers stay what they are', async () => {
    const content = parquetWriteBuffer({
      columnData: [{ name: 'id', data: [2n ** 53n + 1n, 5n], type: 'INT64' }],
    });
    expect((await readAll(new Uint8Array(content))).columns).toEqual({ id: ['9007199254740993', 5] });
  });

  it('refuses strings as differences, whose size in memory is anybody’s guess', async () => {
    await expect(readAll(bytesOf('delta strings'))).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(/column 'city' of row group 0 .* encoding 7/),
    });
  });

  it.each([
    [
      'maps',
      [
        { name: 'm', num_children: 1, converted_type: 'MAP' },
        { name: 'kv', repetition_type: 'REPEATED', num_children: 2 },
        { name: 'key', type: 'INT32' },
        { name: 'value', type: 'INT32' },
      ],
      [new Map()],
    ],
    [
      'structures',
      [
        { name: 's', num_children: 2 },
        { name: 'a', type: 'INT32' },
        { name: 'b', type: 'INT32' },
      ],
      [{ a: 1, b: 2 }],
    ],
    ['JSON', [{ name: 'j', type: 'BYTE_ARRAY', converted_type: 'JSON' }], [{ a: 1 }]],
  ])('refuses %s', async (_, schema, data) => {
    const written = parquetWriteBuffer({
      columnData: [{ name: (schema[0] as { name: string }).name, data: data as never }],
      schema: [
        { name: 'root', num_children: 1 },
        ...schema.map((each) => ({ repetition_type: 'REQUIRED', ...each })),
      ] as never,
    });
    await expect(readAll(new Uint8Array(written))).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(/nested|no numbers and no texts/),
    });
  });

  it('finds every file that is cut short', async () => {
    const whole = bytesOf('snappy');
    for (let length = 0; length < whole.length; length += 97)
      await expect(readAll(whole.subarray(0, length))).rejects.toMatchObject({
        code: length < 4 ? 'MLD_DATA_MAGIC' : 'MLD_DATA_TRUNCATED',
      });
  });

  it('takes no count or size in a damaged file on trust', async () => {
    const names = Object.keys(golden.files);
    const damage = fc.tuple(
      fc.constantFrom(...names),
      fc.array(
        fc.tuple(
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          fc.boolean(),
          fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x55),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    );
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(damage, async ([name, changes]) => {
        const bytes = bytesOf(name);
        const footer = bytes.readUInt32LE(bytes.length - 8);
        for (const [where, inFooter, value] of changes)
          bytes[inFooter ? bytes.length - 8 - Math.ceil(where * footer) : Math.floor(where * bytes.length)] =
            value;
        const error = await readAll(bytes).then(
          () => undefined,
          (caught: unknown) => caught,
        );
        if (error === undefined) return;
        expect(error).toBeInstanceOf(AuditError);
        refused++;
      }),
      { numRuns: 150 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('refuses a page of runs that stand for more values than it has', async () => {
    const data = [...Array.from({ length: 64 }, () => 'same'), null];
    const bytes = Buffer.from(
      parquetWriteBuffer({ columnData: [{ name: 'c', data }], codec: 'UNCOMPRESSED' }),
    );
    // Each run of equal values has its length, doubled, before it: the largest of two bytes in place of 64.
    let changed = 0;
    for (let at = 4; at < bytes.length - bytes.readUInt32LE(bytes.length - 8) - 8; at++)
      if (bytes[at] === 0x80 && bytes[at + 1] === 0x01) {
        bytes[at] = 0xfe;
        bytes[at + 1] = 0x7f;
        changed++;
      }
    expect(changed).toBeGreaterThan(0);
    await expect(readAll(bytes)).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(/a run of 8191 in a page of 65 values/),
    });
  });
});
