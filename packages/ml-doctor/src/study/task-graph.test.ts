import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReadyQueue } from './ready-queue.ts';
import type { Task } from './task.ts';
import { taskGraph } from './task-graph.ts';

/** Tasks by name, each with the names of its inputs. */
const tasksOf = (inputs: Readonly<Record<string, string>>): Task[] =>
  Object.entries(inputs).map(
    ([key, names]) => ({ key, inputs: names.split(' ').filter(Boolean) }) as unknown as Task,
  );

/** What one worker would do: the first of the ready tasks, again and again. */
function orderOf(missing: readonly Task[]): string[] {
  const queue = new ReadyQueue();
  for (const node of taskGraph(missing)) if (node.waits === 0) queue.add(node);
  const order: string[] = [];
  for (let node = queue.take(); node !== undefined; node = queue.take()) {
    order.push(node.task.key);
    for (const next of node.dependants) {
      next.waits -= 1;
      if (next.waits === 0) queue.add(next);
    }
  }
  return order;
}

describe('the order of ready tasks', () => {
  const plan = {
    ...{ target: '', answers: 'target', shadow1: '', answers1: 'shadow1', shadow2: '', answers2: 'shadow2' },
    ...{ hardAttack: 'answers answers1 answers2', hardResult: 'hardAttack' },
    ...{ easyAttack: 'answers', easyResult: 'easyAttack' },
    ...{
      otherTarget: '',
      otherAnswers: 'otherTarget',
      otherAttack: 'otherAnswers answers1',
      other: 'otherAttack',
    },
  };

  test('what became possible comes before what needs nothing, one result after the other', () => {
    expect(orderOf(tasksOf(plan))).toEqual([
      ...['target', 'answers', 'easyAttack', 'easyResult'],
      ...['shadow1', 'answers1', 'shadow2', 'answers2', 'hardAttack', 'hardResult'],
      ...['otherTarget', 'otherAnswers', 'otherAttack', 'other'],
    ]);
  });

  test('of tasks that need nothing, those behind the first result come first, whichever was planned first', () => {
    expect(orderOf(tasksOf({ a: '', b: '', c: '', first: 'c b', second: 'a' }))).toEqual([
      ...['c', 'b', 'first', 'a', 'second'],
    ]);
  });

  test('what a stored task has made possible comes first, also in a later run', () => {
    const { target, answers, shadow1, easyAttack, ...left } = plan;
    expect([target, answers, shadow1, easyAttack]).toHaveLength(4);
    expect(orderOf(tasksOf(left))).toEqual([
      ...['answers1', 'easyResult', 'shadow2', 'answers2', 'hardAttack', 'hardResult'],
      ...['otherTarget', 'otherAnswers', 'otherAttack', 'other'],
    ]);
  });

  test('random graphs: each task once, after its inputs; nothing without inputs while another is ready', () => {
    const graph = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(graph, (picks) => {
        const inputs = picks.map((pick, index) => (index === 0 ? [] : pick.map((p) => `${p % index}`)));
        const order = orderOf(
          tasksOf(Object.fromEntries(inputs.map((from, i) => [`t${i}`, from.map((f) => `t${f}`).join(' ')]))),
        );
        expect([...order].sort()).toEqual(inputs.map((_, i) => `t${i}`).sort());
        const inputsOf = (key: string) => (inputs[Number(key.slice(1))] ?? []).map((i) => `t${i}`);
        for (const [place, key] of order.entries()) {
          const before = new Set(order.slice(0, place));
          expect(inputsOf(key).every((input) => before.has(input))).toBe(true);
          if (inputsOf(key).length > 0) continue;
          const ready = order.slice(place + 1).filter((other) => inputsOf(other).every((i) => before.has(i)));
          expect(ready.filter((other) => inputsOf(other).length > 0)).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });
});

test('a chain of 100,000 tasks', () => {
  const chain = Array.from({ length: 100_000 }, (_, i) => [`t${i}`, i === 0 ? '' : `t${i - 1}`] as const);
  expect(orderOf(tasksOf(Object.fromEntries(chain)))).toEqual(chain.map(([key]) => key));
});

test('a graph with more paths than could ever be walked', () => {
  const layers = Array.from({ length: 60 }, (_, i) => {
    const below = i === 0 ? '' : `left${i - 1} right${i - 1}`;
    return [
      [`left${i}`, below],
      [`right${i}`, below],
    ] as const;
  });
  expect(orderOf(tasksOf(Object.fromEntries(layers.flat())))).toHaveLength(120);
});
