import { expect, it } from 'vitest';
import { madeEvidence } from '../../../test/evaluate/attribute-evidence.ts';
import { AuditError } from '../../errors.ts';
import { evaluateAttribute } from './evaluate-attribute.ts';
import type { AttributeEvidence, Guessed } from './evidence.ts';

const binary = madeEvidence({ members: 6, nonMembers: 6, fromRecord: true });
const numbers = madeEvidence({ kind: 'continuous', members: 6, nonMembers: 6 });
const members = (change: Partial<Guessed>, of = binary): AttributeEvidence => ({
  ...of,
  members: { ...of.members, ...change },
});
const others = (change: Partial<Guessed>): AttributeEvidence => ({
  ...binary,
  nonMembers: { ...binary.nonMembers, ...change },
});
const { attack, imputation } = binary.members;
const beliefs = (change: (all: Float64Array) => void) => {
  const changed = attack.beliefs!.slice();
  change(changed);
  return changed;
};
const { fromRecord: _, ...unseen } = binary.members;

it.each<[string, AttributeEvidence]>([
  ['no categories', { ...binary, attribute: { name: 'colour', kind: 'categorical' } }],
  ['one group only', { ...binary, members: unseen }],
  ['there are no members', members({ ids: new Uint32Array(0) })],
  ['6 ids and 5 truths of non-members', others({ truth: new Int32Array(5) })],
  ['record 5 occurs twice among the members', members({ ids: Uint32Array.of(5, 6, 7, 8, 9, 5) })],
  ['record 8 is in both groups', others({ ids: Uint32Array.of(11, 12, 13, 14, 15, 8) })],
  ['truth of record 7 is 2', members({ truth: Int32Array.of(0, 1, 2, 0, 0, 0) })],
  ['truth of record 5 is NaN', members({ truth: Float32Array.of(Number.NaN, 1, 2, 0, 0, 0) }, numbers)],
  [
    '5 guesses of the imputation (members) for 6',
    members({ imputation: { ...imputation, predicted: new Int32Array(5) } }),
  ],
  [
    'guess of the majority (non-members) for record 11 is -1',
    others({ majority: { ...imputation, predicted: Int32Array.of(-1, 0, 0, 0, 0, 0) } }),
  ],
  [
    'guess of the attack (members) for record 5 is Infinity',
    members({ attack: { predicted: Float64Array.of(Number.POSITIVE_INFINITY, 0, 0, 0, 0, 0) } }, numbers),
  ],
  [
    'no beliefs of the imputation from the record (members)',
    members({ fromRecord: { predicted: new Int32Array(6) } }),
  ],
  ['11 beliefs of the attack', members({ attack: { ...attack, beliefs: new Float64Array(11) } })],
  [
    'about record 6 is -0.25',
    members({ attack: { ...attack, beliefs: beliefs((all) => all.set([-0.25, 1.25], 2)) } }),
  ],
  [
    'about record 6 is NaN',
    members({ attack: { ...attack, beliefs: beliefs((all) => all.set([Number.NaN, 1], 2)) } }),
  ],
  [
    'about record 10 sum to 1.00001',
    members({ attack: { ...attack, beliefs: beliefs((all) => all.set([0.5, 0.50001], 10)) } }),
  ],
])('refuses: %s', (text, evidence) => {
  let found: unknown;
  try {
    evaluateAttribute(evidence);
  } catch (error) {
    found = error;
  }
  expect(found).toBeInstanceOf(AuditError);
  expect((found as AuditError).code).toBe('MLD_ARTIFACT');
  expect((found as AuditError).message).toContain(text);
});

it('accepts beliefs that sum to 1 but for rounding', () => {
  const rounded = beliefs((all) => all.set([0.5, 0.5 + 5e-7], 10));
  expect(() => evaluateAttribute(members({ attack: { ...attack, beliefs: rounded } }))).not.toThrow();
});
