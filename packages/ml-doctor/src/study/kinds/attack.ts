/** Task kind `attack`: one membership attack on saved outputs of the target and of the attacker's own models. */

import type { Reference } from '../../attacks/membership/membership-attack.ts';
import { attackOf } from '../../attacks/registry.ts';
import type { Dataset } from '../../data/dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import type { Records } from '../../targets/access.ts';
import { savedOutputs } from '../../targets/saved-outputs.ts';
import type { FinishedTask, TaskHandler } from '../task.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';
import { readOutputs } from './read-outputs.ts';
import { toBytes } from './typed-bytes.ts';

export type AttackParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly attack: string;
  /** Complete parameters of the attack. */
  readonly params: { readonly [name: string]: string | number | boolean };
};

export type AttackResult = {
  readonly threshold: number | null;
  /** Records the attacker sent to the target. */
  readonly queries: number;
};

/**
 * Inputs: the target's `query` task on target-train and target-test, then those of the shadow models on shadow-train
 * and shadow-test. Blobs: `ids` (uint32) and `scores` (float64).
 */
export const attack: TaskHandler<AttackParams, AttackResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/targets',
    'ml-doctor/attacks',
    'ml-doctor/stats',
    'ml-doctor/study/kinds/attack',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/read-outputs',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, [targetOutputs, ...shadowOutputs], context) => {
    const { seed, threads, device, signal, places, progress } = context;
    const data = await loadRef(params.data, places);
    const split = splitQuarters(data.size, params.split);
    const table = await readOutputs(targetOutputs as FinishedTask);
    const target = savedOutputs(table);
    const references: Reference[] = [];
    for (const task of shadowOutputs)
      references.push({
        model: savedOutputs(await readOutputs(task)),
        members: recordsOf(data, split['shadow-train']),
        nonMembers: recordsOf(data, split['shadow-test']),
      });
    const found = await attackOf(params.attack)
      .configure(params.params)
      .run(
        { target, records: recordsOf(data, table.ids), references },
        {
          seed,
          threads,
          device,
          signal,
          progress: (fraction, figures) => progress({ fraction, ...(figures && { figures }) }),
        },
      );
    // JSON has no infinity: a threshold above every score accuses nobody, which null could not say.
    const threshold = found.threshold === undefined ? null : clampToFinite(found.threshold);
    return {
      result: { threshold, queries: target.queries },
      blobs: { ids: toBytes(table.ids), scores: toBytes(found.scores) },
    };
  },
};

const clampToFinite = (value: number): number =>
  Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);

const recordsOf = (data: Dataset, ids: Uint32Array): Records => ({
  ids,
  labels: Int32Array.from(ids, (id) => data.y[id] as number),
});
