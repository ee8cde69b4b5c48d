/** The random kernel as WebAssembly SIMD: operation for operation what the plain TypeScript kernel computes. */

import { ANGLE_STEP, ATANH, COS, MINUS_TWO_LN_2, SIN, SQRT_HALF_BITS, WORD_STEP } from './box-muller.ts';
import { KERNEL_STEP } from './kernel.ts';
import { PHILOX_M0, PHILOX_M1, PHILOX_ROUNDS, PHILOX_W0, PHILOX_W1 } from './philox.ts';
import {
  type FunctionBuilder,
  f32x4,
  type I32,
  i32,
  i32x4,
  type V128,
  v128,
  type WasmFunction,
  wasmFunction,
  wasmModule,
} from './wasm-assembler.ts';

/** Runs the body for every `bytes` of memory below 4 · count, which is at least one step. */
function forEachStep(code: FunctionBuilder, count: I32, bytes: number, body: (address: I32) => void): void {
  const end = code.let(i32.add(i32.add(count, count), i32.add(count, count)));
  const address = code.let(i32.constant(0));
  code.doWhile(() => {
    body(address);
    code.set(address, i32.add(address, i32.constant(bytes)));
    return i32.lessUnsigned(address, end);
  });
}

const integer = (code: FunctionBuilder, value: number): V128 =>
  code.constant(i32x4.constant([value, value, value, value]));
const float = (code: FunctionBuilder, value: number): V128 => code.constant(f32x4.constant(value));

/** Low and high halves of the four products of `a` and a constant. */
function wideProduct(code: FunctionBuilder, a: V128, constant: number): { low: V128; high: V128 } {
  const first = code.let(i32x4.multiplyWideLow(a, integer(code, constant)));
  const second = code.let(i32x4.multiplyWideHigh(a, integer(code, constant)));
  return {
    low: code.let(i32x4.shuffle(first, second, [0, 2, 4, 6])),
    high: code.let(i32x4.shuffle(first, second, [1, 3, 5, 7])),
  };
}

/** Stores four blocks that lie one in each lane so that the words of a block are adjacent. */
function storeTransposed(code: FunctionBuilder, address: I32, offset: number, [a, b, c, d]: State): void {
  const ab01 = code.let(i32x4.shuffle(a, b, [0, 4, 1, 5]));
  const ab23 = code.let(i32x4.shuffle(a, b, [2, 6, 3, 7]));
  const cd01 = code.let(i32x4.shuffle(c, d, [0, 4, 1, 5]));
  const cd23 = code.let(i32x4.shuffle(c, d, [2, 6, 3, 7]));
  code.store(address, i32x4.shuffle(ab01, cd01, [0, 1, 4, 5]), offset);
  code.store(address, i32x4.shuffle(ab01, cd01, [2, 3, 6, 7]), offset + 16);
  code.store(address, i32x4.shuffle(ab23, cd23, [0, 1, 4, 5]), offset + 32);
  code.store(address, i32x4.shuffle(ab23, cd23, [2, 3, 6, 7]), offset + 48);
}

type State = readonly [a: V128, b: V128, c: V128, d: V128];

/**
 * Eight Philox blocks at a time for all words below `count`: two groups of four, interleaved because one alone waits for
 * its own products. `use` gets each group with one block in each lane.
 */
function forEachEightBlocks(
  code: FunctionBuilder,
  [key0, key1, counter0, counter1, counter2, counter3, count]: readonly [I32, I32, I32, I32, I32, I32, I32],
  use: (address: I32, group: number, state: State) => void,
): void {
  const roundKeys = Array.from({ length: PHILOX_ROUNDS }, (_, round) => ({
    k0: code.let(i32x4.splat(i32.add(key0, i32.constant(Math.imul(round, PHILOX_W0))))),
    k1: code.let(i32x4.splat(i32.add(key1, i32.constant(Math.imul(round, PHILOX_W1))))),
  }));
  const position = code.let(i32x4.add(i32x4.splat(counter0), i32x4.constant([0, 1, 2, 3])));
  const next = ([a, b, c, d]: State, k0: V128, k1: V128): State => {
    const product0 = wideProduct(code, a, PHILOX_M0);
    const product1 = wideProduct(code, c, PHILOX_M1);
    return [
      code.let(v128.xor(v128.xor(product1.high, b), k0)),
      product1.low,
      code.let(v128.xor(v128.xor(product0.high, d), k1)),
      product0.low,
    ];
  };
  const rest = [counter1, counter2, counter3].map((word) => code.let(i32x4.splat(word)));
  forEachStep(code, count, 4 * KERNEL_STEP, (address) => {
    let groups = [position, code.let(i32x4.add(position, integer(code, 4)))].map(
      (first): State => [first, rest[0]!, rest[1]!, rest[2]!],
    );
    for (const { k0, k1 } of roundKeys) groups = groups.map((state) => next(state, k0, k1));
    for (const [i, state] of groups.entries()) use(address, i, state);
    code.set(position, i32x4.add(position, integer(code, KERNEL_STEP / 4)));
  });
}

const generate = (): WasmFunction =>
  wasmFunction('generate', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (code, ...where) => {
    forEachEightBlocks(code, where, (address, group, state) => {
      storeTransposed(code, address, 64 * group, state);
    });
  });

const uniform = (): WasmFunction =>
  wasmFunction('uniform', ['i32'], (code, count) => {
    forEachStep(code, count, 16, (address) => {
      const upper24 = i32x4.shiftRightUnsigned(v128.load(address), 8);
      code.store(address, f32x4.multiply(f32x4.fromSigned(upper24), float(code, 2 ** -24)));
    });
  });

