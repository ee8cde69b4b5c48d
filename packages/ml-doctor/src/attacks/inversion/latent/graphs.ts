/** The two graphs of a latent search: one step of descent, and what latent vectors stand for. */
import { Graph, gradients, type Optimizer, ops, scalarInput, type Value } from 'onnx-grad';
import type { Generator } from '../../../generators/generator.ts';
import { attachTarget } from '../../target-graph.ts';
import { attachGenerator, type Generated } from './networks.ts';

/** The name under which the next value of a state comes out of a step. */
export const nextOf = (name: string): string => `next ${name}`;

export interface StepParts {
  readonly generator: Generator;
  /** What is minimised: one number per row, `[N]`, in which no other row plays a part. */
  readonly loss: (generated: Generated) => Value;
  readonly optimizer: Optimizer;
  /** Every latent number is kept within ± this after each step. */
  readonly clip?: number;
}

/**
 * One step: from `z` `[N, latent]`, `y`, the optimiser's states and its scalars to the next `z` and states, with the
 * `loss` `[N]` before the step. What is differentiated is the sum over rows, so that a row moves as if it were alone.
 * @throws {OnnxGradError} OG_NO_GRADIENT naming the operator between z and the loss that has no gradient
 */
export const stepGraph = ({ generator, loss, optimizer, clip }: StepParts): Graph => {
  const graph = new Graph('latent step');
  const z = graph.input('z', 'float32', ['N', generator.latent]);
  const y = graph.input('y', 'int64', ['N']);
  const perRow = loss({ x: attachGenerator(z, y, generator), y });
  const [gradient] = gradients(ops.ReduceSum(perRow, undefined, { keepdims: false }), [z]) as [Value];
  const states = optimizer.state.map((name) => [name, graph.input(name, 'float32', ['N', generator.latent])]);
  const scalars = optimizer.scalars.map((name) => [name, graph.input(scalarInput(name), 'float32', [])]);
  const update = optimizer.update(z, gradient, Object.fromEntries(states), Object.fromEntries(scalars));
  const next =
    clip === undefined
      ? update.parameter
      : ops.Clip(update.parameter, graph.scalar(-clip), graph.scalar(clip));
  graph.output(nextOf('z'), next);
  for (const name of optimizer.state) graph.output(nextOf(name), update.state[name] as Value);
  graph.output('loss', perRow);
  return graph;
};

/** From `z` and, when the generator is conditional, `y` to the records `x` and the target's `logits` of them. */
export const viewGraph = (generator: Generator, model: Graph): Graph => {
  const graph = new Graph('latent view');
  const z = graph.input('z', 'float32', ['N', generator.latent]);
  // onnxruntime takes no feed that nothing reads.
  const y = generator.conditional ? graph.input('y', 'int64', ['N']) : z;
  const x = attachGenerator(z, y, generator);
  graph.output('x', x);
  graph.output('logits', attachTarget(graph, model, x));
  return graph;
};

/** 256 MB of values. */
const VALUES_PER_RUN = 2 ** 26;
/** Larger batches are no faster and slow to stop. */
const MOST_ROWS = 256;

/** Rows of one run, so that its intermediate values stay within bounds: by the graph alone, not by the machine. */
export const rowsPerRun = (graph: Graph): number => {
  let values = 0;
  for (const node of graph.nodes)
    for (const { shape } of node.outputs)
      if (shape)
        values += shape.slice(1).reduce<number>((sum, dim) => sum * (typeof dim === 'number' ? dim : 1), 1);
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(VALUES_PER_RUN / values)));
};
