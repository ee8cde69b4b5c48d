/** Random graphs of tasks, and what must become of each, read off the rules slowly. */

import fc from 'fast-check';
import { planEnvironment } from '../../src/study/environment.ts';
import { type Plan, PlanBuilder } from '../../src/study/plan.ts';
import { computed, type Fate, randomHandlers } from './random-handlers.ts';

/** `inputs` are taken modulo the node's index; a twin asks for the same task as the node before it. */
export interface RandomNode {
  readonly fate: Fate;
  readonly inputs: readonly number[];
  readonly twin: boolean;
}

const fate: fc.Arbitrary<Fate> = fc.record({
  does: fc.oneof(
    { weight: 8, arbitrary: fc.constant('succeed' as const) },
    { weight: 1, arbitrary: fc.constantFrom('fail' as const, 'throw text' as const, 'leave' as const) },
    { weight: 2, arbitrary: fc.constantFrom('flaky' as const, 'die' as const) },
    { weight: 1, arbitrary: fc.constant('die after committing' as const) },
  ),
  times: fc.integer({ min: 0, max: 5 }),
});

export const randomNodes = (maxLength: number): fc.Arbitrary<RandomNode[]> =>
  fc.array(
    fc.record({
      fate,
      inputs: fc.array(fc.nat(), { maxLength: 3 }),
      twin: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
    }),
    { minLength: 1, maxLength },
  );

/** How a task ends when nobody stops it. */
export type Ending = 'done' | 'failed' | 'blocked';

export interface ModelTask {
  readonly key: string;
  readonly index: number;
  readonly fate: Fate;
  /** Without repetition. */
  readonly inputs: readonly ModelTask[];
  readonly ending: Ending;
  /** Its result, if it is done. */
  readonly value: number;
}

export interface Model {
  readonly plan: Plan;
  /** In the plan's order. */
  readonly tasks: readonly ModelTask[];
}

/** @param folder where the handlers write their logs. */
export function modelOf(nodes: readonly RandomNode[], folder: string): Model {
  const builder = new PlanBuilder(planEnvironment(randomHandlers('', false)));
  const byNode: ModelTask[] = [];
  const tasks = new Map<string, ModelTask>();
  for (const [place, node] of nodes.entries()) {
    const twin = node.twin ? byNode[place - 1] : undefined;
    const index = twin?.index ?? place;
    const { fate, inputs: picks } = nodes[index] as RandomNode;
    const given = index === 0 ? [] : picks.map((pick) => byNode[pick % index] as ModelTask);
    const params = { folder, index, fate };
    const { key } = builder.add({ kind: 'node', label: `${place}`, params, seed: 0, inputs: given });
    const inputs = [...new Set(given)];
    const ending = inputs.some((input) => input.ending !== 'done') ? 'blocked' : endingOf(fate);
    const value = computed(
      index,
      given.map((input) => input.value),
    );
    const task = tasks.get(key) ?? { key, index, fate, inputs, ending, value };
    tasks.set(key, task);
    byNode.push(task);
  }
  return { plan: builder.build(), tasks: [...tasks.values()] };
}

function endingOf({ does, times }: Fate): Ending {
  if (does === 'fail' || does === 'throw text' || does === 'leave') return 'failed';
  return (does === 'flaky' || does === 'die') && times > 3 ? 'failed' : 'done';
}

/** @param mortal whether it runs in a process that may die. */
export function attemptsOf({ does, times }: Fate, mortal: boolean): number {
  if (does === 'flaky' || (does === 'die' && mortal)) return Math.min(times, 3) + 1;
  return does === 'die after committing' && mortal ? 2 : 1;
}

/** The tasks to run so that what no other task needs is stored. */
export function neededOf({ tasks }: Model, stored: ReadonlySet<string>): ReadonlySet<string> {
  const needed = new Set<string>();
  const want = ({ key, inputs }: ModelTask): void => {
    if (stored.has(key) || needed.has(key)) return;
    needed.add(key);
    inputs.forEach(want);
  };
  const used = new Set(tasks.flatMap(({ inputs }) => inputs));
  for (const task of tasks) if (!used.has(task)) want(task);
  return needed;
}
