/**
 * Layer-sequential unit variance (Mishkin & Matas 2016, "All you need is a good init", Algorithm 1): scale each layer
 * by what a batch of real data shows, so that deep networks without normalisation train at all.
 */
import { OnnxGradError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { copyGraph, copyInto } from '../graph/rewrites/copy.ts';
import { floats, type Tensor } from '../graph/tensor.ts';
import type { Node, Value } from '../graph/value.ts';
import { createSession, type Session, type SessionOptions } from '../runtime/session.ts';
import type { ParameterUse } from './parameters/finder.ts';
import { analyseParameters } from './parameters.ts';

export interface LayerScaling {
  /** Name of the weight. */
  readonly weight: string;
  /** Of the layer's output without its bias, over the batch, before scaling. */
  readonly varianceBefore: number;
  /** Factor on the weight; 1 where the variance was not a positive number and the layer was left as it was. */
  readonly factor: number;
}

export interface DataDependentInitialisation {
  readonly graph: Graph;
  /** In the order of the nodes. */
  readonly layers: readonly LayerScaling[];
}

interface Layer {
  readonly weight: string;
  readonly bias: string | undefined;
  /** What the layer puts out, its bias included. */
  readonly output: Value;
  /** Which axis of the output has one place per bias element. */
  readonly biasAxis: number;
  /** How often the bias is added: −1 where it is subtracted, Gemm's beta. */
  readonly biasTimes: number;
}

/**
 * Scale the weight of each convolution and dense layer, in order, so that its output over `batch` has variance 1, and
 * set its bias so that each channel has mean 0. Other parameters and the biasless layers' means stay as they are.
 * @param graph a model with one input and its parameters marked trainable, as `cloneWithFreshWeights` returns
 * @param batch what the input takes; a few hundred records are enough
 * @throws OG_BAD_ARGUMENT when the model has several inputs, OG_NOT_TRAINABLE when it has no parameters
 */
export const initialiseDataDependently = async (
  graph: Graph,
  batch: Tensor,
  options: SessionOptions = {},
): Promise<DataDependentInitialisation> => {
  const input = graph.inputs[0];
  if (!input || graph.inputs.length > 1)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `data-dependent initialisation needs one input, the model has ${graph.inputs.length}`,
      'Initialise a model with several inputs by its fan-in only.',
    );
  if (graph.parameters.size === 0)
    throw new OnnxGradError(
      'OG_NOT_TRAINABLE',
      'the model has no tensors marked trainable',
      'Pass the graph that cloneWithFreshWeights returns.',
    );
  const layers = layersOf(graph);
  const probe = new Graph(graph.name);
  const names = [
    ...new Set(layers.flatMap(({ weight, bias }) => (bias === undefined ? [weight] : [weight, bias]))),
  ];
  // Weights are inputs, so that one session serves every layer.
  const bindings = new Map(
    names.map((name) => {
      const value = graph.value(name);
      return [value, probe.input(`layer::${name}`, value.dtype, value.shape as readonly number[])];
    }),
  );
  const map = copyInto(probe, graph, { bindings, roots: layers.map(({ output }) => output) });
  layers.forEach(({ output }, i) => {
    probe.output(`layer::${i}`, map.get(output) as Value);
  });
  const values = new Map(names.map((name) => [name, graph.initializers.get(name) as Tensor]));
  const session = await createSession(probe, options);
  try {
    const scalings: LayerScaling[] = [];
    for (const [i, layer] of layers.entries())
      scalings.push(await scaleLayer(session, layer, `layer::${i}`, values, { [input.name]: batch }));
    const result = copyGraph(graph);
    for (const [name, tensor] of values) result.setInitializer(name, tensor);
    return { graph: result, layers: scalings };
  } finally {
    await session.dispose();
  }
};

