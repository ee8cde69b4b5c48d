/** What the threads that decode share: where pictures are, what becomes of them, and how far they are. */
import type { PictureShape } from '../resize-pictures.ts';
import type { PicturePlaces } from './picture-bytes.ts';
import type { PictureSize } from './picture-decoder.ts';

export interface DecodingJob extends PicturePlaces {
  readonly shape: PictureShape;
  readonly published?: PictureSize;
  readonly skipBroken: boolean;
  /** Pictures that a thread takes at a time. */
  readonly chunk: number;
  /** Every picture has its place there, whether it can be decoded or not. */
  readonly output: SharedArrayBuffer | string;
  /** Numbers by {@link CONTROL}, changed with Atomics only. */
  readonly control: Int32Array;
}

export const CONTROL = {
  /** The first picture that nobody has taken yet. */
  next: 0,
  /**
   * Before which picture to stop: none, until one is found that ends it all; 0 when nothing is wanted any more. What
   * comes before is decoded nevertheless, so that it is always the first such picture that is told of.
   */
  end: 1,
  /** Pictures decoded. */
  done: 2,
} as const;

/** What a thread says of a picture. */
export interface Fault {
  readonly picture: number;
  readonly kind: 'broken' | 'unreadable' | 'unwritable';
  /** Of a broken one, to read on after its name. */
  readonly what: string;
  /** The system's, of the others. */
  readonly code?: string;
}

/** Stops everybody before this picture. */
export const stopBefore = (control: Int32Array, picture: number): void => {
  for (;;) {
    const end = Atomics.load(control, CONTROL.end);
    if (end <= picture || Atomics.compareExchange(control, CONTROL.end, end, picture) === end) return;
  }
};
