/** What a gradient rule is given and what the rules share. */
import { OnnxGradError } from '../errors.ts';
import { type Shape, showShape } from '../graph/dim.ts';
import { type DType, isFloat } from '../graph/dtype.ts';
import { Cast, Expand, Mul, ReduceSum, Reshape, Shape as ShapeOf } from '../graph/ops/index.ts';
import { int64 } from '../graph/tensor.ts';
import type { Node, Value } from '../graph/value.ts';

/**
 * From the cotangents of a node's outputs to those of its inputs, in order. An entry may be left empty only for an
 * input that is not wanted.
 */
export type GradientRule = (context: RuleContext) => readonly (Value | null | undefined)[];

/** For operators whose derivative is zero wherever it exists: the gradient stops here. */
export const stops: GradientRule = () => [];

export class RuleContext {
  readonly node: Node;
  readonly #cotangents: readonly (Value | undefined)[];
  readonly #wanted: ReadonlySet<Value>;

  constructor(node: Node, cotangents: readonly (Value | undefined)[], wanted: ReadonlySet<Value>) {
    this.node = node;
    this.#cotangents = cotangents;
    this.#wanted = wanted;
  }

  x(i = 0): Value {
    const input = this.node.inputs[i];
    if (!input) throw new Error(`internal: ${this.node.op} '${this.node.name}' has no input ${i}`);
    return input;
  }
  optional(i: number): Value | undefined {
    return this.node.inputs[i] ?? undefined;
  }
  get y(): Value {
    return this.node.outputs[0] as Value;
  }
  /** Cotangent of the first output. */
  get dy(): Value {
    const dy = this.#cotangents[0];
    if (!dy) return this.refuse('only a secondary output leads to the result');
    return dy;
  }
  dyOf(i: number): Value | undefined {
    return this.#cotangents[i];
  }
  /** Whether the cotangent of input i is asked for. */
  wants(i: number): boolean {
    const input = this.node.inputs[i];
    return !!input && isFloat(input.dtype) && this.#wanted.has(input);
  }
  scalar(value: number): Value {
    return scalarLike(this.x(), value);
  }
  int(name: string, fallback: number): number {
    const value = this.node.attributes[name];
    return typeof value === 'number' ? value : fallback;
  }
  text(name: string, fallback: string): string {
    const value = this.node.attributes[name];
    return typeof value === 'string' ? value : fallback;
  }
  ints(name: string): readonly number[] | undefined {
    return this.node.attributes[name] as readonly number[] | undefined;
  }
  shape(value: Value): Shape {
    return value.shape ?? this.refuse(`the shape of '${value.name}' is not known before running`);
  }
  /** Contents of an integer input that must be known now. */
  numbers(i: number, what: string): number[] {
    const known = this.optional(i)?.known;
    if (!known?.every((d) => typeof d === 'number'))
      return this.refuse(`${what} are not known before running`);
    return known as number[];
  }
  extra(index: number): Value {
    return this.node.outputs[0]?.graph.extraOutput(this.node, index) as Value;
  }
  /** Throws OG_NO_GRADIENT naming the node. */
  refuse(
    reason: string,
    hint = 'Rewrite that part of the model, or choose an attack that needs no gradients.',
  ): never {
    throw new OnnxGradError(
      'OG_NO_GRADIENT',
      `no gradient through ${this.node.op} '${this.node.name}': ${reason}`,
      hint,
    );
  }
  /** Undo broadcasting: sum a cotangent down to the shape of the value it belongs to. */
  sumTo(cotangent: Value, target: Value): Value {
    const from = this.shape(cotangent);
    const to = this.shape(target);
    const extra = from.length - to.length;
    const leading = Array.from({ length: extra }, (_, i) => i);
    const stretched = to.flatMap((dim, i) => {
      const have = from[i + extra];
      if (have === dim) return [];
      if (dim === 1) return [i];
      return this.refuse(
        `whether ${showShape(to)} was broadcast to ${showShape(from)} is not known before running`,
      );
    });
    const dropped = extra > 0 ? ReduceSum(cotangent, leading, { keepdims: false }) : cotangent;
    return stretched.length > 0 ? ReduceSum(dropped, stretched) : dropped;
  }
}

export const scalarLike = (like: Value, value: number): Value =>
  like.graph.scalar(value, like.dtype === 'float64' ? 'float64' : 'float32');

/** As the given float type. */
export const cast = (value: Value, dtype: DType): Value =>
  value.dtype === dtype ? value : Cast(value, dtype);

/** A constant of another value's float type. */
export const constantLike = (like: Value, dims: readonly number[], values: readonly number[]): Value =>
  like.graph.constant(
    like.dtype === 'float64'
      ? { dtype: 'float64', dims, data: Float64Array.from(values) }
      : { dtype: 'float32', dims, data: Float32Array.from(values) },
  );

/** Reshape to another value's shape: by constants where one symbol at most is left, else by its run-time shape. */
export const reshapeLike = (value: Value, like: Value): Value => Reshape(value, shapeTarget(like));

const shapeTarget = (like: Value): readonly number[] | Value => {
  const { shape } = like;
  if (!shape) return ShapeOf(like);
  const symbols = shape.filter((dim) => typeof dim === 'string').length;
  if (symbols > 1 || (symbols === 1 && shape.includes(0))) return ShapeOf(like);
  return shape.map((dim) => (typeof dim === 'string' ? -1 : dim));
};

/** Broadcast to another value's shape. */
export const expandLike = (value: Value, like: Value): Value =>
  Expand(
    value,
    like.shape?.every((dim) => typeof dim === 'number') ? (like.shape as number[]) : ShapeOf(like),
  );

/** Zeros of another value's shape and type. */
export const zerosLike = (like: Value): Value => expandLike(scalarLike(like, 0), like);

/** How many elements the given axes of x span, as a float scalar: a constant where known. */
export const countAlong = (x: Value, axes: readonly number[]): Value => {
  const sizes = axes.map((axis) => x.shape?.[axis]);
  if (sizes.every((size) => typeof size === 'number'))
    return scalarLike(
      x,
      (sizes as number[]).reduce((a, b) => a * b, 1),
    );
  const whole = ShapeOf(x);
  return axes
    .map((axis) =>
      Cast(x.graph.node('Gather', [whole, x.graph.constant(int64([], [axis]))])[0] as Value, x.dtype),
    )
    .reduce((a, b) => Mul(a, b));
};
