import { expect, it } from 'vitest';
import { answering, madeStealing, ofAnswers } from '../../../test/evaluate/stealing-evidence.ts';
import { evaluateStealing } from './evaluate-stealing.ts';
import { BASELINE, type StealingEvidence } from './evidence.ts';

const notesOf = (evidence: StealingEvidence) => evaluateStealing(evidence).notes;
const alternate = Array.from({ length: 120 }, (_, i) => i % 2);
/** Other answers than these to so many of the first records. */
const wrong = (count: number, answers = alternate) =>
  answers.map((answer, i) => (i < count ? 1 - answer : answer));
/** Labels that the target gets wrong at the end, so that it errs often enough. */
const labels = wrong(30).reverse();
const plain = ofAnswers(labels, alternate, wrong(10), wrong(50));
const copies = (...wrongs: readonly number[]): StealingEvidence => ({
  ...plain,
  copies: wrongs.map((count, c) => ({ queries: 10 * (c + 1), logits: answering(wrong(count)) })),
});

it('says nothing of ordinary copies', () => {
  expect(notesOf(plain)).toEqual([]);
  expect(notesOf(madeStealing({ records: 400 }))).toEqual([]);
});

it.each<[string, StealingEvidence, RegExp]>([
  ['few records', madeStealing({ records: 99, clear: 1 }), /judged on only 99 records/],
  ['one record', madeStealing({ records: 1 }), /judged on only 1 record:/],
  [
    'a class without records',
    { ...plain, classes: ['no', 'yes'], labels: new Int32Array(120) },
    /No record is of 'yes'\./,
  ],
  [
    'no errors',
    { ...plain, labels: Int32Array.from(alternate) },
    /wrong about no record: there is no agreementOnErrors/,
  ],
  ['few errors', { ...plain, labels: Int32Array.from(wrong(19)) }, /wrong about only 19 of 120 records/],
  ['nothing to compare with', { ...plain, baselines: [] }, /a constant guess only/],
  [
    'a baseline that is the target',
    ofAnswers(labels, alternate, wrong(10), alternate),
    /'own' agrees with the target on every record.*no agreementSkill/,
  ],
  [
    'a baseline that is nearly the target',
    ofAnswers(labels, alternate, wrong(10), wrong(1)),
    /'own' disagrees with the target on only 1 record: too few/,
  ],
  [
    'one answer of the target',
    ofAnswers(labels, new Array(120).fill(1), alternate),
    /The target gives one answer to all records, 'yes'/,
  ],
  [
    'one answer of the copy',
    ofAnswers(labels, alternate, new Array(120).fill(0), wrong(50)),
    /one answer to all records: 'no'/,
  ],
  [
    'a curve that falls',
    copies(20, 10, 25, 30),
    /that of 40 queries agrees with the target on 75 % of the records, that of 20 on 91\.7 %;/,
  ],
  [
    'posteriors of 0',
    {
      ...plain,
      copies: [
        {
          queries: 1,
          logits: answering(alternate).map((z, i) => (i < 6 && i % 2 === 0 ? Number.NEGATIVE_INFINITY : z)),
        },
      ],
    },
    /For 3 of 120 records .* posterior of 0/,
  ],
])('says so: %s', (_, evidence, text) => {
  const notes = notesOf(evidence);
  expect(notes.filter((note) => text.test(note))).toHaveLength(1);
});

it('names the constant guess where that is best', () => {
  const one = ofAnswers(labels, new Array(120).fill(1), alternate, wrong(50));
  expect(notesOf(one).join()).toContain(`'${BASELINE.constant}' agrees with the target on every record`);
});

it('blames the curve for no fall that chance explains', () => {
  const fall = (...wrongs: number[]) => notesOf(copies(...wrongs)).some((note) => note.startsWith('More'));
  // Only the earlier copy agrees on so many: by chance 2⁻⁵ = .031 of the time, 2⁻⁶ = .016 of it.
  expect(fall(10, 15)).toBe(false);
  expect(fall(10, 16)).toBe(true);
  expect(fall(16, 10)).toBe(false);
  // Of three pairs each gets a third of .025: 2⁻⁶ is too much, 2⁻⁷ = .0078 is not.
  expect(fall(40, 10, 16)).toBe(false);
  expect(fall(40, 10, 17)).toBe(true);
});

it('lists eight classes at most', () => {
  const made = madeStealing({ records: 1, classes: 12 });
  const missing = notesOf(made).find((note) => note.startsWith('No record is of'))!;
  expect(missing).toMatch(/^No record is of ('class \d+', ){7}'class \d+' and 3 more\.$/);
});
