/** What attack models learn from: posteriors of shadow models on their members and non-members, by true class. */
import { posterior } from '../../../stats/log-posterior.ts';
import type { PosteriorAccess, Records } from '../../../targets/access.ts';
import type { Reference } from '../membership-attack.ts';

/** Rows of one true class. */
export interface ClassData {
  readonly label: number;
  readonly size: number;
  /** `size × classes`, in the target's order of classes. */
  readonly posteriors: Float32Array;
  /** 1 for a member of the shadow model that answered. */
  readonly membership: Uint8Array;
  readonly members: number;
}

/** One for each class of the target, some of them empty. */
export const attackData = async (
  references: readonly Reference[],
  classes: number,
): Promise<readonly ClassData[]> => {
  const counts = Array.from({ length: classes }, () => ({ size: 0, members: 0 }));
  for (const { members, nonMembers } of references) {
    for (const label of members.labels) {
      count(counts, label).size++;
      count(counts, label).members++;
    }
    for (const label of nonMembers.labels) count(counts, label).size++;
  }
  const data = counts.map(({ size, members }, label) => ({
    label,
    size,
    posteriors: new Float32Array(size * classes),
    membership: new Uint8Array(size),
    members,
  }));
  const filled = new Uint32Array(classes);
  for (const { model, members, nonMembers } of references)
    for (const [membership, records] of [nonMembers, members].entries()) {
      const rows = await posteriors(model, records);
      records.labels.forEach((label, i) => {
        const one = data[label] as (typeof data)[number];
        const row = filled[label] as number;
        one.posteriors.set(rows.subarray(i * classes, (i + 1) * classes), row * classes);
        one.membership[row] = membership;
        filled[label] = row + 1;
      });
    }
  return data;
};

const count = <T>(counts: readonly T[], label: number): T => {
  const found = counts[label];
  if (found === undefined) throw new Error(`internal: a shadow record of class ${label} of ${counts.length}`);
  return found;
};

/** `records × classes`. */
export const posteriors = async (model: PosteriorAccess, records: Records): Promise<Float32Array> => {
  const { logits, classes } = await model.query(records);
  const out = new Float32Array(logits.length);
  for (let i = 0; i < logits.length; i += classes) out.set(posterior(logits.subarray(i, i + classes)), i);
  return out;
};

/** A row of posteriors as an attack model for all classes sees it: the true class first, then from the largest down. */
export const withoutClass = (row: Float32Array, label: number): Float32Array => {
  const out = row.slice();
  out[label] = row[0] as number;
  out[0] = row[label] as number;
  out.subarray(1).sort().reverse();
  return out;
};
