import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inMemory } from '../values.ts';
import { type OwnDataChoice, readOwnData } from './own-data.ts';

let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'ml-doctor-pictures-'));
});
afterAll(() => rmSync(base, { recursive: true }));

const save = (name: string, bytes: Uint8Array | string) => {
  mkdirSync(dirname(join(base, name)), { recursive: true });
  writeFileSync(join(base, name), bytes);
  return name;
};
const read = (choice: Pick<OwnDataChoice, 'members' | 'nonMembers'> & Partial<OwnDataChoice>) =>
  readOwnData({ sample: 100, ...choice }, { seed: 1, base });
const refusal = (choice: Parameters<typeof read>[0]) =>
  read(choice).then(
    () => undefined,
    (error: unknown) => error,
  );

const idx = (type: number, shape: readonly number[], bytes: readonly number[]) => {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, type, shape.length]);
  shape.forEach((size, i) => {
    head.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([head, Buffer.from(bytes)]);
};

describe('readOwnData of IDX and CIFAR files', () => {
  const pixels = Array.from({ length: 18 }, (_, i) => 3 * i);
  it('reads IDX pictures with the labels beside them, packed or not', async () => {
    save('m/train-images-idx3-ubyte.gz', gzipSync(idx(8, [3, 2, 3], pixels)));
    save('m/train-labels-idx1-ubyte', idx(8, [3], [2, 0, 1]));
    save('m/t10k-images.idx', idx(8, [1, 2, 3], [9, 9, 9, 9, 9, 9]));
    save('m/t10k-labels.idx.gz', gzipSync(idx(8, [1], [4])));
    const { data, sides } = await read({
      members: 'm/train-images-idx3-ubyte.gz',
      nonMembers: 'm/t10k-images.idx',
    });
    expect(sides.members.format).toBe('idx');
    expect(data.recordShape).toEqual([1, 2, 3]);
    expect([...inMemory(data.x)]).toEqual([...pixels, 9, 9, 9, 9, 9, 9]);
    expect([...data.y]).toEqual([2, 0, 1, 4]);
    expect(data.classes).toHaveLength(5);
  });

  it.each<[string, Buffer, Buffer | undefined, string]>([
    ['no labels beside it', idx(8, [1, 1, 1], [1]), undefined, 'MLD_DATA_UNREADABLE'],
    ['other labels beside it', idx(8, [2, 1, 1], [1, 2]), idx(8, [3], [1, 2, 3]), 'MLD_DATA_INVALID'],
    ['labels of two axes', idx(8, [1, 1, 1], [1]), idx(8, [1, 1], [1]), 'MLD_DATA_INVALID'],
    ['fewer bytes', idx(8, [2, 1, 1], [1]), idx(8, [2], [1, 2]), 'MLD_DATA_TRUNCATED'],
    ['more bytes', idx(8, [1, 1, 1], [1, 2]), idx(8, [1], [1]), 'MLD_DATA_INVALID'],
    ['half a header', Buffer.of(0, 0, 8, 3, 0), idx(8, [1], [1]), 'MLD_DATA_TRUNCATED'],
    ['another magic', Buffer.from('<html>'), idx(8, [1], [1]), 'MLD_DATA_MAGIC'],
    ['no records', idx(8, [0, 1, 1], []), idx(8, [0], []), 'MLD_DATA_INVALID'],
    [
      'a shape of 2^96',
      Buffer.concat([Buffer.of(0, 0, 8, 3), Buffer.alloc(12, 255)]),
      idx(8, [1], [1]),
      'MLD_DATA_TRUNCATED',
    ],
    [
      'half a gzip stream',
      gzipSync(idx(8, [1, 1, 1], [1])).subarray(0, 24),
      idx(8, [1], [1]),
      'MLD_DATA_TRUNCATED',
    ],
    [
      'a wrong checksum',
      (() => {
        const z = gzipSync(idx(8, [1, 1, 1], [1]));
        z[z.length - 5]! ^= 1;
        return z;
      })(),
      idx(8, [1], [1]),
      'MLD_DATA_CHECKSUM',
    ],
    ['half a label', idx(8, [1, 1, 1], [1]), gzipSync(idx(12, [1], [0, 0, 1])), 'MLD_DATA_TRUNCATED'],
  ])('refuses IDX with %s', async (name, images, labels, code) => {
    const folder = name.replaceAll(' ', '-');
    const members = save(`${folder}/x-images-idx3-ubyte`, images);
    if (labels) save(`${folder}/x-labels-idx1-ubyte`, labels);
    expect(await refusal({ members, nonMembers: members })).toMatchObject({
      code,
      hint: expect.stringMatching(/\w/),
    });
  });

  const cifar = (labels: readonly (readonly number[])[]) =>
    Buffer.concat(labels.flatMap((label, i) => [Buffer.from(label), Buffer.alloc(3072, 10 + i)]));
  it('tells CIFAR-10 and CIFAR-100 apart', async () => {
    save('ten.bin', cifar([[3], [7], [1]]));
    save('ten.bin.gz', gzipSync(cifar([[2]])));
    const ten = (await read({ members: 'ten.bin', nonMembers: 'ten.bin.gz' })).data;
    expect([...ten.y]).toEqual([3, 7, 1, 2]);
    expect(ten.classes).toHaveLength(10);
    expect(ten.recordShape).toEqual([3, 32, 32]);
    expect([0, 3072, 6144, 9216].map((at) => [inMemory(ten.x)[at], inMemory(ten.x)[at + 3071]])).toEqual([
      [10, 10],
      [11, 11],
      [12, 12],
      [10, 10],
    ]);
    save(
      'hundred.bin',
      cifar([
        [1, 50],
        [2, 60],
      ]),
    );
    const same = { members: 'hundred.bin', nonMembers: 'hundred.bin' };
    const fine = (await read({ ...same, attributes: ['coarse'] })).data;
    expect([...fine.y]).toEqual([50, 60, 50, 60]);
    expect(fine.classes).toHaveLength(100);
    expect(fine.attributes!.coarse!.categories).toEqual(['1', '2']);
    expect([...(await read({ ...same, label: 'coarse' })).data.y]).toEqual([1, 2, 1, 2]);
    expect(await refusal({ ...same, label: 'colour' })).toMatchObject({ code: 'MLD_DATA_INVALID' });
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(3072),
      cifar([[1]]).subarray(1),
      gzipSync(Buffer.alloc(3000)),
    ])
      expect(await refusal({ members: save('odd.bin', bytes), nonMembers: 'ten.bin' })).toMatchObject({
        code: 'MLD_DATA_TRUNCATED',
      });
  });
});

