import { describe, expect, it } from 'vitest';
import { createSession } from '../../runtime/session.ts';
import { Graph } from '../graph.ts';
import { Add, Mul } from '../ops/index.ts';
import { float32, floats } from '../tensor.ts';
import { attachModel } from './attach.ts';

/** 3 a + b. */
const model = () => {
  const graph = new Graph('line');
  const a = graph.input('a', 'float32', ['N']);
  const b = graph.input('b', 'float32', ['N']);
  const slope = graph.initializer('slope', float32([1], [3]));
  graph.output('y', Add(Mul(a, slope), b));
  return graph;
};

describe('attachModel', () => {
  it('computes what the model does, of values of the graph, as often as it is attached', async () => {
    const graph = new Graph('twice');
    const x = graph.input('x', 'float32', ['N']);
    const once = attachModel(graph, model(), { a: x, b: x, unused: x }, 'y');
    graph.output('out', attachModel(graph, model(), { a: once, b: x }, 'y'));
    await using session = await createSession(graph);
    const { out } = await session.run({ x: float32([2], [1, -2]) });
    // 3 (3 x + x) + x = 13 x.
    expect([...floats(out!)]).toEqual([13, -26]);
  });

  it('names an output or an input that is missing', () => {
    const graph = new Graph('wrong');
    const x = graph.input('x', 'float32', ['N']);
    expect(() => attachModel(graph, model(), { a: x, b: x }, 'z')).toThrow(
      expect.objectContaining({ code: 'OG_BAD_ARGUMENT', message: expect.stringContaining("no output 'z'") }),
    );
    expect(() => attachModel(graph, model(), { a: x }, 'y')).toThrow(
      expect.objectContaining({ code: 'OG_BAD_ARGUMENT', message: expect.stringContaining("input 'b'") }),
    );
  });
});
