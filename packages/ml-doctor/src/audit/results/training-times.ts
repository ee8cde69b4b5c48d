/** How long the targets of a study took to train, as the store's records tell. */

import type { FolderStore } from '../../study/store/folder-store.ts';
import type { TaskRecord } from '../../study/store/task-record.ts';
import type { PlannedCell } from '../plan/plan-cells.ts';

/**
 * Seconds by cell, of all that its model took. Times of two machines cannot be held side by side: where a store was
 * filled by several, only trainings are told of that one did, with one number of threads, which did most of them.
 * Of a training that was stopped and resumed only a part is known, so that nothing is told of its cell.
 */
export const trainingTimes = async (
  cells: readonly PlannedCell[],
  store: FolderStore,
  missing: ReadonlySet<string>,
): Promise<Readonly<Record<string, number>>> => {
  const known: { readonly id: string; readonly where: string; readonly seconds: number }[] = [];
  for (const { id, target } of cells) {
    const keys = [...new Set(target.trainings.map(({ key }) => key))];
    if (keys.some((key) => missing.has(key))) continue;
    const records = await Promise.all(keys.map((key) => store.record(key)));
    // A record that was resumed has no effort.
    const found = records.filter((record) => record?.effort !== undefined) as TaskRecord[];
    const places = new Set(found.map(whereOf));
    const [where] = places;
    if (found.length < keys.length || places.size !== 1 || where === undefined) continue;
    known.push({ id, where, seconds: found.reduce((sum, { seconds }) => sum + seconds, 0) });
  }
  const most = commonest(known.map(({ where }) => where));
  return Object.fromEntries(
    known.filter(({ where }) => where === most).map(({ id, seconds }) => [id, seconds]),
  );
};

const whereOf = ({ runtime: { host, device, threads } }: TaskRecord): string =>
  JSON.stringify([host, device, threads]);

/** The first of equally common ones. */
const commonest = (values: readonly string[]): string | undefined => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
};
