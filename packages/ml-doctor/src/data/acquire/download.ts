/** Downloads one file, continuing what is there of it, and gives it its name only when it is the published one. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditError } from '../../errors.ts';
import { makeFolders, syncFolder } from '../../files/atomic-write.ts';
import { fileSize } from '../../files/file-size.ts';
import { unwritable } from '../../files/system-error.ts';
import { checkFile, type FileRecord } from '../checked-file.ts';
import { beginPart, dropPart, forgetVersion, openPart, type Part } from './part.ts';
import { fetchFault, Interrupted, type Opened, request } from './request.ts';

export interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Told before another try. */
  readonly onRetry?: (what: string) => void;
  /** Milliseconds before the first other try, twice as many before each further one. */
  readonly pause?: number;
  /** Milliseconds that a server may be silent. */
  readonly silence?: number;
}

export interface DownloadProgress {
  readonly file: string;
  readonly bytes: number;
  /** Of the whole file, where it is known. */
  readonly total?: number;
  /** Bytes that were there from an earlier time. */
  readonly kept: number;
}

const PAUSE_MS = 1000;
const SILENCE_MS = 60_000;
/** Tries one after the other that bring nothing. */
const MOST_TRIES = 6;
/** gzip makes what cannot be compressed longer by less than this share. */
const GZIP_GROWTH = 1.001;
const HEADERS_ROOM = 2 ** 20;

/**
 * @param path that the file gets; until then its bytes are in `path.part`, which stays where the download is stopped
 * @returns its digest
 * @throws {AuditError} MLD_DATA_FETCH, MLD_DATA_CHECKSUM, MLD_OUTPUT_UNWRITABLE
 */
export async function download(
  url: string,
  path: string,
  record: FileRecord,
  options: DownloadOptions,
): Promise<string> {
  const { signal, onRetry, pause = PAUSE_MS } = options;
  await makeFolders(dirname(path)).catch((cause: unknown) => {
    throw unwritable(dirname(path), cause, '--data-dir');
  });
  let failures = 0;
  for (let reached = -1; ; ) {
    const part = await openPart(path, url);
    try {
      if (part.bytes === 0 || part.bytes !== record.bytes) await receive(url, part, record, options);
      break;
    } catch (error) {
      if (signal.aborted || !(error instanceof Interrupted)) throw error;
      const { bytes } = await openPart(path, url);
      failures = bytes > reached ? 1 : failures + 1;
      reached = Math.max(reached, bytes);
      if (failures >= MOST_TRIES)
        throw fetchFault(
          `${url}: ${error.message}, ${MOST_TRIES} times one after the other`,
          bytes > 0
            ? `Try again later: ${fileSize(bytes)} of the file are kept, and the download continues from there.`
            : 'Check the network of this machine and try again later, or name a mirror with --from.',
          error,
        );
      const wait = pause * 2 ** (failures - 1);
      onRetry?.(`${error.message}; trying again in ${(wait / 1000).toFixed(1)} s`);
      await sleep(wait, undefined, { signal });
    }
  }
  return publish(path, record, url, signal);
}

/** Adds to the part what the server has further, or all of it where the server cannot continue. */
async function receive(
  url: string,
  part: Part,
  record: FileRecord,
  { signal, onProgress, silence = SILENCE_MS }: DownloadOptions,
): Promise<void> {
  const { version } = part;
  const wanted = version ? { range: `bytes=${part.bytes}-`, 'if-range': version.validator } : {};
  const opened = await request(url, wanted, { silence, signal });
  try {
    const from = continuedFrom(opened, part);
    if (from === undefined) {
      await dropPart(part.path);
      throw new Interrupted('the server did not continue the file where it was left off');
    }
    const total = totalOf(opened, from);
    checkAnswer(url, opened, total, record);
    const most = mostBytes(record);
    if (from === 0) await beginPart(part.path, url, opened.headers);
    const progress = { file: record.name, kept: from, ...(total !== undefined && { total }) };
    const bytes = await append(part.path, from, opened.body, (sum) => {
      if (sum > most)
        throw fetchFault(
          `${url}: the file is larger than ${fileSize(most)}, which is the most that '${record.name}' can have`,
          'Check the address: this is another file.',
        );
      onProgress?.({ ...progress, bytes: sum });
    });
    if (total !== undefined && bytes < total) throw new Interrupted('the connection was lost');
  } finally {
    opened.close();
  }
}

/** Where the bytes of the answer begin; undefined where that is neither the start nor the end of the part. */
function continuedFrom({ status, headers }: Opened, { bytes }: Part): number | undefined {
  if (status === 200) return 0;
  const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1];
  return status === 206 && Number(start) === bytes ? bytes : undefined;
}

function totalOf({ headers }: Opened, from: number): number | undefined {
  const length = headers.get('content-length');
  return length === null ? undefined : from + Number(length);
}

function checkAnswer(url: string, { headers }: Opened, total: number | undefined, record: FileRecord): void {
  const coding = headers.get('content-encoding') ?? 'identity';
  if (coding !== 'identity')
    throw fetchFault(
      `${url}: the server sends the file compressed (${coding}), so that its own bytes cannot be told`,
      'Name a mirror with --from, or get the file by hand.',
    );
  if (headers.get('content-type')?.startsWith('text/html'))
    throw fetchFault(
      `${url}: the server sends a web page and no file`,
      'See at the source where the file is now, and name its folder with --from, or get it by hand.',
    );
  const { bytes, sameContent } = record;
  // Another layout of the same has another size.
  if (total === undefined || bytes === undefined || sameContent !== undefined || total === bytes) return;
  throw fetchFault(
    `${url}: the file has ${total} bytes, the published one ${bytes}`,
    'Check the address: this is another file, or a page that tells why there is none.',
  );
}

const mostBytes = ({ bytes, inflatedBytes, sameContent }: FileRecord): number =>
  bytes !== undefined && sameContent === undefined
    ? bytes
    : Math.ceil(inflatedBytes * GZIP_GROWTH) + HEADERS_ROOM;

/** @returns bytes that the part has then */
async function append(
  path: string,
  from: number,
  body: Opened['body'],
  onBytes: (sum: number) => void,
): Promise<number> {
  const refuse = (cause: unknown) => {
    throw unwritable(path, cause, '--data-dir');
  };
  const file = await open(path, from === 0 ? 'w' : 'r+', 0o600).catch(refuse);
  let sum = from;
  try {
    for await (const bytes of body) {
      onBytes(sum + bytes.length);
      for (let at = 0; at < bytes.length; )
        at += (await file.write(bytes, at, bytes.length - at, sum + at).catch(refuse)).bytesWritten;
      sum += bytes.length;
    }
    await file.sync().catch(refuse);
    return sum;
  } finally {
    await file.close();
  }
}

async function publish(path: string, record: FileRecord, url: string, signal: AbortSignal): Promise<string> {
  const part = `${path}.part`;
  let digest: string;
  try {
    digest = await checkFile(part, record, signal);
  } catch (error) {
    if (!(error instanceof AuditError && error.code === 'MLD_DATA_CHECKSUM')) throw error;
    await dropPart(part);
    throw new AuditError(
      'MLD_DATA_CHECKSUM',
      `${url}: what was downloaded is not the published file: ${error.message.slice(part.length + 2)}`,
      'Nothing of it was kept. Try again, or name a mirror with --from; the publisher may have changed the file.',
      { cause: error },
    );
  }
  try {
    await rename(part, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    throw unwritable(path, cause, '--data-dir');
  }
  await forgetVersion(part);
  return digest;
}
