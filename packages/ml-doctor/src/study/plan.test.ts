import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlanBuilder, type TaskRef } from './plan.ts';
import { taskKey } from './task-key.ts';

const environment = {
  code: { train: 'a'.repeat(64), query: 'b'.repeat(64) },
  runtime: { onnxruntime: '1.30.0', device: 'cpu', threads: 1 },
} as const;

describe('PlanBuilder', () => {
  test('merges equal tasks and keeps the first label', () => {
    const builder = new PlanBuilder(environment);
    const first = builder.add({ kind: 'train', label: 'target', params: { a: 1, b: 2 }, seed: 0 });
    const again = builder.add({ kind: 'train', label: 'shadow', params: { b: 2, a: 1 }, seed: 0 });
    const other = builder.add({ kind: 'train', label: 'shadow', params: { a: 1, b: 2 }, seed: 1 });
    expect(again).toEqual(first);
    expect(builder.build().tasks.map(({ key, label }) => [key, label])).toEqual([
      [first.key, 'target'],
      [other.key, 'shadow'],
    ]);
  });

  test('keeps its own frozen copy of the parameters', () => {
    const builder = new PlanBuilder(environment);
    const params = { layers: [1, 2] };
    builder.add({ kind: 'train', label: 'target', params, seed: 0 });
    params.layers.push(3);
    const task = builder.build().tasks[0]!;
    expect(task.params).toEqual({ layers: [1, 2] });
    expect(taskKey(task)).toBe(task.key);
    expect(() => (task.params as typeof params).layers.push(4)).toThrow(TypeError);
  });

  test('refuses unknown kinds, foreign inputs, odd seeds and parameters that are not JSON', () => {
    const builder = new PlanBuilder(environment);
    const good = { kind: 'train', label: 'target', params: {}, seed: 0 };
    expect(() => builder.add({ ...good, kind: 'trian' })).toThrow(
      'internal: "target" is of unknown kind "trian"',
    );
    expect(() => builder.add({ ...good, kind: 'toString' })).toThrow('unknown kind');
    expect(() => builder.add({ ...good, inputs: [{ key: 'f'.repeat(64) }] })).toThrow('not in the plan');
    expect(() => builder.add({ ...good, seed: 0.5 })).toThrow('internal: "target" has seed 0.5');
    expect(() => builder.add({ ...good, params: { rate: Number.NaN } })).toThrow('internal: $.rate is NaN');
    expect(builder.build().tasks).toEqual([]);
  });

  describe('tasks of one course', () => {
    const add = (builder: PlanBuilder, epochs: number, seed = 0, inputs: TaskRef[] = []) => {
      const course = { params: { model: 'mlp' }, length: epochs };
      const params = { model: 'mlp', epochs };
      return builder.add({ kind: 'train', label: `${epochs}`, course, params, seed, inputs });
    };

    test('go on each from the next shorter, in whatever order they came', () => {
      const builder = new PlanBuilder(environment);
      const [long, short, middle] = [40, 5, 10].map((epochs) => add(builder, epochs)) as [
        ...[TaskRef, TaskRef, TaskRef],
      ];
      add(builder, 10);
      expect(builder.build().tasks.map(({ continues, continuedBy }) => ({ continues, continuedBy }))).toEqual(
        [
          { continues: { key: middle.key, share: 0.25 } },
          { continuedBy: middle.key },
          { continues: { key: short.key, share: 0.5 }, continuedBy: long.key },
        ],
      );
    });

    test('have the keys that they have alone', () => {
      const builder = new PlanBuilder(environment);
      const keys = [5, 10].map((epochs) => add(builder, epochs).key);
      expect(keys).toEqual([5, 10].map((epochs) => add(new PlanBuilder(environment), epochs).key));
      for (const task of builder.build().tasks) expect(taskKey(task)).toBe(task.key);
    });

    test('are none where seed, inputs, kind or other parameters differ', () => {
      const builder = new PlanBuilder(environment);
      const other = add(builder, 5);
      add(builder, 10, 1);
      add(builder, 20, 0, [other]);
      const course = { params: { model: 'mlp' }, length: 40 };
      builder.add({ kind: 'query', label: 'query', course, params: { epochs: 40 }, seed: 0 });
      const cnn = { params: { model: 'cnn' }, length: 80 };
      builder.add({ kind: 'train', label: 'cnn', course: cnn, params: { model: 'cnn' }, seed: 0 });
      expect(builder.build().tasks).toHaveLength(5);
      for (const task of builder.build().tasks)
        expect([task.continues, task.continuedBy]).toEqual([undefined, undefined]);
    });
  });

  test('a change far up reaches every key below it', () => {
    const keys = (epochs: number) => {
      const builder = new PlanBuilder(environment);
      const target = builder.add({ kind: 'train', label: 't', params: { epochs }, seed: 0 });
      const query = builder.add({ kind: 'query', label: 'q', params: {}, seed: 0, inputs: [target] });
      return [target, query].map(({ key }) => key);
    };
    expect(keys(60)).toEqual(keys(60));
    expect(keys(60).filter((key) => keys(61).includes(key))).toEqual([]);
  });

  test('random graphs: inputs come first, and building twice gives the same plan', () => {
    const choices = fc.array(fc.tuple(fc.nat(3), fc.array(fc.nat(), { maxLength: 4 })), { maxLength: 30 });
    fc.assert(
      fc.property(choices, (requests) => {
        const build = () => {
          const builder = new PlanBuilder(environment);
          const refs: TaskRef[] = [];
          for (const [seed, picks] of requests) {
            const inputs = refs.length === 0 ? [] : picks.map((pick) => refs[pick % refs.length]!);
            refs.push(
              builder.add({ kind: 'query', label: `task ${refs.length}`, params: null, seed, inputs }),
            );
          }
          return builder.build();
        };
        const { tasks } = build();
        const seen = new Set<string>();
        for (const task of tasks) {
          expect(task.inputs.every((key) => seen.has(key))).toBe(true);
          expect(seen.has(task.key)).toBe(false);
          seen.add(task.key);
        }
        expect(build()).toEqual({ tasks });
      }),
      { numRuns: 100 },
    );
  });
});
