/** A loaded classifier as a new, untrained model of the same architecture. */
import { OnnxGradError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { copyInto, copyNode } from '../graph/rewrites/copy.ts';
import { elementCount, float32 } from '../graph/tensor.ts';
import type { Node, Value } from '../graph/value.ts';
import {
  constant,
  type Initializer,
  normal,
  onesInit,
  torchBias,
  torchWeight,
  zerosInit,
} from '../nn/initializers.ts';
import type { Seed } from '../random/key.ts';
import { stream } from '../random/stream.ts';
import { type CloneReport, describeClone, exposeLogits } from './clone-report.ts';
import type { ParameterUse } from './parameters/finder.ts';
import { isFill, tensorOf } from './parameters/stored.ts';
import { analyseParameters, type Parameter, type ParameterAnalysis } from './parameters.ts';

export interface FreshWeightsOptions {
  /** First values depend on it and on each parameter's name, on nothing else. */
  readonly seed: Seed;
  /** Another first value than the layer's default, for the parameters it answers for. */
  readonly init?: (parameter: Parameter) => Initializer | undefined;
}

export interface FreshClone {
  readonly graph: Graph;
  readonly report: CloneReport;
}

/**
 * The same architecture with its parameters found, marked trainable and drawn anew, as PyTorch would: weights and
 * biases U(±1/√fan-in); scales 1 and shifts 0; running means 0 and variances 1; embeddings N(0, 1); positions and
 * class tokens N(0, .02²); PRelu slopes .25. Where the model ends in Softmax, LogSoftmax or Sigmoid, what goes into
 * it becomes the output `logits` besides.
 *
 * Other numbers stay as they were in the file. The report's `constants` lists every stored tensor of more than one
 * (input normalisation, masks), and every single number behind a layer that may have been learned: a temperature, a
 * residual branch's weight. Where the model was trained on records that matter, set those to what an untrained model
 * has, or the clone knows something of them. Not listed are numbers any model of the architecture has (0, whole
 * numbers up to 1024, their inverses, roots and inverse roots, constants of activations, epsilons, masks), single
 * numbers before the first layer, and attributes of nodes, such as the slope of LeakyRelu.
 * @throws OG_NOT_TRAINABLE when nothing trainable is found, or when numbers of the trained model would stay in places
 *   that cannot be drawn anew
 */
export const cloneWithFreshWeights = (source: Graph, options: FreshWeightsOptions): FreshClone => {
  const analysis = analyseParameters(source);
  refuseHidden(analysis);
  if (analysis.parameters.every(({ kind }) => kind.startsWith('running-')))
    throw notTrainable('the model has no weights that could be trained', noWeights);
  const target = new Graph(source.name);
  for (const [key, value] of source.metadata) target.metadata.set(key, value);
  const fresh = (parameter: Parameter): Value =>
    target.initializer(parameter.name, float32(parameter.dims, firstValues(parameter, options)), {
      trainable: !parameter.kind.startsWith('running-'),
    });
  const bindings = new Map<Value, Value>();
  for (const parameter of analysis.parameters) {
    requireFloat32(source, parameter);
    bindings.set(source.value(parameter.name), fresh(parameter));
  }
  const separate = separated(analysis, fresh);
  const map = copyInto(target, source, {
    bindings,
    node: (node, inputs) => {
      // What is stored reaches its layer without a detour, so that training finds it there.
      if (node.op === 'Identity' && inputs[0]?.origin === 'initializer') return [inputs[0]];
      if (node.op === 'Constant' && bindings.has(node.outputs[0] as Value))
        return [...node.outputs.map((o) => bindings.get(o) as Value)];
      const own = separate.get(node);
      return (
        own &&
        copyNode(
          target,
          node,
          inputs.map((input, i) => own.get(i) ?? input),
        )
      );
    },
  });
  for (const [name, value] of source.outputs) target.output(name, map.get(value) as Value);
  const logits = exposeLogits(target);
  return { graph: target, report: describeClone(target, analysis, logits) };
};

const noWeights =
  'Train a new model of a kind of its own (a forest, for example) instead of a copy; attacks that only query the model still work.';

const notTrainable = (what: string, hint: string) => new OnnxGradError('OG_NOT_TRAINABLE', what, hint);

const refuseHidden = ({ hidden, parameters }: ParameterAnalysis): void => {
  const [first] = hidden;
  if (first)
    throw notTrainable(
      `${first.node.op} '${first.node.name}' cannot get fresh weights: ${first.reason}`,
      parameters.length === 0
        ? noWeights
        : 'Export the model with plain layers (unquantised, constants folded), or choose an architecture of this tool.',
    );
};

const requireFloat32 = (source: Graph, { name }: Parameter): void => {
  const dtype = tensorOf(source.value(name))?.dtype;
  if (dtype !== 'float32')
    throw notTrainable(`'${name}' is stored as ${dtype}`, 'Export the model with 32-bit floats.');
};

const firstValues = (parameter: Parameter, options: FreshWeightsOptions): Float32Array => {
  const random = stream(options.seed, 'parameter', parameter.name);
  const own = options.init?.(parameter);
  return (own ?? defaultFor(parameter))(parameter.dims, random);
};

const defaults: Readonly<Partial<Record<Parameter['kind'], Initializer>>> = {
  scale: onesInit,
  shift: zerosInit,
  'running-mean': zerosInit,
  'running-variance': onesInit,
  embedding: normal(1),
  position: normal(0.02),
  slope: constant(0.25),
};

const defaultFor = ({ name, kind, fanIn }: Parameter): Initializer => {
  // The bound depends on the fan-in alone, whatever the layout the file stores the weight in.
  if (kind === 'weight') return (dims, random) => torchWeight([elementCount(dims) / fanIn, fanIn], random);
  if (kind === 'bias') return torchBias(fanIn);
  const found = defaults[kind];
  if (!found)
    throw notTrainable(
      `'${name}' is marked trainable, and how it is used does not tell what it should start from`,
      'Pass `init` with an initialiser for it.',
    );
  return found;
};

/**
 * Exporters store equal tensors once: an untrained normalisation's ones may stand for a scale here and a running
 * variance there. Vectors of one repeated number are therefore given to each use by itself; tensors that were
 * trained and are shared nevertheless are shared on purpose.
 */
const separated = (
  { uses, parameters }: ParameterAnalysis,
  fresh: (parameter: Parameter) => Value,
): ReadonlyMap<Node, ReadonlyMap<number, Value>> => {
  const seen = new Set<string>();
  const taken = new Set(parameters.map(({ name }) => name));
  const result = new Map<Node, Map<number, Value>>();
  const stands = ({ stored }: ParameterUse) =>
    stored.direct && stored.tensor.dims.length === 1 && isFill(stored.tensor);
  for (const use of uses) {
    const { stored, kind, node, index, fanIn, fanOut } = use;
    if (!seen.has(stored.name)) {
      seen.add(stored.name);
      continue;
    }
    if (!stands(use)) continue;
    let name = `${node.name}.${kind}`;
    while (taken.has(name)) name += '_';
    taken.add(name);
    const value = fresh({ name, kind, node: node.name, fanIn, fanOut, dims: stored.tensor.dims });
    const own = result.get(node) ?? new Map<number, Value>();
    own.set(index, value);
    result.set(node, own);
  }
  return result;
};
