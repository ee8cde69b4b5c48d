/** One step of training as one graph: model, loss, gradients, optimiser. State goes in and comes out new. */
import { gradients } from '../autodiff/gradients.ts';
import { OnnxGradError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { Mul, ReduceSum, Reshape } from '../graph/ops/index.ts';
import { hastenWeightBoundConvolutions } from '../graph/rewrites/weight-bound-convolutions.ts';
import { elementCount, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import type { Loss } from '../nn/losses.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { type TargetCheck, targetCheck } from './batches.ts';
import { modelOutput } from './model-output.ts';
import { noiseDeviation, type PrivacyOptions, privateGradients } from './private-gradients.ts';
import { type RandomMask, trainingModel } from './training-mode.ts';

export interface TrainingStepOptions {
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Model output the loss reads; `logits` if there is one, else the first. */
  readonly output?: string;
  /** Clip each example's gradient and add noise (DP-SGD). */
  readonly privacy?: PrivacyOptions;
}

export interface TrainingStep {
  readonly graph: Graph;
  /** Names of the model's data inputs. */
  readonly dataInputs: readonly string[];
  /** Input of the loss's target. */
  readonly target: string;
  /** Call it on targets before they are fed: a graph cannot refuse a label that is none of the classes. */
  readonly checkTarget: TargetCheck;
  /** Input `[N]` of the records' weights; the step descends along Σ weightᵢ lossᵢ. */
  readonly weights: string;
  /** Scalar inputs of the optimiser. */
  readonly scalars: readonly string[];
  /** Dropout's masks, in the order of the layers. */
  readonly masks: readonly {
    readonly input: string;
    /** Probability that an element is kept; kept elements are 1 / keep, dropped ones 0. */
    readonly keep: number;
    /** Of one record. */
    readonly shape: readonly number[];
  }[];
  /**
   * Inputs of Gaussian noise, one per parameter, its shape, and the deviation it is to have; only with privacy. What the
   * parts of a larger batch have summed up is added to it (`partialSums`).
   */
  readonly noise: readonly {
    readonly input: string;
    readonly parameter: string;
    readonly dims: readonly number[];
    readonly deviation: number;
  }[];
  /** State tensor (parameter, running statistic or optimiser state) -> output that holds its next value. */
  readonly state: ReadonlyMap<string, string>;
  /** Output: Σ weightᵢ lossᵢ. */
  readonly lossOutput: string;
  readonly initialState: () => Map<string, Tensor>;
}

export interface PartialSums {
  /** Takes what the training step takes but for the optimiser's state and scalars, under the same names. */
  readonly graph: Graph;
  /** Input of noise of the training step -> output that holds it with this part's clipped gradients added. */
  readonly sums: ReadonlyMap<string, string>;
  /** Output: Σ weightᵢ lossᵢ. */
  readonly lossOutput: string;
}

/** Names in the training graph that are ours carry this prefix, so that no name of a model's can meet them. */
const own = (name: string): string => `train::${name}`;

/** The part of a step that finds the direction to go; the loss and, of a private one, the noise come with it. */
const gradientPart = (
  graph: Graph,
  model: Graph,
  options: Pick<TrainingStepOptions, 'loss' | 'output' | 'privacy'>,
) => {
  const mixing = options.privacy && model.nodes.find(({ op }) => op === 'BatchNormalization');
  if (mixing)
    throw new OnnxGradError(
      'OG_NO_PER_EXAMPLE',
      `private training is impossible with BatchNormalization '${mixing.name}': it uses the statistics of the whole batch, so every record would meet every other`,
      'Replace it by group normalisation: replaceBatchNorm(model).',
    );
  const { outputs, parameters, buffers, masks } = trainingModel(graph, model);
  const output = modelOutput(outputs, options.output);
  const { dtype, shape } = options.loss.target(output);
  const target = graph.input(own('target'), dtype, shape);
  const batch = output.shape?.[0] ?? 'N';
  const weights = graph.input(own('weights'), 'float32', [batch]);
  const losses = options.loss.perExample(output, target);
  const total = ReduceSum(Mul(losses, weights), undefined, { keepdims: false });
  const values = [...parameters.values()];
  const { privacy } = options;
  const noise = privacy
    ? [...parameters].map(([name, parameter]) => {
        const dims = parameter.shape as readonly number[];
        return { input: own(`noise.${name}`), parameter: name, dims, deviation: noiseDeviation(privacy) };
      })
    : [];
  const slopes = privacy
    ? privateGradients(
        losses,
        values,
        weights,
        noise.map(({ input, dims }) => graph.input(input, 'float32', dims)),
        privacy,
      )
    : gradients(losses, values, { seed: weights });
  return { output, parameters, values, buffers, masks, target, weights, total, noise, slopes };
};

/** For a private step whose batch is too large to pass through the graph at once. */
export const buildPartialSums = (
  model: Graph,
  options: Pick<TrainingStepOptions, 'loss' | 'output'> & Required<Pick<TrainingStepOptions, 'privacy'>>,
): PartialSums => {
  const graph = new Graph('partial-sums');
  const { noise, slopes, total } = gradientPart(graph, model, options);
  const sums = new Map(noise.map(({ input, parameter }) => [input, own(`sum.${parameter}`)]));
  [...sums.values()].forEach((name, i) => {
    graph.output(name, slopes[i] as Value);
  });
  graph.output(own('loss'), total);
  return { graph: hastenWeightBoundConvolutions(graph), sums, lossOutput: own('loss') };
};

type Values = Readonly<Record<string, Value>>;

/**
 * The optimiser's update, of `[K, C, 1, 1]` on `[K, C]`: onnxruntime multiplies a tensor whose last axis has one element
 * by a scalar an element at a time, ten times as slowly. A matrix stays one, in case an optimiser asks.
 */
const updated = (
  optimizer: Optimizer,
  parameter: Value,
  gradient: Value,
  slots: Values,
  scalars: Values,
): ReturnType<Optimizer['update']> => {
  const dims = parameter.shape as readonly number[];
  const short = dims.slice(0, Math.max(2, dims.findLastIndex((size) => size !== 1) + 1));
  if (short.length === dims.length) return optimizer.update(parameter, gradient, slots, scalars);
  const shaped = (values: Values, shape: readonly number[]): Values =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Reshape(value, shape)]));
  const next = optimizer.update(
    Reshape(parameter, short),
    Reshape(gradient, short),
    shaped(slots, short),
    scalars,
  );
  return { parameter: Reshape(next.parameter, dims), state: shaped(next.state, dims) };
};

