/** Why a data set cannot be read as files of it are missing: which, how large, where from, and what gets them. */
import { AuditError } from '../errors.ts';
import { fileSize } from '../files/file-size.ts';
import type { CatalogEntry, DataForm } from './catalog/entry.ts';
import type { FileRecord } from './checked-file.ts';
import { type FoundForm, nearestForm } from './find-files.ts';

/** Files named one by one; of more, only how many there are. */
const MOST_NAMED = 8;

/** @param found every form of it, none of them whole */
export function missingFiles(
  { id, bundled, source, forms }: CatalogEntry,
  found: readonly FoundForm[],
  dataDir: string | undefined,
): AuditError {
  const { form, missing } = nearestForm(found);
  const there = form.files.length - missing.length;
  const where =
    dataDir === undefined
      ? 'its files are looked for in a data folder, and none is given'
      : there > 0
        ? `${there} of the ${form.files.length} files of '${form.title}' are in ${dataDir}`
        : `none of its files is in ${dataDir}`;
  const put = `put ${missing.length === 1 ? 'the file' : 'the files'} there, from ${source}`;
  const digest = missing.length === 1 ? digestText(missing[0] as FileRecord) : '';
  const name = 'name the folder with --data-dir DIR or ML_DOCTOR_DATA';
  return new AuditError(
    'MLD_DATA_UNREADABLE',
    `data set '${id}' is not ${bundled ? 'whole' : 'part of the package'}; ${where}; missing: ${fileList(missing)}`,
    forms.some(fetchable)
      ? `Run \`ml-doctor data fetch ${id}\`, or ${put}${digest}, and ${name}.`
      : `P${put.slice(1)}${digest}, and ${name}.`,
  );
}

/** Whether all its files are offered for download without asking anything first. */
export const fetchable = ({ files }: DataForm): boolean => files.every(({ url }) => url !== undefined);

/** `a/b.gz (1.5 MiB), a/c.gz (20 MiB)`. */
export const fileList = (files: readonly FileRecord[]): string => {
  const named = files.slice(0, MOST_NAMED).map(({ name, bytes, folder }) => {
    const about = [...(folder ? ['a folder'] : []), ...(bytes === undefined ? [] : [fileSize(bytes)])];
    return about.length === 0 ? name : `${name} (${about.join(', ')})`;
  });
  const more = files.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

/** Bytes of all of them; undefined where that of one is not known. */
export const sizeOf = (files: readonly FileRecord[]): number | undefined =>
  files.reduce<number | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );

const digestText = ({ sha256, md5 }: FileRecord): string => {
  if (sha256 !== undefined) return ` (sha256 ${sha256})`;
  return md5 === undefined ? '' : ` (md5 ${md5})`;
};
