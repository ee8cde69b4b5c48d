/** Stand-ins for the tasks of a plan, to measure their pace before their inputs exist: real work on made-up inputs. */

import { stream } from 'onnx-grad';
import { membershipAttackOf } from '../../attacks/membership/registry.ts';
import { type Dataset, elements } from '../../data/dataset.ts';
import { valuesLike } from '../../data/values.ts';
import { defenseOf } from '../../defenses/registry.ts';
import { RECORD_FIGURES } from '../../evaluate/factors/record-factors.ts';
import type { StandIn } from '../../study/estimate/measure.ts';
import type { AttackParams } from '../../study/kinds/attack/attack.ts';
import { attackSlots, type Slot } from '../../study/kinds/attack/slots.ts';
import type { CompareParams } from '../../study/kinds/compare.ts';
import type { CompareAccuracyParams } from '../../study/kinds/compare-accuracy.ts';
import { CONNECT } from '../../study/kinds/connect.ts';
import type { SplitRef } from '../../study/kinds/data-ref.ts';
import type { EvaluateParams } from '../../study/kinds/evaluate.ts';
import type { ExplainParams } from '../../study/kinds/factors/explain.ts';
import type { JudgeParams } from '../../study/kinds/inversion/judge.ts';
import type { QueryParams } from '../../study/kinds/query.ts';
import { type NamedSet, recordsIn } from '../../study/kinds/record-sets.ts';
import type { SynthesiseParams } from '../../study/kinds/synthesise.ts';
import type { TrainParams } from '../../study/kinds/train.ts';
import type { TrainDefendedParams } from '../../study/kinds/train-defended.ts';
import { toBytes } from '../../study/kinds/typed-bytes.ts';
import type { Plan } from '../../study/plan.ts';
import type { FinishedTask, Task } from '../../study/task.ts';
import { attributeStandIn } from './attribute-stand-ins.ts';
import { inversionStandIn } from './inversion-stand-ins.ts';
import type { Datasets } from './plan-cells.ts';
import { made, modelNameOf, outputs, untrained } from './stand-in-parts.ts';
import { stealingStandIn } from './stealing-stand-ins.ts';

/** A query task answers without a sign of progress, so it is measured on so many records of each role. */
const QUERIED = 300;

/** The stand-in of each task of a plan; undefined for a kind that has none. */
export const standInsFor = (plan: Plan, datasets: Datasets) => {
  const tasks = new Map(plan.tasks.map((task) => [task.key, task]));
  const dataOf = (params: { readonly data: { readonly id: string } }) =>
    datasets.get(params.data.id) as Dataset;
  /** The task that trained what stands behind a defence of answers. */
  const trained = (task: Task): Task =>
    task.kind === 'defend-output' ? trained(tasks.get(task.inputs[0] ?? '') as Task) : task;
  const inputsOf = (task: Task) => task.inputs.map((key) => trained(tasks.get(key) as Task));
  /** Architecture of the model that a training makes. */
  const modelOf = (key: string | undefined) => {
    return modelNameOf(trained(tasks.get(key ?? '') as Task));
  };
  return async (task: Task): Promise<StandIn | undefined> => {
    const units = task.effort?.units ?? 1;
    const { params } = task;
    // How fast a model answers that is elsewhere nobody knows, and asking may cost.
    if (inputsOf(task).some(({ kind }) => kind === CONNECT)) return undefined;
    switch (task.kind) {
      case 'train': {
        // Real records in place of made-up ones take the same time.
        const on = task.inputs.length > 0 ? { role: 'shadow-train' as const } : (params as TrainParams).on;
        return { params: { ...(params as TrainParams), on }, inputs: [], units };
      }
      case 'train-defended': {
        const given = params as TrainDefendedParams;
        const { name, params: chosen } = given.defense;
        const teacher = defenseOf(name).configure(chosen).learner?.teacher ?? false;
        const on = task.inputs.length > (teacher ? 1 : 0) ? { role: 'shadow-train' as const } : given.on;
        const inputs = teacher ? [await untrained(given.architecture, dataOf(given))] : [];
        return { params: { ...given, on }, inputs, units };
      }
      case 'defend-output': {
        const of = trained(task);
        if (of.kind === 'open-onnx') return undefined;
        const inputs = [await untrained(modelNameOf(of), dataOf(of.params as TrainParams))];
        return { params, inputs, units };
      }
      case 'query': {
        const data = dataOf(params as QueryParams);
        return queryStandIn(params as QueryParams, modelOf(task.inputs[0]), data, units);
      }
      case 'synthesise': {
        const data = dataOf(params as SynthesiseParams);
        const inputs = task.inputs.map((input) => untrained(modelOf(input), data));
        return { params, inputs: await Promise.all(inputs), units };
      }
      case 'attack': {
        const given = params as AttackParams;
        const slots = attackSlots(membershipAttackOf(given.attack).configure(given.params));
        const home = { data: dataOf(given), split: given.split };
        const pool = given.pool ? { data: dataOf(given.pool), split: given.pool.split } : home;
        const inputs = slots.map((slot, i) => slotStandIn(slot, home, pool, () => modelOf(task.inputs[i])));
        return { params, inputs: await Promise.all(inputs), units };
      }
      case 'evaluate': {
        const given = params as EvaluateParams;
        return { params, inputs: [scores(given, dataOf(given), units)], units };
      }
      case 'explain': {
        const given = params as ExplainParams;
        const data = dataOf(given);
        const scored = scores(given, data, units);
        const asked = outputs(recordsIn('candidates', data.size, given.split), data);
        return { params, inputs: [scored, await factorsOfRecords(scored), asked], units };
      }
      case 'compare': {
        const given = params as CompareParams;
        const both = scores(given, dataOf(given), units);
        return { params, inputs: [both, both], units };
      }
      case 'compare-accuracy': {
        const given = params as CompareAccuracyParams;
        const data = dataOf(given);
        const both = outputs(recordsIn('candidates', data.size, given.split), data);
        return { params, inputs: [both, both], units };
      }
      case 'check-split':
      case 'record-factors':
        return { params, inputs: [], units };
      case 'train-generator':
      case 'invert':
      case 'judge':
      case 'evaluate-inversion': {
        const inputs = inputsOf(task);
        return inversionStandIn(task, inputs, dataOf(params as JudgeParams), units);
      }
      case 'impute':
      case 'infer':
      case 'evaluate-attribute': {
        const inputs = inputsOf(task);
        return attributeStandIn(task, inputs, dataOf(params as JudgeParams), units);
      }
      case 'transfer-set':
      case 'steal':
      case 'steal-without-data':
      case 'evaluate-stealing': {
        const inputs = inputsOf(task);
        return stealingStandIn(task, inputs, dataOf(params as JudgeParams), units);
      }
      default:
        return undefined;
    }
  };
};

