import { expect, it } from 'vitest';
import { type MadeOptions, madeEvidence } from '../../../test/evaluate/attribute-evidence.ts';
import { evaluateAttribute } from './evaluate-attribute.ts';
import type { AttributeEvidence, Guessed } from './evidence.ts';

const made = (options: MadeOptions, change: (members: Guessed) => Partial<Guessed> = () => ({})) => {
  const evidence = madeEvidence({ members: 250, ...options });
  return { ...evidence, members: { ...evidence.members, ...change(evidence.members) } };
};
const notesOf = (evidence: AttributeEvidence) => evaluateAttribute(evidence).notes;
const share = (truth: ArrayLike<number>) =>
  `${Number(((100 * Array.from(truth).filter((value) => value === 0).length) / truth.length).toPrecision(3))} %`;

it('says what the commonest guess is worth, and nothing else of ordinary guesses', () => {
  const evidence = made({});
  expect(notesOf(evidence)).toEqual([
    `Always 'colour 0', the commonest in the auxiliary data, is right about ${share(evidence.members.truth)} of the members and ` +
      `${share(evidence.nonMembers.truth)} of the non-members.`,
  ]);
  expect(notesOf(made({ kind: 'continuous' }))).toEqual([]);
});

it.each<[string, AttributeEvidence]>([
  ['does worse than always the same guess', made({ first: 0.9 })],
  [
    'does worse than always the same guess',
    made({ kind: 'continuous' }, ({ imputation, truth }) => ({
      imputation: { ...imputation, predicted: Float64Array.from(truth, (value) => value + 5) },
    })),
  ],
  [
    "guess is the same for all members: 'colour 1'",
    made({}, ({ attack }) => ({ attack: { ...attack, predicted: new Int32Array(250).fill(1) } })),
  ],
  [
    'guess is the same for all members: 3',
    made({ kind: 'continuous' }, () => ({ attack: { predicted: new Float64Array(250).fill(3) } })),
  ],
  ["For every member the attack's guess is that of", made({}, ({ imputation }) => ({ attack: imputation }))],
  [
    "No member is of 'colour 3': not in",
    made({ kind: 'categorical' }, ({ truth }) => ({ truth: Int32Array.from(truth, (v) => Math.min(v, 2)) })),
  ],
  ["Fewer than 10 members are of 'colour 1'", made({}, () => ({ truth: new Int32Array(250).fill(1, 0, 9) }))],
  ['All members are of one category: there is no AUC', made({}, () => ({ truth: new Int32Array(250) }))],
  ['Of 90 members, the 50 or 100 surest are no choice', made({ members: 90 })],
  [
    'equally sure of all its guesses',
    made({}, ({ attack }) => ({ attack: { ...attack, beliefs: new Float64Array(500).fill(0.5) } })),
  ],
  [
    'errs about too few members',
    made({ kind: 'continuous' }, ({ truth }) => ({ imputation: { predicted: Float64Array.from(truth) } })),
  ],
])('%s', (text, evidence) => {
  expect(notesOf(evidence).filter((note) => note.includes(text))).toHaveLength(1);
});

it('counts what is too much to list', () => {
  const evidence = made({ kind: 'categorical', categories: 12, members: 30 }, () => ({
    truth: Int32Array.from({ length: 30 }, (_, i) => i % 12),
  }));
  expect(notesOf(evidence).join()).toContain("'colour 7' and 4 more");
});
