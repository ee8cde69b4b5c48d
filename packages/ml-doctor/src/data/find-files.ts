/** Looks for the files of a data set, in every place and form in which they are around. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { bundledDataFolder } from './bundled-folder.ts';
import type { CatalogEntry, DataForm } from './catalog/entry.ts';
import type { FileRecord } from './checked-file.ts';

export interface FoundForm {
  readonly form: DataForm;
  /** Where its files are, in their order; undefined for one that was not found. */
  readonly at: readonly (string | undefined)[];
  readonly missing: readonly FileRecord[];
}

/** Every form with what of it is there: in the folder, else, of what is bundled, in the package. */
export const findForms = (
  { forms, bundled }: Pick<CatalogEntry, 'forms' | 'bundled'>,
  dataDir: string | undefined,
): Promise<readonly FoundForm[]> =>
  Promise.all(
    forms.map(async (form) => {
      const at = await Promise.all(form.files.map((file) => findFile(file, dataDir, bundled)));
      return { form, at, missing: form.files.filter((_, i) => at[i] === undefined) };
    }),
  );

/** The form that is read: the first that is there whole. */
export const wholeForm = (
  found: readonly FoundForm[],
): { readonly form: DataForm; readonly at: readonly string[] } | undefined => {
  const whole = found.find(({ missing }) => missing.length === 0);
  return whole && { form: whole.form, at: whole.at as readonly string[] };
};

/** The form of which the largest share is there, the first of equals. */
export const nearestForm = (found: readonly FoundForm[]): FoundForm => {
  const share = ({ form, missing }: FoundForm) => 1 - missing.length / form.files.length;
  return found.reduce((best, one) => (share(one) > share(best) ? one : best));
};

const findFile = async (file: FileRecord, dataDir: string | undefined, bundled: boolean) => {
  const own = dataDir === undefined ? undefined : await findInFolder(file, dataDir);
  if (own !== undefined || !bundled) return own;
  const packed = join(bundledDataFolder, file.name);
  return (await exists(packed)) ? packed : undefined;
};

/** Where it is in the user's folder. */
export const findInFolder = async (file: FileRecord, dataDir: string): Promise<string | undefined> => {
  for (const place of placesOf(file)) {
    const path = join(dataDir, place);
    if (await exists(path)) return path;
  }
  return undefined;
};

/** A gzipped file is as welcome when somebody has inflated it. */
const placesOf = ({ name, alsoAt = [] }: FileRecord): string[] =>
  [name, ...alsoAt].flatMap((place) => (place.endsWith('.gz') ? [place, place.slice(0, -3)] : [place]));

export const exists = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
