/** Bytes in a file as a data set's values: read by position when they are asked for, never kept. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AuditError } from '../../errors.ts';
import { systemReason } from '../../files/system-error.ts';
import type { FiledBytes } from '../values.ts';

/** Data sets come and go in a process that works for long; their files are closed with them. */
const forgotten = new FinalizationRegistry((descriptor: number) => closeSync(descriptor));

/**
 * The file is opened when first read. Any number of processes may read one file at a time, since nobody's position in
 * it counts; a file of that name put in its place later is not seen.
 *
 * @param length in bytes
 * @param sha256 of all of them, hex; not checked here
 * @throws {AuditError} from `subarray`: MLD_DATA_UNREADABLE, MLD_DATA_TRUNCATED
 */
export const filedBytes = (path: string, length: number, sha256: string): FiledBytes =>
  new FileOfBytes(path, length, sha256);

class FileOfBytes implements FiledBytes {
  readonly BYTES_PER_ELEMENT = 1;
  readonly length: number;
  readonly sha256: string;
  readonly path: string;
  #descriptor: number | undefined;

  constructor(path: string, length: number, sha256: string) {
    this.path = path;
    this.length = length;
    this.sha256 = sha256;
  }

  /** Ends are taken as a typed array takes them. */
  subarray(from: number, to: number): Uint8Array {
    const start = this.#place(from);
    const bytes = new Uint8Array(Math.max(0, this.#place(to) - start));
    let done = 0;
    while (done < bytes.length) {
      const count = this.#read(bytes, done, start + done);
      if (count === 0) throw this.#cut(start + done);
      done += count;
    }
    return bytes;
  }

  #place(index: number): number {
    const whole = Math.trunc(index) || 0;
    return Math.min(this.length, whole < 0 ? Math.max(0, this.length + whole) : whole);
  }

  #read(bytes: Uint8Array, offset: number, position: number): number {
    try {
      this.#descriptor ??= this.#open();
      return readSync(this.#descriptor, bytes, offset, bytes.length - offset, position);
    } catch (cause) {
      if (cause instanceof AuditError) throw cause;
      throw new AuditError(
        'MLD_DATA_UNREADABLE',
        `${this.path}: cannot be read: ${systemReason(cause)}`,
        'Run the command again: what is missing is decoded anew.',
        { cause },
      );
    }
  }

  #open(): number {
    const descriptor = openSync(this.path, 'r');
    const { size } = fstatSync(descriptor);
    if (size < this.length) {
      closeSync(descriptor);
      throw this.#cut(size);
    }
    forgotten.register(this, descriptor);
    return descriptor;
  }

  #cut(size: number): AuditError {
    return new AuditError(
      'MLD_DATA_TRUNCATED',
      `${this.path}: ends after ${size} of ${this.length} bytes`,
      'Run the command again: it is decoded anew.',
    );
  }
}
