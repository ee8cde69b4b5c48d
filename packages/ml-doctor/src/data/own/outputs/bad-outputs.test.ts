import { describe, expect, it } from 'vitest';
import { parquet, parquetLists, scratch } from '../../../../test/data/tables.ts';
import { npz } from '../../../../test/data/write-npz.ts';
import { readOutputTable } from '../output-table.ts';

const { file } = scratch();
const INVALID = 'MLD_DATA_INVALID';
const vector = (values: readonly number[]) => ({ descr: '<f4', shape: [values.length], values });
const telling = (letter: string) =>
  `${letter}0,${letter}1,label,member\n${[1, 0, 1, 0, 1].map((m) => `.25,.75,0,${m}`).join('\n')}\n`;

describe('damaged outputs', () => {
  it.each<
    [what: string, content: string | Uint8Array, message: RegExp, hint?: RegExp | undefined, ending?: string]
  >([
    ['no outputs', 'a,label,member\n1,0,1\n', /neither p0, p1, … or posteriors/],
    ['no label', 'p0,p1,member\n.5,.5,1\n', /no column 'label'; it has 'p0', 'p1', 'member'/],
    [
      'no member',
      'p0,p1,label\n.5,.5,1\n',
      /no column 'member'/,
      /1 for records that the model was trained on/,
    ],
    ['p0 alone', 'p0,label,member\n.5,0,1\n', /has p0, but no p1/],
    ['a class left out', 'p0,p2,label,member\n.5,.5,0,1\n', /has p0, p2, but no p1/],
    ['one logit', 'z0,label,member\n.5,0,1\n', /has z0, but no z1/],
    ['classes from 1', 'z1,z2,label,member\n.5,1,0,1\n', /but no z0/],
    ['a billion classes', 'p0,p999999,label,member\n.5,1,0,1\n', /no p1/],
    ['columns and lists', 'p0,p1,posteriors,label,member\n.5,.5,1,0,1\n', /both 'posteriors' and 'p0'/],
    ['names that differ in case', 'p0,P0,p1,label,member\n.5,.5,.5,0,1\n', /columns 'p0' and 'P0'/],
    ['members alone', 'p0,p1,label,member\n.5,.5,0,1\n.5,.5,0,1\n', /all 2 rows have member 1/],
    ['non-members alone', 'p0,p1,label,member\n.5,.5,0,0\n', /all 1 rows have member 0/],
    ['no rows', 'p0,p1,label,member\n', /no rows/],
    ['member 2', 'p0,p1,label,member\n.5,.5,0,1\n.5,.5,0,2\n', /:3: column 'member' is '2', neither 0 nor 1/],
    ['member yes', 'p0,p1,label,member\n.5,.5,0,yes\n', /:2: column 'member' is 'yes'/],
    ['member missing', 'p0,p1,label,member\n.5,.5,0,\n', /:2: column 'member' is ''/],
    ['a posterior missing', 'p0,p1,label,member\n.5,,0,1\n.5,.5,0,0\n', /:2: column 'p1' is ''/],
    ['a posterior NaN', 'p0,p1,label,member\n.5,.5,0,1\nnan,.5,0,0\n', /:3: column 'p0' is 'nan'/],
    ['a posterior as text', 'p0,p1,label,member\n.5,high,0,1\n.5,.5,0,0\n', /:2: column 'p1' is 'high'/],
    [
      'another sum',
      'p0,p1,label,member\n.5,.5,0,1\n.5,.4,0,0\n',
      /:3: its posteriors sum to 0.900000/,
      /One sigmoid/,
    ],
    ['a posterior above 1', 'p0,p1,label,member\n.5,.5,0,1\n1.5,-.5,0,0\n', /:3: its posteriors hold 1.5/],
    [
      'logits as posteriors',
      'p0,p1,label,member\n3,-2,0,1\n1,4,0,0\n',
      /:2: its posteriors hold 3/,
      /name the columns z0/,
    ],
    [
      'log posteriors as posteriors',
      `p0,p1,label,member\n${`${Math.log(0.2)},${Math.log(0.8)}`},0,1\n-.6931472,-.6931472,1,0\n`,
      /:2: its posteriors/,
      /logarithms of posteriors/,
    ],
    ['percentages', 'p0,p1,label,member\n30,70,0,1\n50,50,0,0\n', /hold 30/, /divide them by 100/],
    ['posteriors as logits', telling('z'), /its logits are posteriors/, /Name the columns p0/],
    ['an infinite logit', 'z0,z1,label,member\n1,inf,0,1\n1,2,0,0\n', /:2: its logits have no softmax/],
    ['nothing but −∞', 'z0,z1,label,member\n1,2,0,1\n-inf,-inf,0,0\n', /:3: its logits have no softmax/],
    ['a negative loss', 'loss,label,member\n.5,0,1\n-.5,1,0\n', /:3: its loss is -0.5/],
    ['an infinite loss', 'loss,label,member\ninf,0,1\n.5,1,0\n', /:2: its loss is Infinity/],
    ['losses of one class', 'loss,label,member\n.1,0,1\n.5,0,0\n', /all records are of class '0'/],
    [
      'a label beyond the classes',
      'p0,p1,label,member\n.5,.5,0,1\n.5,.5,2,0\n',
      /:3: column 'label': label '2' is none of the 2 classes/,
    ],
    ['labels from 1', 'p0,p1,label,member\n.5,.5,1,1\n.5,.5,2,0\n', /labels run from 1 to 2/, /Subtract 1/],
    ['a negative label', 'p0,p1,label,member\n.5,.5,-1,1\n.5,.5,1,0\n', /:2: column 'label': label '-1'/],
    [
      'a fraction as label',
      'p0,p1,label,member\n.5,.5,.5,1\n.5,.5,1,0\n',
      /label .5, which is no whole number/,
    ],
    ['a label missing', 'p0,p1,label,member\n.5,.5,,1\n.5,.5,1,0\n', /:2: column 'label' has no value/],
    [
      'too few names',
      'p0,p1,p2,label,member\n.5,.5,0,a,1\n.5,.5,0,b,0\n',
      /2 different labels for outputs of 3 classes/,
      /Name the classes/,
    ],
    ['an id missing', 'id,p0,p1,label,member\n,.5,.5,0,1\nb,.5,.5,1,0\n', /:2: column 'id' has no value/],
    [
      'lists in CSV',
      'posteriors,label,member\n"[.5, .5]",0,1\n"[.5, .5]",0,0\n',
      /:2: column 'posteriors' is '\[.5, .5\]'/,
      /p0, p1/,
    ],
    ['ragged rows', 'p0,p1,label,member\n.5,.5,0,1\n.5,.5,0\n', /:3: a row of 3 fields/],
    [
      'lists of other lengths',
      parquetLists([[0.5, 0.5], [1]], 'posteriors', { label: [0, 1], member: [0, 1] }),
      /row 1 \(from 0\): column 'posteriors' holds a list of 1 numbers, where the first has 2/,
      undefined,
      '.parquet',
    ],
    [
      'lists of one logit',
      parquetLists([[0.5], [1]], 'logits', { label: [0, 1], member: [0, 1] }),
      /holds lists of 1/,
      undefined,
      '.parquet',
    ],
    [
      'NaN in a list',
      parquetLists(
        [
          [0.5, Number.NaN],
          [1, 0],
        ],
        'posteriors',
        { label: [0, 1], member: [0, 1] },
      ),
      /row 0 \(from 0\): column 'posteriors' is 'NaN'/,
      undefined,
      '.parquet',
    ],
    [
      'nulls in Parquet',
      parquet({ p0: [0.5, null], p1: [0.5, 1], label: [0, 1], member: [1, 0] }),
      /row 1 \(from 0\): column 'p0' is 'null'/,
      undefined,
      '.parquet',
    ],
    [
      'arrays of other lengths',
      npz({ loss: vector([1, 2]), label: vector([0, 1, 0]), member: vector([0, 1]) }),
      /'loss' is of 2 records, 'label' of 3/,
      undefined,
      '.npz',
    ],
    [
      'arrays of three axes',
      npz({
        logits: { descr: '<f4', shape: [2, 1, 2], values: [1, 2, 3, 4] },
        label: vector([0, 1]),
        member: vector([0, 1]),
      }),
      /shape \(2, 1, 2\)/,
      undefined,
      '.npz',
    ],
    ['an archive without arrays', npz({}), /holds no arrays/, undefined, '.npz'],
    [
      'NaN in an array',
      npz({
        logits: { descr: '<f4', shape: [2, 2], values: [1, 2, 3, Number.NaN] },
        label: vector([0, 1]),
        member: vector([0, 1]),
      }),
      /row 1 \(from 0\): column 'logits' is 'NaN'/,
      undefined,
      '.npz',
    ],
  ])('refuses %s', async (_, content, message, hint = /\w/, ending = '.csv') => {
    const error = await readOutputTable(file(content, ending), { sample: 100, seed: 1 }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({
      code: INVALID,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect((error as Error).message.length).toBeLessThan(400);
  });

  it('refuses class names that are fewer than the outputs, and labels that are none of them', async () => {
    const path = file('p0,p1,label,member\n.5,.5,cat,1\n.5,.5,dog,0\n');
    const read = (classes: readonly string[]) => readOutputTable(path, { sample: 9, seed: 1, classes });
    await expect(read(['cat', 'dog', 'cow'])).rejects.toMatchObject({
      code: INVALID,
      message: expect.stringMatching(/2 classes, and 3/),
    });
    await expect(read(['cat', 'cow'])).rejects.toMatchObject({
      code: INVALID,
      message: expect.stringMatching(/:3: column 'label': label 'dog'/),
    });
  });

  it('does not take four rows that sum to 1 for posteriors', async () => {
    const path = file(telling('z').split('\n').slice(0, 5).join('\n'));
    expect((await readOutputTable(path, { sample: 9, seed: 1 })).kind).toBe('logits');
  });
});