function cubic(code: FunctionBuilder, coefficients: readonly number[], z: V128): V128 {
  return coefficients
    .map((value) => float(code, value))
    .reduceRight((sum, coefficient) => f32x4.add(f32x4.multiply(sum, z), coefficient));
}

function minusTwoLog(code: FunctionBuilder, word: V128): V128 {
  const upper = code.let(i32x4.shiftRightSigned(word, 31));
  const folded = f32x4.fromSigned(v128.xor(word, upper));
  const u = code.let(f32x4.multiply(f32x4.add(folded, float(code, 0.5)), float(code, WORD_STEP)));
  const value = code.let(v128.select(f32x4.subtract(float(code, 1), u), u, upper));
  const exponent = code.let(i32x4.shiftRightSigned(i32x4.subtract(value, integer(code, SQRT_HALF_BITS)), 23));
  const mantissa = i32x4.subtract(value, i32x4.shiftLeft(exponent, 23));
  const fraction = code.let(
    v128.select(
      f32x4.negate(u),
      f32x4.subtract(mantissa, float(code, 1)),
      i32x4.equal(exponent, integer(code, 0)),
    ),
  );
  const s = code.let(f32x4.divide(fraction, f32x4.add(float(code, 2), fraction)));
  const z = code.let(f32x4.multiply(s, s));
  const atanh = f32x4.add(s, f32x4.multiply(f32x4.multiply(s, z), cubic(code, ATANH, z)));
  return f32x4.subtract(
    f32x4.multiply(f32x4.fromSigned(exponent), float(code, MINUS_TWO_LN_2)),
    f32x4.multiply(float(code, 4), atanh),
  );
}

function cosSin(code: FunctionBuilder, x: V128): { cos: V128; sin: V128 } {
  const z = code.let(f32x4.multiply(x, x));
  const sin = f32x4.add(x, f32x4.multiply(f32x4.multiply(x, z), cubic(code, SIN, z)));
  const cos = f32x4.add(
    f32x4.subtract(float(code, 1), f32x4.multiply(float(code, 0.5), z)),
    f32x4.multiply(f32x4.multiply(z, z), cubic(code, COS, z)),
  );
  return { cos: code.let(cos), sin: code.let(sin) };
}

/** Four Box-Muller pairs: the first normals of all, and the second. */
function boxMuller(
  code: FunctionBuilder,
  radiusWord: V128,
  angleWord: V128,
  scale?: V128,
): readonly [first: V128, second: V128] {
  const root = f32x4.sqrt(minusTwoLog(code, radiusWord));
  const length = scale ? f32x4.multiply(root, scale) : root;
  const halfTurn = v128.and(i32x4.shiftLeft(angleWord, 1), integer(code, 0x80000000));
  const radius = code.let(v128.xor(length, halfTurn));
  const offset = f32x4.fromSigned(v128.or(i32x4.shiftLeft(angleWord, 2), integer(code, 2)));
  const { cos, sin } = cosSin(code, code.let(f32x4.multiply(offset, float(code, ANGLE_STEP))));
  const mirrored = code.let(i32x4.shiftRightSigned(angleWord, 31));
  return [
    f32x4.multiply(radius, v128.select(sin, cos, mirrored)),
    f32x4.multiply(radius, v128.select(cos, sin, mirrored)),
  ];
}

const normal = (): WasmFunction =>
  wasmFunction('normal', ['i32'], (code, count) => {
    forEachStep(code, count, 32, (address) => {
      const radiusWord = code.let(v128.load(address));
      const angleWord = code.let(v128.load(address, 16));
      const [first, second] = boxMuller(code, radiusWord, angleWord);
      code.store(address, first);
      code.store(address, second, 16);
    });
  });

const noise = (): WasmFunction =>
  wasmFunction(
    'noise',
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
    (code, key0, key1, counter0, counter1, counter2, counter3, count, deviation) => {
      const scale: V128 = code.let(f32x4.splat(deviation));
      const where = [key0, key1, counter0, counter1, counter2, counter3, count] as const;
      forEachEightBlocks(code, where, (address, group, [a, b, c, d]) => {
        for (const [i, [radiusWord, angleWord]] of [[a, b] as const, [c, d] as const].entries()) {
          const [first, second] = boxMuller(code, radiusWord, angleWord, scale);
          code.store(address, first, 64 * group + 32 * i);
          code.store(address, second, 64 * group + 32 * i + 16);
        }
      });
    },
  );

const bernoulli = (): WasmFunction =>
  wasmFunction('bernoulli', ['i32', 'i32', 'f32'], (code, count, threshold, scale) => {
    const limit = code.let(i32x4.splat(threshold));
    const kept: V128 = code.let(f32x4.splat(scale));
    forEachStep(code, count, 16, (address) => {
      code.store(address, v128.and(i32x4.lessUnsigned(v128.load(address), limit), kept));
    });
  });

const flags = (): WasmFunction =>
  wasmFunction('flags', ['i32', 'i32'], (code, count, threshold) => {
    const limit = code.let(i32x4.splat(threshold));
    const target = code.let(i32.constant(0));
    forEachStep(code, count, 4 * 32, (address) => {
      const parts = [0, 1, 2, 3, 4, 5, 6, 7].map((part) => {
        const below = i32x4.lessUnsigned(v128.load(address, 16 * part), limit);
        return i32.shiftLeft(i32x4.bitmask(below), i32.constant(4 * part));
      });
      code.storeScalar(
        target,
        parts.reduce((all, part) => i32.or(all, part)),
      );
      code.set(target, i32.add(target, i32.constant(4)));
    });
  });

/** The module's bytes: a memory of one page, and the functions of `RandomKernel`. */
export function kernelModule(): Uint8Array<ArrayBuffer> {
  return wasmModule(1, [generate(), uniform(), normal(), noise(), bernoulli(), flags()]);
}
