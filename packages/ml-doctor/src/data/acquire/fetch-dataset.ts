/** What there is to download of a data set, from where and to where, and the download of all of it. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditError } from '../../errors.ts';
import type { CatalogEntry, DataForm } from '../catalog/entry.ts';
import { checkFile, type FileRecord } from '../checked-file.ts';
import { findForms, findInFolder, wholeForm } from '../find-files.ts';
import { fetchable, fileList } from '../missing-files.ts';
import { type DownloadOptions, download } from './download.ts';
import { fetchFault } from './request.ts';

export interface FetchChoice {
  readonly dataDir: string;
  /** Part of the title of the form that is wanted; the first that can be had otherwise. */
  readonly form?: string;
  /** A folder on the web with the files as they lie in the data set's own folder, in place of the publisher's addresses. */
  readonly from?: string;
}

export interface FetchPlan {
  readonly form: DataForm;
  /** Held against the published digests, where they are not part of the package. */
  readonly there: readonly string[];
  readonly wanted: readonly WantedFile[];
}

export interface WantedFile {
  readonly record: FileRecord;
  readonly url: string;
  /** Where it will be. */
  readonly path: string;
}

export interface FetchedFile {
  readonly path: string;
  readonly bytes: number;
  /** sha256, or md5 where its publisher gives that only. */
  readonly digest: string;
  /** Whether its publisher's digest is known, and it is that one. */
  readonly verified: boolean;
}

/**
 * @throws {AuditError} MLD_USAGE for a form or an address that makes no sense; MLD_DATA_FETCH where nothing is offered for
 * download; MLD_DATA_CHECKSUM where a file is there already and is another one
 */
export async function planFetch(
  entry: CatalogEntry,
  { dataDir, form: title, from }: FetchChoice,
  signal?: AbortSignal,
): Promise<FetchPlan> {
  if (title === undefined) {
    const whole = wholeForm(await findForms(entry, dataDir));
    if (whole) {
      for (const [i, record] of whole.form.files.entries())
        if (!record.folder) await checkFile(whole.at[i] as string, record, signal);
      return { form: whole.form, there: whole.at, wanted: [] };
    }
  }
  const form = chooseForm(entry, dataDir, title, from);
  const there: string[] = [];
  const wanted: WantedFile[] = [];
  for (const record of form.files) {
    const at = await findInFolder(record, dataDir);
    if (at === undefined)
      wanted.push({ record, url: addressOf(record, from), path: join(dataDir, record.name) });
    else {
      // What somebody has put there is his: it is not written over.
      await checkFile(at, record, signal);
      there.push(at);
    }
  }
  return { form, there, wanted };
}

/** One after the other, in their order. @throws {AuditError} as `download` */
export async function fetchFiles(
  { wanted }: FetchPlan,
  options: DownloadOptions,
): Promise<readonly FetchedFile[]> {
  const fetched: FetchedFile[] = [];
  for (const { record, url, path } of wanted) {
    const digest = await download(url, path, record, options);
    const { size } = await stat(path);
    fetched.push({ path, bytes: size, digest, verified: (record.sha256 ?? record.md5) !== undefined });
  }
  return fetched;
}

function chooseForm(
  { id, forms, source }: CatalogEntry,
  dataDir: string,
  title: string | undefined,
  from: string | undefined,
): DataForm {
  const named = forms.filter((form) => form.title.toLowerCase().includes((title ?? '').toLowerCase()));
  const titles = forms.map((form) => `'${form.title}'`).join(', ');
  if (title !== undefined && named.length !== 1)
    throw new AuditError(
      'MLD_USAGE',
      `--form ${title} is part of the title of ${named.length === 0 ? 'no form' : `${named.length} forms`} of '${id}'; there are ${titles}`,
      'Give a part of the title that no other has.',
    );
  // A folder is nothing that can be downloaded: it has no end.
  const can = (form: DataForm) =>
    from === undefined ? fetchable(form) : form.files.every(({ folder }) => !folder);
  const chosen = named.find(can);
  if (chosen) return chosen;
  const [first] = named as [DataForm];
  throw fetchFault(
    `no address is known from which '${id}' may be downloaded directly${title === undefined ? '' : ` as '${first.title}'`}`,
    `Get ${fileList(first.files)} from ${source}, put ${first.files.length === 1 ? 'it' : 'them'} so named into ${dataDir}, and run \`ml-doctor data check ${id}\`.`,
  );
}

/** Below the mirror as below the data set's own folder. */
function addressOf({ name, url }: FileRecord, from: string | undefined): string {
  if (from === undefined) return url as string;
  let base: URL;
  try {
    base = new URL(from.endsWith('/') ? from : `${from}/`);
  } catch {
    throw notOfTheWeb(from);
  }
  if (base.protocol !== 'https:' && base.protocol !== 'http:') throw notOfTheWeb(from);
  return new URL(name.split('/').slice(1).map(encodeURIComponent).join('/'), base).href;
}

const notOfTheWeb = (from: string): AuditError =>
  new AuditError(
    'MLD_USAGE',
    `--from ${from} is no address of the web`,
    'Give a folder, as https://example.org/mirror/.',
  );
