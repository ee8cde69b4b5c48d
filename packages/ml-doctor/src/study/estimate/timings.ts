/** How long tasks took on this machine before, and from that how long tasks like them will take. */

import { readFile } from 'node:fs/promises';
import type { FolderStore } from '../store/folder-store.ts';
import type { Effort, TaskRuntime } from '../task.ts';

/** One task that was done: its units and the seconds they took. */
export interface Timing {
  readonly units: number;
  readonly seconds: number;
}

/** Timings by what they are like. */
export type Timings = ReadonlyMap<string, readonly Timing[]>;

/** Records read at most: enough for every kind, and quick on a store of any size. */
const RECORDS_READ = 4000;
const READS_AT_ONCE = 64;
/** Timings that an estimate goes by. */
const NEIGHBOURS = 9;

/**
 * Reads what the store's records say of this host, device, thread count and onnxruntime. A record that cannot be read,
 * or that names no effort, teaches nothing and is no error.
 *
 * @param wanted the likes that matter; others are skipped.
 */
export async function recordedTimings(
  store: FolderStore,
  where: TaskRuntime & { readonly host: string },
  wanted: ReadonlySet<string>,
): Promise<Timings> {
  const found = new Map<string, Timing[]>();
  const keys = [...(await store.keys())];
  const stride = Math.max(1, keys.length / RECORDS_READ);
  const sample = Array.from(
    { length: Math.ceil(keys.length / stride) },
    (_, i) => keys[Math.floor(i * stride)],
  );
  for (let start = 0; start < sample.length; start += READS_AT_ONCE) {
    const some = sample.slice(start, start + READS_AT_ONCE) as string[];
    for (const record of await Promise.all(some.map((key) => readLoosely(store.recordPath(key))))) {
      if (!isTiming(record) || !wanted.has(record.effort.like)) continue;
      const { runtime, effort, seconds } = record;
      const here =
        runtime.host === where.host &&
        runtime.threads === where.threads &&
        runtime.device === where.device &&
        runtime.onnxruntime === where.onnxruntime;
      if (!here) continue;
      const list = found.get(effort.like) ?? [];
      list.push({ units: effort.units, seconds });
      found.set(effort.like, list);
    }
  }
  return found;
}

/**
 * What a kind of work is like on any data: `train mlp on adult, batches of 64` is akin to the same on other data. Not
 * the same pace, as records differ in size, but nearer to the truth than nothing.
 */
export function kinOf(like: string): string {
  return like.replace(/ on [^ ,]+/, ' on any data');
}

/** Timings by {@link kinOf} what they are like. */
export function akin(timings: Timings): Timings {
  const found = new Map<string, Timing[]>();
  for (const [like, list] of timings) {
    const kin = kinOf(like);
    found.set(kin, [...(found.get(kin) ?? []), ...list]);
  }
  return found;
}

/**
 * Seconds of a task, in proportion to the tasks like it that are nearest in size: the median over at most nine, so that
 * one slow moment of the machine does not count. Undefined when nothing like it is known.
 */
export function secondsFor(effort: Effort, timings: Timings): number | undefined {
  const known = timings.get(effort.like);
  if (known === undefined || known.length === 0) return undefined;
  const distance = ({ units }: Timing) => Math.abs(Math.log(units / effort.units));
  const near = [...known].sort((a, b) => distance(a) - distance(b)).slice(0, NEIGHBOURS);
  const rates = near.map(({ seconds, units }) => seconds / units).sort((a, b) => a - b);
  const middle = (rates[(rates.length - 1) >> 1]! + rates[rates.length >> 1]!) / 2;
  return middle * effort.units;
}

interface TimedRecord {
  readonly seconds: number;
  readonly effort: Effort;
  readonly runtime: TaskRuntime & { readonly host: string };
}

/** Not through the store's checks: a wrong timing misleads an estimate only, and checksums of thousands take seconds. */
async function readLoosely(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isTiming(value: unknown): value is TimedRecord {
  const { seconds, effort, runtime } = (value ?? {}) as Partial<TimedRecord>;
  return (
    typeof seconds === 'number' &&
    seconds >= 0 &&
    typeof effort?.like === 'string' &&
    effort.units > 0 &&
    typeof runtime?.host === 'string'
  );
}
