import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSame, runOnce } from '../../test/support/same-outputs.ts';
import { gradients } from '../autodiff/gradients.ts';
import { Graph } from '../graph/graph.ts';
import { Mul, ReduceSum } from '../graph/ops/index.ts';
import { float32 } from '../graph/tensor.ts';
import { decodeModel } from '../onnx/decode.ts';
import { encodeModel } from '../onnx/encode.ts';
import { type DecisionTree, treeEnsemble } from './tree-ensemble.ts';

const WIDTH = 3;

type Shape =
  | { readonly votes: readonly number[] }
  | { readonly feature: number; readonly threshold: number; readonly low: Shape; readonly high: Shape };

/** Numbers that float32 holds, few of them, so that rows often lie exactly on a threshold. */
const number = fc.integer({ min: -3, max: 3 }).map((n) => n / 4);

/** Trees of up to three levels; leaves vote for some classes with eighths, whose sums are exact. */
const shapeOf = (classes: number): fc.Arbitrary<Shape> => {
  const leaf = fc.record({
    votes: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: classes, maxLength: classes }),
  });
  const level = (below: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> =>
    fc.oneof(
      leaf,
      fc.record({
        feature: fc.nat(WIDTH - 1),
        threshold: number,
        low: below,
        high: below,
      }),
    );
  return level(level(level(leaf)));
};

const answer = (shape: Shape, row: readonly number[]): readonly number[] =>
  'votes' in shape
    ? shape.votes.map((eighths) => eighths / 8)
    : answer((row[shape.feature] as number) <= shape.threshold ? shape.low : shape.high, row);

const packed = (shape: Shape): DecisionTree => {
  const nodes: { feature: number; threshold: number; left: number; right: number }[] = [];
  const votes: { node: number; class: number; weight: number }[] = [];
  const add = (part: Shape): number => {
    const id = nodes.push({ feature: -1, threshold: 0, left: 0, right: 0 }) - 1;
    if ('votes' in part)
      part.votes.forEach((eighths, label) => {
        if (eighths > 0) votes.push({ node: id, class: label, weight: eighths / 8 });
      });
    else {
      const { feature, threshold, low, high } = part;
      nodes[id] = { feature, threshold, left: add(low), right: add(high) };
    }
    return id;
  };
  add(shape);
  return {
    features: Int32Array.from(nodes, ({ feature }) => feature),
    thresholds: Float32Array.from(nodes, ({ threshold }) => threshold),
    left: Int32Array.from(nodes, ({ left }) => left),
    right: Int32Array.from(nodes, ({ right }) => right),
    votes: {
      node: Int32Array.from(votes, ({ node }) => node),
      class: Int32Array.from(votes, (vote) => vote.class),
      weight: Float32Array.from(votes, ({ weight }) => weight),
    },
  };
};

const graphOf = (trees: readonly Shape[], classes: number): Graph => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', WIDTH]);
  graph.output('votes', treeEnsemble(x, trees.map(packed), classes));
  return graph;
};

describe('treeEnsemble', () => {
  it('sums what each tree says, also when it went through a file', async () => {
    const cases = fc.integer({ min: 1, max: 4 }).chain((classes) =>
      fc.record({
        classes: fc.constant(classes),
        // Every tree votes: onnxruntime refuses an ensemble in which no leaf says anything.
        trees: fc
          .array(shapeOf(classes), { minLength: 1, maxLength: 4 })
          .filter((trees) => trees.some((tree) => packed(tree).votes.node.length > 0)),
        rows: fc.array(fc.array(number, { minLength: WIDTH, maxLength: WIDTH }), {
          minLength: 1,
          maxLength: 8,
        }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ classes, trees, rows }) => {
        const graph = graphOf(trees, classes);
        const want = rows.flatMap((row) =>
          Array.from({ length: classes }, (_, label) =>
            trees.reduce((sum, tree) => sum + (answer(tree, row)[label] as number), 0),
          ),
        );
        const feeds = { x: float32([rows.length, WIDTH], rows.flat()) };
        const expected = { votes: float32([rows.length, classes], want) };
        expectSame(await runOnce(graph, feeds), expected, 0);
        expectSame(await runOnce(decodeModel(encodeModel(graph)), feeds), expected, 0);
      }),
      { numRuns: 150 },
    );
  });

  it('lets no gradient through', () => {
    const graph = graphOf([{ votes: [8, 0, 1] }], 3);
    const votes = graph.outputs.get('votes')!;
    const sum = ReduceSum(Mul(votes, votes), undefined, { keepdims: false });
    expect(() => gradients(sum, [graph.value('x')])).toThrow(
      expect.objectContaining({
        code: 'OG_NO_GRADIENT',
        message: expect.stringContaining('TreeEnsembleClassifier'),
      }),
    );
  });
});
