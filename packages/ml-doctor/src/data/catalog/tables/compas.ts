/** COMPAS: 6,172 people charged in Broward County, Florida, and whether they were charged again within two years. */
import { type FileRecord, readChecked } from '../../checked-file.ts';
import { type Column, createDataset, type Dataset } from '../../dataset.ts';
import { readKnownCsv } from '../../formats/known-csv.ts';
import { encodeTable } from '../../table/encode-table.ts';
import { categoryIndex, type FieldPlace, numberField } from '../../table/fields.ts';
import { checkSize } from '../bits/bits-dataset.ts';
import type { CatalogEntry } from '../entry.ts';

const SIZE = 6172;

/** As it stands in the file, which has two columns twice. */
export const COMPAS_HEADER: readonly string[] = [
  ...['id', 'name', 'first', 'last', 'compas_screening_date', 'sex', 'dob', 'age', 'age_cat', 'race'],
  ...['juv_fel_count', 'decile_score', 'juv_misd_count', 'juv_other_count', 'priors_count'],
  ...['days_b_screening_arrest', 'c_jail_in', 'c_jail_out', 'c_case_number', 'c_offense_date'],
  ...['c_arrest_date', 'c_days_from_compas', 'c_charge_degree', 'c_charge_desc', 'is_recid'],
  ...['r_case_number', 'r_charge_degree', 'r_days_from_arrest', 'r_offense_date', 'r_charge_desc'],
  ...['r_jail_in', 'r_jail_out', 'violent_recid', 'is_violent_recid', 'vr_case_number'],
  ...['vr_charge_degree', 'vr_offense_date', 'vr_charge_desc', 'type_of_assessment', 'decile_score'],
  ...['score_text', 'screening_date', 'v_type_of_assessment', 'v_decile_score', 'v_score_text'],
  ...['v_screening_date', 'in_custody', 'out_custody', 'priors_count', 'start', 'end', 'event'],
  'two_year_recid',
];

const RACES = ['African-American', 'Caucasian', 'Hispanic', 'Other', 'Asian', 'Native American'];

const COLUMNS: readonly Column[] = [
  { name: 'age' },
  { name: 'juv_fel_count' },
  { name: 'juv_misd_count' },
  { name: 'juv_other_count' },
  { name: 'priors_count' },
  // M misdemeanour, F felony.
  { name: 'c_charge_degree', categories: ['M', 'F'], ordered: true },
  { name: 'sex', categories: ['Female', 'Male'], ordered: true },
  { name: 'race', categories: RACES },
  { name: 'age_cat', categories: ['Less than 25', '25 - 45', 'Greater than 45'], ordered: true },
];

const LABEL = { name: 'two_year_recid', codes: ['0', '1'], classes: ['no', 'yes'] } as const;
const FILTERED = ['days_b_screening_arrest', 'is_recid', 'c_charge_degree', 'score_text'] as const;
const WANTED = [...COLUMNS.map(({ name }) => name), LABEL.name, ...FILTERED];

const FILE: FileRecord = {
  name: 'compas/compas-scores-two-years.csv',
  sha256: 'c451db85908b2f7fef1d83203bedf6b71ecda0d5af468d82ae62178f91d0cc7d',
  inflatedBytes: 2_546_489,
  bytes: 2_546_489,
  url: 'https://raw.githubusercontent.com/propublica/compas-analysis/master/compas-scores-two-years.csv',
};

/**
 * A record has 14 places. Names, dates and the scores of COMPAS itself are left out, so that a model is not given the
 * judgement of another.
 *
 * @param file the file's record, and `size` how many of its people are kept; others are for tests
 */
export function compasEntry(file: FileRecord = FILE, size = SIZE): CatalogEntry<'compas'> {
  return {
    id: 'compas',
    title: 'COMPAS: people charged in Broward County, charged again within two years or not',
    kind: 'table',
    label: 'charged again within two years',
    preprocessing:
      "ProPublica's filter leaves 6,172 of 7,214: screened within 30 days of the arrest, with a known outcome, score and degree of charge. Numbers and ordered categories standardised over all of them, a place for each race; scores are left out.",
    source: 'https://github.com/propublica/compas-analysis',
    licence: 'none stated; public records of Broward County, published by ProPublica',
    citation:
      'J. Larson, S. Mattu, L. Kirchner, J. Angwin: How We Analyzed the COMPAS Recidivism Algorithm, ProPublica, 2016',
    size,
    bundled: false,
    sensitive: ['race', 'sex'],
    forms: [
      {
        title: "ProPublica's compas-scores-two-years.csv",
        files: [file],
        async read([path], { name }) {
          const rows = await readChecked(path as string, file, (bytes, at) =>
            readKnownCsv(bytes, at, COMPAS_HEADER, WANTED),
          );
          const kept = rows.filter((row, i) => isKept(row, { id: name, record: i }));
          checkSize(path as string, kept.length, size);
          return encode(name, kept);
        },
      },
    ],
  };
}

/** As in ProPublica's notebook. A charge that is neither felony nor misdemeanour is an ordinary traffic offence, `O`. */
function isKept(row: readonly string[], place: Omit<FieldPlace, 'column'>): boolean {
  const [days, recid, degree, score] = row.slice(-FILTERED.length) as [string, string, string, string];
  if (days === '' || recid === '-1' || degree === 'O' || score === 'N/A') return false;
  return Math.abs(numberField(days, { ...place, column: 'days_b_screening_arrest' })) <= 30;
}

function encode(id: string, rows: readonly (readonly string[])[]): Dataset {
  return createDataset({
    id,
    ...encodeTable(
      id,
      rows.map((row) => row.slice(0, COLUMNS.length)),
      COLUMNS,
    ),
    y: Int32Array.from(rows, (row, record) =>
      categoryIndex(row[COLUMNS.length] as string, LABEL.codes, { id, record, column: LABEL.name }),
    ),
    classes: LABEL.classes,
    label: LABEL.name,
  });
}

export const compas = compasEntry();
