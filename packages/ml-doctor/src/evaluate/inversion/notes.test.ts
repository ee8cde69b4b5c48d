import { describe, expect, it } from 'vitest';
import { type MadeOptions, madeEvidence } from '../../../test/evaluate/inversion-evidence.ts';
import { evaluateInversion } from './evaluate-inversion.ts';
import type { InversionEvidence, RealRecords } from './evidence.ts';

const notesOf = (
  options: MadeOptions,
  change: (evidence: InversionEvidence) => Partial<InversionEvidence> = () => ({}),
) => {
  const evidence = madeEvidence(options);
  return evaluateInversion({ ...evidence, ...change(evidence) }).notes.join('\n');
};

/** Without the records of some classes, but for the first so many. */
function without(records: RealRecords, classes: readonly number[], keep = 0): RealRecords {
  const kept = new Map<number, number>();
  const rows = Array.from(records.labels).flatMap((label, row) => {
    kept.set(label, (kept.get(label) ?? 0) + 1);
    return classes.includes(label) && kept.get(label)! > keep ? [] : [row];
  });
  const pick = (values: Float32Array) => {
    const width = values.length / records.labels.length;
    return Float32Array.from(
      { length: rows.length * width },
      (_, i) => values[rows[Math.floor(i / width)]! * width + (i % width)]!,
    );
  };
  return {
    ids: Uint32Array.from(rows, (row) => records.ids[row]!),
    labels: Int32Array.from(rows, (row) => records.labels[row]!),
    values: pick(records.values),
    normalised: pick(records.normalised),
    features: pick(records.features),
  };
}

describe('notes of an inversion', () => {
  it('are none where nothing is missing', () => {
    expect(notesOf({ kind: 'member' })).toBe('');
  });

  it('names classes without members or non-members, and leaves them out', () => {
    const evidence = madeEvidence({ kind: 'member' });
    const members = without(evidence.members, [1]);
    const nonMembers = without(evidence.nonMembers, [4]);
    const result = evaluateInversion({ ...evidence, members, nonMembers });
    expect(result.notes.join()).toContain('for want of members or non-members: classes 1, 4.');
    expect(result.gallery.map(({ member }) => member === null)).toEqual([
      false,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(result.rows[3]!.figures).toEqual({});
    expect(Object.keys(result.rows[12]!.figures)).toEqual(['mse', 'mseNormalised', 'ssimClassMean']);
    expect(result.metrics.memberCloser!.value).toBe(1);
    expect(result.closeness!.neighbours).toBe(12);
  });

  it('says when no class has both', () => {
    const evidence = madeEvidence();
    const result = evaluateInversion({
      ...evidence,
      nonMembers: without(evidence.nonMembers, [0, 1, 2, 3, 4, 5]),
    });
    expect(result.closeness).toBeUndefined();
    expect(result.metrics).not.toHaveProperty('memberCloserP');
    expect(result.notes.join()).toContain('No class has members and non-members');
  });

  it('names classes with few records', () => {
    const notes = notesOf({}, ({ members }) => ({ members: without(members, [2], 4) }));
    expect(notes).toContain('Fewer than 5 members or non-members to be near to: class 2.');
    expect(notesOf({}, ({ members }) => ({ members: without(members, [2], 5) }))).not.toContain('Fewer than');
  });

  it.each([
    [10, 19, true],
    [10, 20, false],
    [2, 74, true],
    [2, 75, false],
  ])('judge of %i classes, right in %i of 100', (classes, right, noted) => {
    const notes = notesOf({ classes }, () => ({ judge: { right, records: 100 } }));
    expect(notes.includes('no judge')).toBe(noted);
  });

  it('says when one reconstruction shows no luck, and when too few records are neighbours', () => {
    expect(notesOf({ perClass: 1 })).toContain('Every class has one reconstruction only');
    expect(notesOf({ perClass: 1, classes: 5 })).toContain('Only 5 different records');
    expect(notesOf({ perClass: 1 })).not.toContain('different records are nearest');
  });

  it('knows the picture of nothing by its values', () => {
    const near = (share: number) => (evidence: InversionEvidence) => {
      const { reconstructions } = evidence;
      const normalised = reconstructions.normalised.map(() => share);
      return { reconstructions: { ...reconstructions, normalised } };
    };
    expect(notesOf({}, near(0.001))).toContain("of that of 'all-zero input'");
    expect(notesOf({}, near(5))).not.toContain('all-zero');
  });

  it('says when the groups seem to be exchanged', () => {
    const swap = ({ members, nonMembers }: InversionEvidence) => ({
      members: nonMembers,
      nonMembers: members,
    });
    expect(notesOf({ kind: 'member' }, swap)).toContain('nearer to non-members');
  });

  it('names classes that a baseline lacks', () => {
    const evidence = madeEvidence();
    const [, { name, pictures }] = evidence.baselines as never as [
      unknown,
      InversionEvidence['baselines'][number],
    ];
    const half = (rows: Float32Array) => rows.subarray(0, rows.length / 2);
    const shorter = {
      values: half(pictures.values),
      normalised: half(pictures.normalised),
      features: half(pictures.features),
      judged: half(pictures.judged),
      wanted: pictures.wanted.subarray(0, 3),
    };
    const { notes, baselines } = evaluateInversion({ ...evidence, baselines: [{ name, pictures: shorter }] });
    expect(notes.join()).toContain("'class mean' has no picture of classes 3, 4, 5");
    expect(baselines[0]!.metrics.judgeAccuracyGain).toBeDefined();
  });

  it.each([
    ['values', Number.NaN, /number 1 of the reconstructions holds NaN/],
    ['judged', Number.POSITIVE_INFINITY, /holds Infinity/],
    ['confidence', 1.5, /confidence in reconstruction 16 is 1.5/],
  ] as const)('refuses %s of %d', (name, bad, message) => {
    const { reconstructions, ...rest } = madeEvidence();
    const broken = { ...reconstructions, [name]: reconstructions[name].map((v, i) => (i === 16 ? bad : v)) };
    expect(() => evaluateInversion({ ...rest, reconstructions: broken })).toThrow(
      expect.objectContaining({
        code: 'MLD_ARTIFACT',
        message: expect.stringMatching(name === 'judged' ? /number 2 of/ : message),
      }),
    );
  });

  it('refuses sizes that do not fit', () => {
    const evidence = madeEvidence();
    expect(() => evaluateInversion({ ...evidence, recordShape: [1, 4, 5] })).toThrow(/internal/);
    expect(() => evaluateInversion({ ...evidence, classes: 5 })).toThrow(/internal/);
  });
});
