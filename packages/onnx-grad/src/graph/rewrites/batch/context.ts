/** What a rule sees of one node while the batch size is made dynamic: where the batch lies in its inputs. */
import { OnnxGradError } from '../../../errors.ts';
import { type Dim, divideDims, type Shape, showShape } from '../../dim.ts';
import type { Graph } from '../../graph.ts';
import { Slice } from '../../ops/index.ts';
import type { Tensor } from '../../tensor.ts';
import type { Attributes, Node, Value } from '../../value.ts';

/** The symbol every first dimension gets. */
export const batchSymbol = 'N';

/** How a node is made anew; what is left out stays as it was. */
export interface Plan {
  /** Where the batch lies in its outputs. */
  readonly axis: number | undefined;
  readonly op?: 'Reshape';
  readonly inputs?: readonly (Value | null)[];
  readonly attributes?: Attributes;
}

export type BatchRule = (node: BatchContext) => Plan;

/** The batch size the file was made with; unknown for a file that declares it open, until some constant tells. */
export class BakedBatch {
  #size: number | undefined;

  constructor(size: number | undefined) {
    this.#size = size;
  }
  get size(): number | undefined {
    return this.#size;
  }
  /** Whether the file's batch size can be `size`; the first answer holds for the rest of the file. */
  settle(size: number): boolean {
    if (!Number.isInteger(size) || size < 1) return false;
    this.#size ??= size;
    return this.#size === size;
  }
}

const mention = new RegExp(`(^|\\W)${batchSymbol}(\\W|$)`);

export const mentionsBatch = (dim: Dim): boolean => typeof dim === 'string' && mention.test(dim);

/** How many elements of an axis one record has: `k` of a dimension `k*N`; undefined when it is no such product. */
export const perRecord = (dim: Dim): Dim | undefined => {
  const rest = divideDims(dim, batchSymbol);
  return rest === undefined || mentionsBatch(rest) ? undefined : rest;
};

/** The axis that holds the batch. Undefined for a value without a batch. */
export const batchAxis = (shape: Shape | undefined): number | undefined => {
  const at = shape?.findIndex(mentionsBatch) ?? -1;
  return at < 0 ? undefined : at;
};

export class BatchContext {
  /** The node of the file. */
  readonly node: Node;
  /** Its inputs in the new graph. */
  readonly inputs: readonly (Value | null)[];
  readonly target: Graph;
  readonly batch: BakedBatch;

  constructor(node: Node, inputs: readonly (Value | null)[], target: Graph, batch: BakedBatch) {
    this.node = node;
    this.inputs = inputs;
    this.target = target;
    this.batch = batch;
  }

  input(i: number): Value {
    const value = this.inputs[i];
    if (!value) return this.refuse(`input ${i} is missing`);
    return value;
  }
  optional(i: number): Value | undefined {
    return this.inputs[i] ?? undefined;
  }
  shape(i: number): Shape {
    return this.input(i).shape ?? this.refuse(`the shape of input ${i} is not known`);
  }
  rank(i: number): number {
    return this.shape(i).length;
  }
  /** Where the batch lies in input i. */
  axis(i: number): number | undefined {
    return batchAxis(this.optional(i)?.shape);
  }
  /** The same, for an input that must hold the batch. */
  batchedAxis(i: number): number {
    return this.axis(i) ?? this.refuse(`input ${i} has no batch`);
  }
  /** Elements of one record along the batch axis of input i. */
  perRecord(i: number): Dim {
    const dim = this.shape(i)[this.batchedAxis(i)] as Dim;
    return perRecord(dim) ?? this.refuse(`its input has the shape ${showShape(this.shape(i))}`);
  }
  /** Inputs whose values belong to no record. */
  requireUnbatched(...indices: readonly number[]): void {
    for (const i of indices)
      if (this.axis(i) !== undefined) this.refuse(`input ${i} differs from record to record`);
  }
  numbers(i: number, what: string): number[] {
    const known = this.optional(i)?.known;
    if (!known?.every((dim) => typeof dim === 'number'))
      return this.refuse(`its ${what} are computed in a way that cannot be followed`);
    return known as number[];
  }
  int(name: string, fallback: number): number {
    const value = this.node.attributes[name];
    return typeof value === 'number' ? value : fallback;
  }
  /** A non-negative axis of an input of this rank. */
  positive(axis: number, rank: number): number {
    return axis < 0 ? axis + rank : axis;
  }

  /** One row in place of a row for each record of the baked batch: allowed only when all rows are the same. */
  singleRow(value: Value, axis: number): Value {
    if (!rowsEqual(value, axis))
      this.refuse(
        `'${value.name}' ${showShape(value.shape)} holds another value for each place in the batch`,
      );
    return Slice(value, { starts: [0], ends: [1], axes: [axis] });
  }

  /** The same for an input whose dimension `dim` at the batch's place can only be the baked batch. */
  bakedRow(value: Value, at: number, dim: Dim, perRecord: Dim): Value {
    if (typeof dim !== 'number' || perRecord !== 1 || !this.batch.settle(dim))
      return this.refuse(`'${value.name}' has ${dim} rows where the batch lies`);
    return this.singleRow(value, at);
  }

  /** Throws OG_BATCH_FIXED naming the node. */
  refuse(reason: string): never {
    throw new OnnxGradError(
      'OG_BATCH_FIXED',
      `the batch size cannot be made dynamic: at ${this.node.op} '${this.node.name}', ${reason}`,
      'Export the model again with a dynamic batch size (in PyTorch: torch.onnx.export(..., dynamic_axes={"input": {0: "N"}})).',
    );
  }
}

/** Operators that give equal rows when their first input has equal rows. */
const elementwise = new Set(['Identity', 'Cast', 'Neg', 'Abs', 'Sqrt', 'Exp', 'Relu', 'Sigmoid', 'Tanh']);

const rowsEqual = (value: Value, axis: number): boolean => {
  const { node } = value;
  const stored =
    value.graph.initializers.get(value.name) ??
    (node?.op === 'Constant' ? (node.attributes['value'] as Tensor) : undefined);
  if (stored) return slicesEqual(stored, axis);
  if (node?.domain !== '') return false;
  if (node.op === 'ConstantOfShape') return true;
  const input = node.inputs[0];
  if (!input?.shape || !value.shape) return false;
  if (node.op === 'Expand') {
    const at = axis - (value.shape.length - input.shape.length);
    return at < 0 || input.shape[at] === 1;
  }
  return elementwise.has(node.op) && rowsEqual(input, axis);
};

const slicesEqual = ({ dims, data }: Tensor, axis: number): boolean => {
  const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const size = dims[axis] as number;
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / inner) % size;
    if (!Object.is(data[i], data[i - row * inner])) return false;
  }
  return true;
};
