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

const findFile = async (file: FileRecord, dataDir: string | undefined, bundled: boolean) => {
  const own = dataDir === undefined ? [] : placesOf(file).map((place) => join(dataDir, place));
  for (const path of [...own, ...(bundled ? [join(bundledDataFolder, file.name)] : [])])
    if (await exists(path)) return path;
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
