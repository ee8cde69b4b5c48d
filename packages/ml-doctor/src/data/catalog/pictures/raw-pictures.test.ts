/** MNIST, CIFAR-10, CIFAR-100 and STL-10 from a handful of records in exactly the official layouts, whole and damaged. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../dataset.ts';
import { findForms, wholeForm } from '../../find-files.ts';
import type { CatalogEntry, ReadOptions } from '../entry.ts';
import { cifar10, cifar10Of } from './cifar10.ts';
import { cifar100, cifar100Of } from './cifar100.ts';
import { mnist, mnistOf } from './mnist.ts';
import { stl10, stl10Of } from './stl10.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-pictures-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Files = Readonly<Record<string, Uint8Array>>;

const write = (files: Files, below = '') => {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, below, name)), { recursive: true });
    writeFileSync(join(folder, below, name), bytes);
  }
};

/** Packed by the system's tar, in the order given; what is packed is not left unpacked. */
const pack = (archive: string, files: Files) => {
  write(files, 'packed');
  mkdirSync(dirname(join(folder, archive)), { recursive: true });
  const members = Object.keys(files);
  execFileSync('tar', ['-czf', join(folder, archive), '-C', join(folder, 'packed'), ...members]);
  rmSync(join(folder, 'packed'), { recursive: true });
};

const read = async (entry: CatalogEntry, options: Partial<ReadOptions> = {}): Promise<Dataset> => {
  const whole = wholeForm(await findForms(entry, folder));
  if (!whole) throw new Error('no form of it is there');
  return whole.form.read(whole.at, { name: entry.id, ...options });
};

const fault = (code: string, message: RegExp) =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/\w/),
  });

/** Bytes that differ from record to record and from place to place. */
const noise = (record: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => Math.imul((i + 1) * 31 + (record + 1) * 7919, 2_654_435_761) >>> 24);

describe('mnist', () => {
  const tiny = mnistOf({ train: 3, test: 2, digests: {} });
  const idx = (magic: number, shape: readonly number[], content: Uint8Array) => {
    const head = Buffer.alloc(4 + 4 * shape.length);
    head.writeUInt32BE(magic);
    shape.forEach((size, axis) => {
      head.writeUInt32BE(size, 4 + 4 * axis);
    });
    return gzipSync(Buffer.concat([head, content]));
  };
  const images = (first: number, count: number) =>
    idx(
      0x803,
      [count, 28, 28],
      Buffer.concat(Array.from({ length: count }, (_, i) => noise(first + i, 784))),
    );
  const labels = (...of: number[]) => idx(0x801, [of.length], Uint8Array.from(of));
  const files: Files = {
    'train-images-idx3-ubyte.gz': images(0, 3),
    'train-labels-idx1-ubyte.gz': labels(5, 0, 4),
    't10k-images-idx3-ubyte.gz': images(3, 2),
    't10k-labels-idx1-ubyte.gz': labels(7, 2),
  };

  it.each(['mnist', 'MNIST/raw'])('reads the official names in %s', async (below) => {
    write(files, below);
    const { id, recordShape, x, y, classes } = await read(tiny);
    expect([id, recordShape, [...y], classes[7]]).toEqual(['mnist', [1, 28, 28], [5, 0, 4, 7, 2], '7']);
    expect(Buffer.from(x as Uint8Array)).toEqual(
      Buffer.concat([0, 1, 2, 3, 4].map((record) => noise(record, 784))),
    );
  });

  it('gives half the pixels a side as the mean of 2×2', async () => {
    write(files, 'mnist');
    const { recordShape, x } = await read(tiny, { pixels: 14, name: 'mnist@14' });
    expect(recordShape).toEqual([1, 14, 14]);
    const whole = noise(4, 784);
    const mean = (row: number, column: number) =>
      [0, 1, 28, 29].reduce((sum, at) => sum + whole[56 * row + 2 * column + at]! / 4, 0);
    const last = x.subarray(4 * 196, 5 * 196);
    expect(Array.from(last)).toEqual(
      Array.from({ length: 196 }, (_, i) => Math.round(mean(Math.floor(i / 14), i % 14))),
    );
  });

  it('refuses another number of records, and labels in the place of images', async () => {
    write({ ...files, 't10k-labels-idx1-ubyte.gz': labels(7) }, 'mnist');
    await expect(read(tiny)).rejects.toEqual(
      fault('MLD_DATA_INVALID', /t10k-labels.*shape \[1\], expected bytes of shape \[2\]/),
    );
    write({ ...files, 'train-images-idx3-ubyte.gz': labels(5, 0, 4) }, 'mnist');
    await expect(read(tiny)).rejects.toEqual(
      fault('MLD_DATA_INVALID', /train-images.*shape \[3\], expected bytes of shape \[3,28,28\]/),
    );
  });

  it('refuses files in the right layout that are not the published ones', async () => {
    const digests = { 't10k-labels-idx1-ubyte.gz': { sha256: '0'.repeat(64) } };
    write(files, 'mnist');
    await expect(read(mnistOf({ train: 3, test: 2, digests }))).rejects.toEqual(
      fault('MLD_DATA_CHECKSUM', /t10k-labels/),
    );
  });
});

