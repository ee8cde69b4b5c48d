/** One step of training as one graph: model, loss, gradients, optimiser. State goes in and comes out new. */
import { gradients } from '../autodiff/gradients.ts';
import { OnnxGradError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { Mul, ReduceSum } from '../graph/ops/index.ts';
import { elementCount, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import type { Loss } from '../nn/losses.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { type TargetCheck, targetCheck } from './batches.ts';
import { modelOutput } from './model-output.ts';
import { type PrivacyOptions, privateGradients } from './private-gradients.ts';
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
  /** Inputs of standard Gaussian noise, one per parameter, and its shape; only with privacy. */
  readonly noise: readonly {
    readonly input: string;
    readonly parameter: string;
    readonly dims: readonly number[];
  }[];
  /** State tensor (parameter, running statistic or optimiser state) -> output that holds its next value. */
  readonly state: ReadonlyMap<string, string>;
  /** Output: Σ weightᵢ lossᵢ. */
  readonly lossOutput: string;
  readonly initialState: () => Map<string, Tensor>;
}

/** Names in the training graph that are ours carry this prefix, so that no name of a model's can meet them. */
const own = (name: string): string => `train::${name}`;

export const buildTrainingStep = (model: Graph, options: TrainingStepOptions): TrainingStep => {
  if (model.parameters.size === 0)
    throw new OnnxGradError(
      'OG_NOT_TRAINABLE',
      'the model has no trainable parameters',
      'Load it with cloneWithFreshWeights, or mark initializers as trainable.',
    );
  const graph = new Graph('training-step');
  const { outputs, parameters, buffers, masks } = trainingModel(graph, model);
  const output = modelOutput(outputs, options.output);
  const { dtype, shape } = options.loss.target(output);
  const target = graph.input(own('target'), dtype, shape);
  const batch = output.shape?.[0] ?? 'N';
  const weights = graph.input(own('weights'), 'float32', [batch]);
  const losses = options.loss.perExample(output, target);
  const total = ReduceSum(Mul(losses, weights), undefined, { keepdims: false });
  const names = [...parameters.keys()];
  const values = [...parameters.values()];
  const noise = options.privacy
    ? names.map((name) => {
        const dims = (parameters.get(name) as Value).shape as readonly number[];
        return { input: own(`noise.${name}`), parameter: name, dims };
      })
    : [];
  const slopes = options.privacy
    ? privateGradients(
        losses,
        values,
        weights,
        noise.map(({ input, dims }) => graph.input(input, 'float32', dims)),
        options.privacy,
      )
    : gradients(losses, values, { seed: weights });

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
    const update = optimizer.update(parameter, slopes[i] as Value, slots, scalars);
    emit(parameter.name, update.parameter);
    for (const [slot, next] of Object.entries(update.state)) emit((slots[slot] as Value).name, next);
  });
  for (const [name, [, next]] of buffers) emit(name, next);
  graph.output(own('loss'), total);

  return {
    graph,
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
