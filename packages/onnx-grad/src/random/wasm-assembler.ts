/**
 * A small typed assembler for WebAssembly with SIMD: just the instructions the random kernel needs, so that the
 * kernel is readable source of ours instead of a committed binary that needs a toolchain to regenerate.
 *
 * Opcodes and encodings: WebAssembly core specification 2.0, chapter 5.
 */

const VALUE_TYPE = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;
type ValueType = keyof typeof VALUE_TYPE;

/** Bytes of an expression that leaves one value on the stack; the type makes a mix-up of operands a compile error. */
export interface Expression<T extends ValueType> {
  readonly type: T;
  readonly bytes: readonly number[];
}
export type I32 = Expression<'i32'>;
export type F32 = Expression<'f32'>;
export type V128 = Expression<'v128'>;

/** Twice as fast as `flat`, which a process notices at its first random number. */
const joined = (parts: readonly (readonly number[])[]): number[] => ([] as number[]).concat(...parts);

function expression<T extends ValueType>(type: T, ...parts: readonly (readonly number[])[]): Expression<T> {
  return { type, bytes: joined(parts) };
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
const unary = (opcode: number) => (a: V128) => expression('v128', a.bytes, simd(opcode));
const binary = (opcode: number) => (a: V128, b: V128) => expression('v128', a.bytes, b.bytes, simd(opcode));
const shift = (opcode: number) => (a: V128, by: number) =>
  expression('v128', a.bytes, i32.constant(by).bytes, simd(opcode));
const scalar = (opcode: number) => (a: I32, b: I32) => expression('i32', a.bytes, b.bytes, [opcode]);

/** Every vector access here is aligned to 16 bytes. */
const memoryArgument = (offset: number): number[] => [4, ...unsigned(offset)];

const laneBytes = (lanes: readonly number[], view: 'Int32Array' | 'Float32Array'): number[] => [
  ...new Uint8Array((view === 'Int32Array' ? Int32Array : Float32Array).from(lanes).buffer),
];

export const i32 = {
  constant: (value: number): I32 => expression('i32', [0x41], signed(value)),
  add: scalar(0x6a),
  lessUnsigned: scalar(0x49),
  or: scalar(0x72),
  shiftLeft: scalar(0x74),
};

export const v128 = {
  load: (address: I32, offset = 0): V128 =>
    expression('v128', address.bytes, simd(0x00), memoryArgument(offset)),
  and: binary(0x4e),
  or: binary(0x50),
  xor: binary(0x51),
  /** Bits of `whenSet` where `mask` has a one, of `whenClear` elsewhere. */
  select: (whenSet: V128, whenClear: V128, mask: V128): V128 =>
    expression('v128', whenSet.bytes, whenClear.bytes, mask.bytes, simd(0x52)),
};

export const i32x4 = {
  constant: (lanes: readonly [number, number, number, number]): V128 =>
    expression('v128', simd(0x0c), laneBytes(lanes, 'Int32Array')),
  /** Lane numbers 0-3 pick from `a`, 4-7 from `b`. */
  shuffle: (a: V128, b: V128, lanes: readonly [number, number, number, number]): V128 =>
    expression(
      'v128',
      a.bytes,
      b.bytes,
      simd(0x0d),
      lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
    ),
  splat: (a: I32): V128 => expression('v128', a.bytes, simd(0x11)),
  equal: binary(0x37),
  lessUnsigned: binary(0x3a),
  /** The sign bit of lane j as bit j. */
  bitmask: (a: V128): I32 => expression('i32', a.bytes, simd(0xa4)),
  shiftLeft: shift(0xab),
  shiftRightSigned: shift(0xac),
  shiftRightUnsigned: shift(0xad),
  add: binary(0xae),
  subtract: binary(0xb1),
  /** 64-bit products of lanes 0, 1 (low) or 2, 3 (high). */
  multiplyWideLow: binary(0xde),
  multiplyWideHigh: binary(0xdf),
};

export const f32x4 = {
  constant: (value: number): V128 =>
    expression('v128', simd(0x0c), laneBytes([value, value, value, value], 'Float32Array')),
  splat: (a: F32): V128 => expression('v128', a.bytes, simd(0x13)),
  fromSigned: unary(0xfa),
  negate: unary(0xe1),
  sqrt: unary(0xe3),
  add: binary(0xe4),
  subtract: binary(0xe5),
  multiply: binary(0xe6),
  divide: binary(0xe7),
};

/** A variable of the function under construction. */
export interface Local<T extends ValueType> extends Expression<T> {
  readonly index: number;
}

/** Collects the statements of one exported function that returns nothing. */
export interface FunctionBuilder {
  /** Computes once, into a new local. */
  let<T extends ValueType>(value: Expression<T>): Local<T>;
  /**
   * A vector constant, loaded once before the first statement however often it is asked for: some engines would load
   * it again in every turn of a loop.
   */
  constant(value: V128): Local<'v128'>;
  set<T extends ValueType>(local: Local<T>, value: Expression<T>): void;
  store(address: I32, value: V128, offset?: number): void;
  storeScalar(address: I32, value: I32): void;
  /** Runs the body once, then again while the condition it returns is not zero. */
  doWhile(body: () => I32): void;
}

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly code: readonly number[];
}

