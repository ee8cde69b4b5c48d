/** Puts pictures into the order of a list that describes them, and refuses a list that describes others. */
import { AuditError } from '../../errors.ts';
import { checkPictures } from './check-pictures.ts';
import type { PictureFile } from './picture-files.ts';

export interface PictureList {
  readonly path: string;
  /** File names, all different. */
  readonly pictures: readonly string[];
  /** The line on which the first stands. */
  readonly firstLine: number;
}

/**
 * @param from folder or archive of the pictures
 * @param size how many there are
 * @returns a picture for each line of the list
 * @throws {AuditError} MLD_DATA_INVALID: pictures are missing or too many (how many, the first that is missing), or the first
 *   line of the list that does not fit
 */
export function matchPictures(
  files: readonly PictureFile[],
  from: string,
  list: PictureList,
  size: number,
): readonly PictureFile[] {
  const { path, pictures, firstLine } = list;
  const refuse = (line: string, what: string) =>
    new AuditError(
      'MLD_DATA_INVALID',
      `${path}${line}: ${what}`,
      'Check that list and pictures are of the same data set.',
    );
  const byName = new Map(files.map((file) => [file.path.slice(file.path.lastIndexOf('/') + 1), file]));
  const unmatched = pictures.findIndex((name) => !byName.has(name));
  if (pictures.length !== size) throw refuse('', `describes ${pictures.length} pictures, expected ${size}`);
  if (files.length !== size) checkPictures(from, files.length, size, pictures[unmatched]);
  if (unmatched >= 0)
    throw refuse(`:${firstLine + unmatched}`, `${pictures[unmatched]} is not among the pictures of ${from}`);
  return pictures.map((name) => byName.get(name) as PictureFile);
}
