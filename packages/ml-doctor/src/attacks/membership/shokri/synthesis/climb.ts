/** Shokri's Algorithm 1 for many records at once: they climb in step, so that each query is a batch of rows. */
import { elements } from '../../../../data/dataset.ts';
import type { ValuesInMemory } from '../../../../data/values.ts';
import { Attempt, type ClimbSettings } from './attempt.ts';
import { type Feature, recordsLike } from './features.ts';
import type { SynthesisInput } from './synthesise.ts';

/** A record that is wanted. */
export interface Wanted {
  /** Which of the records to be made. */
  readonly slot: number;
  readonly label: number;
  /** Attempts made for this slot before; no two attempts share random numbers. */
  readonly trials: number;
}

export interface Climbs {
  /** Parallel to what was wanted; undefined where every attempt failed. */
  readonly records: readonly (ValuesInMemory | undefined)[];
  readonly queries: number;
}

/** Records that climb at the same time, at most. */
const TOGETHER = 512;

/**
 * Up to `attempts` attempts for every record wanted. Which of them climb together does not matter to the result.
 * @param done called with the number of records found so far, whenever it has grown
 */
export const climb = async (
  wanted: readonly Wanted[],
  attempts: number,
  settings: ClimbSettings,
  features: readonly Feature[],
  { data, classes, answers, seed, signal }: SynthesisInput,
  done: (found: number) => void,
): Promise<Climbs> => {
  const length = elements(data.recordShape);
  const records: (ValuesInMemory | undefined)[] = wanted.map(() => undefined);
  const rows = recordsLike(data, Math.min(TOGETHER, wanted.length) * length);
  const begin = (index: number, trial: number) => {
    const { slot, label, trials } = wanted[index] as Wanted;
    const space = [recordsLike(data, length), recordsLike(data, length)] as const;
    const attempt = new Attempt({ features, settings, label, space, seed, slot, trial: trials + trial });
    return { index, trial, attempt };
  };
  let climbers: ReturnType<typeof begin>[] = [];
  let [next, found, queries] = [0, 0, 0];
  while (climbers.length > 0 || next < wanted.length) {
    signal.throwIfAborted();
    while (climbers.length < TOGETHER && next < wanted.length) climbers.push(begin(next++, 0));
    const proposed = climbers.map(({ attempt }) => attempt.propose());
    proposed.forEach((record, row) => {
      rows.set(record, row * length);
    });
    const { logits } = await answers(rows.subarray(0, climbers.length * length), climbers.length);
    queries += climbers.length;
    const before = found;
    climbers = climbers.flatMap((climber, row) => {
      const outcome = climber.attempt.judge(logits.subarray(row * classes, (row + 1) * classes));
      if (outcome === 'open') return [climber];
      if (outcome === 'failed')
        return climber.trial + 1 < attempts ? [begin(climber.index, climber.trial + 1)] : [];
      records[climber.index] = proposed[row];
      found++;
      return [];
    });
    if (found > before) done(found);
  }
  return { records, queries };
};
