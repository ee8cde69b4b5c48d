/**
 * Decodes ordinary JPEGs by libjpeg-turbo in WebAssembly: the same pixels as sharp's, which has the same library inside, in
 * about an eighth of the time for a picture of 64 pixels a side, as no pipeline is built for each.
 */
import load from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import { jpegForm } from './jpeg-header.ts';
import { BrokenPicture } from './picture-bytes.ts';

export interface DecodedJpeg {
  readonly width: number;
  readonly height: number;
  readonly components: 1 | 3;
  /** All components of each pixel together; overwritten by the next picture. */
  readonly data: Uint8Array;
}

/** Undefined for a picture that is better left to others: no JPEG of 8 bits in grey or three colours. @throws {BrokenPicture} */
export type TurboDecoder = (bytes: Uint8Array) => DecodedJpeg | undefined;

/** @param maxPixels refused before anything is decoded; a few bytes can claim any size */
export const turboDecoder = async (maxPixels: number): Promise<TurboDecoder> => {
  const { JPEGDecoder } = await load();
  let decoder = new JPEGDecoder();
  const decode = (bytes: Uint8Array): void => {
    try {
      decoder.getEncodedBuffer(bytes.length).set(bytes);
      decoder.decode();
    } catch (cause) {
      // It is in no state to go on with.
      decoder.delete();
      decoder = new JPEGDecoder();
      throw new BrokenPicture('cannot be decoded: its data are cut short or damaged', { cause });
    }
  };
  return (bytes) => {
    const form = jpegForm(bytes);
    if (form === undefined || !(form.components === 1 || form.components === 3)) return undefined;
    if (form.width * form.height > maxPixels)
      throw new BrokenPicture(
        `cannot be decoded: ${form.width}×${form.height} pixels are more than ${maxPixels}`,
      );
    decode(bytes);
    const { width, height, componentCount } = decoder.getFrameInfo();
    const data = decoder.getDecodedBuffer();
    if (!(componentCount === 1 || componentCount === 3) || data.length !== width * height * componentCount)
      throw new BrokenPicture(`was decoded to ${componentCount} channels`);
    return { width, height, components: componentCount, data };
  };
};
