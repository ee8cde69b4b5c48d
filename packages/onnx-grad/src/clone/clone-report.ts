/** What a fresh clone consists of, and what its file no longer tells: as data and as sentences. */
import type { Graph } from '../graph/graph.ts';
import { liveNodes } from '../graph/prune.ts';
import { elementCount, type Tensor } from '../graph/tensor.ts';
import type { Node, Value } from '../graph/value.ts';
import { storedBehind } from './parameters/stored.ts';
import type { ParameterAnalysis } from './parameters.ts';

export interface CloneReport {
  readonly parameters: {
    /** Trainable tensors, and the numbers in them. */
    readonly tensors: number;
    readonly elements: number;
  };
  /** Nodes of the file; in training they use the batch's statistics. */
  readonly batchNormalizations: number;
  /**
   * Whether batch normalisation may have been folded into the convolutions: there are three or more, each with a bias
   * and an activation or a sum behind it, and no BatchNormalization. A network made without it looks the same.
   */
  readonly mayBeFolded: boolean;
  /** Dropout nodes of the file; in training they drop. */
  readonly dropouts: number;
  /** The output to train on, and the operator between it and the model's own output, if any. */
  readonly logits: { readonly output: string; readonly behind: string | undefined };
  /**
   * What keeps the numbers of the file: input normalisation, masks; and single numbers behind a layer that may have
   * been learned, such as temperatures.
   */
  readonly constants: readonly string[];
  readonly sentences: readonly string[];
}

const finals = new Set(['Softmax', 'LogSoftmax', 'Sigmoid']);
const renamings = new Set(['Identity', 'Reshape', 'Flatten', 'Squeeze']);

/** Give what goes into the last Softmax, LogSoftmax or Sigmoid an output of its own. */
export const exposeLogits = (graph: Graph): CloneReport['logits'] => {
  for (const [, value] of graph.outputs) {
    let node = value.node;
    while (node && !node.opaque && renamings.has(node.op)) node = node.inputs[0]?.node;
    if (!node || node.opaque || !finals.has(node.op)) continue;
    const logits = node.inputs[0] as Value;
    const existing = [...graph.outputs].find(([, other]) => other === logits)?.[0];
    let name = existing ?? 'logits';
    while (!existing && graph.outputs.has(name)) name = `${name}_`;
    graph.output(name, logits);
    return { output: name, behind: node.op };
  }
  return { output: [...graph.outputs.keys()][0] ?? '', behind: undefined };
};

export const describeClone = (
  graph: Graph,
  { constants, loneNumbers }: Pick<ParameterAnalysis, 'constants' | 'loneNumbers'>,
  logits: CloneReport['logits'],
): CloneReport => {
  const nodes = liveNodes(graph);
  const count = (op: string) => nodes.filter((node) => node.op === op && !node.opaque).length;
  const tensors = [...graph.parameters].map((name) => graph.initializers.get(name)?.dims ?? []);
  const facts = {
    parameters: {
      tensors: tensors.length,
      elements: tensors.reduce((sum, dims) => sum + elementCount(dims), 0),
    },
    batchNormalizations: count('BatchNormalization'),
    mayBeFolded: looksFolded(nodes),
    dropouts: count('Dropout'),
    logits,
    constants: [...constants, ...loneNumbers.keys()],
  };
  return { ...facts, sentences: [...sentences(facts, constants), ...loneSentence(loneNumbers)] };
};

/** What follows a convolution that had batch normalisation: an activation, or the sum of a residual block. */
const following = new Set([
  'Relu',
  'Add',
  'Clip',
  'LeakyRelu',
  'PRelu',
  'Elu',
  'HardSwish',
  'Sigmoid',
  'Gelu',
  'Tanh',
  'HardSigmoid',
  'Mul',
]);

const looksFolded = (nodes: readonly Node[]): boolean => {
  if (nodes.some(({ op }) => op === 'BatchNormalization')) return false;
  const convolutions = nodes.filter(({ op }) => op === 'Conv');
  const users = (node: Node) => nodes.filter(({ inputs }) => inputs.includes(node.outputs[0] as Value));
  return (
    convolutions.length >= 3 &&
    convolutions.every((node) => storedBehind(node.inputs[2])) &&
    convolutions.some((node) => users(node).some(({ op }) => following.has(op)))
  );
};

const loneSentence = (numbers: ReadonlyMap<string, Tensor>): readonly string[] => {
  if (numbers.size === 0) return [];
  const shown = [...numbers].map(([name, { dtype, data }]) =>
    dtype === 'float16' ? name : `${name} = ${Number(Number(data[0]).toPrecision(6))}`,
  );
  return [
    `Single numbers behind a layer were kept, and may have been learned (temperatures, residual weights): ${shown.join(', ')}.`,
  ];
};

const sentences = (
  report: Omit<CloneReport, 'sentences' | 'constants'>,
  constants: readonly string[],
): readonly string[] => {
  const { parameters, batchNormalizations, mayBeFolded, dropouts, logits } = report;
  return [
    `${parameters.tensors} parameter tensors with ${parameters.elements} numbers were found and drawn anew.`,
    batchNormalizations > 0
      ? `The file has ${batchNormalizations} batch normalisations; training uses the statistics of its batches.`
      : mayBeFolded
        ? 'The file has no batch normalisation, but it may have been folded into the convolutions when the model was exported; initialise the clone data-dependently, and expect it to train more slowly than the original did.'
        : 'The file has no batch normalisation.',
    dropouts > 0
      ? `The file has ${dropouts} dropout layers; they drop in training.`
      : 'The file has no dropout; if the original had, the clone overfits more.',
    logits.behind
      ? `Training uses the output '${logits.output}', which goes into the final ${logits.behind}.`
      : `Training uses the output '${logits.output}' as logits.`,
    ...(constants.length > 0 ? [`Kept as they were: ${constants.join(', ')}.`] : []),
  ];
};
