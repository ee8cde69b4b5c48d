/** What is said of attackers' models that are unlike the audited one. */
import { describe, expect, it } from 'vitest';
import type { QueryResult } from '../../study/kinds/query.ts';
import type { OwnCell } from '../own/subject.ts';
import type { PlannedCell } from '../plan/plan-cells.ts';
import { ownNotes } from './own-notes.ts';

const of = (roles: Readonly<Record<string, number>>): QueryResult => ({
  classes: 2,
  correct: Object.fromEntries(
    Object.entries(roles).map(([role, share]) => [role, { right: share * 1000, records: 1000 }]),
  ),
});

const attack = (kind: string, count = 8) => ({
  family: 'membership',
  shadow: { key: 'shadow' },
  configured: { references: { count, pool: { kind } } },
});

const SIZES = { members: 400, nonMembers: 200, auxiliary: 600 };

const notesOf = (
  attacks: readonly unknown[],
  trainedOn: number,
  answers?: readonly [target: QueryResult, shadow: QueryResult],
) =>
  ownNotes(
    { attacks } as PlannedCell,
    { sizes: SIZES, trainedOn, notes: ['given'], config: {} } as unknown as OwnCell,
    ['of the run', 'given'],
    answers?.[0],
    <R>(key: string) => (key === 'shadow' && answers ? Promise.resolve(answers[1] as R) : undefined),
  );

describe('accuracy of the attackers’ models', () => {
  const own = { 'target-train': 0.9, 'target-test': 0.7 };
  it.each([
    [0.81, 0.79, false],
    [0.79, 0.7, true],
    [0.9, 0.81, true],
    [0.9, 0.59, true],
    [1, 0.7, false],
  ])('of %d on their training records and %d on others is unlike: %s', async (seen, other, unlike) => {
    const shadow = of({ 'shadow-train': seen, 'shadow-test': other });
    const { warnings } = await notesOf([attack('disjoint')], 1, [of(own), shadow]);
    expect(warnings?.length ?? 0).toBe(unlike ? 1 : 0);
    if (unlike) expect(warnings?.[0]).toContain(`accuracy ${seen.toFixed(3)} on their own`);
  });

  it('is not compared where a side is not known', async () => {
    const shadow = of({ 'shadow-train': 0.1 });
    expect((await notesOf([attack('disjoint')], 1, [of(own), shadow])).warnings).toBeUndefined();
  });
});

describe('records that the attackers’ models learn from', () => {
  it.each<[string, readonly unknown[], number, RegExp | undefined]>([
    ['half of the auxiliary ones', [attack('disjoint')], 601, /on 300 records.* 601/],
    ['half of the auxiliary ones, which are enough', [attack('disjoint')], 600, undefined],
    ['half of the candidates', [attack('with-candidates')], 603, /on 300 records.* 603/],
    ['other ones', [attack('other')], 9999, undefined],
    ['none', [attack('disjoint', 0)], 9999, undefined],
  ])('%s', async (_, attacks, trainedOn, said) => {
    const { notes = [] } = await notesOf(attacks, trainedOn);
    expect(notes.slice(0, 1)).toEqual(['given']);
    expect(notes.filter((note) => note.includes('are trained on'))).toEqual(
      said === undefined ? [] : [expect.stringMatching(said)],
    );
    expect(notes.at(-1)).toBe('of the run');
  });
});

describe('accuracy that cannot be', () => {
  const matching = of({ 'shadow-train': 0.9, 'shadow-test': 0.7 });
  it.each<[string, number, number, RegExp | undefined]>([
    ['less than guessing', 0.4, 0.35, /less than guessing among 2 classes/],
    ['better on what it never saw', 0.7, 0.9, /are the two swapped\?/],
    ['about as good on both', 0.7, 0.72, undefined],
    ['about as good as guessing', 0.49, 0.5, undefined],
    ['better on its members', 0.99, 0.6, undefined],
  ])('%s', async (_, members, others, words) => {
    const target = of({ 'target-train': members, 'target-test': others });
    const { warnings = [] } = await notesOf([], 1, [target, matching]);
    expect(warnings.length).toBe(words ? 1 : 0);
    if (words) expect(warnings[0]).toMatch(words);
  });
});
