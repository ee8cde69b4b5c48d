/** UTKFace: 22,010 faces of four races, their race, gender and age. */
import { readChecked } from '../../checked-file.ts';
import { createDataset, type Dataset } from '../../dataset.ts';
import { readFaceArchive, SIDE } from '../../formats/face-archive.ts';
import { gunzipIfNeeded } from '../../formats/gunzip.ts';
import { checkSize } from '../bits/bits-dataset.ts';
import type { CatalogEntry, ReadOptions } from '../entry.ts';

const SIZE = 22_010;

const archive = {
  name: 'utkface/utkface-64px-q90-jpg.tar.gz',
  sha256: 'be9f204c03d6ef95f4b0e2d359b888491b558a2ff63561cd92f7666bde1ea3e1',
  inflatedBytes: 63_979_520,
};

/**
 * As ML-Doctor (USENIX Security 2022) prepares it: the label is the race, pictures of "others" (1,692 of the archive's
 * 23,702) are left out, and gender is the sensitive attribute. Of its two picture sizes this is the smaller, 32×32.
 * The publisher's files without a race in their name are not in this archive, so all of its names can be read.
 */
export const utkface: CatalogEntry<'utkface'> = {
  id: 'utkface',
  title: 'UTKFace: 22,010 aligned faces of 32×32 pixels, by race',
  kind: 'pictures',
  label: 'race',
  preprocessing:
    'Race 4 (others) is left out, as in ML-Doctor; pictures of 64 pixels a side are made smaller by the mean of the area.',
  pixels: { usual: 32, published: 200 },
  source: 'https://susanqq.github.io/UTKFace/',
  licence: 'non-commercial research only',
  citation:
    'Z. Zhang, Y. Song, H. Qi: Age Progression/Regression by Conditional Adversarial Autoencoder, CVPR 2017',
  size: SIZE,
  bundled: false,
  sensitive: ['gender'],
  forms: [{ title: 'JPEGs of 64 pixels a side in a tar.gz', files: [archive], read }],
};

async function read([path]: readonly string[], { name }: ReadOptions): Promise<Dataset> {
  const { pixels, races, genders, ages } = await readChecked(
    path as string,
    archive,
    (bytes, file, maxBytes) => readFaceArchive(gunzipIfNeeded(bytes, file, maxBytes), file),
  );
  checkSize(path as string, races.length, SIZE);
  return createDataset({
    id: name,
    recordShape: [3, SIDE, SIDE],
    x: pixels,
    y: races,
    classes: ['white', 'black', 'asian', 'indian'],
    label: 'race',
    // The figures ML-Doctor uses for faces; they put bytes in [-1, 1].
    normalisation: { scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
    attributes: {
      gender: { values: genders, categories: ['male', 'female'] },
      age: { values: ages },
    },
  });
}
