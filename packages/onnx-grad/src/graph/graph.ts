/** The graph: inputs, initializers, nodes in topological order, outputs. Nodes are only ever appended. */
import { OnnxGradError } from '../errors.ts';
import type { AttributeProto, FunctionProto, TypeProto } from '../proto/onnx_pb.ts';
import type { Dim, Shape } from './dim.ts';
import type { DType } from './dtype.ts';
import { type Inferred, inferNode } from './infer/infer.ts';
import { isOperator, type OperatorName, operators } from './operators.ts';
import { scalar, type Tensor, toNumbers } from './tensor.ts';
import type { Attributes, Node, Value } from './value.ts';

/** Integer tensors up to this many elements have their contents followed by shape inference. */
const knownLimit = 64;

export interface OpaqueNode {
  readonly op: string;
  readonly domain: string;
  readonly name?: string;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly { name: string; dtype: DType; shape: Shape | undefined }[];
  readonly attributes: readonly AttributeProto[];
}

export class Graph {
  readonly name: string;
  readonly #values = new Map<string, Value>();
  readonly #inputs: Value[] = [];
  readonly #outputs = new Map<string, Value>();
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<string, Tensor>();
  readonly #parameters = new Set<string>();
  readonly #constants = new Map<string, Value>();
  /** Versions of operator sets other than ONNX's own, as imported. */
  readonly domains = new Map<string, number>();
  /** The file's functions, carried along unread: opaque nodes may call them. */
  readonly functions: FunctionProto[] = [];
  /** Types of outputs that are no tensors (ZipMap's list of maps), by value name. */
  readonly foreignTypes = new Map<string, TypeProto>();
  readonly metadata = new Map<string, string>();
  readonly #nodeNames = new Set<string>();
  readonly #reserved = new Set<string>();
  #fresh = 0;

  constructor(name = 'graph') {
    this.name = name;
  }

  get inputs(): readonly Value[] {
    return this.#inputs;
  }
  get nodes(): readonly Node[] {
    return this.#nodes;
  }
  /** Output name -> value. One value may stand under several names. */
  get outputs(): ReadonlyMap<string, Value> {
    return this.#outputs;
  }
  get initializers(): ReadonlyMap<string, Tensor> {
    return this.#initializers;
  }
  /** Names of the initializers that training changes. */
  get parameters(): ReadonlySet<string> {
    return this.#parameters;
  }

  value(name: string): Value {
    const found = this.#values.get(name);
    if (found === undefined)
      throw new OnnxGradError(
        'OG_BAD_ARGUMENT',
        `the graph has no value named '${name}'`,
        `Names of inputs and outputs: ${[...this.#inputs.map((v) => v.name), ...this.#outputs.keys()].join(', ')}.`,
      );
    return found;
  }
  has(name: string): boolean {
    return this.#values.has(name);
  }

  input(name: string, dtype: DType, shape: readonly Dim[]): Value {
    const value = this.#register({ graph: this, name: this.#claim(name), dtype, shape, origin: 'input' });
    this.#inputs.push(value);
    return value;
  }

