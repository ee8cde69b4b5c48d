/** The entry of a data set by its name; its licence and source are there without reading any file. */
import { AuditError } from '../errors.ts';
import { catalog, type DatasetId } from './catalog/catalog.ts';
import type { CatalogEntry } from './catalog/entry.ts';
import { dataName, parseDataName } from './data-name.ts';
import { nearestName } from './nearest-name.ts';

/**
 * @param name an id, or of pictures an id with pixels, which are not looked at here
 * @throws {AuditError} MLD_DATA_UNKNOWN for an id that is not in the catalogue
 */
export function catalogEntry(name: string): CatalogEntry {
  const { id, pixels } = parseDataName(name);
  if (isId(id)) return catalog[id];
  const known = Object.keys(catalog);
  const [, before = id, after] = /^(.*)@(.*)$/.exec(id) ?? [];
  if (after !== undefined && isId(before))
    throw new AuditError(
      'MLD_DATA_UNKNOWN',
      `'${name}': what follows the @ is no number of pixels a side`,
      `Pictures are asked for as '${before}@64'.`,
    );
  const nearest = nearestName(before, known) as DatasetId;
  const meant =
    pixels !== undefined && catalog[nearest].kind === 'pictures'
      ? dataName({ id: nearest, pixels })
      : nearest;
  throw new AuditError(
    'MLD_DATA_UNKNOWN',
    `there is no data set '${id}'; known are ${known.join(', ')}`,
    `Did you mean '${meant}'?`,
  );
}

const isId = (id: string): id is DatasetId => Object.hasOwn(catalog, id);