const sharp = await import('sharp').then(
  (module) => module.default,
  () => undefined,
);
if (!sharp) console.warn('skipped: the optional package sharp is not installed');

describe.skipIf(!sharp)('readOwnData of folders of pictures', () => {
  const png = (value: (i: number) => number, width = 4, height = 3, channels: 1 | 3 | 4 = 3) =>
    sharp!(
      Uint8Array.from({ length: width * height * channels }, (_, i) => value(i)),
      { raw: { width, height, channels } },
    )
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .png()
      .toBuffer();

  it('reads classes from the names of subfolders, pixels channel by channel', async () => {
    save('p/dog/b.png', await png((i) => i));
    save('p/dog/a.PNG', await png((i) => 100 + i));
    save(
      'p/cat/z.jpg',
      await sharp!({ create: { width: 4, height: 3, channels: 3, background: '#ff0000' } })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer(),
    );
    save('p/.hidden/a.png', 'no picture');
    save('p/dog/.DS_Store', 'no picture');
    save('p/dog/notes.txt', 'no picture');
    save('p/README.png', 'no picture');
    save('outside/secret.png', await png(() => 7));
    symlinkSync(join(base, 'outside'), join(base, 'p/leak'));
    symlinkSync(join(base, 'outside/secret.png'), join(base, 'p/cat/link.png'));
    const { data, sides, notes } = await read({ members: 'p', nonMembers: './p' });
    expect(sides.members).toEqual({ path: join(base, 'p'), format: 'pictures', records: 3 });
    expect(data.classes).toEqual(['cat', 'dog']);
    expect([...data.y]).toEqual([0, 1, 1, 0, 1, 1]);
    expect(data.recordShape).toEqual([3, 3, 4]);
    const plane = (record: number, c: number) => [
      ...data.x.subarray((record * 3 + c) * 12, (record * 3 + c + 1) * 12),
    ];
    for (const c of [0, 1, 2]) {
      expect(plane(1, c)).toEqual(Array.from({ length: 12 }, (_, i) => 100 + 3 * i + c));
      expect(plane(2, c)).toEqual(Array.from({ length: 12 }, (_, i) => 3 * i + c));
      for (const value of plane(0, c)) expect(Math.abs(value - (c === 0 ? 255 : 0))).toBeLessThan(3);
    }
    expect(notes.join()).toMatch(/2 links that lead out/);
  });

  it('keeps grey pictures grey, and drops transparency', async () => {
    save('grey/1/a.png', await png((i) => 10 * i, 4, 3, 1));
    save('grey/0/a.png', await png((i) => 5 * i, 4, 3, 1));
    const { data } = await read({ members: 'grey', nonMembers: 'grey' });
    expect(data.recordShape).toEqual([1, 3, 4]);
    expect([...data.x.subarray(0, 24)]).toEqual([
      ...Array.from({ length: 12 }, (_, i) => 5 * i),
      ...Array.from({ length: 12 }, (_, i) => 10 * i),
    ]);
    save('clear/0/a.png', await png((i) => (i % 4 === 3 ? 128 : i), 4, 3, 4));
    const clear = (await read({ members: 'clear', nonMembers: 'clear' })).data;
    expect([...clear.x.subarray(0, 12)]).toEqual(Array.from({ length: 12 }, (_, i) => 4 * i));
  });

  it('names the first picture that is of another size, or broken', async () => {
    save('q/0/a.png', await png((i) => i));
    save('q/0/b.png', await png((i) => i, 3, 4));
    expect(await refusal({ members: 'q', nonMembers: 'q' })).toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(/b\.png: a picture of 3×4 pixels/),
    });
    for (const bytes of ['<svg width="4" height="3"/>', '', (await png((i) => i)).subarray(0, 60)]) {
      save('q/0/b.png', bytes);
      expect(await refusal({ members: 'q', nonMembers: 'q' })).toMatchObject({
        code: 'MLD_DATA_INVALID',
        message: expect.stringContaining('b.png'),
      });
    }
    mkdirSync(join(base, 'none/0'), { recursive: true });
    expect(await refusal({ members: 'none', nonMembers: 'q' })).toMatchObject({ code: 'MLD_DATA_INVALID' });
    expect(await refusal({ members: 'p', nonMembers: 'p', attributes: ['age'] })).toMatchObject({
      code: 'MLD_DATA_INVALID',
    });
  });
});
