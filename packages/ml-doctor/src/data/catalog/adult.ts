/**
 * UCI Adult: 48,842 people of the 1994 US census, and whether each earned more than 50,000 dollars a year.
 */
import { AuditError } from '../../errors.ts';
import { readChecked } from '../checked-file.ts';
import { createDataset, type OneHotColumns } from '../dataset.ts';
import { categoryField, integerField, readAdultCsv, type Table } from '../formats/adult-csv.ts';
import { ADULT_COLUMNS, ADULT_LABEL } from './adult-columns.ts';
import type { CatalogEntry } from './entry.ts';

const SIZE = 48_842;
const TRAIN_SIZE = 32_561;
const COLUMN_NAMES = [...ADULT_COLUMNS.map((column) => column.name), ADULT_LABEL.name];

/**
 * The rows of `adult.data`, then those of `adult.test`. A record has 108 features, in the order of the file's
 * columns: a number gives one, standardised over all 48,842 rows; a category gives one 0/1 feature per value,
 * `?` (missing) being a value of its own. `sex`, `race` and `age` are attributes besides, so they are in `x`
 * too: an attribute-inference attack must not be handed those features.
 */
export const adult: CatalogEntry<'adult', 'train' | 'test'> = {
  id: 'adult',
  title: 'UCI Adult (census income), training and test rows together',
  source: 'https://archive.ics.uci.edu/dataset/2/adult',
  licence: 'CC BY 4.0',
  citation: 'B. Becker, R. Kohavi: Adult, UCI Machine Learning Repository, 1996, doi:10.24432/C5XW20',
  size: SIZE,
  bundled: true,
  files: {
    train: {
      name: 'adult/adult.data.gz',
      sha256: 'c7a2b4716a97f930123e0baf879188d701e798172631a654fc703d4b082907f3',
      inflatedBytes: 3_974_305,
    },
    test: {
      name: 'adult/adult.test.gz',
      sha256: '8a2c1bffa6e7ce5abfa43881ae5e87c4311ebc2b3cd526c9c40a43f19f06f799',
      inflatedBytes: 2_003_153,
    },
  },
  async load(locate) {
    const tables = [
      await readRows(await locate(this.files.train), this.files.train, TRAIN_SIZE),
      await readRows(await locate(this.files.test), this.files.test, SIZE - TRAIN_SIZE),
    ];
    return encode(tables.flatMap((table) => table.rows));
  },
};

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

function encode(rows: Table['rows']) {
  const width = ADULT_COLUMNS.reduce((sum, column) => sum + (column.categories?.length ?? 1), 0);
  const x = new Float32Array(rows.length * width);
  const mean = new Array<number>(width).fill(0);
  const std = new Array<number>(width).fill(1);
  const oneHot: OneHotColumns[] = [];
  let feature = 0;
  ADULT_COLUMNS.forEach(({ name, categories }, c) => {
    rows.forEach((row, r) => {
      const value = row[c]!;
      const where = `adult record ${r}, column '${name}'`;
      if (categories) x[r * width + feature + categoryField(value, categories, where)] = 1;
      else x[r * width + feature] = integerField(value, where);
    });
    if (categories) oneHot.push({ first: feature, width: categories.length });
    else [mean[feature], std[feature]] = meanAndDeviation(x, feature, width);
    feature += categories?.length ?? 1;
  });
  const label = ADULT_COLUMNS.length;
  return createDataset({
    id: adult.id,
    recordShape: [width],
    x,
    y: Int32Array.from(rows, (row, r) =>
      categoryField(row[label]!, ADULT_LABEL.categories, `adult record ${r}, label`),
    ),
    classes: ADULT_LABEL.categories,
    normalisation: { scale: 1, mean, std },
    oneHot,
    columns: ADULT_COLUMNS,
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

/**
 * Population mean and standard deviation of every `width`-th value; two passes, so that large values lose no
 * digits.
 */
function meanAndDeviation(x: Float32Array, first: number, width: number): [number, number] {
  const count = x.length / width;
  let sum = 0;
  for (let i = first; i < x.length; i += width) sum += x[i]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = first; i < x.length; i += width) squares += (x[i]! - mean) * (x[i]! - mean);
  return [mean, Math.sqrt(squares / count)];
}
