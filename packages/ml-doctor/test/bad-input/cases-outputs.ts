/** Saved outputs that cannot be what they are said to be. */

import { parquetLists } from '../data/tables.ts';
import { npz } from '../data/write-npz.ts';
import { type BadCase, GOOD, outputsOf } from './bad-case.ts';
import { outputs, ROWS } from './good-files.ts';

const INVALID = 'MLD_DATA_INVALID';

const saved = (
  title: string,
  text: () => string | Uint8Array,
  says?: RegExp,
  code = INVALID,
  name = 'o.csv',
): BadCase => ({
  ...{ title, code, args: outputsOf(name), files: () => ({ [name]: text() }) },
  ...(says && { says }),
});
const cell = (title: string, column: string, text: string, says?: RegExp) =>
  saved(
    `outputs with ${title}`,
    () => outputs((row, name) => (row === 3 && name === column ? text : undefined)),
    says,
  );
const all = (title: string, column: string, text: (row: number) => unknown, says?: RegExp) =>
  saved(`outputs ${title}`, () => outputs((row, name) => (name === column ? text(row) : undefined)), says);
const renamed = (title: string, from: string, to: string, says?: RegExp) =>
  saved(`outputs ${title}`, () => outputs().replace(from, to), says);

const { length } = new Array(ROWS);
const numbers = (value: (i: number) => number) => Array.from({ length }, (_, i) => value(i));
const vector = (descr: string, value: (i: number) => number) => ({
  descr,
  shape: [length],
  values: numbers(value),
});

