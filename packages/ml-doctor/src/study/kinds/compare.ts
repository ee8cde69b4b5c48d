/** Task kind `compare`: what a defence changes of one membership attack, on the records that were attacked both times. */
import { splitQuarters } from '../../data/split.ts';
import { changeInMembership } from '../../evaluate/change.ts';
import type { MembershipArtifact } from '../../evaluate/membership.ts';
import type { Metric } from '../../stats/metric.ts';
import type { FinishedTask, TaskHandler } from '../task.ts';
import type { AttackResult } from './attack/attack.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';
import { fromBytes } from './typed-bytes.ts';

export type CompareParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
};

export type CompareResult = {
  /** Defended less undefended, by name. */
  readonly metrics: { readonly [name: string]: { readonly [part in keyof Metric]: Metric[part] } };
  readonly records: { readonly members: number; readonly nonMembers: number };
};

/** Inputs: the `attack` tasks on the undefended model and on the defended one, in this order. */
export const compare: TaskHandler<CompareParams, CompareResult> = {
  code: [
    'onnx-grad/random',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/evaluate',
    'ml-doctor/study/kinds/compare',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, inputs, { places, seed, signal }) => {
    const [undefended, defended] = await Promise.all(inputs.map(scored));
    if (!undefended || !defended) throw new Error(`internal: ${inputs.length} attacks to compare`);
    const data = await loadRef(params.data, places);
    signal.throwIfAborted();
    const members = new Set(splitQuarters(data.size, params.split)['target-train']);
    const { metrics, records } = changeInMembership(undefended, defended, members, seed);
    return { result: { metrics: metrics as CompareResult['metrics'], records } };
  },
};

const scored = async (task: FinishedTask): Promise<MembershipArtifact> => {
  const { threshold } = task.result as AttackResult;
  return {
    ids: fromBytes(Uint32Array, await task.blob('ids')),
    scores: fromBytes(Float64Array, await task.blob('scores')),
    ...(threshold !== null && { threshold }),
  };
};
