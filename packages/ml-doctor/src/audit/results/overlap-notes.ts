/** What roles of a split share by content, in words for the reader of a report. */

import { type Dataset, elements } from '../../data/dataset.ts';
import { overlaps } from '../../data/overlap.ts';
import { splitQuarters } from '../../data/split.ts';
import type { SplitRef } from '../../study/kinds/data-ref.ts';

const last = new WeakMap<Dataset, { readonly key: string; readonly notes: readonly string[] }>();

/** Nothing where all inputs differ. Records that are members and non-members at once are there only where allowed. */
export const overlapNotes = (data: Dataset, split: SplitRef): readonly string[] => {
  // Of records of which the answers alone are known nothing can be said.
  if (elements(data.recordShape) === 0) return [];
  const key = JSON.stringify(split);
  const known = last.get(data);
  if (known?.key === key) return known.notes;
  const notes = findNotes(data, split);
  last.set(data, { key, notes });
  return notes;
};

const findNotes = (data: Dataset, split: SplitRef): readonly string[] => {
  const roles = splitQuarters(data.size, split);
  const shadow = Uint32Array.from([...roles['shadow-train'], ...roles['shadow-test']]);
  const found = overlaps(data, {
    members: roles['target-train'],
    nonMembers: roles['target-test'],
    shadow,
  });
  const between = (first: string, second: string) =>
    found.find((one) => one.first === first && one.second === second)?.inFirst.length ?? 0;
  const both = between('members', 'nonMembers');
  const [members, nonMembers] = [between('members', 'shadow'), between('nonMembers', 'shadow')];
  return [
    ...(both > 0
      ? [
          `${both} members have the same input as a non-member: they count as both and draw the figures towards guessing.`,
        ]
      : []),
    ...(members + nonMembers > 0
      ? [
          `${members} members and ${nonMembers} non-members have the same input as a shadow record: the attacker's own data is not disjoint from the target's by content.`,
        ]
      : []),
  ];
};
