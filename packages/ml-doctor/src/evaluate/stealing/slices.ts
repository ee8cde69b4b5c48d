/** How well the last copy does on each class by itself: a copy may know some classes only. */
import type { StealingFindings } from './evidence.ts';
import { type Sample, same } from './sample.ts';
import { share } from './shares.ts';

/** One for each true class that occurs. */
export function slicesOf({ labels, target, classes, copies }: Sample): StealingFindings['slices'] {
  const { answers } = copies.at(-1)!;
  return classes.flatMap((value, label) => {
    const own = (i: number) => labels[i] === label;
    const records = same(labels, label);
    if (records === 0) return [];
    const metrics = {
      agreement: share(same(target, answers, own), records),
      accuracy: share(same(labels, answers, own), records),
    };
    return [{ by: 'class', value, records, metrics }];
  });
}
