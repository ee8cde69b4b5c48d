/**
 * Decoded pictures in a folder: `KEY.bin` holds the records end to end, `KEY.json` says what they are and comes last, so
 * that its presence means that both are whole. Both can hold training data, and are readable by their owner alone.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolders, syncFolder, writeFileAtomically } from '../../files/atomic-write.ts';
import { sweepTemporaries, temporaryPath } from '../../files/temporaries.ts';
import type { DecodedPictures, PictureSet } from './decode-pictures.ts';
import type { DecodingOptions } from './decoding.ts';
import { filedBytes } from './filed-bytes.ts';

const SCHEMA = 'ml-doctor/pictures@1';

const note = z.object({
  schema: z.literal(SCHEMA),
  /** Of the data set they were decoded for. */
  name: z.string(),
  shape: z.array(z.int().min(1)).length(3),
  /** Records in the file. */
  count: z.int().min(1),
  /** Numbers of the pictures that are no record, as they are broken. */
  leftOut: z.array(z.int().min(0)),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What is known of decoded pictures besides their bytes. */
export type DecodedNote = Readonly<z.infer<typeof note>>;

export interface DecodedPlace {
  readonly folder: string;
  readonly key: string;
  /** Bytes of a record. */
  readonly length: number;
}

const BLOCK = 2 ** 22;

const fileOf = (folder: string, key: string, kind: 'bin' | 'json') => join(folder, `${key}.${kind}`);

/** Undefined where they are not there, or not whole. Throws the signal's reason. */
export const findDecoded = async (
  { folder, key, length }: DecodedPlace,
  { checkCache = false, signal }: DecodingOptions,
): Promise<DecodedPictures | undefined> => {
  const known = await readNote(fileOf(folder, key, 'json'));
  if (known === undefined) return undefined;
  const { count, leftOut, sha256 } = known;
  const path = fileOf(folder, key, 'bin');
  const found = await stat(path).catch(() => undefined);
  if (found?.size !== count * length) return undefined;
  if (checkCache && (await sha256OfFile(path, signal)) !== sha256) return undefined;
  return { values: filedBytes(path, count * length, sha256), kept: keptOf(count, leftOut) };
};

/** Undefined for a note that is not there, or not one of ours. */
export const readNote = async (path: string): Promise<DecodedNote | undefined> => {
  try {
    return note.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
};

const keptOf = (count: number, leftOut: readonly number[]): Uint32Array => {
  const missing = new Set(leftOut);
  return Uint32Array.from({ length: count + leftOut.length }, (_, i) => i).filter((i) => !missing.has(i));
};

/**
 * Has them decoded into a file beside the one they are meant for. Of several processes that do so at a time each writes
 * its own, and the last one's stays, which holds the same. First removes what killed ones left. Throws the system's
 * error, the signal's reason, and what `decode` throws, leaving nothing behind.
 *
 * @param decode writes every picture to the place of its number, and returns which are good
 */
export const writeDecoded = async (
  { folder, key, length }: DecodedPlace,
  { name, shape, pictures }: PictureSet,
  decode: (path: string) => Promise<Uint32Array>,
  signal: AbortSignal | undefined,
): Promise<DecodedPictures> => {
  await makeFolders(folder);
  await sweepTemporaries(folder);
  const temporary = temporaryPath(folder);
  try {
    await (await open(temporary, 'wx', 0o600)).close();
    const kept = await decode(temporary);
    const good = new Set(kept);
    const leftOut = [...pictures.keys()].filter((i) => !good.has(i));
    const bytes = kept.length * length;
    if (leftOut.length > 0) await closeUp(temporary, kept, length, signal);
    const sha256 = await sha256OfFile(temporary, signal, true);
    const path = fileOf(folder, key, 'bin');
    await rename(temporary, path);
    await syncFolder(folder);
    const text: DecodedNote = {
      schema: SCHEMA,
      name,
      shape: [...shape],
      count: kept.length,
      leftOut,
      sha256,
    };
    await writeFileAtomically(fileOf(folder, key, 'json'), `${JSON.stringify(text)}\n`);
    return { values: filedBytes(path, bytes, sha256), kept };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
};

/** The kept records moved together; the file ends after the last. */
const closeUp = async (
  path: string,
  kept: Uint32Array,
  length: number,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const file = await open(path, 'r+');
  try {
    const record = new Uint8Array(length);
    for (const [to, from] of kept.entries()) {
      signal?.throwIfAborted();
      if (to === from) continue;
      await file.read(record, 0, length, from * length);
      await file.write(record, 0, length, to * length);
    }
    await file.truncate(kept.length * length);
  } finally {
    await file.close();
  }
};

/** Of all its bytes, hex. Throws the system's error and the signal's reason. @param sync whether to see it on disk first */
export const sha256OfFile = async (path: string, signal?: AbortSignal, sync = false): Promise<string> => {
  const file: FileHandle = await open(path, sync ? 'r+' : 'r');
  try {
    if (sync) await file.sync();
    const hash = createHash('sha256');
    const block = new Uint8Array(BLOCK);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(block, 0, BLOCK, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(block.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
};
