import { createSession, float32, Graph, int64, ops } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { realModels } from '../../test/attacks/inversion/real-models.ts';
import { attachTarget, refuseUndifferentiable } from './target-graph.ts';

const { Add, ArgMax, Cast, Floor, MatMul, Mul, OneHot, Relu, Round, Sign } = ops;
type Value = ReturnType<Graph['value']>;

const weights = (graph: Graph, name = 'w') =>
  graph.initializer(name, float32([3, 2], [1, -1, 0.5, 2, -3, 0.25]));

/** A model of records of three numbers. */
const model = (build: (x: Value, graph: Graph) => Value): Graph => {
  const graph = new Graph('own');
  const x = graph.input('x', 'float32', ['N', 3]);
  graph.output('logits', build(x, graph));
  return graph;
};

const refusal = (message: RegExp, hint = /black-box/) =>
  expect.objectContaining({
    code: 'MLD_ATTACK_UNSUITED',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });

const refused = (graph: Graph) => () => refuseUndifferentiable('inversion/some', graph);

describe('attachTarget', () => {
  it('reads the given value in place of the input', async () => {
    const graph = new Graph('attack');
    const z = graph.input('z', 'float32', ['N', 3]);
    const target = model((x, own) => MatMul(x, weights(own)));
    graph.output('answer', attachTarget(graph, target, Mul(z, graph.scalar(2))));
    const session = await createSession(graph);
    const { answer } = await session.run({ z: float32([1, 3], [1, 2, 0]) });
    await session.dispose();
    expect([...(answer!.data as Float32Array)]).toEqual([4, 6]);
  });
});

describe('refuseUndifferentiable', () => {
  it('lets a model pass that a gradient goes through, though some of it stops on the way', () => {
    expect(refused(model((x, graph) => MatMul(Relu(x), weights(graph))))).not.toThrow();
    expect(refused(model((x, graph) => MatMul(Add(x, Round(x)), weights(graph))))).not.toThrow();
  });

  it('leaves the model as it is', () => {
    const graph = model((x, own) => MatMul(Relu(x), weights(own)));
    const before = graph.nodes.length;
    refuseUndifferentiable('inversion/some', graph);
    expect(graph.nodes).toHaveLength(before);
  });

  it.each(['int64', 'string', 'int32', 'uint8', 'float64', 'float16'] as const)(
    'names an input of type %s',
    (dtype) => {
      const graph = new Graph('own');
      const codes = graph.input('codes', dtype, ['N', 3]);
      const floats = dtype === 'string' ? graph.input('x', 'float32', ['N', 3]) : Cast(codes, 'float32');
      graph.output('logits', MatMul(floats, weights(graph)));
      expect(refused(graph)).toThrow(
        refusal(new RegExp(`^inversion/some: .*'codes' is ${dtype}`), /where its inputs are floats/),
      );
    },
  );

  it('names the operators that stop the gradient', () => {
    expect(refused(model((x, graph) => MatMul(Sign(x), weights(graph))))).toThrow(
      refusal(/'x': the derivative of Sign 'Sign_\d+' is zero/),
    );
    expect(
      refused(model((x, graph) => MatMul(Cast(Cast(Mul(x, x), 'int32'), 'float32'), weights(graph)))),
    ).toThrow(refusal(/derivative of Cast 'Cast_\d+' is zero/));
    const decided = model((x, graph) => {
      const best = ArgMax(MatMul(x, weights(graph)), { axis: 1, keepdims: 0 });
      return OneHot(best, graph.constant(int64([1], [2])), graph.constant(float32([2], [0, 1])));
    });
    expect(refused(decided)).toThrow(refusal(/derivative of ArgMax 'ArgMax_\d+' is zero/));
  });

  it('names each of several that stop it, and none besides', () => {
    const graph = model((x, own) => {
      const a = MatMul(Round(x), weights(own));
      const b = MatMul(Floor(Mul(x, x)), weights(own, 'v'));
      // Behind the stops everything is constant; beside the way there is another.
      own.output('beside', Round(MatMul(x, weights(own, 'u'))));
      return Add(Sign(a), b);
    });
    expect(refused(graph)).toThrow(refusal(/derivative of Round '\w+', Floor '\w+' is zero/));
  });

  it('points to the attack of the family that does without', () => {
    const stopped = model((x, graph) => MatMul(Sign(x), weights(graph)));
    expect(() => refuseUndifferentiable('attribute/some', stopped)).toThrow(
      refusal(/^attribute\/some: /, /attribute\/tabular/),
    );
  });

  it('says so where the logits do not depend on the input', () => {
    const graph = new Graph('own');
    graph.input('x', 'float32', ['N', 3]);
    graph.output('logits', graph.initializer('prior', float32([1, 2], [0, 1])));
    expect(refused(graph)).toThrow(refusal(/logits do not depend on it/));
  });

  it('names an operator without a gradient', () => {
    const foreign = model((x, graph) => {
      const [y] = graph.opaqueNode({
        op: 'Secret',
        domain: 'acme',
        name: 'inner',
        inputs: [Relu(x)],
        outputs: [{ name: 'y', dtype: 'float32', shape: ['N', 3] }],
        attributes: [],
      });
      return MatMul(y as Value, weights(graph));
    });
    expect(refused(foreign)).toThrow(refusal(/Secret 'inner'.*'acme'/));
  });
});

describe.skipIf(realModels.length === 0)('models in shared/data/onnx (skipped: the folder is absent)', () => {
  it.each(realModels)('$file can be differentiated', ({ model: load }) => {
    expect(refused(load())).not.toThrow();
  });
});
