/** UTKFace: faces of four races, their race, gender and age. */
import type { FileRecord } from '../../checked-file.ts';
import { readFaceNames } from '../../formats/face-names.ts';
import { checkPictures } from '../../pictures/check-pictures.ts';
import { type PictureFiles, picturesInFolder, picturesInTar } from '../../pictures/picture-files.ts';
import { checkSize } from '../bits/bits-dataset.ts';
import type { CatalogEntry, DataForm } from '../entry.ts';
import { decodedDataset } from './decoded-dataset.ts';

interface Published {
  /** Pictures in the archive: all of them, and those of the four races. */
  readonly all: number;
  readonly kept: number;
}

const COMMON = {
  kind: 'pictures',
  label: 'race',
  source: 'https://susanqq.github.io/UTKFace/',
  licence: 'non-commercial research only',
  citation:
    'Z. Zhang, Y. Song, H. Qi: Age Progression/Regression by Conditional Adversarial Autoencoder, CVPR 2017',
  bundled: false,
  sensitive: ['gender'],
} as const;

const LEFT_OUT = 'Race 4 (others) is left out, as in ML-Doctor';

/**
 * As ML-Doctor (USENIX Security 2022) prepares it: the label is the race, pictures of "others" (1,692) are left out, and
 * gender is the sensitive attribute. Three of the publisher's 23,708 files have no race in their name and are left out too:
 * 22,013 remain, of which the paper's quarters have 5,503.
 *
 * @param published what the archive holds; other counts are for tests
 */
export function utkfaceOf({ all, kept }: Published): CatalogEntry<'utkface'> {
  const publisher: FileRecord = {
    name: 'utkface/UTKFace.tar.gz',
    alsoAt: ['UTKFace.tar.gz'],
    inflatedBytes: 2 ** 28,
    bytes: 106_634_631,
  };
  const folder: FileRecord = {
    name: 'utkface/UTKFace',
    alsoAt: ['UTKFace'],
    folder: true,
    inflatedBytes: 2 ** 28,
  };
  return {
    ...COMMON,
    id: 'utkface',
    title: 'UTKFace: 22,013 aligned faces, by race',
    preprocessing: `${LEFT_OUT}, and so are three files without a race in their name; pictures are made smaller by the mean of the area.`,
    pixels: { usual: 32, published: 200 },
    size: kept,
    forms: [
      faces('aligned and cropped faces, as an archive', publisher, 200, { all, kept }, (path, signal) =>
        picturesInTar(path, publisher, signal),
      ),
      faces('aligned and cropped faces, unpacked', folder, 200, { all, kept }, picturesInFolder),
    ],
  };
}

/** An archive of the same faces, compressed anew; it lacks three of them. */
export function smallUtkfaceOf({
  all,
  kept,
  ...digests
}: Published & Pick<FileRecord, 'sha256' | 'sameContent'>): CatalogEntry<'utkface-64px'> {
  const archive: FileRecord = {
    name: 'utkface/utkface-64px-q90-jpg.tar.gz',
    inflatedBytes: 63_979_520,
    bytes: 32_339_789,
    ...digests,
  };
  return {
    ...COMMON,
    id: 'utkface-64px',
    recordsOf: 'utkface',
    title: 'UTKFace in JPEGs of 64 pixels a side: 22,010 aligned faces, by race',
    preprocessing: `${LEFT_OUT}; pictures are made smaller by the mean of the area. Not the publisher's files: the same faces compressed anew, three fewer.`,
    pixels: { usual: 32, published: 64 },
    size: kept,
    forms: [
      faces('JPEGs of 64 pixels a side in a tar.gz', archive, 64, { all, kept }, (path, signal) =>
        picturesInTar(path, archive, signal),
      ),
    ],
  };
}

const faces = (
  title: string,
  file: FileRecord,
  side: number,
  size: Published,
  list: (path: string, signal?: AbortSignal) => Promise<PictureFiles>,
): DataForm => ({
  title,
  files: [file],
  async read([at], options) {
    const path = at as string;
    const { digest, files: found } = await list(path, options.signal);
    const { files, races, genders, ages } = readFaceNames(found, path);
    checkPictures(path, found.length, size.all);
    checkSize(path, files.length, size.kept);
    const known = {
      files,
      digest,
      published: { width: side, height: side },
      usualSide: 32,
      labels: races,
      classes: ['white', 'black', 'asian', 'indian'],
      label: 'race',
      attributes: {
        gender: { values: genders, categories: ['male', 'female'] },
        age: { values: ages },
      },
    };
    return decodedDataset(known, options);
  },
});

export const utkface = utkfaceOf({ all: 23_708, kept: 22_013 });
export const smallUtkface = smallUtkfaceOf({
  all: 23_702,
  kept: 22_010,
  sha256: 'be9f204c03d6ef95f4b0e2d359b888491b558a2ff63561cd92f7666bde1ea3e1',
  // Inflated.
  sameContent: ['4cb5ac65d6d52dc7cdf68d2d82c7316f58d8b611203073eb16ae889f8f1f56d6'],
});
