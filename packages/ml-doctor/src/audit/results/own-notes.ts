/** What a report says of a model that was not trained here: what was assumed, and how like it the attackers' models are. */

import type { Report } from '../../report/schema.ts';
import { clopperPearson } from '../../stats/binomial.ts';
import type { QueryResult } from '../../study/kinds/query.ts';
import type { OwnCell } from '../own/subject.ts';
import type { PlannedCell } from '../plan/plan-cells.ts';

/** Accuracies further apart than this make for another kind of model. */
const UNLIKE = 0.1;

/** Share of the target's training records below which models are trained on far fewer. */
const FAR_FEWER = 0.5;

export const ownNotes = async (
  planned: PlannedCell,
  own: OwnCell,
  run: readonly string[],
  target: QueryResult | undefined,
  resultOf: <R>(key: string) => Promise<R> | undefined,
): Promise<Pick<Report['target'], 'notes' | 'warnings' | 'privacy'>> => {
  const shadow = planned.attacks.flatMap((attack) =>
    attack.family === 'membership' && attack.shadow ? [attack.shadow.key] : [],
  )[0];
  const answered = shadow === undefined ? undefined : await resultOf<QueryResult>(shadow);
  const warnings = [
    ...(target && answered ? mismatch(target, answered) : []),
    ...(target ? otherThanExpected(own, target) : []),
    ...(target ? strangeAccuracy(target) : []),
  ];
  const notes = [...new Set([...own.notes, ...smallerTrainings(planned, own), ...run])];
  return { ...(notes.length > 0 && { notes }), ...(warnings.length > 0 && { warnings }) };
};

/** Models that learn from far fewer records over-fit more, and look less like the target. */
const smallerTrainings = ({ attacks }: PlannedCell, { sizes, trainedOn }: OwnCell): readonly string[] => {
  const half = (set: number) => Math.floor(set / 2);
  const learnt = attacks.flatMap((attack) => {
    if (attack.family !== 'membership' || attack.configured.references.count === 0) return [];
    const { kind } = attack.configured.references.pool;
    if (kind === 'with-candidates') return [half(sizes.members + sizes.nonMembers)];
    return kind === 'disjoint' ? [half(sizes.auxiliary)] : [];
  });
  const fewest = Math.min(...learnt);
  if (learnt.length === 0 || fewest >= trainedOn * FAR_FEWER) return [];
  return [
    `The attackers’ models are trained on ${fewest} records, and the members that you gave are ${trainedOn}: they over-fit more than yours does, and attacks that learn from them may find less than an attacker would who has as many records as you.`,
  ];
};

/**
 * A model is right on what it learnt at least as often as on other records, and more often than guessing: otherwise sides
 * are swapped, or labels and classes stand in another order.
 */
const strangeAccuracy = ({ classes, correct }: QueryResult): readonly string[] => {
  const [members, others] = [correct['target-train'], correct['target-test']];
  if (!members || !others) return [];
  const seen = clopperPearson(members.right, members.records, 0.999);
  const unseen = clopperPearson(others.right, others.records, 0.999);
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  if (seen.high < 1 / classes)
    return [
      `The model is right on ${share(members.right / members.records)} of the members, which is less than guessing among ${classes} classes would be: its outputs stand in another order than the classes, or the labels are of other records. No figure here means anything until that is put right.`,
    ];
  if (seen.high < unseen.low)
    return [
      `The model is right on ${share(members.right / members.records)} of the members and on ${share(others.right / others.records)} of the non-members: are the two swapped?`,
    ];
  return [];
};

/** What the first look at a few records could not tell. */
const otherThanExpected = (
  { config: { expectAccuracy = {} } }: OwnCell,
  { correct }: QueryResult,
): readonly string[] =>
  (['members', 'nonMembers'] as const).flatMap((side) => {
    const wanted = expectAccuracy[side];
    const counts = correct[side === 'members' ? 'target-train' : 'target-test'];
    if (wanted === undefined || !counts) return [];
    const { low, high } = clopperPearson(counts.right, counts.records, 0.999);
    if (wanted >= low && wanted <= high) return [];
    const found = (counts.right / counts.records).toFixed(3);
    return [
      `Accuracy on all ${counts.records} ${side === 'members' ? 'members' : 'non-members'} is ${found}, where ${wanted} is expected: check scaling, layout and the order of the classes before relying on any figure.`,
    ];
  });

const mismatch = (target: QueryResult, shadow: QueryResult): readonly string[] => {
  const share = ({ correct }: QueryResult, role: string): number | undefined => {
    const counts = correct[role];
    return counts && counts.records > 0 ? counts.right / counts.records : undefined;
  };
  const found = [
    share(target, 'target-train'),
    share(target, 'target-test'),
    share(shadow, 'shadow-train'),
    share(shadow, 'shadow-test'),
  ];
  if (!found.every((one) => one !== undefined)) return [];
  const [ownSeen, ownOther, seen, other] = found as [number, number, number, number];
  if (Math.abs(ownSeen - seen) <= UNLIKE && Math.abs(ownOther - other) <= UNLIKE) return [];
  const three = (value: number) => value.toFixed(3);
  return [
    `The attackers’ models are unlike yours: accuracy ${three(seen)} on their own training records and ${three(other)} on others, where yours has ${three(ownSeen)} and ${three(ownOther)}. Attacks that learn from such models may find less than an attacker would who trains as you did: say how under target.shadows.`,
  ];
};