type Parameters<T extends readonly ValueType[]> = { [I in keyof T]: Local<T[I]> };

/** One exported function; `build` receives the builder and the parameters as locals. */
export function wasmFunction<const T extends readonly ValueType[]>(
  name: string,
  parameters: T,
  build: (code: FunctionBuilder, ...parameters: Parameters<T>) => void,
): WasmFunction {
  const locals: ValueType[] = [];
  const constants = new Map<string, Local<'v128'>>();
  const prologue: number[] = [];
  const code: number[] = [];
  const local = <U extends ValueType>(type: U, index: number): Local<U> => ({
    ...expression(type, [0x20], unsigned(index)),
    index,
  });
  const newLocal = <U extends ValueType>(type: U): Local<U> => {
    locals.push(type);
    return local(type, parameters.length + locals.length - 1);
  };
  const builder: FunctionBuilder = {
    constant(value) {
      const key = value.bytes.join();
      const known = constants.get(key);
      if (known !== undefined) return known;
      const created = newLocal('v128');
      constants.set(key, created);
      prologue.push(...value.bytes, 0x21, ...unsigned(created.index));
      return created;
    },
    let(value) {
      const created = newLocal(value.type);
      builder.set(created, value);
      return created;
    },
    set(target, value) {
      code.push(...value.bytes, 0x21, ...unsigned(target.index));
    },
    store(address, value, offset = 0) {
      code.push(...address.bytes, ...value.bytes, ...simd(0x0b), ...memoryArgument(offset));
    },
    storeScalar(address, value) {
      code.push(...address.bytes, ...value.bytes, 0x36, 2, 0);
    },
    doWhile(body) {
      code.push(0x03, 0x40);
      code.push(...body().bytes, 0x0d, 0x00, 0x0b);
    },
  };
  build(builder, ...(parameters.map(local) as Parameters<T>));
  return { name, parameters, locals, code: [...prologue, ...code] };
}

const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...joined(items),
];
const text = (value: string): number[] => vector([...new TextEncoder().encode(value)].map((byte) => [byte]));
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];

/** The binary module: the functions, and a memory of `pages` · 64 KiB exported as `memory`. */
export function wasmModule(pages: number, functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map((f) => [0x60, ...vector(f.parameters.map((t) => [VALUE_TYPE[t]])), 0]);
  const exports = functions.map((f, i) => [...text(f.name), 0x00, ...unsigned(i)]);
  const bodies = functions.map((f) => {
    const body = [...vector(f.locals.map((type) => [1, VALUE_TYPE[type]])), ...f.code, 0x0b];
    return [...unsigned(body.length), ...body];
  });
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(5, vector([[0x01, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(7, vector([...exports, [...text('memory'), 0x02, 0x00]])),
    ...section(10, vector(bodies)),
  ]);
}
