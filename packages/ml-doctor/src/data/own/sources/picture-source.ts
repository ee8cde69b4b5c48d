/** Pictures in a folder with a subfolder for each class. */
import { join } from 'node:path';
import { AuditError } from '../../../errors.ts';
import {
  listPictures,
  type PictureForm,
  type PictureReader,
  pictureReader,
} from '../../formats/picture-folder.ts';
import type { RecordSource } from './source.ts';

/** @throws {AuditError} MLD_IMAGES_MISSING, MLD_DATA_UNREADABLE, MLD_DATA_INVALID naming the first picture of another size */
export async function pictureSource(folder: string, signal?: AbortSignal): Promise<RecordSource> {
  const reader = await pictureReader();
  const { classes, files, labels, leftOut } = await listPictures(folder);
  const at = (row: number) => join(folder, files[row]!);
  let known: PictureForm | undefined;
  const form = async (rows: Uint32Array) => {
    known ??= await commonForm(reader, rows, at, signal);
    return known;
  };
  return {
    path: folder,
    format: 'pictures',
    records: files.length,
    notes: [
      `${folder}: ${files.length} pictures in ${classes.length} subfolders, which name the classes`,
      ...(leftOut > 0 ? [`${folder}: ${leftOut} links that lead out of the folder were left out`] : []),
    ],
    async form(rows) {
      const { width, height, grey } = await form(rows);
      return { shape: [height, width, grey ? 1 : 3], bytes: true, layout: 'channels-last' };
    },
    async read(rows, x) {
      const { width, height, grey } = await form(rows);
      const length = width * height * (grey ? 1 : 3);
      for (const [slot, row] of rows.entries()) {
        signal?.throwIfAborted();
        const pixels = await reader.decode(at(row), grey);
        if (pixels.length !== length) throw new Error(`internal: ${at(row)} changed while it was read`);
        x.set(pixels, slot * length);
      }
      const name = (row: number) => classes[labels[row]!]!;
      return { labels: Array.from(rows, name), others: new Set(classes), attributes: {} };
    },
  };
}

/** All have one size; grey only if every one is. */
async function commonForm(
  reader: PictureReader,
  rows: Uint32Array,
  at: (row: number) => string,
  signal: AbortSignal | undefined,
): Promise<PictureForm> {
  const first = await reader.form(at(rows[0]!));
  let { grey } = first;
  for (const row of rows) {
    signal?.throwIfAborted();
    const { width, height, ...found } = await reader.form(at(row));
    if (width !== first.width || height !== first.height) {
      throw new AuditError(
        'MLD_DATA_INVALID',
        `${at(row)}: a picture of ${width}×${height} pixels, where ${at(rows[0]!)} has ${first.width}×${first.height}`,
        'Bring all pictures to the size that the model takes, the way it was done for its training.',
      );
    }
    grey &&= found.grey;
  }
  return { ...first, grey };
}
