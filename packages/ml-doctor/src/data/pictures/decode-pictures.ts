/** Decodes many pictures into records of one shape, in threads; keeps them in a file where there is a cache. */
import type { Values } from '../values.ts';
import type { DecodingOptions } from './decoding.ts';

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

/**
 * @throws {AuditError} MLD_DATA_INVALID naming the picture that cannot be decoded, unless `skipBroken`; MLD_IMAGES_MISSING
 */
export declare const decodePictures: (set: PictureSet, options: DecodingOptions) => Promise<DecodedPictures>;
