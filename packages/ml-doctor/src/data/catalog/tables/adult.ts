/**
 * UCI Adult: 48,842 people of the 1994 US census, and whether each earned more than 50,000 dollars a year.
 */
import { AuditError } from '../../../errors.ts';
import { type FileRecord, readChecked } from '../../checked-file.ts';
import { createDataset } from '../../dataset.ts';
import { readAdultCsv, type Table } from '../../formats/adult-csv.ts';
import { encodeTable } from '../../table/encode-table.ts';
import { categoryIndex } from '../../table/fields.ts';
import type { CatalogEntry } from '../entry.ts';
import { shokriSplit } from '../shokri-split.ts';
import { ADULT_COLUMNS, ADULT_LABEL } from './adult-columns.ts';
import { readZipped } from './zipped.ts';

const SIZE = 48_842;
const TRAIN_SIZE = 32_561;
/** As the publisher has it. */
const TRAIN_PLAIN = '5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d';
const TEST_PLAIN = 'a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05';
const TRAIN_FILE = {
  name: 'adult/adult.data.gz',
  sha256: 'c7a2b4716a97f930123e0baf879188d701e798172631a654fc703d4b082907f3',
  sameContent: [TRAIN_PLAIN],
  inflatedBytes: 3_974_305,
};
const TEST_FILE = {
  name: 'adult/adult.test.gz',
  sha256: '8a2c1bffa6e7ce5abfa43881ae5e87c4311ebc2b3cd526c9c40a43f19f06f799',
  sameContent: [TEST_PLAIN],
  inflatedBytes: 2_003_153,
};
const COLUMN_NAMES = [...ADULT_COLUMNS.map((column) => column.name), ADULT_LABEL.name];

/**
 * The rows of `adult.data`, then those of `adult.test`. A record has 108 features, in the order of the file's
 * columns: a number gives one, standardised over all 48,842 rows; a category gives one 0/1 feature per value,
 * `?` (missing) being a value of its own. `sex`, `race` and `age` are attributes besides, so they are in `x`
 * too: an attribute-inference attack must not be handed those features.
 */
export const adult = adultEntry('adult', 'UCI Adult (census income), training and test rows together', []);

/**
 * As {@link adult}, but models are not given the columns `sex` and `race`, which stay attributes: what a model learns of
 * them all the same it has from the other columns. A record has 101 features.
 */
export const adultUnaware = adultEntry('adult-unaware', 'UCI Adult without the columns sex and race', [
  'sex',
  'race',
]);

function adultEntry<const Id extends string>(
  id: Id,
  title: string,
  without: readonly string[],
): CatalogEntry<Id> {
  return {
    id,
    ...(without.length > 0 && { recordsOf: 'adult' }),
    title,
    kind: 'table',
    label: 'income above 50,000 dollars a year',
    preprocessing:
      'Numbers standardised over all rows, a place for each value of a category; missing values (?) are a value of their own.',
    source: 'https://archive.ics.uci.edu/dataset/2/adult',
    licence: 'CC BY 4.0',
    citation: 'B. Becker, R. Kohavi: Adult, UCI Machine Learning Repository, 1996, doi:10.24432/C5XW20',
    size: SIZE,
    splits: { 'shokri-2017': shokriSplit(10_000, SIZE) },
    parts: { train: [0, TRAIN_SIZE], test: [TRAIN_SIZE, SIZE] },
    bundled: true,
    sensitive: ['sex', 'race'],
    forms: [
      {
        title: "the publisher's files, gzipped or plain",
        files: [TRAIN_FILE, TEST_FILE],
        async read([train, test], { name }) {
          const tables = [
            await readRows(train as string, TRAIN_FILE, TRAIN_SIZE),
            await readRows(test as string, TEST_FILE, SIZE - TRAIN_SIZE),
          ];
          return encode(
            name,
            tables.flatMap((table) => table.rows),
            without,
          );
        },
      },
      {
        title: "the publisher's zip archive",
        files: [
          {
            name: 'adult/adult.zip',
            inflatedBytes: TRAIN_FILE.inflatedBytes + TEST_FILE.inflatedBytes,
            url: 'https://archive.ics.uci.edu/static/public/2/adult.zip',
          },
        ],
        async read([at], { name, signal }) {
          const path = at as string;
          const rows = async (record: FileRecord, size: number) =>
            checkRows(`${path}: ${record.name}`, await readZipped(path, record, parse, signal), size).rows;
          const train = await rows({ ...TRAIN_FILE, sha256: TRAIN_PLAIN }, TRAIN_SIZE);
          const test = await rows({ ...TEST_FILE, sha256: TEST_PLAIN }, SIZE - TRAIN_SIZE);
          return encode(name, [...train, ...test], without);
        },
      },
    ],
  };
}

const parse = (bytes: Uint8Array, file: string, maxBytes: number): Table =>
  readAdultCsv(bytes, file, COLUMN_NAMES, maxBytes);

const readRows = async (path: string, record: FileRecord, size: number): Promise<Table> =>
  checkRows(path, await readChecked(path, record, parse), size);

function checkRows(path: string, table: Table, size: number): Table {
  if (table.rows.length === size) return table;
  throw new AuditError(
    'MLD_DATA_INVALID',
    `${path}: ${table.rows.length} records, expected ${size}`,
    'Check that adult.data and adult.test were not exchanged.',
  );
}

function encode(id: string, rows: Table['rows'], without: readonly string[]) {
  const label = ADULT_COLUMNS.length;
  const kept = ADULT_COLUMNS.map(({ name }, c) => ({ name, c })).filter(
    ({ name }) => !without.includes(name),
  );
  return createDataset({
    id,
    ...encodeTable(
      id,
      rows.map((row) => kept.map(({ c }) => row[c] as string)),
      kept.map(({ c }) => ADULT_COLUMNS[c] as (typeof ADULT_COLUMNS)[number]),
    ),
    y: Int32Array.from(rows, (row, record) =>
      categoryIndex(row[label]!, ADULT_LABEL.categories, {
        ...{ id, record, column: ADULT_LABEL.name },
      }),
    ),
    classes: ADULT_LABEL.categories,
    label: ADULT_LABEL.name,
    attributes: {
      sex: categorical(rows, 'sex'),
      race: categorical(rows, 'race'),
      age: { values: Float32Array.from(rows, (row) => Number(row[columnIndex('age')])) },
    },
  });
}

function categorical(rows: Table['rows'], name: string) {
  const c = columnIndex(name);
  const categories = ADULT_COLUMNS[c]!.categories!;
  return { values: Int32Array.from(rows, (row) => categories.indexOf(row[c]!)), categories };
}

function columnIndex(name: string): number {
  return COLUMN_NAMES.indexOf(name);
}
