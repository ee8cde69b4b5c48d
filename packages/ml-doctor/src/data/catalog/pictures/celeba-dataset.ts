/** CelebA as ML-Doctor uses it: eight classes out of three attributes, and all forty to be inferred. */
import { type FileRecord, readChecked } from '../../checked-file.ts';
import type { Attribute, Dataset } from '../../dataset.ts';
import type { PictureAttributes } from '../../formats/celeba-attributes.ts';
import { matchPictures } from '../../pictures/match-pictures.ts';
import type { PictureFiles } from '../../pictures/picture-files.ts';
import type { ReadOptions } from '../entry.ts';
import { decodedDataset } from './decoded-dataset.ts';

/** What the eight classes are made of: the class is the sum of 2^i times the i-th. */
const CLASS_BITS = ['Heavy_Makeup', 'Mouth_Slightly_Open', 'Smiling'] as const;

/** `Heavy_Makeup + Smiling` is class 5. */
const CLASSES = Array.from(
  { length: 2 ** CLASS_BITS.length },
  (_, c) => CLASS_BITS.filter((_bit, i) => (c >> i) & 1).join(' + ') || 'none of them',
);

/** ML-Doctor's sensitive attribute of four classes, Male + 2·Young. */
const MALE_YOUNG = ['woman, not young', 'man, not young', 'woman, young', 'man, young'];

export const CELEBA = {
  kind: 'pictures',
  label: 'heavy make-up, mouth slightly open, smiling',
  source: 'https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html',
  licence: 'non-commercial research only; to be agreed to before the download',
  citation: 'Z. Liu, P. Luo, X. Wang, X. Tang: Deep Learning Face Attributes in the Wild, ICCV 2015',
  bundled: false,
  sensitive: ['male-young', 'Male', 'Young'],
} as const;

export interface CelebaFiles {
  /** Folder or archive, and what is in it. */
  readonly path: string;
  readonly found: PictureFiles;
  readonly attributes: {
    readonly path: string;
    readonly record: FileRecord;
    readonly parse: (bytes: Uint8Array, file: string) => PictureAttributes;
  };
  readonly size: number;
  readonly published: { readonly width: number; readonly height: number };
}

/** @throws {AuditError} MLD_DATA_INVALID when attributes and pictures do not match; those of the readers */
export async function celebaDataset(
  { path, found, attributes: list, size, published }: CelebaFiles,
  options: ReadOptions,
): Promise<Dataset> {
  const known = await readChecked(list.path, list.record, list.parse);
  const { values } = known;
  const files = matchPictures(found.files, path, { ...known, path: list.path }, size);
  const combined = (names: readonly (keyof typeof values)[]) =>
    Int32Array.from({ length: size }, (_, i) =>
      names.reduce((sum, name, bit) => sum + 2 ** bit * (values[name][i] as number), 0),
    );
  const each = Object.entries(values).map(([name, one]): [string, Attribute] => [
    name,
    { values: one, categories: ['no', 'yes'] },
  ]);
  return decodedDataset(
    {
      files,
      digest: found.digest,
      published,
      usualSide: 32,
      labels: combined(CLASS_BITS),
      classes: CLASSES,
      label: CELEBA.label,
      attributes: {
        ...Object.fromEntries(each),
        'male-young': { values: combined(['Male', 'Young']), categories: MALE_YOUNG },
      },
    },
    options,
  );
}
