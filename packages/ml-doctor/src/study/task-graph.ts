/** The tasks that must run as a graph, and which of those that are ready is worth running first. */

import type { Task } from './task.ts';

/** A task that must run. */
export interface TaskNode {
  readonly task: Task;
  /** Those that need its result, as often as they name it. */
  readonly dependants: TaskNode[];
  /** The one that goes on from its end, and could do without: it waits, but need not fail with this one. */
  continuedBy: TaskNode | undefined;
  /** How many of the inputs that it names have still to be computed, and whether that has which it goes on from. */
  waits: number;
  /** No two are equal; of the ready tasks the one of lowest rank runs first. */
  rank: number;
}

/**
 * @param missing in an order in which inputs come first.
 *
 * What a finished task has made possible goes before anything that needs nothing, and the tasks behind one result go
 * before those behind the next: a study that is stopped half-way has some whole results and not all of them half.
 */
export function taskGraph(missing: readonly Task[]): readonly TaskNode[] {
  const nodes = new Map<string, TaskNode>();
  for (const task of missing)
    nodes.set(task.key, { task, dependants: [], continuedBy: undefined, waits: 0, rank: 0 });
  for (const node of nodes.values()) {
    const inputs = inputsOf(node, nodes);
    node.waits = inputs.length;
    for (const input of inputs) input.dependants.push(node);
    const shorter = shorterOf(node, nodes);
    if (shorter === undefined) continue;
    node.waits += 1;
    shorter.continuedBy = node;
  }
  for (const [place, node] of walk(nodes).entries())
    node.rank = node.task.inputs.length > 0 ? place : nodes.size + place;
  return [...nodes.values()];
}

function inputsOf(node: TaskNode, nodes: ReadonlyMap<string, TaskNode>): TaskNode[] {
  return node.task.inputs.flatMap((key) => nodes.get(key) ?? []);
}

function shorterOf({ task }: TaskNode, nodes: ReadonlyMap<string, TaskNode>): TaskNode | undefined {
  return task.continues && nodes.get(task.continues.key);
}

/** Every task behind the first result, inputs first, then what is left behind the second, and so on. */
function walk(nodes: ReadonlyMap<string, TaskNode>): readonly TaskNode[] {
  const walked = new Set<TaskNode>();
  const visit = (node: TaskNode) => {
    const shorter = shorterOf(node, nodes);
    return { node, left: [...(shorter ? [shorter] : []), ...inputsOf(node, nodes)].reverse() };
  };
  for (const end of nodes.values()) {
    if (end.dependants.length > 0) continue;
    // A stack of our own: a chain of 100,000 tasks is deeper than JavaScript's.
    const path = [visit(end)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) walked.add((path.pop() as typeof top).node);
      else if (!walked.has(next)) path.push(visit(next));
    }
  }
  return [...walked];
}
