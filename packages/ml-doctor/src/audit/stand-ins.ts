/** Stand-ins for the tasks of a plan, to measure their pace before their inputs exist: real work on made-up inputs. */

import { encodeModel, stream } from 'onnx-grad';
import type { Dataset } from '../data/dataset.ts';
import { type Role, splitQuarters } from '../data/split.ts';
import { architecture } from '../models/architectures.ts';
import type { StandIn } from '../study/estimate/measure.ts';
import type { AttackParams } from '../study/kinds/attack.ts';
import type { EvaluateParams } from '../study/kinds/evaluate.ts';
import type { QueryParams } from '../study/kinds/query.ts';
import type { TrainParams } from '../study/kinds/train.ts';
import { toBytes } from '../study/kinds/typed-bytes.ts';
import type { Plan } from '../study/plan.ts';
import type { FinishedTask, Task, TaskOutput } from '../study/task.ts';
import type { Datasets } from './plan-cells.ts';

/** A query task answers without a sign of progress, so it is measured on so many records of each role. */
const QUERIED = 300;

/** The stand-in of each task of a plan; undefined for a kind that has none. */
export const standInsFor = (plan: Plan, datasets: Datasets) => {
  const tasks = new Map(plan.tasks.map((task) => [task.key, task]));
  const dataOf = (params: { readonly data: { readonly id: string } }) =>
    datasets.get(params.data.id) as Dataset;
  return async (task: Task): Promise<StandIn | undefined> => {
    const units = task.effort?.units ?? 1;
    const { params } = task;
    switch (task.kind) {
      case 'train':
        return { params, inputs: [], units };
      case 'query': {
        const model = tasks.get(task.inputs[0] ?? '')?.params as TrainParams;
        return queryStandIn(params as QueryParams, model.architecture, dataOf(model), units);
      }
      case 'attack': {
        const given = params as AttackParams;
        const shadows = task.inputs.slice(1).map(() => outputs(given, dataOf(given), 'shadow'));
        return { params, inputs: [outputs(given, dataOf(given), 'target'), ...shadows], units };
      }
      case 'evaluate': {
        const given = params as EvaluateParams;
        return { params, inputs: [scores(given, dataOf(given))], units };
      }
      default:
        return undefined;
    }
  };
};

const queryStandIn = (params: QueryParams, name: string, data: Dataset, units: number): StandIn => {
  const { recordShape, classes } = data;
  const fresh = architecture(name).build({ recordShape, classes: classes.length, seed: 0 });
  const all = units / params.roles.length;
  const some = Math.min(all, QUERIED);
  return {
    params: { ...params, split: { ...params.split, perRole: some } },
    inputs: [made({ result: {}, blobs: { 'model.onnx': encodeModel(fresh) } })],
    units: some * params.roles.length,
  };
};

/** Random outputs on both roles of the target or of a shadow model. */
const outputs = (params: AttackParams, data: Dataset, of: 'target' | 'shadow'): FinishedTask => {
  const ids = idsOf(params, data, [`${of}-train`, `${of}-test`]);
  const classes = data.classes.length;
  const logits = stream(0, 'stand-in', of).normal(new Float32Array(ids.length * classes));
  return made({ result: { classes }, blobs: { ids: toBytes(ids), logits: toBytes(logits) } });
};

const scores = (params: EvaluateParams, data: Dataset): FinishedTask => {
  const ids = idsOf(params, data, ['target-train', 'target-test']);
  const values = stream(0, 'stand-in', 'scores').uniform(new Float64Array(ids.length));
  return made({
    result: { threshold: 0.5, queries: 0 },
    blobs: { ids: toBytes(ids), scores: toBytes(values) },
  });
};

const idsOf = ({ split }: EvaluateParams, data: Dataset, roles: readonly Role[]): Uint32Array => {
  const quarters = splitQuarters(data.size, split);
  return Uint32Array.from(roles.flatMap((role) => [...quarters[role]])).sort();
};

const made = ({ result, blobs = {} }: TaskOutput): FinishedTask => ({
  key: 'stand-in',
  kind: 'stand-in',
  label: 'stand-in',
  params: {},
  result,
  blobNames: Object.keys(blobs),
  blob: async (name) => (blobs[name] as Uint8Array).slice(),
});
