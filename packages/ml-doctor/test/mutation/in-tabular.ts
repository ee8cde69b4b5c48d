/** Wrong signs, cases and labels in attribute inference by queries about table rows. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const TABULAR = `${OWN}/attacks/attribute/tabular`;

const method = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${TABULAR}/${file}.ts`, [`${TABULAR}/${test}.test.ts`], list);

const attack = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${OWN}/attacks/attribute/${file}.ts`, [`${OWN}/attacks/attribute/${test}.test.ts`], list);

export const tabular: readonly Mutation[] = [
  ...method('fredrikson', 'fredrikson', [
    ['Fredrikson: labels and answers exchanged', 'label * classes + answer;', 'answer * classes + label;'],
    ['Fredrikson: shares among all, not among those answered so', 'totals[place % classes]', 'totals[0]'],
    ['Fredrikson: without the marginal', 'return share * (truths', 'return (truths'],
  ]),
  ...method('confidence', 'confidence', [
    [
      'CSMIA: the surest of wrong answers',
      'places: largestPlaces(losses, NOISE)',
      'places: smallestPlaces(losses, NOISE)',
    ],
    [
      'CSMIA: the least sure of right answers',
      'smallestPlaces(ofRight, NOISE)',
      'largestPlaces(ofRight, NOISE)',
    ],
    [
      'CSMIA: confidence in the true label',
      'loss: crossEntropyLoss(answer, predicted)',
      'loss: crossEntropyLoss(answer, label)',
    ],
    ['CSMIA: beliefs upside down', 'expNegative(least - trueLoss)', '1 - expNegative(least - trueLoss)'],
  ]),
  ...method('label-only', 'label-only', [
    [
      'LOMIA: several fits count as one',
      'first === own.lastIndexOf(label) ? first : -1',
      'first >= 0 ? first : -1',
    ],
  ]),
  ...method('candidates', 'candidates', [
    ['bins: the higher median', '(group.length - 1) >> 1', 'group.length >> 1'],
    ['bins: equal values apart', 'if (value !== sorted[first]) first = rank;', 'first = rank;'],
  ]),
  ...attack('choose', 'choose', [
    [
      'ties go to the first category',
      'return places[pick as number] as number;',
      'return places[0] as number;',
    ],
    ['median of the wrong half', 'sum >= total / 2', 'sum > total'],
    ['the same is drawn for everybody', "'ties', id)", "'ties')"],
  ]),
  ...method('ask-candidates', 'sent', [
    [
      'candidates: answers of one record taken for another',
      'candidate * count + i, from + i',
      'i * values.length + candidate, from + i',
    ],
  ]),
];
