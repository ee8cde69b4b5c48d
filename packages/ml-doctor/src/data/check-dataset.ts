/** Whether the files of a data set are the published ones, and what is in them. */
import { catalogEntry } from './catalog-entry.ts';
import { checkFile } from './checked-file.ts';
import type { Attribute, Dataset } from './dataset.ts';
import { findForms } from './find-files.ts';
import { type LoadOptions, loadDataset } from './load-dataset.ts';
import { duplicates } from './overlap.ts';
import { readColumn } from './table/read-column.ts';

export interface DatasetCheck {
  readonly name: string;
  /** Every file of every form that is there. */
  readonly files: readonly CheckedFile[];
  readonly records: number;
  /** As its publisher counts them, if it is not so many: broken ones were left out. */
  readonly published?: number;
  readonly shape: readonly number[];
  /** What the classes are classes of. */
  readonly label: string;
  readonly classes: readonly Count[];
  readonly attributes: readonly AttributeCheck[];
  readonly duplicates: {
    /** Inputs that occur more than once. */
    readonly inputs: number;
    /** Records that could go without losing an input. */
    readonly surplus: number;
    /** Of the inputs, how many occur with different labels. */
    readonly conflicting: number;
  };
  readonly contentHash: string;
}

export interface CheckedFile {
  readonly path: string;
  /** Whether it has the published digest; false where none was published. Of folders nothing is known. */
  readonly verified: boolean;
}

export interface Count {
  readonly name: string;
  readonly count: number;
}

/** Of categories their counts, of a number its range. */
export type AttributeCheck =
  | { readonly name: string; readonly categories: readonly Count[] }
  | { readonly name: string; readonly least: number; readonly most: number; readonly mean: number };

/** @throws {AuditError} MLD_DATA_CHECKSUM and the errors of {@link loadDataset} */
export async function checkDataset(
  name: string,
  options: LoadOptions,
): Promise<{ readonly check: DatasetCheck; readonly dataset: Dataset }> {
  const entry = catalogEntry(name);
  const files: CheckedFile[] = [];
  for (const { form, at } of await findForms(entry, options.dataDir))
    for (const [i, record] of form.files.entries()) {
      const path = at[i];
      if (path === undefined || files.some((file) => file.path === path)) continue;
      if (!record.folder) await checkFile(path, record, options.signal);
      files.push({ path, verified: (record.sha256 ?? record.md5) !== undefined });
    }
  const dataset = await loadDataset(name, options);
  const { size, y, classes } = dataset;
  const { groups, surplus, conflicting } = duplicates(dataset, Uint32Array.from(y.keys()));
  const check: DatasetCheck = {
    name,
    files,
    records: size,
    ...(size !== entry.size && { published: entry.size }),
    shape: dataset.recordShape,
    label: entry.label,
    classes: countsOf(y, classes),
    attributes: propertiesOf(dataset, entry.sensitive ?? []).map(([property, one]) =>
      describe(property, one),
    ),
    duplicates: { inputs: groups.length, surplus, conflicting },
    contentHash: dataset.contentHash,
  };
  return { check, dataset };
}

/** What is kept beside the records, and columns of them that are sensitive. */
function propertiesOf(
  { attributes = {}, x, columns = [] }: Dataset,
  sensitive: readonly string[],
): readonly (readonly [string, Pick<Attribute, 'values' | 'categories'>])[] {
  const fromColumns = sensitive.flatMap((name) => {
    const index = columns.findIndex((column) => column.name === name);
    if (index < 0 || Object.hasOwn(attributes, name)) return [];
    const categories = columns[index]?.categories;
    return [
      [name, { values: readColumn({ x, columns }, index), ...(categories && { categories }) }] as const,
    ];
  });
  return [...Object.entries(attributes), ...fromColumns];
}

function countsOf(values: ArrayLike<number>, names: readonly string[]): readonly Count[] {
  const counts = new Array<number>(names.length).fill(0);
  for (let i = 0; i < values.length; i++) counts[values[i] as number]!++;
  return names.map((name, i) => ({ name, count: counts[i] as number }));
}

function describe(
  name: string,
  { values, categories }: Pick<Attribute, 'values' | 'categories'>,
): AttributeCheck {
  if (categories) return { name, categories: countsOf(values, categories) };
  let [least, most, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
  }
  return { name, least, most, mean: sum / values.length };
}
