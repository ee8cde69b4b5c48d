/** The copy as graphs that take its weights as inputs: a step of learning, and its answers as it is. */
import {
  buildTrainingStep,
  copyInto,
  Graph,
  type Loss,
  type Optimizer,
  ops,
  type TrainingStep,
  type Value,
} from 'onnx-grad';

/** `[N, classes]` minus the mean of each row. */
export const centred = (logits: Value): Value => ops.Sub(logits, ops.ReduceMean(logits, [1]));

/** Mean of |logits − given| over the classes, both centred (Truong et al. 2021, the ℓ₁ loss on logits), `[N]`. */
export const disagreement = (logits: Value, given: Value): Value =>
  ops.ReduceMean(ops.Abs(ops.Sub(centred(logits), given)), [1], { keepdims: false });

const logitLoss: Loss = {
  name: 'logit-distance',
  target: (output) => ({ dtype: 'float32', shape: output.shape ?? [] }),
  perExample: disagreement,
};

export const studentStep = (student: Graph, optimizer: Optimizer): TrainingStep =>
  buildTrainingStep(student, { loss: logitLoss, optimizer, output: 'logits' });

/** Parameters and running statistics: all that a step changes. */
export const studentTensors = (step: TrainingStep, student: Graph): readonly string[] =>
  [...step.state.keys()].filter((name) => student.initializers.has(name));

/**
 * A copy of the student as it answers (running statistics, nothing dropped) that reads its weights from inputs.
 * @param named the input's name for that of a tensor
 */
export const attachStudent = (
  graph: Graph,
  student: Graph,
  tensors: readonly string[],
  x: Value,
  named: (tensor: string) => string,
): Value => {
  const bindings = new Map<Value, Value>([[student.value('x'), x]]);
  for (const name of tensors) {
    const { dtype, shape } = student.value(name);
    bindings.set(student.value(name), graph.input(named(name), dtype, shape as readonly number[]));
  }
  return copyInto(graph, student, { bindings }).get(student.outputs.get('logits') as Value) as Value;
};

/** Inputs `x` and the student's tensors by `named`; output `logits`, centred. */
export const studentAnswers = (
  student: Graph,
  tensors: readonly string[],
  named: (tensor: string) => string,
): Graph => {
  const graph = new Graph('student-answers');
  const x = graph.input(named('x'), 'float32', student.value('x').shape as readonly (number | string)[]);
  graph.output(named('logits'), centred(attachStudent(graph, student, tensors, x, named)));
  return graph;
};
