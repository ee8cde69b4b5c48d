/** A model that sees three batches in one step, with one set of parameters. */
import { copyGraph, copyInto, Graph, ops, type Value } from 'onnx-grad';

/** Inputs beside `x`. */
export const MIXED = 'mixed::x';
export const VALIDATION = 'validation::x';

/**
 * Inputs `x`, {@link MIXED} and {@link VALIDATION}, each `[N, ...recordShape]`; output `logits` `[N, 3 classes]`: those of
 * the three beside one another. Running statistics of batch normalisation that keep the model's names follow `x` alone,
 * as plain records are what the model will be asked about; the other passes have their own, which nobody reads.
 */
export const threePasses = (model: Graph): Graph => {
  const graph = new Graph(`${model.name}-three-passes`);
  const [x] = model.inputs as readonly [Value];
  const logits = model.outputs.get('logits') as Value;
  const plain = copyInto(graph, model);
  const shared = [...model.parameters].map((name): [Value, Value] => {
    const parameter = model.value(name);
    return [parameter, plain.get(parameter) as Value];
  });
  const pass = (name: string): Value => {
    const input = graph.input(name, x.dtype, x.shape ?? []);
    return copyInto(graph, model, { bindings: new Map([...shared, [x, input]]) }).get(logits) as Value;
  };
  graph.output('logits', ops.Concat([plain.get(logits) as Value, pass(MIXED), pass(VALIDATION)], 1));
  return graph;
};

/** The model with the parameters and running statistics that its three passes were trained to. */
export const trainedIn = (passes: Graph, model: Graph): Graph => {
  const trained = copyGraph(model);
  for (const name of trained.initializers.keys()) {
    const tensor = passes.initializers.get(name);
    if (tensor) trained.setInitializer(name, tensor);
  }
  return trained;
};
