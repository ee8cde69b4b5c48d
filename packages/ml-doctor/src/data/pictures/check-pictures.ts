/** Whether all pictures of a data set are there. */
import { AuditError } from '../../errors.ts';

/**
 * @param path of folder or archive
 * @param missing the first that is not there, where its name is known
 * @throws {AuditError} MLD_DATA_INVALID saying how many there are of how many
 */
export function checkPictures(path: string, found: number, expected: number, missing?: string): void {
  if (found === expected && missing === undefined) return;
  const first = missing === undefined ? '' : `; the first that is not there is ${missing}`;
  throw new AuditError(
    'MLD_DATA_INVALID',
    `${path}: has ${found} pictures of ${expected}${first}`,
    found < expected
      ? 'Unpack or download it again: a part of it is missing.'
      : 'Check that this is the right one, and that nothing was put in it.',
  );
}