interface Home {
  readonly data: Dataset;
  readonly split: SplitRef;
}

const queryStandIn = async (
  params: QueryParams,
  name: string,
  data: Dataset,
  units: number,
): Promise<StandIn> => {
  const some = Math.min(units / 2, QUERIED);
  const set = params.set === 'all' ? 'candidates' : params.set;
  return {
    params: { ...params, set, split: { ...params.split, perRole: some } },
    inputs: [await untrained(name, data)],
    units: 2 * some,
  };
};

const slotStandIn = async (
  slot: Slot,
  home: Home,
  pool: Home,
  modelName: () => string,
): Promise<FinishedTask> => {
  if (slot.what === 'model') return untrained(modelName(), slot.of === 'target' ? home.data : pool.data);
  if (slot.what === 'synthesis') return shadowCopy(home);
  const { data, split } = slot.own ? pool : home;
  // A synthetic data set has as many records as the shadow data, by other numbers.
  const size = recordsIn('population', data.size, split).length;
  return outputs(slot.set === 'all' ? sequence(size) : recordsIn(slot.set, data.size, split), data);
};

const sequence = (size: number): Uint32Array => Uint32Array.from({ length: size }, (_, i) => i);

/** The shadow data as if it had been made up. */
const shadowCopy = ({ data, split }: Home): FinishedTask => {
  const ids = recordsIn('population', data.size, split);
  const length = elements(data.recordShape);
  const x = valuesLike(data.x, ids.length * length);
  ids.forEach((id, i) => {
    x.set(data.x.subarray(id * length, (id + 1) * length), i * length);
  });
  const y = Int32Array.from(ids, (id) => data.y[id] as number);
  return made({
    result: { records: ids.length, queries: 0, notes: [] },
    blobs: { x: toBytes(x), y: toBytes(y) },
  });
};

const scores = ({ split }: { split: SplitRef }, data: Dataset, units: number): FinishedTask => {
  const set: NamedSet = 'candidates';
  const all = recordsIn(set, data.size, split);
  const ids = units >= all.length ? all : all.filter((_, i) => i % Math.floor(all.length / units) === 0);
  const values = stream(0, 'stand-in', 'scores').uniform(new Float64Array(ids.length));
  return made({
    result: { threshold: 0.5, queries: 0, notes: [] },
    blobs: { ids: toBytes(ids), scores: toBytes(values) },
  });
};

/** Numbers of any size about the records that are scored. */
const factorsOfRecords = async (scored: FinishedTask): Promise<FinishedTask> => {
  const ids = await scored.blob('ids');
  const figure = await scored.blob('scores');
  return made({
    result: {},
    blobs: { ids, ...Object.fromEntries(RECORD_FIGURES.map((name) => [`${name}.f64`, figure])) },
  });
};
