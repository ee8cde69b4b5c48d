/** The assembler's number encodings and control flow, by running what it emits. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FunctionBuilder, i32, i32x4, v128, wasmFunction, wasmModule } from './wasm-assembler.ts';

interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}
const { Module, Instance } = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

/** Memory after a run of one function without parameters. */
function memoryAfter(build: (code: FunctionBuilder) => void): Int32Array {
  const module = new Module(wasmModule(1, [wasmFunction('main', [], build)]));
  const exports = new Instance(module).exports as { main(): void; memory: { buffer: ArrayBuffer } };
  exports.main();
  return new Int32Array(exports.memory.buffer);
}

test('integer constants survive their variable-length encoding', () => {
  const edges = [0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8192, -8193, 2 ** 31 - 1, -(2 ** 31)];
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...edges), fc.integer()), (value) => {
      const memory = memoryAfter((code) => code.storeScalar(i32.constant(4), i32.constant(value)));
      expect([...memory.subarray(0, 3)]).toEqual([0, value, 0]);
    }),
    { numRuns: 200 },
  );
});

test('vector constants, shuffles and offsets beyond one byte', () => {
  const memory = memoryAfter((code) => {
    const a = code.let(i32x4.constant([1, 2, 3, 4]));
    const b = code.let(i32x4.constant([-5, 6, -7, 0x7fffffff]));
    code.store(i32.constant(0), i32x4.shuffle(a, b, [3, 7, 0, 4]), 1024);
    code.store(i32.constant(16), v128.select(a, b, i32x4.constant([-1, 0, 0xff, 0])), 1024);
  });
  expect([...memory.subarray(256, 264)]).toEqual([4, 0x7fffffff, 1, -5, 1, 6, (-7 & ~0xff) | 3, 0x7fffffff]);
});

test('a loop runs until its condition fails, and more than 127 locals are told apart', () => {
  const memory = memoryAfter((code) => {
    const locals = Array.from({ length: 200 }, (_, i) => code.let(i32.constant(i * i)));
    const total = code.let(i32.constant(0));
    const step = code.let(i32.constant(0));
    code.doWhile(() => {
      code.set(total, i32.add(total, step));
      code.set(step, i32.add(step, i32.constant(1)));
      return i32.lessUnsigned(step, i32.constant(11));
    });
    code.storeScalar(i32.constant(0), total);
    code.storeScalar(i32.constant(4), locals[130]!);
    code.storeScalar(i32.constant(8), locals[2]!);
  });
  expect([...memory.subarray(0, 3)]).toEqual([55, 130 * 130, 4]);
});
