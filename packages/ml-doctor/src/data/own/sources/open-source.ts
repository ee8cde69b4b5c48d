/** Finds out what a side of own data is: a kind of file, a folder of pictures, or a name of the catalogue. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AuditError } from '../../../errors.ts';
import { systemReason } from '../../../files/system-error.ts';
import { catalog } from '../../catalog/catalog.ts';
import { parseDataName } from '../../data-name.ts';
import type { Dataset } from '../../dataset.ts';
import { withFile } from '../../formats/file-bytes.ts';
import { nearestName } from '../../nearest-name.ts';
import { catalogueRange, catalogueSource } from './catalogue-source.ts';
import { cifarSource } from './cifar-source.ts';
import { idxSource } from './idx-source.ts';
import { npzSource } from './npz-source.ts';
import { pictureSource } from './picture-source.ts';
import type { RecordSource, Side } from './source.ts';

export interface OpenOptions {
  /** Folder that relative paths start from. */
  readonly base: string;
  readonly label?: string;
  readonly attributes: readonly string[];
  readonly load: (id: string) => Promise<Dataset>;
  readonly signal?: AbortSignal;
}

type FileKind = 'npz' | 'idx' | 'cifar';

const BY_NAME: readonly (readonly [RegExp, FileKind])[] = [
  [/\.np[zy]$/i, 'npz'],
  [/\.bin(?:\.gz)?$/i, 'cifar'],
  [/(?:\.idx|-ubyte|\.idx\d-ubyte)(?:\.gz)?$/i, 'idx'],
];

/**
 * A name of the catalogue goes before a file of that name; `./cifar10-20k` is always a path.
 *
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_UNKNOWN for what is neither a file nor in the catalogue, MLD_DATA_MAGIC for
 *   a file of no kind known, and what the readers throw
 */
export async function openSource(text: string, side: Side, options: OpenOptions): Promise<RecordSource> {
  const { base, label, attributes, load, signal } = options;
  const range = catalogueRange(text);
  if (range && Object.hasOwn(catalog, parseDataName(range.id).id))
    return catalogueSource(text, range, attributes, load);
  if (text === '' || text.includes('\0')) throw unreadable(JSON.stringify(text), 'this is no path');
  const path = resolve(base, text);
  const found = await stat(path).catch((cause: unknown) => {
    if (range) throw unknown(text, range.id, path, cause);
    throw unreadable(path, systemReason(cause), cause);
  });
  const further = {
    attributes,
    ...(label !== undefined && { label }),
    ...(signal !== undefined && { signal }),
  };
  if (found.isDirectory()) {
    refuse(path, 'a folder of pictures', attributes, label);
    return pictureSource(path, signal);
  }
  switch (BY_NAME.find(([name]) => name.test(path))?.[1] ?? (await kindByBytes(path))) {
    case 'npz':
      return npzSource(path, { side, ...further });
    case 'cifar':
      return cifarSource(path, further);
    case 'idx':
      refuse(path, 'an IDX file', attributes, label);
      return idxSource(path, signal);
  }
}

async function kindByBytes(path: string): Promise<FileKind> {
  const head = await withFile(path, (file) => file.read(0, Math.min(4, file.size)));
  const hex = head.toString('hex');
  if (hex === '504b0304' || hex === '934e554d') return 'npz';
  if (/^0000(?:08|09|0b|0c|0d|0e)0[1-9]$/.test(hex)) return 'idx';
  throw new AuditError(
    'MLD_DATA_MAGIC',
    `${path}: is of no kind that is known by its name or its first bytes${hex === '' ? ', it is empty' : ` (0x${hex})`}`,
    'Give .npz, .csv, .tsv, .parquet, IDX (…-images-idx3-ubyte.gz), CIFAR (.bin), or a folder of pictures.',
  );
}

/** Options that a format has no place for are a mistake, not to be passed over. */
function refuse(path: string, what: string, attributes: readonly string[], label: string | undefined): void {
  if (attributes.length === 0 && label === undefined) return;
  throw new AuditError(
    'MLD_DATA_INVALID',
    `${path}: ${what} has neither named labels nor attributes (${[label, ...attributes].filter(Boolean).join(', ')})`,
    'Leave `label` and `attributes` out, or save the records as .npz.',
  );
}

function unknown(text: string, id: string, path: string, cause: unknown): AuditError {
  return new AuditError(
    'MLD_DATA_UNKNOWN',
    `'${text}' is neither a file (${path}) nor a data set of the catalogue`,
    `Check the path; the data set with the nearest name is '${nearestName(id, Object.keys(catalog))}'.`,
    { cause },
  );
}

function unreadable(path: string, reason: string, cause?: unknown): AuditError {
  return new AuditError(
    'MLD_DATA_UNREADABLE',
    `${path}: cannot be read: ${reason}`,
    'Check the path; relative ones start from the folder of the configuration, or from the current one.',
    { cause },
  );
}
