/** What there is of a file that is being downloaded: its first bytes beside its name, and which version they are of. */
import { readFile, rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomically } from '../../files/atomic-write.ts';

/** What tells that a server still has the file of which the first bytes are here. */
const version = z.strictObject({ url: z.string(), validator: z.string() });
export type Version = z.infer<typeof version>;

export interface Part {
  readonly path: string;
  /** Bytes that are here; 0 where they cannot be continued, as nobody knows of what they are. */
  readonly bytes: number;
  readonly version?: Version;
}

const versionPath = (path: string): string => `${path}.json`;

/** @param path of the whole file. @param url that it is wanted from: what came from elsewhere is not continued */
export async function openPart(path: string, url: string): Promise<Part> {
  const part = `${path}.part`;
  const bytes = (await stat(part).catch(() => undefined))?.size ?? 0;
  const known = await readVersion(versionPath(part));
  return bytes > 0 && known?.url === url ? { path: part, bytes, version: known } : { path: part, bytes: 0 };
}

/** Before its first bytes are written: a part without its version is not continued. */
export async function beginPart(path: string, url: string, headers: Headers): Promise<void> {
  const validator = validatorOf(headers);
  await rm(versionPath(path), { force: true });
  if (validator !== undefined)
    await writeFileAtomically(versionPath(path), `${JSON.stringify({ url, validator } satisfies Version)}\n`);
}

export async function dropPart(path: string): Promise<void> {
  await Promise.all([rm(path, { force: true }), forgetVersion(path)]);
}

export const forgetVersion = (path: string): Promise<void> => rm(versionPath(path), { force: true });

/** A weak ETag may stand for files that differ, so a part is not continued by it (RFC 9110, section 13.1.5). */
const validatorOf = (headers: Headers): string | undefined => {
  const tag = headers.get('etag');
  return (tag?.startsWith('"') ? tag : headers.get('last-modified')) ?? undefined;
};

async function readVersion(path: string): Promise<Version | undefined> {
  try {
    return version.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Damaged is as good as none: the download begins anew.
    return undefined;
  }
}