export const buildTrainingStep = (model: Graph, options: TrainingStepOptions): TrainingStep => {
  if (model.parameters.size === 0)
    throw new OnnxGradError(
      'OG_NOT_TRAINABLE',
      'the model has no trainable parameters',
      'Load it with cloneWithFreshWeights, or mark initializers as trainable.',
    );
  const graph = new Graph('training-step');
  const { output, parameters, values, buffers, masks, target, weights, total, noise, slopes } = gradientPart(
    graph,
    model,
    options,
  );

  const { optimizer } = options;
  const scalars = Object.fromEntries(
    optimizer.scalars.map((name) => [name, graph.input(own(`scalar.${name}`), 'float32', [])]),
  );
  const state = new Map<string, string>();
  const zeroState: { name: string; dims: readonly number[] }[] = [];
  const emit = (name: string, next: Value) => {
    graph.output(own(`next.${name}`), next);
    state.set(name, own(`next.${name}`));
  };
  values.forEach((parameter, i) => {
    const slots: Record<string, Value> = {};
    for (const slot of optimizer.state) {
      const name = own(`${slot}.${parameter.name}`);
      const dims = parameter.shape as readonly number[];
      slots[slot] = graph.input(name, 'float32', dims);
      zeroState.push({ name, dims });
    }
    const update = updated(optimizer, parameter, slopes[i] as Value, slots, scalars);
    emit(parameter.name, update.parameter);
    for (const [slot, next] of Object.entries(update.state)) emit((slots[slot] as Value).name, next);
  });
  for (const [name, [, next]] of buffers) emit(name, next);
  graph.output(own('loss'), total);

  return {
    graph: hastenWeightBoundConvolutions(graph),
    dataInputs: model.inputs.map((input) => input.name),
    target: target.name,
    checkTarget: targetCheck(options.loss, output),
    weights: weights.name,
    scalars: optimizer.scalars,
    masks: masks.map(({ input, keep, shape }: RandomMask) => ({ input: input.name, keep, shape })),
    noise,
    state,
    lossOutput: own('loss'),
    initialState: () =>
      new Map<string, Tensor>([
        ...[...parameters.keys(), ...buffers.keys()].map(
          (n) => [n, model.initializers.get(n) as Tensor] as const,
        ),
        ...zeroState.map(({ name, dims }) => {
          const zero: Tensor = { dtype: 'float32', dims, data: new Float32Array(elementCount(dims)) };
          return [name, zero] as const;
        }),
      ]),
  };
};

/** The feed name of an optimiser scalar. */
export const scalarInput = (name: string): string => own(`scalar.${name}`);
