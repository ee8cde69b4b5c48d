/** COMPAS and diabetes130 from made-up rows in the publishers' layouts, and what their files may not be. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zip } from '../../../../test/data/write-npz.ts';
import type { FileRecord } from '../../checked-file.ts';
import { decodeTable } from '../../table/decode-table.ts';
import type { CatalogEntry } from '../entry.ts';
import { COMPAS_HEADER, compasEntry } from './compas.ts';
import { diabetesEntry } from './diabetes130.ts';
import { DIABETES_HEADER } from './diabetes130-columns.ts';
import { DIAGNOSIS_GROUPS, diagnosisGroup } from './icd-groups.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-tables-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const record = (text: string): FileRecord => ({
  ...{ name: 'x/data.csv', sha256: sha256(text), inflatedBytes: text.length },
  sameContent: [sha256(gzipSync(text))],
});
const read = (entry: CatalogEntry, bytes: Uint8Array | string, form = 0) => {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  return entry.forms[form]!.read([path], { name: entry.id });
};

describe('compas', () => {
  const kept = {
    ...{ id: '1', name: 'no one', sex: 'Male', age: '69', age_cat: 'Greater than 45', race: 'Other' },
    ...{ juv_fel_count: '1', juv_misd_count: '2', juv_other_count: '3', decile_score: '10' },
    ...{ priors_count: '4', days_b_screening_arrest: '-1', c_charge_degree: 'F', is_recid: '0' },
    ...{ c_charge_desc: '"Theft, of a ""boat"""', score_text: 'Low', two_year_recid: '0' },
  };
  type Person = Partial<Record<keyof typeof kept, string>>;
  /** Of the two columns of a name the second holds another number. */
  const line = (person: Person) =>
    COMPAS_HEADER.map((name, i) => {
      if (COMPAS_HEADER.indexOf(name) < i) return '99';
      return { ...kept, ...person }[name as keyof typeof kept] ?? '';
    }).join();
  const file = (...people: readonly Person[]) =>
    [COMPAS_HEADER.join(), ...people.map(line)].map((text) => `${text}\n`).join('');

  it("keeps whom ProPublica's filter keeps", async () => {
    const text = file(
      kept,
      { days_b_screening_arrest: '30', age: '21', age_cat: 'Less than 25', two_year_recid: '1' },
      { days_b_screening_arrest: '-30', sex: 'Female', race: 'Asian', c_charge_degree: 'M' },
      { days_b_screening_arrest: '31' },
      { days_b_screening_arrest: '-31' },
      { days_b_screening_arrest: '' },
      { is_recid: '-1' },
      { c_charge_degree: 'O' },
      { score_text: 'N/A' },
    );
    const data = await read(compasEntry(record(text), 3), text);
    expect([data.size, data.recordShape, [...data.y]]).toEqual([3, [14], [0, 1, 0]]);
    expect(decodeTable({ x: data.x as Float32Array, columns: data.columns! })).toEqual([
      [69, 1, 2, 3, 4, 'F', 'Male', 'Other', 'Greater than 45'],
      [21, 1, 2, 3, 4, 'F', 'Male', 'Other', 'Less than 25'],
      [69, 1, 2, 3, 4, 'M', 'Female', 'Asian', 'Greater than 45'],
    ]);
  });

  it.each<readonly [string, string, RegExp]>([
    ['another header', file(kept).replace('age_cat', 'age'), /:1: column 9 is 'age', expected 'age_cat'/],
    [
      'a column more',
      file(kept).replace('two_year_recid\n', 'two_year_recid,x\n'),
      /:1: 54 columns where 53/,
    ],
    ['a field less', file(kept, kept).replace(/,[^,]*\n$/, '\n'), /:3: 52 fields where 53/],
    ['half a line', file(kept).slice(0, -1), /cut short/],
    ['an open quote', file(kept).replace('"Theft', 'Theft "'), /quote/],
    ['nothing', '', /is empty/],
    ['an unknown race', file({ race: 'Martian' }), /record 0, column 'race' is 'Martian'/],
    ['an unknown outcome', file({ two_year_recid: '2' }), /column 'two_year_recid' is '2'/],
    ['an age in words', file({ age: 'old' }), /column 'age' is 'old', not a number/],
    ['days in words', file({ days_b_screening_arrest: 'x' }), /column 'days_b_screening_arrest'/],
    ['others than announced', file(kept, kept), /2 records, expected 1/],
  ])('refuses %s', async (_, text, message) => {
    await expect(read(compasEntry(record(text), 1), text)).rejects.toThrow(message);
  });

  it('refuses a file with another digest', async () => {
    const entry = compasEntry(record(file(kept)), 1);
    await expect(read(entry, file({ age: '70' }))).rejects.toMatchObject({ code: 'MLD_DATA_CHECKSUM' });
  });
});

