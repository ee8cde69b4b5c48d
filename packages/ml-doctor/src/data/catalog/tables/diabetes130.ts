/** Diabetes 130: 101,766 hospital stays of people with diabetes, and whether they came back; open, where Texas-100 is not. */
import { type FileRecord, readChecked } from '../../checked-file.ts';
import { createDataset, type Dataset } from '../../dataset.ts';
import { gunzipIfNeeded } from '../../formats/gunzip.ts';
import { readKnownCsv } from '../../formats/known-csv.ts';
import { encodeTable } from '../../table/encode-table.ts';
import { categoryIndex } from '../../table/fields.ts';
import { checkSize } from '../bits/bits-dataset.ts';
import type { CatalogEntry } from '../entry.ts';
import { DIABETES_COLUMNS, DIABETES_HEADER, DIABETES_LABEL } from './diabetes130-columns.ts';
import { diagnosisGroup } from './icd-groups.ts';
import { readZipped } from './zipped.ts';

const SIZE = 101_766;

const FILE: FileRecord = {
  name: 'diabetes130/diabetic_data.csv',
  alsoAt: ['diabetes130/diabetic_data.csv.gz'],
  sha256: '0689e7ec031237dc63031b938805c48377748761a3b26acab621567afa24df97',
  sameContent: ['16209e462b906f828e2423f7a9f783f4c4472ad81abd7d653f4e19b46da76e82'],
  inflatedBytes: 19_159_383,
};

const WANTED = [...DIABETES_COLUMNS.map(({ name }) => name), DIABETES_LABEL.name];
const DIAGNOSES = new Set(['diag_1', 'diag_2', 'diag_3'].map((name) => WANTED.indexOf(name)));

/**
 * A record has 292 places. The stays are of 71,518 patients, so splits that draw stays put stays of one person on both sides.
 *
 * @param file the record of the CSV file, and `size` how many stays it has; others are for tests
 */
export function diabetesEntry(file: FileRecord = FILE, size = SIZE): CatalogEntry<'diabetes130'> {
  return {
    id: 'diabetes130',
    title: 'Diabetes 130-US hospitals: 101,766 stays, patient readmitted or not',
    kind: 'table',
    label: 'readmitted never, after 30 days, or within 30 days',
    preprocessing:
      'Numbers, age bands and yes/no columns standardised over all stays, a place for each value of other categories; diagnoses in 9 groups of ICD-9 codes; weight and the numbers of stay and patient are left out. The stays are of 71,518 patients: members and non-members can be stays of one person.',
    source: 'https://archive.ics.uci.edu/dataset/296',
    licence: 'CC BY 4.0',
    citation:
      'B. Strack, J. DeShazo, C. Gennings, J. Olmo, S. Ventura, K. Cios, J. Clore: Impact of HbA1c Measurement on Hospital Readmission Rates, BioMed Research International 2014; UCI Machine Learning Repository, doi:10.24432/C5230J',
    size,
    bundled: false,
    sensitive: ['race', 'gender', 'age'],
    forms: [
      {
        title: 'diabetic_data.csv, gzipped or plain',
        files: [file],
        read: async ([path], { name }) =>
          encode(
            name,
            path as string,
            size,
            await readChecked(path as string, file, (bytes, at, maxBytes) =>
              parse(gunzipIfNeeded(bytes, at, maxBytes), at),
            ),
          ),
      },
      {
        title: "the publisher's zip archive",
        files: [
          {
            name: 'diabetes130/diabetes+130-us+hospitals+for+years+1999-2008.zip',
            alsoAt: ['diabetes130/dataset_diabetes.zip'],
            inflatedBytes: file.inflatedBytes,
            url: 'https://archive.ics.uci.edu/static/public/296/diabetes+130-us+hospitals+for+years+1999-2008.zip',
          },
        ],
        read: async ([path], { name, signal }) =>
          encode(name, path as string, size, await readZipped(path as string, file, parse, signal)),
      },
    ],
  };
}

const parse = (bytes: Uint8Array, file: string) => readKnownCsv(bytes, file, DIABETES_HEADER, WANTED);

function encode(id: string, path: string, size: number, rows: readonly (readonly string[])[]): Dataset {
  checkSize(path, rows.length, size);
  return createDataset({
    id,
    ...encodeTable(
      id,
      rows.map((row) =>
        row.slice(0, -1).map((field, c) => (DIAGNOSES.has(c) ? diagnosisGroup(field) : field)),
      ),
      DIABETES_COLUMNS,
    ),
    y: Int32Array.from(rows, (row, record) =>
      categoryIndex(row.at(-1) as string, DIABETES_LABEL.categories, {
        ...{ id, record, column: DIABETES_LABEL.name },
      }),
    ),
    classes: DIABETES_LABEL.categories,
    label: DIABETES_LABEL.name,
  });
}

export const diabetes130 = diabetesEntry();
