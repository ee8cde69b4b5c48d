/** Overfitting, class by class: how much more often the model is right on members of a class than on others of it. */
import { stream } from 'onnx-grad';

export interface RightRecords {
  /** Class of each record. */
  readonly labels: ArrayLike<number>;
  /** 1 for a member. */
  readonly truth: ArrayLike<number>;
  /** 1 where the model's answer is the label. */
  readonly right: ArrayLike<number>;
}

/** Members, and non-members, of a class in one half, below which there is no gap to speak of. */
const LEAST = 5;

/**
 * Of each record the train accuracy less the test accuracy of its class, measured on the other half of the records: halves
 * are drawn at random. On the record's own half chance would make attacks succeed in just the classes in which it makes the
 * gap wide, and the gap would seem to explain what is chance in both. NaN where the class has too few records.
 */
export function classGaps({ labels, truth, right }: RightRecords, seed: number): Float64Array {
  const half = stream(seed, 'class gap').integers(new Uint32Array(labels.length), 2);
  /** By class, half and membership: records, and those that are right. */
  const counts = new Map<string, { records: number; right: number }>();
  const at = (label: number, side: number, member: number) => {
    const key = `${label} ${side} ${member}`;
    const found = counts.get(key) ?? { records: 0, right: 0 };
    counts.set(key, found);
    return found;
  };
  for (let i = 0; i < labels.length; i++) {
    const cell = at(labels[i]!, half[i]!, truth[i]!);
    cell.records++;
    cell.right += right[i]!;
  }
  const share = (label: number, side: number, member: number) => {
    const { records, right: hits } = at(label, side, member);
    return records < LEAST ? Number.NaN : hits / records;
  };
  return Float64Array.from(half, (side, i) => {
    const [label, other] = [labels[i]!, 1 - side];
    return share(label, other, 1) - share(label, other, 0);
  });
}
