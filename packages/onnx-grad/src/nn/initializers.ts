/** How a parameter's first values are drawn. Dimensions are `[out, in, ...kernel]`, as PyTorch stores them. */
import { OnnxGradError } from '../errors.ts';
import { elementCount } from '../graph/tensor.ts';
import type { RandomStream } from '../random/stream.ts';

export type Initializer = (dims: readonly number[], random: RandomStream) => Float32Array;

/** Inputs and outputs of one unit: everything a weight `[out, in, ...kernel]` sees. */
export const fans = (dims: readonly number[]): { fanIn: number; fanOut: number } => {
  if (dims.length < 2)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `fans need at least two dimensions, found [${dims.join(', ')}]`,
      'Initialise vectors with uniform, zeros or ones.',
    );
  const [out, input, ...kernel] = dims as [number, number, ...number[]];
  const field = elementCount(kernel);
  return { fanIn: input * field, fanOut: out * field };
};

const fill = (dims: readonly number[]): Float32Array => new Float32Array(elementCount(dims));

export const constant =
  (value: number): Initializer =>
  (dims) =>
    fill(dims).fill(value);

export const zerosInit: Initializer = constant(0);
export const onesInit: Initializer = constant(1);

/** U(−bound, bound). */
export const uniform =
  (bound: number): Initializer =>
  (dims, random) => {
    const values = random.uniform(fill(dims));
    for (let i = 0; i < values.length; i++) values[i] = (2 * (values[i] as number) - 1) * bound;
    return values;
  };

/** N(0, deviation²). */
export const normal =
  (deviation: number): Initializer =>
  (dims, random) => {
    const values = random.normal(fill(dims));
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * deviation;
    return values;
  };

/** He et al. 2015, uniform, for a leaky slope `a`: bound √(6 / ((1 + a²) fan_in)). */
export const kaimingUniform =
  (options: { a?: number } = {}): Initializer =>
  (dims, random) =>
    uniform(Math.sqrt(6 / ((1 + (options.a ?? 0) ** 2) * fans(dims).fanIn)))(dims, random);

/** He et al. 2015, normal: deviation √(2 / ((1 + a²) fan)), the fan being that of the unit's inputs or of its outputs. */
export const kaimingNormal =
  (options: { a?: number; fan?: 'in' | 'out' } = {}): Initializer =>
  (dims, random) => {
    const { fanIn, fanOut } = fans(dims);
    const fan = options.fan === 'out' ? fanOut : fanIn;
    return normal(Math.sqrt(2 / ((1 + (options.a ?? 0) ** 2) * fan)))(dims, random);
  };

/** Glorot & Bengio 2010, uniform: bound gain √(6 / (fan_in + fan_out)). */
export const xavierUniform =
  (options: { gain?: number } = {}): Initializer =>
  (dims, random) => {
    const { fanIn, fanOut } = fans(dims);
    return uniform((options.gain ?? 1) * Math.sqrt(6 / (fanIn + fanOut)))(dims, random);
  };

/** Glorot & Bengio 2010, normal: deviation gain √(2 / (fan_in + fan_out)). */
export const xavierNormal =
  (options: { gain?: number } = {}): Initializer =>
  (dims, random) => {
    const { fanIn, fanOut } = fans(dims);
    return normal((options.gain ?? 1) * Math.sqrt(2 / (fanIn + fanOut)))(dims, random);
  };

/** PyTorch's default for dense and convolution weights: Kaiming uniform with a = √5, that is U(±1/√fan_in). */
export const torchWeight: Initializer = kaimingUniform({ a: Math.sqrt(5) });
/** PyTorch's default for their biases: U(±1/√fan_in) of the weight beside it. */
export const torchBias = (fanIn: number): Initializer => uniform(1 / Math.sqrt(fanIn));
