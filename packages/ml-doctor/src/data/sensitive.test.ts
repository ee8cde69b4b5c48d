import { beforeAll, describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from './dataset.ts';
import { loadDataset } from './load-dataset.ts';
import { attributeNames, sensitiveOf } from './sensitive.ts';
import { encodeTable } from './table/encode-table.ts';

const people = (parts: Partial<Dataset> = {}) =>
  createDataset({
    id: 'people',
    ...encodeTable(
      'people',
      [
        [30, 'own', 'low', 'no', 'be', 'no'],
        [40, 'none', 'high', 'yes', 'be', 'no'],
        [50, '?', 'middle', 'yes', 'be', 'yes'],
        [60, 'own', 'low', 'no', 'be', 'yes'],
      ],
      [
        { name: 'age' },
        { name: 'work', categories: ['own', 'none', '?'], missing: '?' },
        { name: 'grade', categories: ['low', 'middle', 'high'], ordered: true, missing: 'high' },
        { name: 'smoker', categories: ['no', 'yes'], ordered: true },
        { name: 'country', categories: ['be', 'nl'] },
        { name: 'ill', categories: ['no', 'yes'] },
      ],
    ),
    y: Int32Array.of(0, 0, 1, 1),
    classes: ['good', 'bad'],
    label: 'risk',
    attributes: {
      sex: { values: Int32Array.of(0, 1, 1, 0), categories: ['f', 'm'] },
      smoker: { values: Int32Array.of(0, 1, 1, 0), categories: ['no', 'yes'] },
      school: { values: Int32Array.of(0, 1, 2, 2), categories: ['a', 'b', 'c'], ordered: true },
      pet: { values: Int32Array.of(0, 1, 2, 2), categories: ['cat', 'dog', 'none'] },
      height: { values: Float32Array.of(1.5, 1.6, 1.7, 1.5) },
      one: { values: Float32Array.of(2, 2, 2, 2) },
    },
    ...parts,
  });

describe('sensitiveOf', () => {
  const data = people();

  it.each([
    ['age', 'continuous', [30, 40, 50, 60], { first: 0, width: 1, encoding: 'value' }],
    ['smoker', 'binary', [0, 1, 1, 0], { first: 5, width: 1, encoding: 'value' }],
    ['sex', 'binary', [0, 1, 1, 0], undefined],
    ['school', 'ordinal', [0, 1, 2, 2], undefined],
    ['pet', 'categorical', [0, 1, 2, 2], undefined],
    ['height', 'continuous', [1.5, 1.6, 1.7, 1.5].map(Math.fround), undefined],
  ])('knows of %s that it is %s, its values, and where it stands', (name, kind, values, places) => {
    const found = sensitiveOf(data, name);
    expect([found.kind, [...found.values], found.places]).toEqual([kind, values, places]);
    expect(found.inRecord).toBe(places !== undefined);
    expect(found.categories === undefined).toBe(kind === 'continuous');
  });

  it('reads columns of categories back from the records', () => {
    const full = createDataset({
      id: 'full',
      ...encodeTable(
        'full',
        [
          ['c', 'low'],
          ['a', 'high'],
          ['b', 'high'],
        ],
        [
          { name: 'letter', categories: ['a', 'b', 'c'] },
          { name: 'grade', categories: ['low', 'middle', 'high'], ordered: true },
        ],
      ),
      y: Int32Array.of(0, 0, 1),
      classes: ['x', 'y'],
    });
    expect(sensitiveOf(full, 'letter')).toMatchObject({
      ...{ kind: 'categorical', values: Int32Array.of(2, 0, 1), categories: ['a', 'b', 'c'] },
      places: { first: 0, width: 3, encoding: 'one-hot' },
    });
    expect(sensitiveOf(full, 'grade')).toMatchObject({
      ...{ kind: 'ordinal', values: Int32Array.of(0, 2, 2), categories: ['low', 'middle', 'high'] },
      places: { first: 3, width: 1, encoding: 'value' },
    });
  });

  it('lists attributes, then columns, each once', () => {
    expect(attributeNames(data)).toEqual([
      'sex',
      'smoker',
      'school',
      'pet',
      'height',
      'one',
      'age',
      'work',
      'grade',
      'country',
      'ill',
    ]);
  });

  it.each([
    ['sexx', 'sex'],
    ['SMOKER', 'smoker'],
    ['grades', 'grade'],
  ])('offers for %s the name that is near', (wanted, near) => {
    expect(() => sensitiveOf(data, wanted)).toThrow(
      expect.objectContaining({
        code: 'MLD_ATTRIBUTE_UNKNOWN',
        message: `people has no attribute '${wanted}'`,
        hint: expect.stringMatching(new RegExp(`^Did you mean '${near}'\\? .*: sex, smoker, school`)),
      }),
    );
  });

  it('lists no more than twenty of many names, and says when there is none', () => {
    const columns = Array.from({ length: 30 }, (_, i) => ({
      name: `venue ${i}`,
      categories: ['no', 'yes'],
      ordered: true,
    }));
    const bits = createDataset({
      id: 'bits',
      ...encodeTable('bits', [columns.map(() => 'no')], columns),
      y: Int32Array.of(0),
      classes: ['a'],
    });
    expect(() => sensitiveOf(bits, 'x')).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/venue 19, … \(30 in all\)\.$/) }),
    );
    const { columns: _, ...bare } = bits;
    expect(() => sensitiveOf(bare, 'x')).toThrow(
      expect.objectContaining({
        code: 'MLD_ATTRIBUTE_UNKNOWN',
        hint: expect.stringContaining('no attributes'),
      }),
    );
  });

  it('refuses what the model predicts, by its name and by its content', () => {
    const refused = (name: string, of = data) =>
      expect(() => sensitiveOf(of, name)).toThrow(
        expect.objectContaining({
          code: 'MLD_ATTRIBUTE_LABEL',
          message: expect.stringContaining(`'${name}'`),
        }),
      );
    refused('risk');
    // The label under another name: a column, then attributes.
    refused('ill');
    refused(
      'copy',
      people({ attributes: { copy: { values: Int32Array.of(1, 1, 0, 0), categories: ['b', 'g'] } } }),
    );
    refused('number', people({ attributes: { number: { values: Float32Array.of(7, 7, -1, -1) } } }));
    // A column by the label's name.
    refused('age', people({ label: 'age' }));
  });

  it('takes what only goes along with the label for an attribute', () => {
    // Finer than the label, coarser than it, and one record off.
    const of = (values: number[], y = [0, 0, 1, 1], classes = ['a', 'b', 'c']) =>
      sensitiveOf(
        people({
          y: Int32Array.from(y),
          classes,
          attributes: { it: { values: Int32Array.from(values), categories: ['p', 'q', 'r'] } },
        }),
        'it',
      ).values;
    expect([...of([0, 1, 2, 2])]).toEqual([0, 1, 2, 2]);
    expect([...of([0, 0, 1, 1], [0, 1, 2, 2])]).toEqual([0, 0, 1, 1]);
    expect([...of([0, 0, 1, 0])]).toEqual([0, 0, 1, 0]);
  });

  it.each([
    ['work', '?', 1, 2],
    ['grade', 'high', 1, 1],
  ])('refuses %s, which is not known of everybody', (name, missing, count, first) => {
    expect(() => sensitiveOf(data, name)).toThrow(
      expect.objectContaining({
        code: 'MLD_ATTRIBUTE_MISSING',
        message: `attribute '${name}' of people is not known ('${missing}') of ${count} of 4 records, the first of them record ${first}`,
      }),
    );
  });

  it('takes an attribute whose category for "not known" no record has', () => {
    const attributes = {
      pet: { values: Int32Array.of(0, 1, 0, 1), categories: ['cat', 'dog', '?'], missing: '?' },
    };
    expect(sensitiveOf(people({ attributes }), 'pet').kind).toBe('categorical');
    const gap = { pet: { ...attributes.pet, values: Int32Array.of(0, 2, 2, 1) } };
    expect(() => sensitiveOf(people({ attributes: gap }), 'pet')).toThrow(/of 2 of 4 records, .* record 1$/);
  });

  it.each([
    ['country', /'country' of people is 'be' of all 4 records/],
    ['one', /'one' of people is 2 of all 4 records/],
  ])('refuses %s, which everybody has alike', (name, message) => {
    expect(() => sensitiveOf(data, name)).toThrow(
      expect.objectContaining({ code: 'MLD_ATTRIBUTE_CONSTANT' }),
    );
    expect(() => sensitiveOf(data, name)).toThrow(message);
  });
});

describe('of Adult', () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await loadDataset('adult');
  });

  it.each([
    ['sex', 'binary', 2],
    ['race', 'categorical', 5],
    ['age', 'continuous', 1],
  ] as const)('%s is the same in the records and beside them', (name, kind, width) => {
    const beside = sensitiveOf(data, name);
    const { attributes: _, ...bare } = data;
    const inside = sensitiveOf(bare, name);
    expect(inside).toEqual(beside);
    expect(beside).toMatchObject({ kind, inRecord: true, places: { width } });
  });

  it('income is the label, whoever names it', () => {
    expect(() => sensitiveOf(data, 'income')).toThrow(
      expect.objectContaining({ code: 'MLD_ATTRIBUTE_LABEL' }),
    );
  });
});