describe('cifar10', () => {
  const tiny = cifar10Of({ perFile: 2, files: {} });
  const names = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`).concat('test_batch.bin');
  const record = (i: number) => Buffer.concat([Uint8Array.of((3 * i) % 10), noise(i, 3072)]);
  const files: Files = Object.fromEntries(
    names.map((name, i) => [
      `cifar-10-batches-bin/${name}`,
      Buffer.concat([record(2 * i), record(2 * i + 1)]),
    ]),
  );
  const wanted = Buffer.concat(Array.from({ length: 12 }, (_, i) => noise(i, 3072)));

  it.each<[string, () => void]>([
    [
      'the archive, whatever the order in it',
      () =>
        pack('cifar10/cifar-10-binary.tar.gz', {
          'cifar-10-batches-bin/batches.meta.txt': Buffer.from('airplane\n'),
          ...Object.fromEntries(Object.entries(files).reverse()),
        }),
    ],
    ['the unpacked folder', () => write(files, 'cifar10')],
    ['the unpacked folder at the top', () => write(files)],
  ])('reads %s', async (_, prepare) => {
    prepare();
    const { x, y, recordShape, classes, normalisation } = await read(tiny);
    expect([recordShape, classes.length]).toEqual([[3, 32, 32], 10]);
    // Of red, green and blue, as everybody has them.
    expect(normalisation).toEqual({
      ...{ scale: 1 / 255, mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] },
    });
    expect([...y]).toEqual(Array.from({ length: 12 }, (_, i) => (3 * i) % 10));
    expect(Buffer.from(x as Uint8Array)).toEqual(wanted);
  });

  it('refuses an archive that lacks a file, one cut short, one file cut short, one too long', async () => {
    const { 'cifar-10-batches-bin/data_batch_3.bin': third, ...others } = files;
    pack('cifar10/cifar-10-binary.tar.gz', others);
    await expect(read(tiny)).rejects.toEqual(fault('MLD_DATA_INVALID', /no file '.*data_batch_3\.bin'/));
    pack('cifar10/cifar-10-binary.tar.gz', {
      ...others,
      'cifar-10-batches-bin/data_batch_3.bin': third!.subarray(0, 6000),
    });
    await expect(read(tiny)).rejects.toEqual(
      fault('MLD_DATA_TRUNCATED', /data_batch_3\.bin: cut short, 6000 bytes where 2 records of 3073/),
    );
    pack('cifar10/cifar-10-binary.tar.gz', {
      ...others,
      'cifar-10-batches-bin/data_batch_3.bin': Buffer.concat([third!, record(0)]),
    });
    await expect(read(tiny)).rejects.toEqual(fault('MLD_DATA_INVALID', /more than the 2 records/));
    rmSync(join(folder, 'cifar10'), { recursive: true });
    write({ ...files, 'cifar-10-batches-bin/test_batch.bin': record(10) });
    await expect(read(tiny)).rejects.toEqual(fault('MLD_DATA_TRUNCATED', /test_batch\.bin: cut short, 3073/));
  });

  it('refuses another archive, and a class there is not', async () => {
    pack('cifar10/cifar-10-binary.tar.gz', files);
    const known = cifar10Of({ perFile: 2, files: {}, sha256: 'f'.repeat(64) });
    await expect(read(known)).rejects.toEqual(fault('MLD_DATA_CHECKSUM', /cifar-10-binary\.tar\.gz/));
    const strange = Buffer.from(files['cifar-10-batches-bin/test_batch.bin']!).fill(10, 0, 1);
    pack('cifar10/cifar-10-binary.tar.gz', { ...files, 'cifar-10-batches-bin/test_batch.bin': strange });
    await expect(read(tiny)).rejects.toEqual(fault('MLD_DATA_INVALID', /record 10 has label 10/));
  });
});

describe('cifar100', () => {
  const tiny = cifar100Of({ train: 3, test: 2, files: {} });
  const record = (i: number) => Buffer.concat([Uint8Array.of(19 - i, 99 - i), noise(i, 3072)]);
  const files: Files = {
    'cifar-100-binary/train.bin': Buffer.concat([record(0), record(1), record(2)]),
    'cifar-100-binary/test.bin': Buffer.concat([record(3), record(4)]),
    'cifar-100-binary/fine_label_names.txt': Buffer.from('apple\n'),
  };

  it.each<[string, () => void]>([
    ['the archive', () => pack('cifar100/cifar-100-binary.tar.gz', files)],
    ['the unpacked folder', () => write(files, 'cifar100')],
  ])('reads the fine class as the label and the coarse one as an attribute from %s', async (_, prepare) => {
    prepare();
    const { x, y, classes, attributes } = await read(tiny);
    expect([...y]).toEqual([99, 98, 97, 96, 95]);
    expect([...attributes!.superclass!.values]).toEqual([19, 18, 17, 16, 15]);
    expect([classes[0], classes[99], attributes!.superclass!.categories![14]]).toEqual([
      ...['apple', 'worm', 'people'],
    ]);
    expect(Buffer.from(x as Uint8Array)).toEqual(Buffer.concat([0, 1, 2, 3, 4].map((i) => noise(i, 3072))));
  });

  it('refuses a file of CIFAR-10 in its place', async () => {
    write({ ...files, 'cifar-100-binary/train.bin': new Uint8Array(3 * 3073) });
    await expect(read(tiny)).rejects.toEqual(fault('MLD_DATA_TRUNCATED', /train\.bin/));
  });
});

describe('stl10', () => {
  const tiny = stl10Of({ train: 2, test: 1, unlabelled: 2, md5: {} });
  /** Of a picture at a channel, row and column, as torchvision reads it out of this layout. */
  const value = (i: number, channel: number, row: number, column: number) =>
    (3 * row + 5 * column + 7 * channel + 11 * i) % 256;
  /** Column after column. */
  const inFile = (i: number) =>
    Uint8Array.from({ length: 3 * 96 * 96 }, (_, at) =>
      value(i, Math.floor(at / 9216), at % 96, Math.floor((at % 9216) / 96)),
    );
  const files: Files = {
    'stl10_binary/test_X.bin': inFile(2),
    'stl10_binary/test_y.bin': Uint8Array.of(10),
    'stl10_binary/train_X.bin': Buffer.concat([inFile(0), inFile(1)]),
    'stl10_binary/train_y.bin': Uint8Array.of(1, 6),
    'stl10_binary/unlabeled_X.bin': new Uint8Array(2 * 27_648),
    'stl10_binary/class_names.txt': Buffer.from('airplane\n'),
  };
  const forms: readonly [string, () => void][] = [
    ['the archive', () => pack('stl10/stl10_binary.tar.gz', files)],
    ['the unpacked folder', () => write(files, 'stl10')],
    ["torchvision's folder", () => write(files)],
  ];

  it.each(forms)('reads %s, rows as rows and classes from 0', async (_, prepare) => {
    prepare();
    const { x, y, recordShape, classes } = await read(tiny, { pixels: 96, name: 'stl10@96' });
    expect([recordShape, [...y], classes[9]]).toEqual([[3, 96, 96], [0, 5, 9], 'truck']);
    for (const [i, channel, row, column] of [
      [0, 0, 0, 1],
      [0, 2, 95, 3],
      [1, 1, 10, 20],
      [2, 0, 50, 0],
      [2, 2, 7, 95],
    ] as const)
      expect(x.subarray(((3 * i + channel) * 96 + row) * 96 + column, x.length)[0]).toBe(
        value(i, channel, row, column),
      );
  });

  it('is 32 pixels a side unless asked for others: the mean of 3×3', async () => {
    write(files, 'stl10');
    const { x, recordShape } = await read(tiny);
    expect(recordShape).toEqual([3, 32, 32]);
    const mean = (i: number, channel: number, row: number, column: number) => {
      let sum = 0;
      for (let r = 0; r < 3; r++)
        for (let c = 0; c < 3; c++) sum += value(i, channel, 3 * row + r, 3 * column + c);
      return Math.round(sum / 9);
    };
    const found = x.subarray(0, x.length);
    for (const [i, channel, row, column] of [
      [0, 0, 0, 1],
      [1, 2, 31, 5],
      [2, 1, 9, 30],
    ] as const)
      expect(found[((3 * i + channel) * 32 + row) * 32 + column]).toBe(mean(i, channel, row, column));
  });

  it('refuses a class 0, a missing label, and other files than the published ones', async () => {
    write({ ...files, 'stl10_binary/train_y.bin': Uint8Array.of(1, 0) });
    await expect(read(tiny)).rejects.toEqual(
      fault('MLD_DATA_INVALID', /train_y\.bin: label 0 of record 1 is none of 1 to 10/),
    );
    write({ 'stl10_binary/train_y.bin': Uint8Array.of(1) });
    await expect(read(tiny)).rejects.toEqual(fault('MLD_DATA_TRUNCATED', /train_y\.bin/));
    write(files);
    const known = stl10Of({ train: 2, test: 1, unlabelled: 2, md5: { 'test_X.bin': 'a'.repeat(32) } });
    await expect(read(known)).rejects.toEqual(fault('MLD_DATA_CHECKSUM', /test_X\.bin: md5 is/));
  });
});

it('has the sizes and parts that the publishers state', () => {
  const facts = [mnist, cifar10, cifar100, stl10].map(({ size, parts }) => [size, parts]);
  expect(facts).toEqual([
    [70_000, { train: [0, 60_000], test: [60_000, 70_000] }],
    [60_000, { train: [0, 50_000], test: [50_000, 60_000] }],
    [60_000, { train: [0, 50_000], test: [50_000, 60_000] }],
    [13_000, { train: [0, 5000], test: [5000, 13_000] }],
  ]);
});
