/** From cells to tasks: one target a cell, and the models that its attackers want, equal ones trained once. */

import { type Dataset, elements } from '../../data/dataset.ts';
import { paperRoles } from '../../data/paper-roles.ts';
import { defenseOf } from '../../defenses/registry.ts';
import { labelsFor } from '../../report/labels.ts';
import type { PlanEnvironment } from '../../study/environment.ts';
import { dataRef, type SplitRef } from '../../study/kinds/data-ref.ts';
import { countIn } from '../../study/kinds/record-sets.ts';
import { type Plan, PlanBuilder, type TaskRef } from '../../study/plan.ts';
import { type Cell, cellId } from '../cell.ts';
import { type PlannedAttack, planAttacks } from './plan-attack.ts';
import { type PlannedChange, planChanges } from './plan-changes.ts';
import { type PlannedFactors, planFactors } from './plan-factors.ts';
import { type ModelPlan, planQuery, planTarget, type Training } from './plan-models.ts';

/** A cell and the tasks that answer it. */
export interface PlannedCell {
  readonly id: string;
  readonly cell: Cell;
  readonly target: {
    readonly train: TaskRef;
    readonly query: TaskRef;
    /** All that the model took, what it learnt from before it. */
    readonly trainings: readonly TaskRef[];
  };
  /** Whether members and non-members differ without any model; left out where of the records the answers alone are known. */
  readonly splitCheck?: TaskRef;
  readonly attacks: readonly PlannedAttack[];
  /** Where it is wanted to know what the most exposed records have in common. */
  readonly factors?: PlannedFactors;
}

export interface CellsPlan {
  readonly plan: Plan;
  readonly cells: readonly PlannedCell[];
  readonly changes: readonly PlannedChange[];
}

/** Data sets by catalogue id. */
export type Datasets = ReadonlyMap<string, Dataset>;

/**
 * How the records of a cell get their roles.
 * @throws {AuditError} MLD_SPLIT where the paper of the split has no sizes for the data set
 */
export const splitRef = ({ seed, data, own }: Cell): SplitRef => {
  const paper = own ? undefined : paperRoles(data.catalog, data.split);
  return {
    seed,
    ...(own && { sizes: own.sizes }),
    ...(paper && { paper }),
    ...(data.recordsPerRole !== undefined && { perRole: data.recordsPerRole }),
  };
};

/**
 * Pure: the same cells, data and environment give the same plan. What no plan can be made of is refused before, by
 * `checkCells`; here a data set that is missing or an unknown attack is a defect.
 */
export const planCells = (
  cells: readonly Cell[],
  datasets: Datasets,
  environment: PlanEnvironment,
): CellsPlan => {
  const builder = new PlanBuilder(environment);
  // A single target needs no name of its own in the labels.
  const names =
    cells.length > 1 ? distinct(cells.map(labelWith(modelLabels(cells))), cells.map(cellId)) : [''];
  const planned = cells.map((cell, i) => planCell(cell, names[i] ?? '', datasets, builder));
  const changes = planChanges(planned, datasets, builder, splitRef);
  return { plan: builder.build(), cells: planned, changes };
};

const planCell = (cell: Cell, name: string, datasets: Datasets, builder: PlanBuilder): PlannedCell => {
  const data = datasets.get(cell.data.catalog);
  if (data === undefined) throw new Error(`internal: data set ${cell.data.catalog} is not loaded`);
  const { seed } = cell;
  const { model, training } = cell.model;
  const defended = trainingOf(cell);
  const plainTraining = { recipe: training };
  const home = { data, split: splitRef(cell) };
  const { slices = [] } = cell.data;
  const plan: ModelPlan = {
    ...{ builder, datasets, home, architecture: model, seed, slices, name },
    training: defended,
    shadowTraining: cell.defense.adaptive === false ? plainTraining : defended,
    plainTraining,
    ...(cell.own && { own: cell.own.subject }),
  };
  const target = planTarget(plan);
  const { weights, trainings } = target;
  const answers = planQuery(plan, home, 'target', { task: weights, architecture: model }, 'candidates');
  const splitCheck =
    elements(data.recordShape) === 0
      ? undefined
      : builder.add({
          kind: 'check-split',
          label: `check split${name}`,
          effort: { like: `check split of ${data.id}`, units: countIn('candidates', data.size, home.split) },
          seed,
          params: { data: dataRef(data), split: home.split },
        });
  const attacks = planAttacks(plan, target, cell.attacks);
  const factors = cell.explain && planFactors(plan, answers, attacks);
  return {
    ...{ id: cellId(cell), cell, attacks },
    ...(splitCheck && { splitCheck }),
    ...(factors && { factors }),
    target: { train: weights, query: answers, trainings },
  };
};

/** How the cell's target is trained and asked. */
export const trainingOf = ({ defense: { name, params }, model: { training } }: Cell): Training => {
  const configured = defenseOf(name).configure(params);
  const { output, learner } = configured;
  return {
    recipe: configured.harden(training),
    ...(learner && { defended: { name, configured, plain: training } }),
    ...(output && { output }),
  };
};

/** Which of many targets a task is about. */
const labelWith =
  (modelOf: (cell: Cell) => string) =>
  (cell: Cell): string => {
    const { data, defense, seed, own } = cell;
    return ` (${own?.name ?? modelOf(cell)} on ${data.catalog}${defense.name === 'none' ? '' : `, ${defense.name}`}, seed ${seed})`;
  };

/** Names of models, with what tells trainings of one apart: `simple-cnn (epochs 5)`. */
const modelLabels = (cells: readonly Cell[]): ((cell: Cell) => string) => {
  const choiceOf = ({ model: { model, training } }: Cell) => ({ name: model, params: training });
  const label = labelsFor(cells.map(choiceOf));
  return (cell) => label(choiceOf(cell));
};

/** Labels that differ: where cells differ in parameters only, with the digest of their folder's name. */
const distinct = (labels: readonly string[], ids: readonly string[]): string[] => {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.map((label, i) =>
    (counts.get(label) ?? 0) > 1 ? label.replace(/\)$/, `, ${(ids[i] ?? '').slice(-8)})`) : label,
  );
};
