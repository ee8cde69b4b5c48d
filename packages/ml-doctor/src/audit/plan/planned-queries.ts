/** How many records the attackers of a plan send to its targets. */

import { attributeAttackOf } from '../../attacks/attribute/registry.ts';
import { inversionAttackOf } from '../../attacks/inversion/registry.ts';
import type { Dataset } from '../../data/dataset.ts';
import { sensitiveOf } from '../../data/sensitive.ts';
import {
  askedOf,
  attributeRecords,
  knownFrom,
  questionsOf,
} from '../../study/kinds/attribute/attribute-records.ts';
import type { InferParams } from '../../study/kinds/attribute/infer.ts';
import { CONNECT, type ConnectParams } from '../../study/kinds/connect.ts';
import type { InvertParams } from '../../study/kinds/inversion/invert.ts';
import type { EvaluateStealingParams } from '../../study/kinds/stealing/evaluate-stealing.ts';
import type { Task } from '../../study/task.ts';
import type { PreparedRun } from '../prepare-run.ts';
import type { Datasets } from './plan-cells.ts';

export const plannedQueries = (
  prepared: PreparedRun,
  missing: readonly Task[],
): { readonly total: number; readonly toRun: number } => {
  const { plan, datasets } = prepared;
  const toRun = new Set(missing);
  const targets = targetsAsked(prepared);
  // Views and shadow data that a target is asked about count as well.
  // What the judge of reconstructions compares with is asked by nobody who attacks.
  const read = new Set(plan.tasks.flatMap(({ kind, inputs }) => (ATTACKS.has(kind) ? inputs : [])));
  const asked = plan.tasks.filter(
    ({ key, kind, inputs }) => kind === 'query' && read.has(key) && targets.has(inputs[0] ?? ''),
  );
  return {
    total:
      records(asked) +
      searches(plan.tasks, targets) +
      substitutions(plan.tasks, datasets) +
      budgeted(plan.tasks, plan.tasks),
    toRun: records(asked.filter((task) => toRun.has(task))) + inventedQueries(prepared, missing),
  };
};

/** Of them those about inputs that attackers make or choose while they run: what they may be at most. */
export const inventedQueries = (prepared: PreparedRun, missing: readonly Task[]): number =>
  searches(missing, targetsAsked(prepared)) +
  substitutions(missing, prepared.datasets) +
  budgeted(missing, prepared.plan.tasks);

/** The models that attackers ask, each as it is and behind its defence of answers. */
export const targetsAsked = ({ cells, plan }: PreparedRun): ReadonlySet<string> => {
  const weights = new Set(cells.map(({ target }) => target.train.key));
  const places = new Set(
    plan.tasks.filter(({ key, kind }) => kind === CONNECT && weights.has(key)).map(placeOf),
  );
  const defended = plan.tasks.filter(
    (task) =>
      (task.kind === 'defend-output' && weights.has(task.inputs[0] ?? '')) ||
      (task.kind === CONNECT && places.has(placeOf(task))),
  );
  return new Set([...weights, ...defended.map(({ key }) => key)]);
};

const placeOf = ({ params }: Task): string => (params as ConnectParams).target;

/** Kinds of tasks that read the target's answers as attackers. */
const ATTACKS: ReadonlySet<string> = new Set(['attack', 'infer']);

/** What attribute attacks may ask at most: records with other values of the attribute. */
const substitutions = (tasks: readonly Task[], datasets: Datasets): number =>
  tasks
    .filter(({ kind }) => kind === 'infer')
    .reduce((sum, { params }) => {
      const { attack, params: given, attribute, data: ref, split } = params as InferParams;
      const data = datasets.get(ref.id) as Dataset;
      const configured = attributeAttackOf(attack).configure(given);
      const { auxiliary } = configured.needs;
      const roles = attributeRecords(data.size, split, knownFrom(auxiliary));
      const each = configured.queries({
        attribute: sensitiveOf(data, attribute),
        recordShape: data.recordShape,
      });
      const known =
        auxiliary === 'none' ? 0 : questionsOf(roles).reduce((all, one) => all + one.known.length, 0);
      return sum + each.asked * askedOf(roles).length + each.known * known;
    }, 0);

/** What inversion attacks may ask at most; a stolen copy is no target. */
const searches = (tasks: readonly Task[], targets: ReadonlySet<string>): number =>
  tasks
    .filter(({ kind, inputs }) => kind === 'invert' && targets.has(inputs[0] ?? ''))
    .reduce((sum, { params, effort }) => {
      const { attack, params: given } = params as InvertParams;
      return sum + (effort?.units ?? 0) * inversionAttackOf(attack).configure(given).queries;
    }, 0);

/** What copies are bought with: each task sends what its budget has more than the one before. Baselines are nobody's attack. */
const budgeted = (tasks: readonly Task[], all: readonly Task[]): number => {
  const bought = new Set(
    all
      .filter(({ kind }) => kind === 'evaluate-stealing')
      .flatMap(({ inputs, params }) => inputs.slice(1, 1 + (params as EvaluateStealingParams).points)),
  );
  return tasks
    .filter(({ key }) => bought.has(key))
    .reduce((sum, { effort }) => sum + (effort?.units ?? 0), 0);
};

const records = (queries: readonly Task[]): number =>
  queries.reduce((sum, { effort }) => sum + (effort?.units ?? 0), 0);
