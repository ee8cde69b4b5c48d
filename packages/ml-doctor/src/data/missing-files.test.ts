import { expect, it } from 'vitest';
import type { CatalogEntry, DataForm } from './catalog/entry.ts';
import type { FoundForm } from './find-files.ts';
import { missingFiles, sizeOf } from './missing-files.ts';

const form = (title: string, files: number, more: object = {}): DataForm => ({
  title,
  files: Array.from({ length: files }, (_, i) => ({
    name: `set/${title}-${i}`,
    inflatedBytes: 1,
    ...more,
  })),
  read: () => expect.unreachable(),
});
/** The form with its first `there` files found. */
const found = (one: DataForm, there: number): FoundForm => ({
  form: one,
  at: one.files.map((file, i) => (i < there ? file.name : undefined)),
  missing: one.files.slice(there),
});
const entry = (...forms: [DataForm, ...DataForm[]]) =>
  ({ id: 'set', bundled: false, source: 'https://source', forms }) as unknown as CatalogEntry;

it('speaks of the form that is nearest to whole, the first of equals', () => {
  const [a, b, c] = [form('a', 6), form('b', 2), form('c', 10)];
  const { message } = missingFiles(entry(a, b, c), [found(a, 2), found(b, 1), found(c, 5)], '/data');
  expect(message).toBe(
    "data set 'set' is not part of the package; 1 of the 2 files of 'b' are in /data; missing: set/b-1",
  );
});

it('says how large files are, names the first eight, and tells folders', () => {
  const large = form('a', 10, { bytes: 1536 });
  expect(missingFiles(entry(large), [found(large, 0)], '/data').message).toMatch(
    /missing: set\/a-0 \(1\.5 KiB\), .*set\/a-7 \(1\.5 KiB\) and 2 more$/,
  );
  const folder = form('a', 1, { folder: true });
  expect(missingFiles(entry(folder), [found(folder, 0)], '/data').message).toMatch(/set\/a-0 \(a folder\)$/);
});

it('names the digest of one file, md5 where there is no other, and the command where there is one', () => {
  const one = form('a', 1, { md5: 'abc', url: 'https://x' });
  const { hint } = missingFiles(entry(one), [found(one, 0)], undefined);
  expect(hint).toBe(
    'Run `ml-doctor data fetch set`, or put the file there, from https://source (md5 abc), and name the folder with --data-dir DIR or ML_DOCTOR_DATA.',
  );
  // A form of which one file is not offered cannot be fetched.
  const half: DataForm = { ...one, files: [...one.files, { name: 'set/b', inflatedBytes: 1 }] };
  expect(missingFiles(entry(half), [found(half, 0)], undefined).hint).toMatch(/^Put the files there, from/);
});

it('adds sizes up, where all are known', () => {
  expect(sizeOf(form('a', 3, { bytes: 5 }).files)).toBe(15);
  expect(sizeOf([...form('a', 3, { bytes: 5 }).files, { name: 'x', inflatedBytes: 1 }])).toBeUndefined();
});
