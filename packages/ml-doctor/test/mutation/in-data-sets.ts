/** The catalogue's data sets: classes, bits, groups and places of records mixed up, and files taken as they come. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const DATA = `${OWN}/data`;

const data = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${DATA}/${file}.ts`, [`${DATA}/${test}.test.ts`], list);

export const dataSets: readonly Mutation[] = [
  ...data('catalog/pictures/celeba-dataset', 'catalog/pictures/face-pictures', [
    ['data sets: CelebA’s classes called by their bits in reverse', '(c >> i) & 1', '(c >> (2 - i)) & 1'],
    [
      'data sets: CelebA’s Male and Young exchanged',
      "combined(['Male', 'Young'])",
      "combined(['Young', 'Male'])",
    ],
  ]),
  ...data('pictures/match-pictures', 'catalog/pictures/face-pictures', [
    [
      'data sets: pictures in the folder’s order, not in the list’s',
      'return pictures.map((name) => byName.get(name) as PictureFile);',
      'return files;',
    ],
  ]),
  ...data('catalog/pictures/decoded-dataset', 'catalog/pictures/face-pictures', [
    [
      'data sets: labels stay where broken pictures are left out',
      'all.filter((_, i) => isKept(kept, i))',
      'all.subarray(0, kept.length)',
    ],
    ['data sets: faces twice as bright', 'mean: [0.5, 0.5, 0.5]', 'mean: [0, 0, 0]'],
  ]),
  ...data('formats/face-names', 'catalog/pictures/face-pictures', [
    ['data sets: UTKFace’s race for the gender', '({ gender }) => gender)', '({ race }) => race)'],
  ]),
  ...data('catalog/pictures/lfw', 'catalog/pictures/face-pictures', [
    [
      'data sets: LFW’s people with more than forty pictures',
      'pictures.length >= least',
      'pictures.length > least',
    ],
    [
      'data sets: LFW’s classes named after people left out',
      'classes: often.map(',
      'classes: [...people].map(',
    ],
  ]),
  ...data('catalog/pictures/stl10', 'catalog/pictures/raw-pictures', [
    [
      'data sets: STL-10’s columns for rows',
      'from[start + column * PUBLISHED_SIDE + row]',
      'from[start + row * PUBLISHED_SIDE + column]',
    ],
    ['data sets: STL-10’s classes counted from 1', 'y[start + i] = label - 1;', 'y[start + i] = label % 10;'],
  ]),
  ...data('catalog/pictures/cifar100', 'catalog/pictures/raw-pictures', [
    [
      'data sets: CIFAR-100’s coarse classes for the fine ones',
      'labels: [coarse, fine]',
      'labels: [fine, coarse]',
    ],
  ]),
  ...data('catalog/pictures/cifar-pictures', 'catalog/pictures/raw-pictures', [
    [
      'data sets: CIFAR’s files one over the other',
      'rows.put(record.subarray(labelBytes), start + i);',
      'rows.put(record.subarray(labelBytes), i);',
    ],
    [
      'data sets: CIFAR’s means of blue, green and red',
      'mean: [0.4914, 0.4822, 0.4465]',
      'mean: [0.4465, 0.4822, 0.4914]',
    ],
  ]),
  ...data('formats/record-files', 'catalog/pictures/raw-pictures', [
    ['data sets: an archive of records by any digest', 'await checkFile(path, archive, signal);', ''],
    [
      'data sets: files of records by any digest',
      'await checkFile(path, records[i] as FileRecord, signal);',
      '',
    ],
  ]),
  ...data('checked-file', 'checked-file', [
    ['data sets: a large file by any digest', 'checkDigest(path, expected, () => digest);', ''],
  ]),
  ...data('checked-file', 'catalog/tables/new-tables', [
    [
      'data sets: a file by any digest',
      "checkDigest(path, expected, (algorithm) => createHash(algorithm).update(bytes).digest('hex'));",
      '',
    ],
  ]),
  ...data('formats/bits-npz', 'catalog/bits/published-bits', [
    [
      'data sets: one class on from where the 1 stands',
      '< 0) return first;',
      '< 0) return (first + 1) % classes;',
    ],
    [
      'data sets: classes counted from 1 as from 0, the last first',
      'labels.map((label) => label - least)',
      'labels.map((label) => label % classes)',
    ],
  ]),
  ...data('catalog/bits/purchase', 'catalog/bits/published-bits', [
    [
      'data sets: Purchase’s last class first',
      'labels.map((label) => label - 1)',
      'labels.map((label) => label % shape.classes)',
    ],
  ]),
  ...data('catalog/bits/clusters', 'catalog/bits/published-bits', [
    ['data sets: few clusters kept for many', '{clusters}-', '{0}-'],
  ]),
  ...data('catalog/bits/texas', 'catalog/bits/published-bits', [
    ['data sets: Texas’s last class first', 'return label - 1;', 'return label % classes;'],
  ]),
  ...data('text/tf-idf', 'catalog/text/twenty-newsgroups', [
    [
      'data sets: rarity without a text more',
      'Math.log((1 + texts.length) / (1 + known.get(term)!.texts))',
      'Math.log(texts.length / known.get(term)!.texts)',
    ],
    ['data sets: rarity of nothing for what is everywhere', '!.texts)) + 1;', '!.texts));'],
    ['data sets: whether a term occurs, not how often', 'count * found.rarity', 'found.rarity'],
    [
      'data sets: rows whose sum is 1',
      'Math.sqrt(weights.reduce((sum, [, weight]) => sum + weight * weight, 0))',
      'weights.reduce((sum, [, weight]) => sum + weight, 0)',
    ],
    ['data sets: terms of most texts', 'other.occurrences - one.occurrences', 'other.texts - one.texts'],
  ]),
  ...data('text/strip-post', 'catalog/text/twenty-newsgroups', [
    ['data sets: posts with their headers', 'post.slice(end + 2)', 'post'],
    ['data sets: posts with what they quote', '.filter((line) => !QUOTED.test(line))', ''],
    ['data sets: posts up to their first rule', 'lines.findLastIndex(', 'lines.findIndex('],
  ]),
  ...data('catalog/tables/icd-groups', 'catalog/tables/new-tables', [
    [
      'data sets: codes with digits after the point beyond their group',
      'Math.floor(Number(code))',
      'Number(code)',
    ],
    ['data sets: a disease of the thyroid as diabetes', "['diabetes', 250, 250]", "['diabetes', 249, 250]"],
  ]),
  ...data('catalog/tables/compas', 'catalog/tables/new-tables', [
    ['data sets: COMPAS with unknown outcomes', "recid === '-1' || ", ''],
    ['data sets: COMPAS’s outcomes exchanged', "codes: ['0', '1']", "codes: ['1', '0']"],
  ]),
  ...data('resize-pictures', 'resize-pictures', [
    ['data sets: pixels count whole where half is covered', 'Math.max(start, pixel * to)', 'pixel * to'],
    [
      'data sets: pictures grow from the corner, not from the centres',
      '((2 * i + 1) * from - to) / (2 * to)',
      '(i * from) / to',
    ],
    ['data sets: bytes cut, not rounded', 'bytes ? Math.round(value) : value', 'value'],
  ]),
  ...data('pictures/decode-pictures', 'pictures/decode-pictures', [
    [
      'data sets: pictures stay where broken ones are left out',
      'values.copyWithin(to * length, from * length, (from + 1) * length)',
      'values.copyWithin(to * length, to * length, (to + 1) * length)',
    ],
    [
      'data sets: the cache knows pictures without their shape',
      'digest, shape, published ??',
      'digest, published ??',
    ],
  ]),
  ...data('pictures/decoded-files', 'pictures/decode-pictures', [
    [
      'data sets: records stay in the cache where broken pictures are left out',
      'file.read(record, 0, length, from * length)',
      'file.read(record, 0, length, to * length)',
    ],
    [
      'data sets: the cache’s records are the first pictures',
      '.filter((i) => !missing.has(i))',
      '.slice(0, count)',
    ],
  ]),
  ...data('pictures/decoding-thread', 'pictures/decode-pictures', [
    [
      'data sets: pictures written one over the other',
      'writeSync(descriptor, bytes, done, bytes.length - done, first * length + done)',
      'writeSync(descriptor, bytes, done, bytes.length - done, done)',
    ],
  ]),
  ...data('pictures/filed-bytes', 'filed-values', [
    [
      'data sets: bytes from where the last ones ended',
      'bytes.length - offset, position)',
      'bytes.length - offset, null)',
    ],
  ]),
  ...data('dataset', 'filed-values', [
    [
      'data sets: the first pictures of a file for those asked for',
      'source.subarray(index * recordLength, (index + 1) * recordLength)',
      'source.subarray(i * recordLength, (i + 1) * recordLength)',
    ],
  ]),
  ...data('dataset', 'dataset', [
    ['data sets: hashed without the labels', '[parts.y, ...attributes.map', '[...attributes.map'],
    ['data sets: hashed without the shape', '[parts.size, ...parts.recordShape]', '[parts.size]'],
    [
      'data sets: hashed from the beginning of the buffer',
      'values.byteOffset, values.byteLength',
      '0, values.byteLength',
    ],
  ]),
  ...data('pictures/kept-datasets', 'pictures/kept-datasets', [
    [
      'data sets: what was changed where it is kept',
      'found.contentHash === contentHash ? found : undefined',
      'found',
    ],
  ]),
  ...data('acquire/download', 'acquire/download', [
    [
      'data sets: a download goes on at its beginning',
      'bytes.length - at, sum + at)',
      'bytes.length - at, at)',
    ],
    [
      'data sets: a download goes on wherever the server does',
      'Number(start) === bytes ? bytes : undefined',
      'start !== undefined ? bytes : undefined',
    ],
  ]),
  ...data('split', 'paper-split', [
    [
      'splits of papers: members among the non-members',
      "from(members, 'target-test')",
      "from(0, 'target-test')",
    ],
    [
      'splits of papers: the attacker has the non-members',
      'const shadows = members + nonMembers;',
      'const shadows = members;',
    ],
    [
      'splits of papers: both halves of the auxiliary records the same',
      'from(shadows + Math.floor(auxiliary / 2),',
      'from(shadows,',
    ],
    ['splits of papers: a quarter of auxiliary records', 'auxiliary: 2 * quarter', 'auxiliary: quarter'],
    [
      'splits of papers: the order of the quarters',
      "stream(seed, 'split', paper.name)",
      "stream(seed, 'split', 'quarters')",
    ],
  ]),
  ...edits(
    `${OWN}/audit/plan/plan-cells.ts`,
    [`${OWN}/audit/unequal-roles.test.ts`],
    [['splits of papers: quarters whatever the study says', '...(paper && { paper }),', '']],
  ),
  ...data('catalog/shokri-split', 'paper-split', [
    [
      'splits of papers: all that is left to the attacker',
      'Math.min(2 * members, size - 2 * members)',
      'size - 2 * members',
    ],
  ]),
];
