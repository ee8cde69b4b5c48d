/** Pictures in IDX files, as MNIST is published; their labels are in a second file beside them. */
import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AuditError } from '../../../errors.ts';
import { idxHeader, readIdxRows } from '../../formats/idx-rows.ts';
import { type RecordSource, valueTaker } from './source.ts';

/** @throws {AuditError} MLD_DATA_UNREADABLE naming the labels looked for, MLD_DATA_INVALID, and those of the format */
export async function idxSource(path: string, signal?: AbortSignal): Promise<RecordSource> {
  const labelPath = await labelsBeside(path);
  const { shape, type } = await idxHeader(path, signal);
  const labels = await idxHeader(labelPath, signal);
  const [records, ...record] = shape as [number, ...number[]];
  if (labels.shape.length !== 1 || labels.shape[0] !== records) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${labelPath}: is of shape (${labels.shape.join(', ')}), and ${path} has ${records} records`,
      'Check that pictures and labels are of the same set.',
    );
  }
  return {
    path,
    format: 'idx',
    records,
    notes: [`${path}: labels from ${labelPath}`],
    form: async () => ({ shape: record, bytes: type.kind === 'u', layout: 'unknown' }),
    async read(rows, x) {
      await readIdxRows(path, rows.length === records ? undefined : rows, x, signal);
      const all = new Float64Array(records);
      await readIdxRows(labelPath, undefined, all, signal);
      const taker = valueTaker(rows);
      all.forEach(taker.visit);
      return { labels: taker.drawn, others: taker.others, attributes: {} };
    },
  };
}

/** `train-images-idx3-ubyte.gz` has its labels in `train-labels-idx1-ubyte.gz`, packed or not. */
async function labelsBeside(path: string): Promise<string> {
  const name = basename(path);
  const labels = name.replace('images', 'labels').replace(/idx\d/, 'idx1');
  const other = labels.endsWith('.gz') ? labels.slice(0, -3) : `${labels}.gz`;
  for (const candidate of labels === name ? [] : [labels, other]) {
    const found = join(dirname(path), candidate);
    if (
      await access(found).then(
        () => true,
        () => false,
      )
    )
      return found;
  }
  throw new AuditError(
    'MLD_DATA_UNREADABLE',
    `${path}: its labels are not beside it${labels === name ? '' : ` (looked for ${labels} and ${other})`}`,
    'Name the files as MNIST does: train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz.',
  );
}
