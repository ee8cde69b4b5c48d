/** Statlog German credit: 1,000 people who asked a bank for credit, and whether each was a good or a bad risk. */
import { readChecked } from '../../checked-file.ts';
import { createDataset, type Dataset } from '../../dataset.ts';
import { gunzipIfNeeded } from '../../formats/gunzip.ts';
import { readSpacedTable } from '../../formats/spaced-table.ts';
import { encodeTable } from '../../table/encode-table.ts';
import { categoryIndex } from '../../table/fields.ts';
import { checkSize } from '../bits/bits-dataset.ts';
import type { CatalogEntry } from '../entry.ts';
import { GERMAN_CREDIT_COLUMNS, GERMAN_CREDIT_LABEL } from './german-credit-columns.ts';
import { readZipped } from './zipped.ts';

const SIZE = 1000;
const HEADER = [...GERMAN_CREDIT_COLUMNS.map(({ header }) => header), GERMAN_CREDIT_LABEL.header];
const { classes, codes, name: label } = GERMAN_CREDIT_LABEL;

const FILE = {
  name: 'german-credit/german.data',
  // With a line of names, and bad written as 0.
  sha256: 'd4d07316a7b3dd7271bb9903dd992cd7437735211f3d75db7f8e5a56c1440984',
  // The publisher's: the same rows without names, and bad written as 2, as german.doc has it.
  sameContent: ['b21f3d81db8071257d5ff1deaeba1fd4303b62712e6fcc9715c7a86202cb5871'],
  inflatedBytes: 80_063,
};

/**
 * A record has 52 places, in the order of the file's columns: a number or an ordered category one, standardised over all
 * 1,000 rows; another category one 0/1 place per value. The publisher's costs (5 for a bad risk taken for a good one)
 * are not used.
 */
export const germanCredit: CatalogEntry<'german-credit'> = {
  id: 'german-credit',
  title: 'Statlog German credit: 1,000 applicants, good and bad risks',
  kind: 'table',
  label: 'credit risk',
  preprocessing:
    'Numbers and ordered categories standardised over all rows, a place for each value of other categories; costs are not used.',
  source: 'https://archive.ics.uci.edu/dataset/144',
  licence: 'CC BY 4.0',
  citation:
    'H. Hofmann: Statlog (German Credit Data), UCI Machine Learning Repository, 1994, doi:10.24432/C5NC77',
  size: SIZE,
  bundled: false,
  sensitive: ['personal-status-sex', 'foreign-worker', 'age'],
  forms: [
    {
      title: 'german.data, with or without a line of names',
      files: [FILE],
      read: async ([path], { name }) =>
        encode(name, path as string, await readChecked(path as string, FILE, parse)),
    },
    {
      title: "the publisher's zip archive",
      files: [
        {
          name: 'german-credit/statlog+german+credit+data.zip',
          inflatedBytes: FILE.inflatedBytes,
          url: 'https://archive.ics.uci.edu/static/public/144/statlog+german+credit+data.zip',
        },
      ],
      read: async ([path], { name, signal }) =>
        encode(name, path as string, await readZipped(path as string, FILE, parse, signal)),
    },
  ],
};

const parse = (bytes: Uint8Array, file: string, maxBytes: number): Rows =>
  readSpacedTable(gunzipIfNeeded(bytes, file, maxBytes), file, HEADER);

type Rows = ReturnType<typeof readSpacedTable>;

function encode(name: string, path: string, rows: Rows): Dataset {
  checkSize(path, rows.length, SIZE);
  // Read by the file's codes, so that a complaint names what stands in the file.
  const coded = GERMAN_CREDIT_COLUMNS.map(({ column, codes: categories }) =>
    categories ? { ...column, categories } : column,
  );
  const labels = rows.map((row) => row.at(-1) as string);
  const table = encodeTable(
    name,
    rows.map((row) => row.slice(0, -1)),
    coded,
  );
  const known = Object.keys(codes);
  return createDataset({
    id: name,
    ...table,
    columns: GERMAN_CREDIT_COLUMNS.map(({ column }) => column),
    y: Int32Array.from(labels, (code, record) => {
      const place = { id: name, record, column: GERMAN_CREDIT_LABEL.header };
      return codes[known[categoryIndex(code, known, place)] as keyof typeof codes];
    }),
    classes,
    label,
  });
}