describe('diabetes130', () => {
  const stay = {
    ...{ encounter_id: '7', patient_nbr: '8', race: '?', gender: 'Female', age: '[70-80)', weight: '?' },
    ...{ admission_type_id: '6', discharge_disposition_id: '25', admission_source_id: '1' },
    ...{ time_in_hospital: '3', payer_code: '?', medical_specialty: 'Surgery-Colon&Rectal' },
    ...{ num_lab_procedures: '59', num_procedures: '0', num_medications: '18', number_outpatient: '1' },
    ...{ number_emergency: '2', number_inpatient: '5', diag_1: '250.83', diag_2: 'V57', diag_3: '?' },
    ...{ number_diagnoses: '9', max_glu_serum: '>300', A1Cresult: 'None', insulin: 'Up' },
    ...{ change: 'Ch', diabetesMed: 'Yes', readmitted: '<30' },
  };
  type Stay = Partial<Record<keyof typeof stay, string>>;
  const file = (...stays: readonly Stay[]) =>
    [
      DIABETES_HEADER.join(),
      ...stays.map((one) =>
        DIABETES_HEADER.map((name) => ({ ...stay, ...one })[name as keyof typeof stay] ?? 'No').join(),
      ),
    ]
      .map((text) => `${text}\r\n`)
      .join('');
  const text = file(stay, { race: 'Asian', readmitted: 'NO', diag_1: '786' }, { readmitted: '>30' });

  it('gives stays without the numbers of stay and patient', async () => {
    const data = await read(diabetesEntry(record(text), 3), text);
    expect([data.recordShape, data.classes, [...data.y]]).toEqual([[292], ['NO', '>30', '<30'], [2, 0, 1]]);
    const [first, second] = decodeTable({ x: data.x as Float32Array, columns: data.columns! });
    expect(first).toEqual([
      ...['?', 'Female', '[70-80)', '6', '25', '1', 3, '?', 'Surgery-Colon&Rectal', 59, 0, 18, 1, 2, 5],
      ...['diabetes', 'other', '?', 9, '>300', 'None'],
      ...DIABETES_HEADER.slice(24, 47).map((drug) => (drug === 'insulin' ? 'Up' : 'No')),
      ...['Ch', 'Yes'],
    ]);
    expect([second![0], second![15]]).toEqual(['Asian', 'respiratory']);
    const names = data.columns!.map(({ name }) => name);
    expect(names).toHaveLength(46);
    for (const left of ['encounter_id', 'patient_nbr', 'weight', 'readmitted'])
      expect(names).not.toContain(left);
  });

  it("reads the gzipped file and the publisher's archives just so", async () => {
    const entry = diabetesEntry(record(text), 3);
    // The archive's file goes by the name it has in the publisher's.
    const zipped = diabetesEntry({ ...record(text), name: 'diabetes130/diabetic_data.csv' }, 3);
    const { contentHash } = await read(entry, text);
    const bytes = Buffer.from(text);
    const others = { 'IDS_mapping.csv': Buffer.from('x') };
    expect((await read(entry, gzipSync(text))).contentHash).toBe(contentHash);
    for (const [name, deflate] of [
      ['diabetic_data.csv', true],
      ['dataset_diabetes/diabetic_data.csv', false],
    ] as const) {
      const archive = zip({ ...others, [name]: bytes }, { deflate });
      expect((await read(zipped, archive, 1)).contentHash).toBe(contentHash);
    }
    const wrong = async (files: Readonly<Record<string, Uint8Array>>) =>
      read(zipped, zip(files, { deflate: true }), 1);
    await expect(wrong(others)).rejects.toThrow(/no file 'diabetic_data.csv' \(it has 'IDS_mapping.csv'\)/);
    await expect(wrong({ 'a/diabetic_data.csv': bytes, 'b/diabetic_data.csv': bytes })).rejects.toThrow(
      /several files/,
    );
    await expect(wrong({ 'diabetic_data.csv': Buffer.concat([bytes, bytes]) })).rejects.toThrow(
      /expected at most/,
    );
    const other = Buffer.from(text.replace('59', '58'));
    await expect(wrong({ 'diabetic_data.csv': other })).rejects.toMatchObject({ code: 'MLD_DATA_CHECKSUM' });
    const stored = zip({ 'diabetic_data.csv': bytes });
    stored[stored.indexOf('Female')] = 0x66;
    await expect(read(zipped, stored, 1)).rejects.toThrow(/does not match its checksum/);
  });

  it.each<readonly [Stay, RegExp]>([
    [{ diag_2: 'foo' }, /record 0, column 'diag_2' is 'foo'/],
    [{ readmitted: 'maybe' }, /column 'readmitted' is 'maybe'/],
    [{ age: '70' }, /column 'age' is '70'/],
    [{ insulin: 'no' }, /column 'insulin' is 'no'/],
    [{ discharge_disposition_id: '26' }, /column 'discharge_disposition_id' is '26'/],
  ])('refuses %j', async (one, message) => {
    const odd = file(one);
    await expect(read(diabetesEntry(record(odd), 1), odd)).rejects.toThrow(message);
  });
});

it('groups diagnoses at the borders of the groups of Strack et al.', () => {
  const groups: Readonly<Record<string, string>> = {
    ...{ 389: 'other', 390: 'circulatory', '459.81': 'circulatory', 460: 'respiratory', 519: 'respiratory' },
    ...{ 520: 'digestive', 579: 'digestive', 580: 'genitourinary', 629: 'genitourinary', 630: 'other' },
    ...{ 784: 'other', 785: 'circulatory', 786: 'respiratory', 787: 'digestive', 788: 'genitourinary' },
    ...{ 789: 'other', 249: 'other', 250: 'diabetes', '250.93': 'diabetes', 251: 'other', 799: 'other' },
    ...{ 800: 'injury', 999: 'injury', 709: 'other', 710: 'musculoskeletal', 739: 'musculoskeletal' },
    ...{ 740: 'other', 139: 'other', 140: 'neoplasms', 239: 'neoplasms', 240: 'other', 8: 'other' },
    ...{ V57: 'other', 'V45.8': 'other', E885: 'other', '?': '?', X1: 'X1', '': '', '1000': '1000' },
  };
  for (const [code, group] of Object.entries(groups))
    expect([code, diagnosisGroup(code)]).toEqual([code, group]);
  expect(DIAGNOSIS_GROUPS).toHaveLength(9);
});
