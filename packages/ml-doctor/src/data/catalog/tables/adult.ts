/**
 * UCI Adult: 48,842 people of the 1994 US census, and whether each earned more than 50,000 dollars a year.
 */
import { AuditError } from '../../../errors.ts';
import { readChecked } from '../../checked-file.ts';
import { createDataset } from '../../dataset.ts';
import { readAdultCsv, type Table } from '../../formats/adult-csv.ts';
import { encodeTable } from '../../table/encode-table.ts';
import { categoryIndex } from '../../table/fields.ts';
import type { CatalogEntry } from '../entry.ts';
import { ADULT_COLUMNS, ADULT_LABEL } from './adult-columns.ts';

const SIZE = 48_842;
const TRAIN_SIZE = 32_561;
const TRAIN_FILE = {
  name: 'adult/adult.data.gz',
  sha256: 'c7a2b4716a97f930123e0baf879188d701e798172631a654fc703d4b082907f3',
  inflatedBytes: 3_974_305,
};
const TEST_FILE = {
  name: 'adult/adult.test.gz',
  sha256: '8a2c1bffa6e7ce5abfa43881ae5e87c4311ebc2b3cd526c9c40a43f19f06f799',
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
    title,
    kind: 'table',
    label: 'income above 50,000 dollars a year',
    preprocessing:
      'Numbers standardised over all rows, a place for each value of a category; missing values (?) are a value of their own.',
    source: 'https://archive.ics.uci.edu/dataset/2/adult',
    licence: 'CC BY 4.0',
    citation: 'B. Becker, R. Kohavi: Adult, UCI Machine Learning Repository, 1996, doi:10.24432/C5XW20',
    size: SIZE,
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
    ],
  };
}
async function readRows(
  path: string,
  record: Parameters<typeof readChecked>[1],
  size: number,
): Promise<Table> {
  const table = await readChecked(path, record, (bytes, file, maxBytes) =>
    readAdultCsv(bytes, file, COLUMN_NAMES, maxBytes),
  );
  if (table.rows.length !== size) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${path}: ${table.rows.length} records, expected ${size}`,
      'Check that adult.data and adult.test were not exchanged.',
    );
  }
  return table;
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
