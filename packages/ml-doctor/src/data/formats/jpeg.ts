/** The one place that loads sharp, which decodes pictures: lazily, so that all other data is read without it. */
import type Sharp from 'sharp';
import { AuditError } from '../../errors.ts';

/** Decodes a picture of known size; `name` says in errors what could not be decoded. */
export type JpegDecoder = (bytes: Uint8Array, name: string, size: PictureSize) => Promise<Uint8Array>;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * A decoder of JPEGs. Its pictures are `height × width × 3` bytes, red, green and blue of each pixel together (all
 * equal in a grey one), as they were compressed: neither turned by a camera's note nor converted by a colour profile.
 * A decoder throws {AuditError} MLD_DATA_INVALID for anything but an unbroken JPEG of that size.
 *
 * @throws {AuditError} MLD_IMAGES_MISSING when the package or its binary for this platform is absent
 */
export async function jpegDecoder(): Promise<JpegDecoder> {
  const sharp = await loadSharp();
  return async (bytes, name, { width, height }) => {
    const broken = (what: string, cause?: unknown) =>
      new AuditError('MLD_DATA_INVALID', `${name}: ${what}`, 'Copy or download the file again.', { cause });
    // Without this the library would try its other formats on untrusted bytes.
    if (!(bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff))
      throw broken('this is no JPEG picture');
    const { data, info } = await sharp(bytes, {
      failOn: 'warning',
      limitInputPixels: MAX_PIXELS,
      ignoreIcc: true,
    })
      .raw()
      .toBuffer({ resolveWithObject: true })
      .catch((cause: unknown) => {
        throw broken(`the JPEG picture cannot be decoded: ${firstLine(cause)}`, cause);
      });
    if (info.width !== width || info.height !== height) {
      throw broken(`a picture of ${info.width}×${info.height} pixels, expected ${width}×${height}`);
    }
    return data;
  };
}

/** A few bytes can claim to be a picture of any size; one of this takes 12 MiB. */
const MAX_PIXELS = 2 ** 22;

/** @throws {AuditError} MLD_IMAGES_MISSING as {@link jpegDecoder} */
export async function loadSharp(): Promise<typeof Sharp> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    throw new AuditError(
      'MLD_IMAGES_MISSING',
      `the package sharp, which decodes pictures, could not be loaded on ${process.platform} ${process.arch} (${firstLine(cause)})`,
      'Install the optional dependencies: `npm ci --include=optional` in a checkout, `npm install sharp@0.35.5` in a project of yours.',
      { cause },
    );
  }
}

function firstLine(error: unknown): string {
  return String((error as Error)?.message ?? error).split('\n', 1)[0] as string;
}
