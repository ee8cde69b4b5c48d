/** Reads a data set by its catalogue name. */
import { stat } from 'node:fs/promises';
import { AuditError } from '../errors.ts';
import type { DatasetId } from './catalog/catalog.ts';
import { catalogEntry } from './catalog-entry.ts';
import { parseDataName } from './data-name.ts';
import type { Dataset } from './dataset.ts';
import { findForms, wholeForm } from './find-files.ts';
import { missingFiles } from './missing-files.ts';
import { pixelsFault } from './named-data.ts';
import type { DecodingOptions } from './pictures/decoding.ts';

export { catalogEntry } from './catalog-entry.ts';

export interface LoadOptions extends DecodingOptions {
  /**
   * A folder with a folder for each data set (`fashion-mnist/…`, `adult/…`). What is found there is used, what is not
   * comes from the package; either way its digest is the same. A data set that is not bundled is read from here only.
   */
  readonly dataDir?: string;
}

/**
 * @param name an id of the catalogue, of pictures with the pixels a side where others than the usual are wanted: `celeba@64`
 * @throws {AuditError} MLD_DATA_UNKNOWN for an id that is not in the catalogue and for pixels that it cannot have,
 * MLD_DATA_UNREADABLE when `dataDir` or a file cannot be read or is not there, and the errors of the format's reader
 */
export async function loadDataset(
  name: DatasetId | (string & {}),
  { dataDir, ...decoding }: LoadOptions = {},
): Promise<Dataset> {
  await checkDataDir(dataDir);
  const entry = catalogEntry(name);
  const fault = pixelsFault(name);
  if (fault) throw new AuditError('MLD_DATA_UNKNOWN', ...fault);
  const { pixels } = parseDataName(name);
  const found = await findForms(entry, dataDir);
  const whole = wholeForm(found);
  if (!whole) throw missingFiles(entry, found, dataDir);
  return whole.form.read(whole.at, { ...decoding, name, ...(pixels !== undefined && { pixels }) });
}

/** @throws {AuditError} MLD_DATA_UNREADABLE for a folder that is given and is not there, or is none */
export async function checkDataDir(dataDir: string | undefined): Promise<void> {
  if (dataDir === undefined) return;
  const found = await stat(dataDir).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new AuditError(
    'MLD_DATA_UNREADABLE',
    found ? `data folder ${dataDir} is no folder` : `data folder ${dataDir} does not exist or cannot be read`,
    'Create it, correct the path, or leave it out to use the bundled data.',
  );
}
