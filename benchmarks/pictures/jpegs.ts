/** JPEGs of 64×64 pixels: the faces of UTKFace where they are, else made ones. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { stream } from 'onnx-grad';
import { loadSharp } from '../../packages/ml-doctor/src/data/formats/jpeg.ts';
import { tarMembers } from '../../packages/ml-doctor/src/data/formats/tar.ts';
import type { PictureAt } from '../../packages/ml-doctor/src/data/pictures/decode-pictures.ts';

export interface Jpegs {
  readonly pictures: readonly PictureAt[];
  /** What they are, in words. */
  readonly what: string;
}

const data =
  process.env['ML_DOCTOR_DATA'] === undefined
    ? fileURLToPath(new URL('../../../shared/data', import.meta.url))
    : resolve(process.env['ML_DOCTOR_DATA']);
const FACES = join(data, 'utkface/utkface-64px-q90-jpg.tar.gz');

/** Of made ones; they are taken over and over. */
const DIFFERENT = 500;

/** @param most no more than so many */
export const jpegs = async (most: number): Promise<Jpegs> => {
  if (existsSync(FACES)) {
    const files = [...tarMembers(gunzipSync(readFileSync(FACES)), FACES)].filter(({ isFile }) => isFile);
    const pictures = archived(files.slice(0, most).map(({ content }) => content));
    return { pictures, what: `${pictures.length} faces of UTKFace` };
  }
  const sharp = await loadSharp();
  const made = await Promise.all(
    Array.from({ length: DIFFERENT }, async (_, i) => {
      const noise = stream(1, 'benchmark', 'pictures', i).uniform(new Float32Array(3 * 64 * 64));
      // Smooth enough to be as long as a face.
      const pixels = Buffer.from(noise.map((value, at) => 90 * value + 80 * (1 + Math.sin(at / 700))));
      return sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
        .jpeg({ quality: 90 })
        .toBuffer();
    }),
  );
  const all = archived(made);
  const pictures = Array.from({ length: most }, (_, i) => all[i % all.length] as PictureAt);
  return { pictures, what: `${most} made JPEGs, as UTKFace is not here` };
};

const archived = (files: readonly Uint8Array[]): readonly PictureAt[] => {
  const archive = new SharedArrayBuffer(files.reduce((sum, file) => sum + file.length, 0));
  let end = 0;
  return files.map((file, i) => {
    const start = end;
    new Uint8Array(archive).set(file, start);
    end += file.length;
    return { name: `${i}.jpg`, archive, start, end };
  });
};
