/** Task kind `evaluate-stealing`: how copies of a model answer records that it was not trained on. */
import { splitQuarters } from '../../../data/split.ts';
import { copyTable } from '../../../evaluate/stealing/copy-table.ts';
import { evaluateStealing } from '../../../evaluate/stealing/evaluate-stealing.ts';
import type { Metric } from '../../../stats/metric.ts';
import type { OutputTable } from '../../../targets/saved-outputs.ts';
import type { FinishedTask, TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { readOutputs } from '../read-outputs.ts';

export type EvaluateStealingParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  /** Copies on the curve. */
  readonly points: number;
  /** Names of what was made without asking the target as an attacker would. */
  readonly baselines: readonly string[];
};

type Metrics = { readonly [name: string]: { readonly [part in keyof Metric]: Metric[part] } };
type Counts = { readonly members: number; readonly nonMembers: number };

export type EvaluateStealingResult = {
  readonly metrics: Metrics;
  readonly points: readonly { readonly queries: number; readonly metrics: Metrics }[];
  readonly baselines: readonly { readonly name: string; readonly metrics: Metrics }[];
  readonly slices: readonly {
    readonly by: string;
    readonly value: string;
    readonly records: Counts;
    readonly metrics: Metrics;
  }[];
  readonly records: Counts;
  readonly notes: readonly string[];
};

/**
 * Inputs: the `query` task of the target on candidates; of each point the task that counts its queries (`transfer-set`
 * or `steal-without-data`); of each point the `query` task of its copy; of each baseline the `query` task of its model.
 * Blob `copies.parquet`: one row a record.
 */
export const evaluateStealingTask: TaskHandler<EvaluateStealingParams, EvaluateStealingResult> = {
  code: [
    'onnx-grad/random',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/evaluate',
    'ml-doctor/study/kinds/stealing/evaluate-stealing',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/read-outputs',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async ({ data: ref, split, points, baselines }, inputs, { seed, places }) => {
    const data = await loadRef(ref, places);
    const ids = splitQuarters(data.size, split)['target-test'].slice().sort();
    const [target, ...rest] = inputs as readonly [FinishedTask, ...FinishedTask[]];
    const counted = rest.slice(0, points);
    const asked = rest.slice(points, 2 * points);
    const others = rest.slice(2 * points);
    const logitsOf = async (task: FinishedTask) => rowsOf(await readOutputs(task), ids);
    const evidence = {
      ids,
      labels: Int32Array.from(ids, (id) => data.y[id] as number),
      classes: data.classes,
      target: await logitsOf(target),
      copies: await Promise.all(
        asked.map(async (task, i) => ({
          queries: queriesOf(counted[i] as FinishedTask),
          logits: await logitsOf(task),
        })),
      ),
      baselines: await Promise.all(
        others.map(async (task, i) => ({ name: baselines[i] as string, logits: await logitsOf(task) })),
      ),
      seed,
    };
    const { metrics, points: curve, baselines: found, slices, notes } = evaluateStealing(evidence);
    const ofAttack = counted.at(-1)?.result as { readonly notes?: readonly string[] } | undefined;
    const nonMembers = (records: number): Counts => ({ members: 0, nonMembers: records });
    return {
      result: {
        metrics: metrics as Metrics,
        points: curve as EvaluateStealingResult['points'],
        baselines: found as EvaluateStealingResult['baselines'],
        slices: slices.map(({ records, metrics: own, ...slice }) => ({
          ...slice,
          records: nonMembers(records),
          metrics: own as Metrics,
        })),
        records: nonMembers(ids.length),
        notes: [...(ofAttack?.notes ?? []), ...notes],
      },
      blobs: { 'copies.parquet': copyTable(evidence) },
    };
  },
};

const queriesOf = ({ result }: FinishedTask): number => (result as { readonly queries: number }).queries;

const rowsOf = ({ ids, logits, classes }: OutputTable, wanted: Uint32Array): Float32Array => {
  const rowOf = new Map(Array.from(ids, (id, row) => [id, row]));
  const out = new Float32Array(wanted.length * classes);
  wanted.forEach((id, i) => {
    const row = rowOf.get(id);
    if (row === undefined) throw new Error(`internal: no answer about record ${id}`);
    out.set(logits.subarray(row * classes, (row + 1) * classes), i * classes);
  });
  return out;
};
