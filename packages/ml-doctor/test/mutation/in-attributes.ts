/** Wrong signs, labels and places in attribute-inference attacks with the model in their hands. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const ATTRIBUTE = `${OWN}/attacks/attribute`;

const attack = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${ATTRIBUTE}/${file}.ts`, [`${ATTRIBUTE}/${test}.test.ts`], list);

export const attributes: readonly Mutation[] = [
  ...attack('gradient/candidates', 'gradient/try-candidates', [
    [
      'attribute/gradient: the gap is of the worst way',
      'least = Math.min(least, along(values))',
      'least = Math.max(Number.isFinite(least) ? least : along(values), along(values))',
    ],
    [
      'attribute/gradient: gap of the wrong sign',
      'return along(encoded[own] as Float32Array) - least;',
      'return least - along(encoded[own] as Float32Array);',
    ],
  ]),
  ...attack('even-candidates', 'even-candidates', [
    ['attribute: the range is not reached', '((max - min) * i) / (count - 1)', '((max - min) * i) / count'],
  ]),
  ...attack('gradient/candidate-graph', 'gradient/try-candidates', [
    [
      'attribute/gradient: slope in other places',
      'starts: [first], ends: [first + width]',
      'starts: [0], ends: [width]',
    ],
  ]),
  ...attack('gradient/try-candidates', 'gradient/try-candidates', [
    [
      'attribute/gradient: the bias is left out of the norm',
      '(squares(activations) + 1)',
      'squares(activations)',
    ],
    [
      'attribute/gradient: the label is that of another record',
      'labels[recordOf(i)] as number',
      'labels[i % labels.length] as number',
    ],
  ]),
  ...attack('gradient/stationary', 'gradient/stationary', [
    [
      'attribute/gradient: the loss before the gap',
      'const flat = smallestPlaces([...ownGaps], ALIKE);',
      'const flat = smallestPlaces([...own], ALIKE);',
    ],
    ['attribute/gradient: refined uphill', 'slope < 0 ? k + 1 : k - 1', 'slope > 0 ? k + 1 : k - 1'],
    [
      'attribute/gradient: beliefs of the wrong sign',
      'expNegative(least - loss)',
      'expNegative(loss - least)',
    ],
  ]),
  ...attack('gradient/trial-rows', 'gradient/trial-rows', [
    [
      'attribute/gradient: the place of the attribute is learnt from',
      'put(known.subarray(i * length, i * length + first));',
      'put(known.subarray(i * length, i * length + first + 1));',
    ],
    ['attribute/gradient: learns without the label', 'values[at + label] = 1;', 'values[at] = 1;'],
  ]),
  ...attack('embedding/embedding', 'embedding/embedding', [
    [
      'attribute/embedding: another layer for the known records',
      'target.embeddings(known.records, layer)',
      'target.embeddings(known.records)',
    ],
    ['attribute/embedding: always the same head', '...HEADS[head]', '...HEADS.mlp'],
  ]),
];
