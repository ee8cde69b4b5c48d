/** Decodes many pictures into records of one shape, in threads; keeps them in a file where there is a cache. */
import { createHash } from 'node:crypto';
import { AuditError } from '../../errors.ts';
import { systemReason, unwritable } from '../../files/system-error.ts';
import { elements } from '../dataset.ts';
import { loadSharp } from '../formats/jpeg.ts';
import type { Values } from '../values.ts';
import { findDecoded, writeDecoded } from './decoded-files.ts';
import type { DecodingOptions } from './decoding.ts';
import { CONTROL, type DecodingJob, type Fault } from './decoding-job.ts';
import { runThreads } from './decoding-threads.ts';
import { FIELDS } from './picture-bytes.ts';

/** Where the bytes of a JPEG or PNG are: a file of its own, or a range of an archive on disk or in memory. */
export interface PictureAt {
  /** How errors name it, as `img_align_celeba/000001.jpg`. */
  readonly name: string;
  /** A path, or an archive that is inflated already, shared with the threads that decode. */
  readonly archive: string | SharedArrayBuffer;
  readonly start: number;
  /** Before which its bytes end; the end of the file where it is left out. */
  readonly end?: number;
  /** In a zip a member may be deflated. */
  readonly method?: 'stored' | 'deflate';
}

export interface PictureSet {
  /** Of the data set, for progress, errors and the name in the cache. */
  readonly name: string;
  readonly pictures: readonly PictureAt[];
  /** Channels (1 grey, 3 red, green, blue), height, width of every record. Pictures are made this size by `pictureResizer`. */
  readonly shape: readonly [1 | 3, number, number];
  /** What every picture must have; any size where it is left out. */
  readonly published?: { readonly width: number; readonly height: number };
  /** Digest of the files the pictures come from: the same digest, shape and names are the same pictures. */
  readonly digest: string;
}

export interface DecodedPictures {
  /** `kept.length` records, channels first. */
  readonly values: Values;
  /** Which of the pictures, in ascending order: all of them, but for broken ones that were to be left out. */
  readonly kept: Uint32Array;
}

/** Raised whenever the same compressed bytes become other pixels, by the resizer or otherwise. */
const VERSION = 1;

/**
 * The same pictures whatever the number of threads. In a cache they are found again by digest, shape, names and whether
 * broken ones were left out; there they stay in the file, and nothing of them is held in memory.
 *
 * @throws {AuditError} MLD_DATA_INVALID naming the first picture that cannot be decoded, unless `skipBroken`;
 *   MLD_DATA_UNREADABLE for a file that cannot be read; MLD_IMAGES_MISSING; MLD_OUTPUT_UNWRITABLE for the cache;
 *   MLD_ABORTED
 */
export const decodePictures = async (set: PictureSet, options: DecodingOptions): Promise<DecodedPictures> => {
  const { cache, signal } = options;
  if (signal?.aborted) throw stopped(set);
  const length = elements(set.shape);
  if (cache === undefined) {
    const output = new SharedArrayBuffer(set.pictures.length * length);
    const kept = await decodeTo(output, set, options);
    return { values: closeUp(new Uint8Array(output), kept, length), kept };
  }
  const key = keyOf(set, options);
  const place = { folder: cache, key, length };
  const explain = (error: unknown) => {
    if (signal?.aborted) return stopped(set);
    return unwritable(cache, error, '--store');
  };
  const found = await findDecoded(place, options).catch((error: unknown) => {
    throw explain(error);
  });
  if (found) return found;
  return writeDecoded(place, set, (path) => decodeTo(path, set, options), signal).catch((error: unknown) => {
    throw explain(error);
  });
};

/** The name of the pictures in the cache. */
const keyOf = (
  { digest, shape, published, pictures }: PictureSet,
  { skipBroken = false }: DecodingOptions,
) => {
  const hash = createHash('sha256');
  hash.update(`${JSON.stringify([VERSION, digest, shape, published ?? null, skipBroken])}\n`);
  for (const { name } of pictures) hash.update(`${JSON.stringify(name)}\n`);
  return hash.digest('hex');
};

