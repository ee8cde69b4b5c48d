/** A model with an output defence behind it, as one graph. */
import { attachModel, copyGraph, type Graph, type Value } from 'onnx-grad';
import { AuditError } from '../../errors.ts';
import type { OutputForm } from './output-form.ts';
import { outputGraph } from './shown-output.ts';

/**
 * The model as those meet it who may only ask: a copy whose one output, `logits`, is what the defence shows (see
 * `outputGraph`). Inputs stay. The output `logits` `[N, classes]` of the model must hold logits or log posteriors; one
 * that gives posteriors wants their logarithm first.
 *
 * @throws {AuditError} MLD_DEFENSE_UNSUITED for a model without such an output
 */
export const withOutput = (model: Graph, form: OutputForm): Graph => {
  const classes = classesOf(model);
  const graph = copyGraph(model);
  const raw = graph.outputs.get('logits') as Value;
  // An inner layer that happens to be an output would show what the defence hides.
  for (const name of [...graph.outputs.keys()]) graph.dropOutput(name);
  graph.output('logits', attachModel(graph, outputGraph(classes, form), { x: raw }, 'logits'));
  return graph;
};

const classesOf = (model: Graph): number => {
  const logits = model.outputs.get('logits');
  if (!logits)
    throw unsuited(`it has no output 'logits'; its outputs are ${[...model.outputs.keys()].join(', ')}`);
  const classes = logits.shape?.[1];
  if (logits.dtype !== 'float32' || logits.shape?.length !== 2 || typeof classes !== 'number')
    throw unsuited(
      `its output 'logits' is ${logits.dtype} [${logits.shape?.join(', ') ?? 'of unknown shape'}], not float32 [N, classes]`,
    );
  return classes;
};

const unsuited = (what: string): AuditError =>
  new AuditError(
    'MLD_DEFENSE_UNSUITED',
    `an output defence cannot stand behind the model: ${what}`,
    "Give the model an output 'logits' of type float32 and shape [N, classes] that holds logits or log posteriors.",
  );
