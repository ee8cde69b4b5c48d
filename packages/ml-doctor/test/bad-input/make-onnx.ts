/** Writes ONNX files field by field (onnx.proto3), so that they can say what no exporter says. */

const varint = (value: number | bigint): Buffer => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
};

type Part = string | number | bigint | Uint8Array;

/** A field: whole numbers as varints, all else with its length before it. */
export const field = (number: number, value: Part): Buffer => {
  if (typeof value === 'number' || typeof value === 'bigint')
    return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value as Uint8Array);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
};

export const message = (...fields: readonly (readonly [number: number, value: Part])[]): Buffer =>
  Buffer.concat(fields.map(([number, value]) => field(number, value)));

export const FLOAT = 1;
export const INT64 = 7;
export const STRING = 8;

type Dim = number | bigint | string;

export const value = (name: string, dims: readonly Dim[], type = FLOAT): Buffer =>
  message(
    [1, name],
    [
      2,
      message([
        1,
        message(
          [1, type],
          [2, message(...dims.map((dim) => [1, message([typeof dim === 'string' ? 2 : 1, dim])] as const))],
        ),
      ]),
    ],
  );

export const node = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  { domain = '', attributes = [] }: { domain?: string; attributes?: readonly Uint8Array[] } = {},
): Buffer =>
  message(
    ...[...inputs.map((name) => [1, name] as const), ...outputs.map((name) => [2, name] as const)],
    [3, `${op}_${outputs[0]}`],
    [4, op],
    ...attributes.map((one) => [5, one] as const),
    ...(domain === '' ? [] : [[7, domain] as const]),
  );

export const initializer = (
  name: string,
  dims: readonly (number | bigint)[],
  raw: Uint8Array | undefined,
  { type = FLOAT, external }: { type?: number; external?: string } = {},
): Buffer =>
  message(
    ...dims.map((dim) => [1, dim] as const),
    [2, type],
    [8, name],
    ...(raw ? [[9, raw] as const] : []),
    ...(external === undefined
      ? []
      : [[13, message([1, 'location'], [2, external])] as const, [14, 1] as const]),
  );

export interface GraphParts {
  readonly nodes?: readonly Uint8Array[];
  readonly initializers?: readonly Uint8Array[];
  readonly inputs?: readonly Uint8Array[];
  readonly outputs?: readonly Uint8Array[];
}

export const graph = ({ nodes = [], initializers = [], inputs = [], outputs = [] }: GraphParts): Buffer =>
  message(
    ...nodes.map((one) => [1, one] as const),
    [2, 'g'],
    ...initializers.map((one) => [5, one] as const),
    ...inputs.map((one) => [11, one] as const),
    ...outputs.map((one) => [12, one] as const),
  );

export const model = (
  parts: GraphParts,
  { opset = 17, domains = [] as readonly string[] }: { opset?: number; domains?: readonly string[] } = {},
): Buffer =>
  message(
    [1, 8],
    [7, graph(parts)],
    [8, message([1, ''], [2, opset])],
    ...domains.map((domain) => [8, message([1, domain], [2, 1])] as const),
  );

export const floats = (...values: readonly number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);

/** `[N, 4]` to the logits of three classes. */
export const linear = (change: Partial<GraphParts> = {}, options?: Parameters<typeof model>[1]): Buffer =>
  model(
    {
      nodes: [node('MatMul', ['x', 'w'], ['logits'])],
      initializers: [initializer('w', [4, 3], floats(1, -1, 0, 0, 1, -1, -1, 0, 1, 0.5, 0.5, -1))],
      inputs: [value('x', ['N', 4])],
      outputs: [value('logits', ['N', 3])],
      ...change,
    },
    options,
  );
