/** The generator as graphs that take its weights as inputs: the records it makes, and a step towards disagreement. */
import {
  elementCount,
  float32,
  Graph,
  gradients,
  int64,
  losses,
  type Optimizer,
  ops,
  type RandomStream,
  type Tensor,
  trainingModel,
  type Value,
} from 'onnx-grad';
import { beforeSquashing } from './reach.ts';
import { attachStudent, disagreement } from './student-graphs.ts';

/** Names that are neither the generator's nor the student's carry this prefix, so that none can meet them. */
export const own = (name: string): string => `steal::${name}`;
/** The student's tensors in graphs that hold the generator as well. */
export const ofStudent = (name: string): string => own(`student.${name}`);

/** The generator at work: normalised by the batch at hand, as it is while it learns. Running statistics stay as they were. */
const generated = (graph: Graph, generator: Graph) => {
  const z = graph.input(own('z'), 'float32', generator.value('z').shape as readonly (number | string)[]);
  const y = graph.input(own('y'), 'int64', ['N']);
  const given = new Map<string, Value>([
    ['z', z],
    ['y', y],
  ]);
  for (const [name, tensor] of generator.initializers)
    if (!generator.parameters.has(name)) given.set(name, graph.constant(tensor));
  const { outputs, parameters } = trainingModel(graph, generator, given);
  return { x: outputs.get('x') as Value, y, parameters };
};

/** Inputs `z` and the generator's parameters by their names; output `x`. */
export const generatorAtWork = (generator: Graph): Graph => {
  const graph = new Graph('generator-at-work');
  graph.output(own('x'), generated(graph, generator).x);
  return graph;
};

/** A class to aim at for each record, every class as often as any other, in random order. */
export const evenLabels = (random: RandomStream, rows: number, classes: number): Tensor =>
  int64(
    [rows],
    Array.from(random.permutation(rows), (i) => i % classes),
  );

/** Output state tensor -> output that holds its next value. */
export interface GeneratorStep {
  readonly graph: Graph;
  readonly state: ReadonlyMap<string, string>;
  readonly initialState: () => ReadonlyMap<string, Tensor>;
}

/**
 * One step up the disagreement. Inputs: `z`, `y` int64 `[N]`, `target` `[N, classes]`, the target's centred logits at the
 * records, `slopes` `[N, length]` of `pseudoGradient`, the scalar `game`, 0 for a step that leaves the disagreement out;
 * the student's tensors, the generator's state and the optimiser's scalars. Output `disagreement`, the mean of the batch
 * before the step.
 *
 * The student's part of the slope is exact, the target's an estimate. What spreads the records over the classes is the
 * mean of ln p(y | G(z, y)) under the student for labels drawn evenly. The entropy of the mean posterior is at
 * least ln classes plus that; and unlike the entropy it has a slope where the student is sure that all records are of
 * one class, as it is at the start.
 * @param diversity weight of the spread, 0 for none
 */
export const generatorStep = (
  generator: Graph,
  student: Graph,
  tensors: readonly string[],
  optimizer: Optimizer,
  diversity: number,
): GeneratorStep => {
  const graph = new Graph('generator-step');
  const { x, y, parameters } = generated(graph, generator);
  const length = elementCount((student.value('x').shape as readonly number[]).slice(1));
  const hidden = ops.Reshape(beforeSquashing(graph), [-1, length]);
  const logits = attachStudent(graph, student, tensors, x, ofStudent);
  const mean = (value: Value) => ops.ReduceMean(value, undefined, { keepdims: false });
  const target = graph.input(own('target'), 'float32', logits.shape as readonly (number | string)[]);
  const slopes = graph.input(own('slopes'), 'float32', ['N', length]);
  const apart = mean(disagreement(logits, target));
  // Its slope in what is squashed is the pseudo-gradient, which is all that is known of the target.
  const underTarget = mean(ops.ReduceSum(ops.Mul(hidden, slopes), [1]));
  const game = graph.input(own('game'), 'float32', []);
  const gain = ops.Mul(ops.Add(apart, underTarget), game);
  const unlike = ops.Mul(mean(losses.crossEntropy().perExample(logits, y)), graph.scalar(diversity));
  const slopesOf = gradients(ops.Sub(diversity > 0 ? unlike : graph.scalar(0), gain), [
    ...parameters.values(),
  ]);

  const scalars = Object.fromEntries(
    optimizer.scalars.map((name) => [name, graph.input(own(`scalar.${name}`), 'float32', [])]),
  );
  const state = new Map<string, string>();
  const start = new Map<string, Tensor>();
  const emit = (name: string, next: Value, first: Tensor) => {
    graph.output(own(`next.${name}`), next);
    state.set(name, own(`next.${name}`));
    start.set(name, first);
  };
  [...parameters].forEach(([name, parameter], i) => {
    const dims = parameter.shape as readonly number[];
    const slots = Object.fromEntries(
      optimizer.state.map((slot) => [slot, graph.input(own(`${slot}.${name}`), 'float32', dims)]),
    );
    const update = optimizer.update(parameter, slopesOf[i] as Value, slots, scalars);
    emit(name, update.parameter, generator.initializers.get(name) as Tensor);
    for (const [slot, next] of Object.entries(update.state))
      emit((slots[slot] as Value).name, next, float32(dims, new Float32Array(elementCount(dims))));
  });
  graph.output(own('disagreement'), apart);
  return { graph, state, initialState: () => start };
};
