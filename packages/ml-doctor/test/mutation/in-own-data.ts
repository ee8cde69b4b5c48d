/** Somebody's own records and saved outputs: classes, rows, axes and columns mixed up. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const DATA = `${OWN}/data`;

const data = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${DATA}/${file}.ts`, [`${DATA}/${test}.test.ts`], list);

export const ownData: readonly Mutation[] = [
  ...data('own/classes', 'own/classes', [
    [
      "own data: the model's names before those that are given",
      'options.classes ?? options.modelClasses',
      'options.modelClasses ?? options.classes',
    ],
    [
      'own data: numbers are indices even where they are names',
      'const byNumber = names !== undefined && !classes.some((name) => /^-?\\d+$/.test(name));',
      'const byNumber = names !== undefined;',
    ],
    [
      'own data: classes of the rows drawn, not of all',
      "for (const label of others) take(label, () => 'a record that was not drawn');",
      'void others;',
    ],
    [
      'own data: numbered classes ordered as texts',
      'found.map(Number).sort((a, b) => a - b)',
      'found.map(Number).sort()',
    ],
    [
      'own data: classes without records left out',
      'Array.from({ length: count }, (_, index) => String(index))',
      'numbers.map(String)',
    ],
    [
      'own data: names ordered without regard to case',
      'Buffer.compare(Buffer.from(a), Buffer.from(b))',
      'a.localeCompare(b)',
    ],
  ]),
  ...data('own/draw-rows', 'own/own-data', [
    [
      'own data: the first rows for a random sample',
      "stream(seed, 'own', side).sample(records, wanted).sort()",
      'Uint32Array.from({ length: wanted }, (_, row) => row)',
    ],
    ['own data: the same rows of every side', "stream(seed, 'own', side)", "stream(seed, 'own')"],
    ['own data: as few auxiliary records as members', "side === 'auxiliary' ? 2 * sample : sample", 'sample'],
  ]),
  ...data('own/layout', 'own/layout', [
    ['own data: nchw and nhwc exchanged', "(final ? 'nhwc' : 'nchw')", "(final ? 'nchw' : 'nhwc')"],
    ['own data: height and width exchanged', '[c, a, b], move: true', '[c, b, a], move: true'],
    [
      'own data: channels stay where they are',
      'for (let from = c; from < length; from += channels)',
      'for (let from = c * plane; from < (c + 1) * plane; from++)',
    ],
  ]),
  ...data('formats/npz', 'formats/npz', [
    [
      'own data: Fortran order read as C order',
      '...(header.fortran && axes.length > 0 && { fortran: axes }),',
      '',
    ],
  ]),
  ...data('formats/element-type', 'formats/npz', [
    [
      'own data: big-endian numbers read as little-endian',
      "const little = order !== '>';",
      'const little = true;',
    ],
  ]),
  ...data('own/sources/npz-source', 'own/own-data', [
    [
      'own data: training and test arrays exchanged',
      "{ members: 'train', nonMembers: 'test' }",
      "{ members: 'test', nonMembers: 'train' }",
    ],
  ]),
  ...data('own/sources/catalogue-source', 'own/own-data', [
    [
      'own data: a range read from its data set’s beginning',
      'const at = (first + row) * length;',
      'const at = row * length;',
    ],
  ]),
  ...data('own/read-records', 'own/own-data', [
    [
      'own data: origin counted from the range',
      'Array.from(rows, (row) => row + (source.firstRow ?? 0))',
      'Array.from(rows)',
    ],
  ]),
  ...data('own/table/read-tables', 'own/table/read-tables', [
    [
      'own data: columns of every side where the first has them',
      '[...(chosen.indices[side] as',
      '[...(chosen.indices[0] as',
    ],
    [
      'own data: origin counted among the rows drawn',
      'Uint32Array.from(picked.flatMap((each) => [...each]))',
      'Uint32Array.from(picked.flatMap((each) => [...each.keys()]))',
    ],
  ]),
  ...data('own/table/encoding', 'own/table/read-tables', [
    ['own data: a category as a number', 'x[start + index] = 1;', 'x[start] = index;'],
  ]),
  ...data('split', 'split', [
    [
      'own data: auxiliary records drawn from the non-members',
      "side('auxiliary', members + nonMembers, auxiliary)",
      "side('auxiliary', members, auxiliary)",
    ],
    [
      'own data: both halves of the auxiliary records the same',
      "own.slice(half, half + counts['shadow-test'])",
      "own.slice(0, counts['shadow-test'])",
    ],
    [
      'own data: the first records of a side for a fair sample',
      '.map((i) => places[first + i] as number)',
      '.map((_, i) => places[first + i] as number)',
    ],
    [
      'own data: the number of a record says its side',
      "stream(seed, 'split', 'places').permutation(size)",
      'Uint32Array.from({ length: size }, (_, i) => i)',
    ],
  ]),
  ...data('own/mix-sides', 'own/mix-sides', [
    [
      'own data: records moved the other way round',
      'out.set(values.subarray(i * width, (i + 1) * width), place * width)',
      'out.set(values.subarray(place * width, (place + 1) * width), i * width)',
    ],
    [
      'own data: rows of the files stay while records move',
      'origin: { rows: movedRows(found.origin.rows, places, 1) },',
      '',
    ],
  ]),
  ...data('own/outputs-dataset', 'own/outputs-dataset', [
    ['saved outputs: non-members first', 'const sides = [1, 0].flatMap(', 'const sides = [0, 1].flatMap('],
    ['saved outputs: names stay while records move', 'names: pick(table.names)', 'names: table.names'],
    ['saved outputs: a loss shared among too many classes', 'Math.log(classes - 1)', 'Math.log(classes)'],
  ]),
  ...data('own/outputs/output-values', 'own/outputs/read-outputs', [
    [
      'saved outputs: one column is the probability of class 0',
      'own[2 * row] = 1 - value;\n        own[2 * row + 1] = value;',
      'own[2 * row] = value;\n        own[2 * row + 1] = 1 - value;',
    ],
  ]),
  ...data('own/outputs/output-columns', 'own/outputs/read-outputs', [
    [
      'saved outputs: classes in the order of the columns',
      'Array.from({ length: count }, (_, c) => classes.get(c) as number)',
      '[...classes.values()]',
    ],
  ]),
  ...data('own/outputs/check-outputs', 'own/outputs/bad-outputs', [
    ['saved outputs: posteriors of any sum', 'Math.abs(sum(row) - 1) <= SUM_TOLERANCE;', 'row.length > 0;'],
  ]),
];
