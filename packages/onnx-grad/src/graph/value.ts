/** The parts of a graph: values (edges) and nodes, plain data that only `Graph` creates. */
import type { AttributeProto } from '../proto/onnx_pb.ts';
import type { Dim, Shape } from './dim.ts';
import type { DType } from './dtype.ts';
import type { Graph } from './graph.ts';
import type { Tensor } from './tensor.ts';

export type AttributeKind = 'int' | 'ints' | 'float' | 'floats' | 'string' | 'strings' | 'tensor';
export type AttributeValue = number | string | readonly number[] | readonly string[] | Tensor;
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

export interface Value {
  readonly graph: Graph;
  /** Unique in its graph; the name in the ONNX file. */
  readonly name: string;
  readonly dtype: DType;
  /** Undefined where shape inference could not tell even the rank (behind an unknown operator). */
  readonly shape: Shape | undefined;
  readonly origin: 'input' | 'initializer' | 'node';
  readonly node?: Node;
  /** Contents of a small integer tensor as far as they are known before running: how shapes flow through a file. */
  readonly known?: readonly Dim[];
}

export interface Node {
  readonly op: string;
  /** Empty for ONNX's own operators. */
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
  /** Set for an operator we do not know: its attributes exactly as the file had them. */
  readonly opaque?: readonly AttributeProto[];
}