  /** A tensor stored in the file. `trainable` marks it as a parameter. */
  initializer(name: string, data: Tensor, options: { trainable?: boolean } = {}): Value {
    const claimed = this.#claim(name);
    this.#initializers.set(claimed, data);
    if (options.trainable) this.#parameters.add(claimed);
    const known = knownContents(data);
    return this.#register({
      graph: this,
      name: claimed,
      dtype: data.dtype,
      shape: data.dims,
      origin: 'initializer',
      ...(known && { known }),
    });
  }

  /** A small constant, shared between equal requests. */
  constant(data: Tensor): Value {
    const key = `${data.dtype}[${data.dims.join(',')}]${data.data.length <= knownLimit ? Array.from(data.data as ArrayLike<unknown>, bits).join(',') : ''}`;
    const found = data.data.length <= knownLimit ? this.#constants.get(key) : undefined;
    if (found) return found;
    const value = this.initializer(this.freshName('const'), data);
    if (data.data.length <= knownLimit) this.#constants.set(key, value);
    return value;
  }
  /** A scalar constant of the given type. */
  scalar(value: number, dtype: 'float32' | 'float64' | 'int64' = 'float32'): Value {
    return this.constant(scalar(value, dtype));
  }

  /** Replace the contents of an initializer; type and shape stay. */
  setInitializer(name: string, data: Tensor): void {
    const old = this.#initializers.get(name);
    if (!old) throw new Error(`internal: no initializer '${name}'`);
    if (old.dtype !== data.dtype || old.dims.join() !== data.dims.join())
      throw new OnnxGradError(
        'OG_BAD_ARGUMENT',
        `'${name}' is ${old.dtype} [${old.dims.join(', ')}] but was given ${data.dtype} [${data.dims.join(', ')}]`,
        'Pass a tensor of the same type and shape.',
      );
    this.#initializers.set(name, data);
  }
  setTrainable(name: string, trainable: boolean): void {
    if (!this.#initializers.has(name)) throw new Error(`internal: no initializer '${name}'`);
    if (trainable) this.#parameters.add(name);
    else this.#parameters.delete(name);
  }

  /** Append a node of a known operator; shape inference runs at once and names the operator when shapes do not fit. */
  node(
    op: OperatorName,
    inputs: readonly (Value | null)[],
    attributes: Attributes = {},
    options: {
      outputs?: number;
      name?: string;
      outputNames?: readonly string[];
      /** What the file says of the outputs, used where inference cannot tell. */
      declared?: ReadonlyMap<string, { dtype: DType; shape: Shape | undefined }>;
    } = {},
  ): readonly Value[] {
    for (const input of inputs)
      if (input && input.graph !== this)
        throw new Error(`internal: ${op} was given the value '${input.name}' of another graph`);
    const name = options.name ?? this.freshName(op);
    const count = options.outputNames?.length ?? options.outputs ?? 1;
    const inferred = inferNode(operators[op], op, name, inputs, attributes, count).map((output, i) =>
      output.shape ? output : (options.declared?.get(options.outputNames?.[i] ?? '') ?? output),
    );
    return this.#append({ op, domain: '', name, inputs, attributes }, inferred, options.outputNames);
  }

  /** Append a node we cannot look into. It runs; a gradient that must pass through it is refused. */
  opaqueNode(spec: OpaqueNode): readonly Value[] {
    const name = spec.name || this.freshName(spec.op);
    return this.#append(
      {
        op: spec.op,
        domain: spec.domain,
        name,
        inputs: spec.inputs,
        attributes: {},
        opaque: spec.attributes,
      },
      spec.outputs.map(({ dtype, shape }) => ({ dtype, shape })),
      spec.outputs.map((o) => o.name),
    );
  }

  /**
   * An optional output of a node that was made without it (MaxPool's indices, LayerNormalization's statistics).
   * The node's meaning does not change; a file that does not use the output does not mention it.
   */
  extraOutput(node: Node, index: number): Value {
    const found = node.outputs[index];
    if (found) return found;
    const { op, name, inputs, attributes } = node;
    if (!isOperator(op)) throw new Error(`internal: ${op} '${name}' is opaque`);
    const inferred = inferNode(operators[op], op, name, inputs, attributes, index + 1);
    const outputs = node.outputs as Value[];
    for (let i = outputs.length; i <= index; i++) {
      const { dtype, shape } = inferred[i] as Inferred;
      outputs.push(
        this.#register({ graph: this, name: this.freshName(name), dtype, shape, origin: 'node', node }),
      );
    }
    return outputs[index] as Value;
  }

  output(name: string, value: Value): void {
    if (value.graph !== this) throw new Error(`internal: output '${name}' belongs to another graph`);
    this.#outputs.set(name, value);
  }
  dropOutput(name: string): void {
    this.#outputs.delete(name);
  }

  freshName(stem: string): string {
    for (;;) {
      const name = `${stem}_${this.#fresh++}`;
      if (![this.#values, this.#outputs, this.#nodeNames, this.#reserved].some((taken) => taken.has(name)))
        return name;
    }
  }
  /** Keep fresh names clear of these, which a file is about to use. */
  reserve(names: Iterable<string>): void {
    for (const name of names) this.#reserved.add(name);
  }

  #append(
    base: Omit<Node, 'outputs'>,
    inferred: readonly Inferred[],
    names: readonly string[] | undefined,
  ): readonly Value[] {
    const outputs: Value[] = [];
    // onnxruntime refuses a model in which two nodes have one name.
    const name = this.#nodeNames.has(base.name) ? this.freshName(base.name) : base.name;
    this.#nodeNames.add(name);
    const node: Node = { ...base, name, outputs };
    inferred.forEach(({ dtype, shape, known }, i) => {
      const wanted = names?.[i];
      // An empty name is ONNX's way to leave an optional output out; it still holds its place here.
      const valueName = wanted ? this.#claim(wanted) : this.freshName(name);
      const contents = known && known.length <= knownLimit ? { known } : {};
      outputs.push(
        this.#register({ graph: this, name: valueName, dtype, shape, origin: 'node', node, ...contents }),
      );
    });
    this.#nodes.push(node);
    return outputs;
  }

  #claim(name: string): string {
    if (name === '' || this.#values.has(name))
      throw new OnnxGradError(
        'OG_MODEL_INVALID',
        name === '' ? 'a value has an empty name' : `the name '${name}' is given to two values`,
        'Every value of an ONNX graph needs a name of its own; export the model again.',
      );
    return name;
  }
  #register(value: Value): Value {
    this.#values.set(value.name, value);
    return value;
  }
}

/** -0 and 0 differ as constants; `String` would merge them. */
const bits = (element: unknown): string => (Object.is(element, -0) ? '-0' : String(element));

const knownContents = (data: Tensor): readonly Dim[] | undefined =>
  (data.dtype === 'int64' || data.dtype === 'int32') &&
  data.data.length <= knownLimit &&
  data.dims.length <= 1
    ? toNumbers(data)
    : undefined;
