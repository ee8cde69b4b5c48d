/** Texas-100: 67,330 hospital stays in Texas and their main procedure, as Shokri et al. (S&P 2017) prepared them. */
import { AuditError } from '../../../errors.ts';
import { bitRows } from '../../formats/bits-csv.ts';
import { readBitsNpz } from '../../formats/bits-npz.ts';
import { readTarParts } from '../../formats/tar-stream.ts';
import type { CatalogEntry } from '../entry.ts';
import { shokriSplit } from '../shokri-split.ts';
import {
  type ArchivedBits,
  arrayBytes,
  bitsDataset,
  checkSize,
  numberNames,
  textBytes,
} from './bits-dataset.ts';

const FEATURES = 'texas/100/feats';
const LABELS = 'texas/100/labels';
const PUBLISHED: ArchivedBits = { rows: 67_330, width: 6169, classes: 100 };

/** A line holds a number of up to nine digits, and its end of one or two bytes. */
const LABEL_BYTES = 11;

/**
 * The paper speaks of 6,170 features; the published archive has 6,169 of them, which with the class make 6,170 columns.
 * Bits take 415 MB in memory, a byte each; the archive's text, twice as much, is never held.
 *
 * @param shape what the files hold; others are for tests
 */
export function texas(shape: ArchivedBits = PUBLISHED): CatalogEntry<'texas-100'> {
  const { rows, width, classes } = shape;
  const dataset = (id: string, values: Uint8Array, labels: Int32Array) =>
    bitsDataset(id, width, values, labels, numberNames(classes), 'feature');
  return {
    id: 'texas-100',
    title: 'Texas-100: hospital stays in Texas, 6,169 bits in 100 procedures',
    kind: 'bits',
    label: 'main procedure of the stay',
    preprocessing:
      'As published: stays with one of the 100 most frequent procedures; 6,169 bits for causes of injury, diagnoses, other procedures and personal facts.',
    source: 'https://github.com/privacytrustlab/datasets',
    licence:
      'none stated; for research; derived from the Texas hospital discharge data of 2006 to 2009, whose terms forbid to identify people',
    citation:
      'R. Shokri, M. Stronati, C. Song, V. Shmatikov: Membership Inference Attacks Against Machine Learning Models, IEEE S&P 2017',
    size: rows,
    splits: {
      'shokri-2017': shokriSplit(10_000, PUBLISHED.rows),
    },
    bundled: false,
    forms: [
      {
        title: "the publisher's archive",
        files: [
          {
            name: 'texas/dataset_texas.tgz',
            url: 'https://github.com/privacytrustlab/datasets/raw/master/dataset_texas.tgz',
            inflatedBytes: textBytes(shape),
          },
        ],
        async read([at], { name, signal }) {
          const path = at as string;
          const bits = bitRows(`${path}: ${FEATURES}`, { rows, width, labelled: false });
          const numbers = labelLines(`${path}: ${LABELS}`, rows, classes);
          const wanted = { [FEATURES]: bits.push, [LABELS]: numbers.push };
          await readTarParts(path, wanted, textBytes(shape), signal);
          const { count, values } = bits.end();
          checkSize(`${path}: ${FEATURES}`, count, rows);
          return dataset(name, values, numbers.end());
        },
      },
      {
        title: 'texas100.npz with features and labels',
        // Made from the archive's files row by row, in their order.
        files: [{ name: 'texas/texas100.npz', inflatedBytes: arrayBytes(shape) }],
        async read([path], { name, signal }) {
          const arrays = { ...shape, bits: 'features', labels: 'labels' };
          const { labels, values } = await readBitsNpz(path as string, arrays, signal);
          return dataset(name, values, labels);
        },
      },
    ],
  };
}

/** A class number from 1 on in each line; they come out counted from 0. */
function labelLines(file: string, rows: number, classes: number) {
  const parts: Buffer[] = [];
  let length = 0;
  return {
    push(part: Uint8Array) {
      length += part.length;
      if (length > LABEL_BYTES * rows) throw invalid(`${file}: has more than ${rows} class numbers`);
      parts.push(Buffer.from(part));
    },
    end(): Int32Array {
      const lines = Buffer.concat(parts).toString('latin1').split('\n');
      if (lines.pop() !== '') {
        throw new AuditError(
          'MLD_DATA_TRUNCATED',
          `${file}: cut short, line ${lines.length + 1} has no end`,
          'Copy or download the file again.',
        );
      }
      checkSize(file, lines.length, rows);
      return Int32Array.from(lines, (line, i) => {
        const label = /^\d{1,9}\r?$/.test(line) ? Number(line) : Number.NaN;
        if (label >= 1 && label <= classes) return label - 1;
        throw invalid(`${file}:${i + 1}: '${line.slice(0, 20)}' is no class from 1 to ${classes}`);
      });
    },
  };
}

const invalid = (message: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, 'Check that this is the right file.');

export const texas100 = texas();
