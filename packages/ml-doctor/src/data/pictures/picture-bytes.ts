/** The compressed bytes of one picture after another, from files of their own or from ranges of archives. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/** Where pictures are, without their names, in a form that threads share and need no copy of. */
export interface PicturePlaces {
  readonly archives: readonly (string | SharedArrayBuffer)[];
  /** {@link FIELDS} numbers a picture: archive, start, end (-1: that of the file), 1 if deflated. */
  readonly places: Float64Array;
}

export const FIELDS = 4;

/** Of one picture, compressed or deflated: a few bytes can claim any size. */
const MAX_BYTES = 2 ** 26;

/** Of a picture that is not as it should be; its message goes on after the picture's name. */
export class BrokenPicture extends Error {}

/** Keeps the last file open, as in an archive the next picture is in the same. */
export class PictureBytes {
  readonly #archives: PicturePlaces['archives'];
  readonly #places: Float64Array;
  #opened = -1;
  #descriptor = -1;
  #size = 0;

  constructor({ archives, places }: PicturePlaces) {
    this.#archives = archives;
    this.#places = places;
  }

  /** @throws {BrokenPicture} and the system's error for a file that cannot be read */
  of(picture: number): Uint8Array {
    const [archive, start, end, deflated] = this.#places.subarray(FIELDS * picture, FIELDS * (picture + 1));
    const bytes = this.#range(archive as number, start as number, end as number);
    if (!deflated) return bytes;
    try {
      return inflateRawSync(bytes, { maxOutputLength: MAX_BYTES });
    } catch (cause) {
      throw new BrokenPicture('its deflated bytes are damaged, or are too many', { cause });
    }
  }

  close(): void {
    if (this.#opened >= 0) closeSync(this.#descriptor);
    this.#opened = -1;
  }

  #range(index: number, start: number, to: number): Uint8Array {
    const archive = this.#archives[index] as string | SharedArrayBuffer;
    const inFile = typeof archive === 'string';
    if (inFile) this.#open(index, archive);
    const size = inFile ? this.#size : archive.byteLength;
    const end = to < 0 ? size : to;
    if (end > size || start > end)
      throw new BrokenPicture(`bytes ${start} to ${end} of ${size} cannot be read`);
    if (end - start > MAX_BYTES) throw new BrokenPicture(`has ${end - start} bytes`);
    // A copy of shared memory, which the decoder does not take.
    if (!inFile) return new Uint8Array(archive, start, end - start).slice();
    const bytes = new Uint8Array(end - start);
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(this.#descriptor, bytes, done, bytes.length - done, start + done);
      if (count === 0) throw new BrokenPicture(`ends after ${done} of ${bytes.length} bytes`);
      done += count;
    }
    return bytes;
  }

  #open(index: number, path: string): void {
    if (this.#opened === index) return;
    this.close();
    this.#descriptor = openSync(path, 'r');
    this.#opened = index;
    this.#size = fstatSync(this.#descriptor).size;
  }
}
