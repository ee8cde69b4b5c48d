/** What `ml-doctor data` prints for people. */

import type { FetchedFile, FetchPlan } from '../data/acquire/fetch-dataset.ts';
import type { CatalogEntry } from '../data/catalog/entry.ts';
import type { AttributeCheck, Count, DatasetCheck } from '../data/check-dataset.ts';
import type { AuditError } from '../errors.ts';
import { fileSize } from '../files/file-size.ts';
import { grouped, percent, plural, quantity } from '../report/format.ts';
import type { ListEntry } from './services.ts';

/** What there is to agree to before anything is downloaded. */
export function termsOf({ id, title, licence, source, citation }: CatalogEntry, { form, wanted }: FetchPlan) {
  const sizes = wanted.map(({ record }) => record.bytes);
  return {
    name: id,
    title,
    licence,
    cite: citation,
    source,
    form: form.title,
    download: `${plural(wanted.length, 'file')}, ${sizes.includes(undefined) ? 'of unknown size' : fileSize(sizes.reduce<number>((sum, size) => sum + (size as number), 0))}: ${wanted.map(({ url }) => url).join(' ')}`,
    into: wanted.map(({ path }) => path).join(' '),
  };
}

export const fetchedText = (files: readonly FetchedFile[]): string =>
  files
    .map(
      ({ path, bytes, digest, verified }) =>
        `${path}: ${fileSize(bytes)}, ${verified ? 'as published' : `no digest was published; ${digest}`}\n`,
    )
    .join('');

export interface SheetAt {
  readonly path: string;
  readonly rows: readonly string[];
}

export function checkFacts(check: DatasetCheck, sheet: SheetAt | undefined): ListEntry {
  const { name, files, records, published, shape, label, classes, attributes, duplicates } = check;
  const verified = files.filter((file) => file.verified).length;
  const left = published === undefined ? '' : `, ${grouped(published)} published`;
  return {
    name: `${name}: sound`,
    files: `${plural(files.length, 'file')}, ${verified === files.length ? 'with the digests expected' : `${verified} with a digest to hold them against`}`,
    records: `${grouped(records)} of ${shape.join(' × ')}${left}`,
    classes: `${grouped(classes.length)} (${label}), ${extremes(classes)}: ${countsText(classes, records)}`,
    ...(attributes.length > 0 && {
      attributes: attributes.map((attribute) => attributeText(attribute, records)).join('; '),
    }),
    duplicates: duplicatesText(duplicates),
    content: check.contentHash,
    ...(sheet && { pictures: `${sheet.path}, from the top: ${sheet.rows.join(', ')}` }),
  };
}

/** A data set that is not there is not broken. */
const FAULTS: Readonly<Record<string, string>> = {
  MLD_DATA_UNKNOWN: 'no such data set',
  MLD_DATA_UNREADABLE: 'not found, or not readable',
};

export const brokenFacts = (name: string, { code, message, hint }: AuditError): ListEntry => ({
  name: `${name}: ${FAULTS[code] ?? 'broken'}`,
  error: `${code}: ${message}`,
  fix: hint,
});

function extremes(classes: readonly Count[]): string {
  const ordered = [...classes].sort((a, b) => a.count - b.count);
  const [least, most] = [ordered[0] as Count, ordered.at(-1) as Count];
  if (least.count === most.count) return `${plural(least.count, 'record')} each`;
  return `from ${grouped(least.count)} (${least.name}) to ${grouped(most.count)} (${most.name})`;
}

const countsText = (counts: readonly Count[], records: number): string =>
  counts.map(({ name, count }) => `${name} ${grouped(count)} (${percent(count / records)})`).join(', ');

const attributeText = (attribute: AttributeCheck, records: number): string =>
  'categories' in attribute
    ? `${attribute.name}: ${countsText(attribute.categories, records)}`
    : `${attribute.name}: ${quantity(attribute.least)} to ${quantity(attribute.most)}, mean ${quantity(attribute.mean)}`;

function duplicatesText({ inputs, surplus, conflicting }: DatasetCheck['duplicates']): string {
  if (inputs === 0) return 'none';
  const labels = conflicting === 0 ? '' : `, ${grouped(conflicting)} of them with different labels`;
  return `${plural(inputs, 'input')} more than once${labels}; ${plural(surplus, 'record')} could go`;
}
