/** Shape inference: what an operator's specification is, and how one node is checked against it. */
import { OnnxGradError } from '../../errors.ts';
import { type Dim, normaliseAxis, type Shape, showShape } from '../dim.ts';
import { type DType, dtypeFromNumber } from '../dtype.ts';
import type { Tensor } from '../tensor.ts';
import type { AttributeKind, Attributes, Value } from '../value.ts';

export interface Inferred {
  readonly dtype: DType;
  readonly shape: Shape | undefined;
  readonly known?: readonly Dim[];
}

export interface OperatorSpec {
  /** Every attribute the operator has, with its ONNX type. */
  readonly attributes: Readonly<Record<string, AttributeKind>>;
  /** Fewest and most inputs. */
  readonly arity: readonly [number, number];
  /** One entry per output, in ONNX order; those not asked for are ignored. */
  readonly infer: (node: NodeView) => readonly Inferred[];
}

/** Raised inside `infer` when an input's rank is unknown; the outputs are then unknown too. */
class UnknownShape extends Error {}

/** A node about to be made, as its specification sees it. */
export class NodeView {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Attributes;
  readonly count: number;

  constructor(
    op: string,
    name: string,
    inputs: readonly (Value | null)[],
    attributes: Attributes,
    count: number,
  ) {
    this.op = op;
    this.name = name;
    this.inputs = inputs;
    this.attributes = attributes;
    this.count = count;
  }

  input(i: number): Value {
    const value = this.inputs[i];
    if (!value) return this.fail(`input ${i} is missing`);
    return value;
  }
  optional(i: number): Value | undefined {
    return this.inputs[i] ?? undefined;
  }
  dtype(i = 0): DType {
    return this.input(i).dtype;
  }
  shape(i = 0): Shape {
    const { shape } = this.input(i);
    if (!shape) throw new UnknownShape();
    return shape;
  }
  /** Contents of an integer input, as far as known; undefined when they are computed at run time. */
  known(i: number): readonly Dim[] | undefined {
    return this.optional(i)?.known;
  }
  /** Contents of an integer input that must be plain numbers for the output shape to be known. */
  numbers(i: number): number[] {
    const known = this.known(i);
    if (!known?.every((d) => typeof d === 'number')) throw new UnknownShape();
    return known as number[];
  }
  int(name: string, fallback: number): number {
    const value = this.attributes[name];
    return typeof value === 'number' ? value : fallback;
  }
  ints(name: string): readonly number[] | undefined {
    return this.attributes[name] as readonly number[] | undefined;
  }
  text(name: string, fallback: string): string {
    const value = this.attributes[name];
    return typeof value === 'string' ? value : fallback;
  }
  axis(axis: number, rank: number): number {
    return normaliseAxis(axis, rank) ?? this.fail(`axis ${axis} is out of range for rank ${rank}`);
  }
  fail(what: string): never {
    const shapes = this.inputs.map((v) => (v ? showShape(v.shape) : '-')).join(', ');
    throw new OnnxGradError(
      'OG_SHAPE_MISMATCH',
      `${this.op} '${this.name}': ${what} (input shapes: ${shapes})`,
      'Make the shapes agree, or check that the file is complete and the input has the layout the model expects.',
    );
  }
}

export const inferNode = (
  spec: OperatorSpec,
  op: string,
  name: string,
  inputs: readonly (Value | null)[],
  attributes: Attributes,
  count: number,
): readonly Inferred[] => {
  const view = new NodeView(op, name, inputs, attributes, count);
  const [fewest, most] = spec.arity;
  if (inputs.length < fewest || inputs.length > most)
    view.fail(`takes ${fewest === most ? fewest : `${fewest} to ${most}`} inputs but has ${inputs.length}`);
  for (const attribute of Object.keys(attributes))
    if (!Object.hasOwn(spec.attributes, attribute)) view.fail(`has no attribute '${attribute}'`);
  let inferred: readonly Inferred[];
  try {
    inferred = spec.infer(view);
  } catch (error) {
    if (!(error instanceof UnknownShape)) throw error;
    inferred = Array.from({ length: count }, (_, i) => ({
      dtype: typeWithoutShape(view, i),
      shape: undefined,
    }));
  }
  if (count > inferred.length) view.fail(`has at most ${inferred.length} outputs but ${count} are asked for`);
  return inferred.slice(0, count);
};

/** Type of output i of an operator whose input rank is unknown. */
const typeWithoutShape = (node: NodeView, output: number): DType => {
  if (['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Not', 'And', 'Or'].includes(node.op))
    return 'bool';
  if (['Shape', 'ArgMax'].includes(node.op)) return 'int64';
  if (node.op === 'Where') return node.dtype(1);
  if (node.op === 'OneHot') return node.dtype(2);
  if (node.op === 'Cast') return dtypeFromNumber(node.int('to', 0)) ?? node.fail('casts to an unknown type');
  if (node.op === 'ConstantOfShape')
    return (node.attributes['value'] as Tensor | undefined)?.dtype ?? 'float32';
  if (node.op === 'MaxPool' && output === 1) return 'int64';
  if (node.op === 'Dropout' && output === 1) return 'bool';
  if (node.op === 'LayerNormalization' && output > 0) return 'float32';
  return node.dtype(0);
};
