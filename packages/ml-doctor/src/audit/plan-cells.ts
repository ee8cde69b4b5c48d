/** From cells to tasks: one target a cell, as many shadow models as its attacks want, equal ones trained once. */

import type { ConfiguredAttack } from '../attacks/membership/membership-attack.ts';
import { attackOf } from '../attacks/registry.ts';
import type { Choice } from '../config/config.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Role, roleSize } from '../data/split.ts';
import { defenseOf } from '../defenses/registry.ts';
import type { TrainingRecipe } from '../models/recipe.ts';
import { canonicalJson } from '../study/canonical-json.ts';
import type { PlanEnvironment } from '../study/environment.ts';
import { dataRef, type SplitRef } from '../study/kinds/data-ref.ts';
import { type Plan, PlanBuilder, type TaskRef } from '../study/plan.ts';
import type { Effort } from '../study/task.ts';
import { type Cell, cellId } from './cell.ts';

export interface PlannedAttack {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly configured: ConfiguredAttack;
  readonly evaluation: TaskRef;
}

/** A cell and the tasks that answer it. */
export interface PlannedCell {
  readonly id: string;
  readonly cell: Cell;
  readonly target: { readonly train: TaskRef; readonly query: TaskRef };
  readonly attacks: readonly PlannedAttack[];
}

export interface CellsPlan {
  readonly plan: Plan;
  readonly cells: readonly PlannedCell[];
}

/** Data sets by catalogue id. */
export type Datasets = ReadonlyMap<string, Dataset>;

/** How the records of a cell get their roles. */
export const splitRef = ({ seed, data }: Cell): SplitRef => ({
  seed,
  ...(data.recordsPerRole !== undefined && { perRole: data.recordsPerRole }),
});

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
  const names = cells.length > 1 ? distinct(cells.map(labelOf), cells.map(cellId)) : [''];
  const planned = cells.map((cell, i) => planCell(cell, names[i] ?? '', datasets, builder));
  return { plan: builder.build(), cells: planned };
};

const planCell = (cell: Cell, name: string, datasets: Datasets, builder: PlanBuilder): PlannedCell => {
  const data = datasets.get(cell.data.catalog);
  if (data === undefined) throw new Error(`internal: data set ${cell.data.catalog} is not loaded`);
  const { seed } = cell;
  const { model, training } = cell.model;
  const common = { data: dataRef(data), split: splitRef(cell) };
  const recipe = defenseOf(cell.defense.name).configure(cell.defense.params).harden(training);
  const records = roleSize(data.size, common.split);
  const trained = (label: string, role: Role, modelSeed: number): TaskRef =>
    builder.add({
      kind: 'train',
      label: `train ${label}`,
      effort: trainEffort(model, data.id, recipe, records),
      seed: modelSeed,
      params: { ...common, role, architecture: model, recipe },
    });
  const queried = (label: string, of: TaskRef, roles: readonly Role[]): TaskRef =>
    builder.add({
      kind: 'query',
      label: `query ${label}`,
      effort: { like: `query ${model} on ${data.id}`, units: records * roles.length },
      seed,
      params: { ...common, roles },
      inputs: [of],
    });

  const target = trained(`target${name}`, 'target-train', seed);
  const targetOutputs = queried(`target${name}`, target, ['target-train', 'target-test']);
  const shadowOutputs = (count: number): TaskRef[] =>
    Array.from({ length: count }, (_, i) => {
      const label = `shadow model ${i + 1}${name}`;
      return queried(label, trained(label, 'shadow-train', seedAfter(seed, i + 1)), [
        'shadow-train',
        'shadow-test',
      ]);
    });
  const attacks = cell.attacks.map((choice, index): PlannedAttack => {
    const before = cell.attacks.slice(0, index).filter((other) => other.name === choice.name).length;
    const attackLabel = `${choice.name}${before > 0 ? ` #${before + 1}` : ''}${name}`;
    const { title, source, configure } = attackOf(choice.name);
    const configured = configure(choice.params);
    const attack = builder.add({
      kind: 'attack',
      label: `attack ${attackLabel}`,
      effort: attackEffort(choice, data, 2 * records),
      seed,
      params: { ...common, attack: choice.name, params: configured.params },
      inputs: [targetOutputs, ...shadowOutputs(configured.references.count)],
    });
    const evaluation = builder.add({
      kind: 'evaluate',
      label: `evaluate ${attackLabel}`,
      effort: { like: 'evaluate membership', units: 2 * records },
      seed,
      params: common,
      inputs: [attack],
    });
    return { name: choice.name, title, source, configured, evaluation };
  });
  return { id: cellId(cell), cell, target: { train: target, query: targetOutputs }, attacks };
};

/** Which of many targets a task is about. */
const labelOf = ({ data, model, defense, seed }: Cell): string =>
  ` (${model.model} on ${data.catalog}${defense.name === 'none' ? '' : `, ${defense.name}`}, seed ${seed})`;

/** Labels that differ: where cells differ in parameters only, with the digest of their folder's name. */
const distinct = (labels: readonly string[], ids: readonly string[]): string[] => {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.map((label, i) =>
    (counts.get(label) ?? 0) > 1 ? label.replace(/\)$/, `, ${(ids[i] ?? '').slice(-8)})`) : label,
  );
};

/** Weights of its own for every model: the seeds after the target's, 0 following the largest. */
const seedAfter = (seed: number, steps: number): number =>
  steps <= Number.MAX_SAFE_INTEGER - seed ? seed + steps : steps - (Number.MAX_SAFE_INTEGER - seed) - 1;

const trainEffort = (model: string, data: string, recipe: TrainingRecipe, records: number): Effort => ({
  like: `train ${model} on ${data}, batches of ${recipe.batchSize}`,
  units: records * recipe.epochs,
});

const attackEffort = ({ name, params }: Choice, data: Dataset, records: number): Effort => ({
  like: `attack ${name} ${canonicalJson(params)}, ${data.classes.length} classes`,
  units: records,
});