/** Layers whose weight is trainable, each weight once. */
const layersOf = (graph: Graph): Layer[] => {
  const { uses } = analyseParameters(graph);
  const layers: Layer[] = [];
  const seen = new Set<string>();
  for (const use of uses) {
    if (use.kind !== 'weight' || seen.has(use.stored.name)) continue;
    seen.add(use.stored.name);
    const bias = biasOf(use, uses);
    const output = (bias?.node ?? use.node).outputs[0] as Value;
    const biasAxis = bias ? axisOfBias(bias) : 0;
    const biasTimes = bias ? timesOfBias(bias) : 1;
    layers.push({ weight: use.stored.name, bias: bias?.stored.name, output, biasAxis, biasTimes });
  }
  return layers;
};

const biasOf = (weight: ParameterUse, uses: readonly ParameterUse[]): ParameterUse | undefined =>
  uses.find((use) => use.kind === 'bias' && (use.node === weight.node || reads(use.node, weight.node)));

/** Whether the Add of a bias takes a layer's output, rearranged at most. */
const reads = (add: Node, layer: Node): boolean =>
  add.inputs.some((input) => {
    let node = input?.node;
    while (node && node !== layer && node.op !== 'Add' && node.inputs.length > 0) {
      if (!['Identity', 'Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten'].includes(node.op))
        return false;
      node = node.inputs[0]?.node;
    }
    return node === layer;
  });

/** The axis of the output along which the bias differs. */
const axisOfBias = ({ node, index }: ParameterUse): number => {
  const rank = node.outputs[0]?.shape?.length ?? 0;
  if (node.op === 'Conv' || node.op === 'ConvTranspose') return 1;
  const shape = node.inputs[index]?.shape ?? [];
  const wide = shape.findIndex((dim) => dim !== 1);
  return wide < 0 ? rank - 1 : rank - shape.length + wide;
};

const timesOfBias = ({ node, index }: ParameterUse): number => {
  if (node.op === 'Sub' && index === 1) return -1;
  return node.op === 'Gemm' ? ((node.attributes['beta'] as number | undefined) ?? 1) : 1;
};

const scaleLayer = async (
  session: Session,
  layer: Layer,
  output: string,
  values: Map<string, Tensor>,
  data: Readonly<Record<string, Tensor>>,
): Promise<LayerScaling> => {
  const { weight, bias } = layer;
  const stored = values.get(weight) as Tensor;
  const unbiased = new Map(values);
  const oldBias = bias === undefined ? undefined : (values.get(bias) as Tensor);
  if (bias !== undefined && oldBias)
    unbiased.set(bias, { ...oldBias, data: new Float32Array(oldBias.data.length) });
  const feeds: Record<string, Tensor> = { ...data };
  for (const [name, tensor] of unbiased) feeds[`layer::${name}`] = tensor;
  const response = (await session.run(feeds, [output]))[output] as Tensor;
  const channels = oldBias ? oldBias.data.length : 1;
  const { means, variance } = moments(response, channels, layer.biasAxis);
  if (!(variance > 0) || !Number.isFinite(variance)) return { weight, varianceBefore: variance, factor: 1 };
  const factor = 1 / Math.sqrt(variance);
  values.set(weight, { ...stored, data: floats(stored).map((w) => w * factor) });
  if (bias !== undefined && oldBias)
    values.set(bias, {
      ...oldBias,
      data: Float32Array.from(means, (mean) => (-mean * factor) / layer.biasTimes),
    });
  return { weight, varianceBefore: variance, factor };
};

/** Mean of each channel along an axis, and the variance of all elements about their channel's mean. */
const moments = (
  { data, dims }: Tensor,
  channels: number,
  axis: number,
): { means: Float64Array; variance: number } => {
  const elements = data as Float32Array;
  const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const channel = channels === 1 ? () => 0 : (i: number) => Math.floor(i / inner) % channels;
  const means = new Float64Array(channels);
  for (let i = 0; i < elements.length; i++) means[channel(i)]! += elements[i] as number;
  for (let c = 0; c < channels; c++) means[c]! /= elements.length / channels;
  let squares = 0;
  for (let i = 0; i < elements.length; i++)
    squares += ((elements[i] as number) - (means[channel(i)] as number)) ** 2;
  return { means, variance: squares / elements.length };
};