/** Which of the pictures are good; each is written to the place of its number. */
const decodeTo = async (
  output: SharedArrayBuffer | string,
  set: PictureSet,
  { skipBroken = false, workers, signal, onProgress }: DecodingOptions,
): Promise<Uint32Array> => {
  const { name, pictures, published } = set;
  // Here and not only in the threads: they need what it loads to stay loaded, and here is the place to say it is missing.
  await loadSharp();
  const total = pictures.length;
  const job: DecodingJob = {
    ...{ ...placesOf(pictures), shape: set.shape, skipBroken, output, chunk: chunkOf(elements(set.shape)) },
    ...(published && { published }),
    control: controlOf(total),
  };
  const faults = await runThreads(job, total, {
    ...(workers !== undefined && { workers }),
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: (done: number) => onProgress({ what: `${name}: pictures decoded`, done, total }),
    }),
  });
  if (signal?.aborted) throw stopped(set);
  const last = faults.find(({ kind }) => !(skipBroken && kind === 'broken'));
  if (last) throw errorOf(last, set, output);
  const broken = new Set(faults.map(({ picture }) => picture));
  if (broken.size === total)
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${name}: none of ${total} pictures can be decoded`,
      'Check that these are the right files, and download them again.',
    );
  return Uint32Array.from(pictures.keys()).filter((i) => !broken.has(i));
};

const placesOf = (pictures: readonly PictureAt[]) => {
  const numbers = new Map<string | SharedArrayBuffer, number>();
  const places = new Float64Array(
    new SharedArrayBuffer(FIELDS * pictures.length * Float64Array.BYTES_PER_ELEMENT),
  );
  for (const [i, { archive, start, end = -1, method }] of pictures.entries()) {
    const number = numbers.get(archive) ?? numbers.size;
    numbers.set(archive, number);
    places.set([number, start, end, method === 'deflate' ? 1 : 0], FIELDS * i);
  }
  return { places, archives: [...numbers.keys()] };
};

const controlOf = (pictures: number): Int32Array => {
  const bytes = Object.keys(CONTROL).length * Int32Array.BYTES_PER_ELEMENT;
  const control = new Int32Array(new SharedArrayBuffer(bytes));
  control[CONTROL.end] = pictures;
  return control;
};

/** Enough for one write, and few enough that all threads end at about the same time. */
const chunkOf = (length: number): number => Math.min(64, Math.max(1, Math.floor(2 ** 20 / length)));

const stopped = ({ name }: PictureSet) =>
  new AuditError('MLD_ABORTED', `${name}: stopped while pictures were decoded`, 'Run it again.');

const errorOf = ({ picture, kind, what, code }: Fault, { name, pictures }: PictureSet, output: unknown) => {
  const cause = Object.assign(new Error(code), { code });
  if (kind === 'unwritable') return unwritable(String(output), cause, '--store');
  const { name: file } = pictures[picture] as PictureAt;
  if (kind === 'unreadable')
    return new AuditError(
      'MLD_DATA_UNREADABLE',
      `${file}: cannot be read: ${systemReason(cause)}`,
      'Check the path and the permissions of the file.',
      { cause },
    );
  return new AuditError(
    'MLD_DATA_INVALID',
    `${file} (picture ${picture + 1} of ${pictures.length} of '${name}'): ${what}`,
    'Copy or download it again.',
  );
};

/** The kept records moved together, in place. */
const closeUp = (values: Uint8Array, kept: Uint32Array, length: number): Uint8Array => {
  for (const [to, from] of kept.entries())
    if (to !== from) values.copyWithin(to * length, from * length, (from + 1) * length);
  return values.subarray(0, kept.length * length);
};
