/** One compressed picture as bytes of the wanted shape. */
import type Sharp from 'sharp';
import { type PictureShape, pictureResizer } from '../resize-pictures.ts';
import { BrokenPicture } from './picture-bytes.ts';
import type { TurboDecoder } from './turbo-decoder.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Writes the picture to `start` of `out`. @throws {BrokenPicture} */
export type PictureDecoder = (bytes: Uint8Array, out: Uint8Array, start: number) => Promise<void>;

/** A few bytes can claim to be a picture of any size; one of this takes 48 MiB. */
export const MAX_PIXELS = 2 ** 24;

/** Sizes of pictures for which the way to the wanted one is kept. */
const SIZES_KEPT = 64;

/**
 * Pictures as they were compressed, neither turned by a camera's note nor converted by a colour profile, transparency
 * dropped; then as {@link pictureResizer} makes them, all of them by way of red, green and blue.
 *
 * @param published what every picture must have
 */
export const pictureDecoder = (
  sharp: typeof Sharp,
  turbo: TurboDecoder,
  shape: PictureShape,
  published?: PictureSize,
): PictureDecoder => {
  const resizers = new Map<string, ReturnType<typeof pictureResizer>>();
  const resizerFrom = (width: number, height: number) => {
    const size = `${width}×${height}`;
    const known = resizers.get(size);
    if (known) return known;
    if (resizers.size === SIZES_KEPT) resizers.clear();
    const made = pictureResizer([3, height, width], shape);
    resizers.set(size, made);
    return made;
  };
  const bySharp = sharpDecoder(sharp);
  return async (bytes, out, start) => {
    // Without this the library would try its other formats on untrusted bytes.
    if (!(startsWith(bytes, JPEG) || startsWith(bytes, PNG)))
      throw new BrokenPicture('is neither a JPEG nor a PNG picture');
    const { data, width, height } = turbo(bytes) ?? (await bySharp(bytes));
    if (published && (width !== published.width || height !== published.height))
      throw new BrokenPicture(
        `is a picture of ${width}×${height} pixels, expected ${published.width}×${published.height}`,
      );
    const length = 3 * width * height;
    const same = shape[0] === 3 && shape[1] === height && shape[2] === width;
    const planes = same ? out.subarray(start, start + length) : new Uint8Array(length);
    separate(data, planes);
    if (!same) resizerFrom(width, height)(planes, 0, out, start);
  };
};

/** Red, green and blue of each pixel together. */
const sharpDecoder = (sharp: typeof Sharp) => async (bytes: Uint8Array) => {
  const { data, info } = await sharp(bytes, {
    failOn: 'warning',
    limitInputPixels: MAX_PIXELS,
    ignoreIcc: true,
  })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      const [reason] = String((cause as Error)?.message ?? cause).split('\n', 1);
      throw new BrokenPicture(`cannot be decoded: ${reason}`, { cause });
    });
  const { width, height, channels } = info;
  if (channels !== 3) throw new BrokenPicture(`was decoded to ${channels} channels`);
  return { data, width, height };
};

const JPEG = [0xff, 0xd8, 0xff];
const PNG = [0x89, 0x50, 0x4e, 0x47];

const startsWith = (bytes: Uint8Array, magic: readonly number[]) =>
  magic.every((value, i) => bytes[i] === value);

/** From three values a pixel, or a single one for all three, to a plane of each. */
const separate = (pixels: Uint8Array, planes: Uint8Array): void => {
  const plane = planes.length / 3;
  if (pixels.length === plane) {
    for (let channel = 0; channel < 3; channel++) planes.set(pixels, channel * plane);
    return;
  }
  for (let i = 0, from = 0; i < plane; i++, from += 3) {
    planes[i] = pixels[from] as number;
    planes[plane + i] = pixels[from + 1] as number;
    planes[2 * plane + i] = pixels[from + 2] as number;
  }
};
