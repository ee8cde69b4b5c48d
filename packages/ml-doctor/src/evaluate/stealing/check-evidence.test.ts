import { expect, it } from 'vitest';
import { madeStealing } from '../../../test/evaluate/stealing-evidence.ts';
import { AuditError } from '../../errors.ts';
import { evaluateStealing } from './evaluate-stealing.ts';
import { BASELINE, type StealingEvidence } from './evidence.ts';

const made = madeStealing({ records: 6, classes: 2 });
const [first, second, third] = made.copies;
const [own] = made.baselines;
const logits = (...at: readonly (readonly [place: number, value: number])[]) => {
  const changed = made.target.slice();
  for (const [place, value] of at) changed[place] = value;
  return changed;
};
const MINUS = Number.NEGATIVE_INFINITY;

it.each<[string, Partial<StealingEvidence>]>([
  ['1 classes', { classes: ['only'] }],
  ['there are no records', { ids: new Uint32Array(0) }],
  ['6 ids and 5 labels', { labels: new Int32Array(5) }],
  ['record 7 occurs twice', { ids: Uint32Array.of(5, 6, 7, 8, 9, 7) }],
  ['the label of record 8 is 2, none of 2', { labels: Int32Array.of(0, 0, 0, 2, 0, 0) }],
  ['the label of record 5 is -1', { labels: Int32Array.of(-1, 0, 0, 0, 0, 0) }],
  ['no copy', { copies: [] }],
  ['a copy of 0 queries comes after one of 0', { copies: [{ ...first!, queries: 0 }] }],
  ['a copy of 1.5 queries', { copies: [{ ...first!, queries: 1.5 }] }],
  ['a copy of 100 queries comes after one of 200', { copies: [second!, first!] }],
  ['a copy of 300 queries comes after one of 300', { copies: [third!, third!] }],
  ["the baseline 'own' occurs twice", { baselines: [own!, own!] }],
  [`the baseline '${BASELINE.constant}' occurs twice`, { baselines: [{ ...own!, name: BASELINE.constant }] }],
  ['11 logits of the target for 6 records of 2', { target: new Float32Array(11) }],
  ['14 logits of the copy of 100 queries', { copies: [{ ...first!, logits: new Float32Array(14) }] }],
  ["0 logits of the baseline 'own'", { baselines: [{ ...own!, logits: new Float32Array(0) }] }],
  ['logit of the target for record 6 is NaN', { target: logits([3, Number.NaN]) }],
  [
    'logit of the copy of 100 queries for record 10 is Infinity',
    { copies: [{ ...first!, logits: logits([11, Number.POSITIVE_INFINITY]) }] },
  ],
  [
    "all logits of the baseline 'own' for record 7 are -Infinity",
    { baselines: [{ ...own!, logits: logits([4, MINUS], [5, MINUS]) }] },
  ],
])('refuses: %s', (text, change) => {
  let found: unknown;
  try {
    evaluateStealing({ ...made, ...change });
  } catch (error) {
    found = error;
  }
  expect(found).toBeInstanceOf(AuditError);
  expect((found as AuditError).code).toBe('MLD_ARTIFACT');
  expect((found as AuditError).message).toContain(text);
});

it('accepts posteriors that are 0', () => {
  const zero = logits([3, MINUS]);
  for (const change of [{ target: zero }, { copies: [{ ...first!, logits: zero }] }])
    expect(evaluateStealing({ ...made, ...change }).metrics['klDivergence']!.high).toBeLessThan(150);
});