export const OUTPUT_CASES: readonly BadCase[] = [
  cell('NaN', 'p0', 'NaN'),
  cell('an infinite posterior', 'p0', 'Infinity'),
  cell('a posterior of 1e999', 'p0', '1e999'),
  cell('a posterior below 0', 'p0', '-0.5'),
  cell('a posterior above 1', 'p0', '1.5'),
  cell('a posterior missing', 'p0', ''),
  cell('text for a posterior', 'p0', 'high'),
  cell('a label that is no class', 'label', '2'),
  cell('a label that is text', 'label', 'cat'),
  cell('a label below 0', 'label', '-1'),
  cell('a label with a fraction', 'label', '0.5'),
  cell('a label missing', 'label', ''),
  cell('a member of 2', 'member', '2'),
  cell('a member of maybe', 'member', 'maybe'),
  cell('a member missing', 'member', ''),
  all('of members alone', 'member', () => 1),
  all('of non-members alone', 'member', () => 0),
  all('whose posteriors sum to 2', 'p0', () => 1),
  all('in per cent', 'p0', (row) => row, /100|sum|hold/),
  renamed('without labels', 'label', 'klass'),
  renamed('without members', 'member', 'seen'),
  renamed('without one class', 'p1', 'p2'),
  renamed('of posteriors that are called logits', 'p0,p1', 'z0,z1', /posteriors/),
  saved(
    'outputs of logits that are called posteriors',
    () => outputs((row, name) => (name === 'p0' ? row - 20 : name === 'p1' ? 5 : undefined)),
    /logits/,
  ),
  saved('outputs of a loss that is NaN', () => `loss,label,member\n.1,0,1\nNaN,1,0\n`),
  saved('outputs of an infinite loss', () => `loss,label,member\n.1,0,1\ninf,1,0\n`),
  saved('outputs of a negative loss', () => `loss,label,member\n.1,0,1\n-3,1,0\n`),
  saved('outputs of one class', () => `loss,label,member\n.1,0,1\n.3,0,0\n`),
  saved(
    'outputs of one record a side',
    () => `p0,p1,label,member\n.1,.9,0,1\n.3,.7,1,0\n`,
    undefined,
    'MLD_SPLIT',
  ),
  saved('outputs of nothing', () => '', undefined),
  saved('outputs of a header alone', () => 'p0,p1,label,member\n'),
  saved('outputs cut within a row', () => outputs().slice(0, -9)),
  saved(
    'outputs in an .npz cut short',
    () => npz({ loss: vector('<f4', (i) => i) }).subarray(0, 100),
    undefined,
    'MLD_DATA_TRUNCATED',
    'o.npz',
  ),
  saved(
    'outputs in an .npz without members',
    () => npz({ loss: vector('<f4', (i) => i), label: vector('<i8', (i) => i % 2) }),
    undefined,
    INVALID,
    'o.npz',
  ),
  saved(
    'outputs in an .npz of different lengths',
    () =>
      npz({
        loss: vector('<f4', (i) => i),
        label: vector('<i8', (i) => i % 2),
        member: { descr: '<i8', shape: [2], values: [0, 1] },
      }),
    undefined,
    INVALID,
    'o.npz',
  ),
  saved(
    'outputs in an .npz with NaN',
    () =>
      npz({
        loss: vector('<f4', () => Number.NaN),
        label: vector('<i8', (i) => i % 2),
        member: vector('<i8', (i) => (i >> 1) % 2),
      }),
    undefined,
    INVALID,
    'o.npz',
  ),
  saved(
    'outputs in an .npz of three axes',
    () =>
      npz({
        posteriors: {
          descr: '<f4',
          shape: [length, 1, 2],
          values: numbers(() => 0.5).flatMap((p) => [p, p]),
        },
        label: vector('<i8', (i) => i % 2),
        member: vector('<i8', (i) => (i >> 1) % 2),
      }),
    undefined,
    INVALID,
    'o.npz',
  ),
  saved(
    'outputs in Parquet with lists of different lengths',
    () =>
      parquetLists(
        [
          [0.5, 0.5],
          [0.2, 0.3, 0.5],
          [1, 0],
          [0, 1],
        ],
        'posteriors',
        { label: [0, 1, 0, 1], member: [1, 1, 0, 0] },
      ),
    undefined,
    INVALID,
    'o.parquet',
  ),
  saved(
    'outputs in Parquet with empty lists',
    () => parquetLists([[], [], [], []], 'posteriors', { label: [0, 1, 0, 1], member: [1, 1, 0, 0] }),
    undefined,
    INVALID,
    'o.parquet',
  ),
  saved('outputs in JSON', () => '[{"p0": 1}]', undefined, 'MLD_DATA_UNKNOWN', 'o.json'),
  {
    title: 'outputs that are a folder',
    code: 'MLD_DATA_UNREADABLE',
    args: outputsOf('d.csv'),
    files: () => ({ 'd.csv': { special: 'folder' } }),
  },
  {
    title: 'outputs that are a named pipe',
    code: 'MLD_DATA_UNREADABLE',
    args: outputsOf('p.csv'),
    files: () => ({ 'p.csv': { special: 'pipe' } }),
  },
  { title: 'outputs that are not there', code: 'MLD_DATA_UNREADABLE', args: outputsOf('no.csv') },
  { title: 'outputs without a name', code: 'MLD_CONFIG', args: outputsOf('') },
  { title: 'outputs with a NUL in their path', code: 'MLD_DATA_UNREADABLE', args: outputsOf('a\0b.csv') },
  {
    title: 'slices that outputs lack',
    code: 'MLD_CONFIG',
    args: outputsOf(`${GOOD}/outputs.csv`, '--slices', 'age'),
  },
  {
    title: 'a label for outputs',
    code: 'MLD_CONFIG',
    args: outputsOf(`${GOOD}/outputs.csv`, '--label', 'age'),
  },
  {
    title: 'more classes than outputs have',
    code: INVALID,
    args: outputsOf(`${GOOD}/outputs.csv`, '--classes', 'a,b,c'),
  },
  {
    title: 'an attack that outputs leave no room for',
    code: 'MLD_ATTACK_UNSUITED',
    args: outputsOf(`${GOOD}/outputs.csv`, '--attacks', 'inversion/mi-face'),
  },
  {
    title: 'an attack that trains models, on outputs',
    code: 'MLD_ATTACK_UNSUITED',
    args: outputsOf(`${GOOD}/outputs.csv`, '--attacks', 'membership/lira'),
  },
];
