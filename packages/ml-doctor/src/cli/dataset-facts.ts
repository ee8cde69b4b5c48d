/** What `ml-doctor list datasets` says of a data set: what it is, what of it is there, and where the rest comes from. */

import { catalog } from '../data/catalog/catalog.ts';
import type { CatalogEntry } from '../data/catalog/entry.ts';
import { type FoundForm, findForms, nearestForm, wholeForm } from '../data/find-files.ts';
import { checkDataDir } from '../data/load-dataset.ts';
import { fetchable, sizeOf } from '../data/missing-files.ts';
import { fileSize } from '../files/file-size.ts';
import { grouped } from '../report/format.ts';
import type { ListEntry } from './services.ts';

/** @throws {AuditError} MLD_DATA_UNREADABLE for a folder that is not there */
export async function datasetFacts(dataDir: string | undefined): Promise<readonly ListEntry[]> {
  await checkDataDir(dataDir);
  return Promise.all(
    Object.values<CatalogEntry>(catalog).map(async (entry) =>
      factsOf(entry, dataDir, await findForms(entry, dataDir)),
    ),
  );
}

function factsOf(entry: CatalogEntry, dataDir: string | undefined, found: readonly FoundForm[]): ListEntry {
  const { id, title, kind, size, label, pixels, sensitive, splits, forms } = entry;
  const get = wholeForm(found) === undefined && forms.some(fetchable);
  return {
    name: id,
    title,
    kind,
    records: size,
    files: presence(entry, dataDir, found),
    ...(get && { get: `ml-doctor data fetch ${id}` }),
    label,
    ...(sensitive && { sensitive: sensitive.join(', ') }),
    ...(pixels && { pixels: pixelsText(id, pixels) }),
    ...(splits && { splits: splitsText(splits) }),
    preprocessing: entry.preprocessing,
    licence: entry.licence,
    source: entry.source,
    citation: entry.citation,
  };
}

/** `bundled`, `found in DIR (FORM)`, `partly there: 2 of 6 files (FORM)`, or `not found: 163 MiB from SOURCE`. */
export function presence(
  { source, forms }: Pick<CatalogEntry, 'source' | 'forms'>,
  dataDir: string | undefined,
  found: readonly FoundForm[],
): string {
  const whole = wholeForm(found);
  if (whole) {
    const own = dataDir !== undefined && whole.at.some((path) => path.startsWith(dataDir));
    return own ? `found in ${dataDir} (${whole.form.title})` : 'bundled';
  }
  const { form, missing } = nearestForm(found);
  const there = form.files.length - missing.length;
  if (there > 0) return `partly there: ${there} of ${form.files.length} files (${form.title})`;
  const bytes = sizeOf((forms.find(fetchable) ?? forms[0]).files);
  return `not found: ${bytes === undefined ? '' : `${fileSize(bytes)} `}from ${source}`;
}

const pixelsText = (id: string, { usual, published }: NonNullable<CatalogEntry['pixels']>): string =>
  `${usual} a side${published === usual ? '' : `, published with ${published}`}; others as ${id}@${usual === 64 ? 32 : 64}`;

/** `shokri-2017 10,000 + 10,000 + 177,324`: members, non-members, the attacker's. */
const splitsText = (splits: NonNullable<CatalogEntry['splits']>): string =>
  Object.entries(splits)
    .map(
      ([name, { members, nonMembers, auxiliary }]) =>
        `${name} ${[members, nonMembers, auxiliary].map(grouped).join(' + ')}`,
    )
    .join('; ');
