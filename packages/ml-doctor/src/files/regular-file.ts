/** Opens and reads what is a file and nothing else: a pipe would be waited for, and a device has no end. */

import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** What stands at a path is no file; its message is the reason, in words. */
export class NoRegularFile extends Error {}

/** Not waiting for whoever writes to a pipe. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** @throws the system's error, or {@link NoRegularFile} */
export async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path, READ);
  try {
    refuse(await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** As {@link openRegular}. */
export async function readRegular(path: string): Promise<Buffer> {
  const file = await openRegular(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** As {@link openRegular}. */
export function readRegularSync(path: string): Buffer {
  const file = openSync(path, READ);
  try {
    refuse(fstatSync(file));
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function refuse(stat: Stats): void {
  if (stat.isFile()) return;
  throw new NoRegularFile(stat.isDirectory() ? 'it is a folder' : 'it is no regular file');
}
