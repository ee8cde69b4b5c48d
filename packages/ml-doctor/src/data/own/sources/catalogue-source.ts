/** Records of the catalogue: all of a data set, one of its parts, or a range: `fashion-mnist@32:train[0:5000]`. */
import { AuditError } from '../../../errors.ts';
import type { Dataset } from '../../dataset.ts';
import { elements } from '../../dataset.ts';
import { catalogEntry } from '../../load-dataset.ts';
import { pixelsFault, usualDataName } from '../../named-data.ts';
import { isBytes } from '../../values.ts';
import type { RecordSource } from './source.ts';

export interface CatalogueRange {
  /** Of pictures with the pixels a side, where they are said. */
  readonly id: string;
  readonly part?: string;
  readonly from?: number;
  readonly to?: number;
}

/** What `text` says as a name of the catalogue; `undefined` when it does not look like one. Nothing is looked up. */
export function catalogueRange(text: string): CatalogueRange | undefined {
  const match = /^([a-z][a-z0-9-]*(?:@\d{1,4})?)(?::([a-z]+))?(?:\[(\d{0,12}):(\d{0,12})\])?$/.exec(text);
  if (!match) return undefined;
  const [, id, part, from, to] = match;
  return {
    id: id!,
    ...(part !== undefined && { part }),
    ...(from && { from: Number(from) }),
    ...(to && { to: Number(to) }),
  };
}

/**
 * @param load reads a data set; asked once for each side, so it keeps what it read
 * @throws {AuditError} MLD_DATA_UNKNOWN for a data set or a part that there is not, MLD_DATA_INVALID for a range outside of it
 *   or an attribute it does not have, and what `load` throws
 */
export async function catalogueSource(
  text: string,
  range: CatalogueRange,
  attributes: readonly string[],
  load: (id: string) => Promise<Dataset>,
): Promise<RecordSource> {
  const [first, end] = bounds(text, range);
  const dataset = await load(usualDataName(range.id));
  const known = dataset.attributes ?? {};
  const missing = attributes.find((name) => !Object.hasOwn(known, name));
  if (missing !== undefined) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${text}: has no attribute '${missing}'; it has ${Object.keys(known).join(', ') || 'none'}`,
      'Choose one of these, or leave it out.',
    );
  }
  const length = elements(dataset.recordShape);
  return {
    path: text,
    format: 'catalogue',
    records: end - first,
    firstRow: first,
    notes: [],
    classes: dataset.classes,
    dataset,
    form: async () => ({
      shape: dataset.recordShape,
      bytes: isBytes(dataset.x),
      layout: 'channels-first',
    }),
    async read(rows, x) {
      for (const [slot, row] of rows.entries()) {
        const at = (first + row) * length;
        x.set(dataset.x.subarray(at, at + length), slot * length);
      }
      const values = attributes.map((name) => {
        const attribute = known[name]!;
        const value = (row: number) => {
          const found = attribute.values[first + row]!;
          return attribute.categories ? attribute.categories[found]! : found;
        };
        return [name, Array.from(rows, value)] as const;
      });
      return {
        labels: Array.from(rows, (row) => dataset.y[first + row]!),
        others: new Set(),
        attributes: Object.fromEntries(values),
      };
    },
  };
}

function bounds(text: string, { id, part, from, to }: CatalogueRange): readonly [number, number] {
  const entry = catalogEntry(id);
  const fault = pixelsFault(id);
  if (fault) throw new AuditError('MLD_DATA_INVALID', `${text}: ${fault[0]}`, fault[1]);
  const parts: Readonly<Record<string, readonly [number, number]>> = entry.parts ?? {};
  if (part !== undefined && !Object.hasOwn(parts, part)) {
    throw new AuditError(
      'MLD_DATA_UNKNOWN',
      `${text}: data set '${id}' has no part '${part}'; it has ${Object.keys(parts).join(' and ') || 'none'}`,
      entry.parts ? `Write ${id}:train or ${id}:test.` : `Name a range of it: ${id}[0:1000].`,
    );
  }
  const [start, end] = part === undefined ? [0, entry.size] : parts[part]!;
  const [first, last] = [from ?? 0, to ?? end - start];
  if (first < last && last <= end - start) return [start + first, start + last];
  throw new AuditError(
    'MLD_DATA_INVALID',
    `${text}: there are records 0 to ${end - start - 1} to choose from, and none from ${first} to before ${last}`,
    `Write the first record and the one after the last: [0:${end - start}].`,
  );
}
