/** Loads the WebAssembly kernel into the running engine. */

import { KERNEL_WORDS, type RandomKernel } from './kernel.ts';
import { kernelModule } from './wasm-program.ts';

type Exports = Omit<RandomKernel, 'name' | 'words' | 'floats'> & {
  readonly memory: { readonly buffer: ArrayBuffer };
};

/** The part of the engine's WebAssembly object used here; the language's own type library leaves it out. */
interface WebAssemblyEngine {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/** A kernel with its own memory, or undefined where WebAssembly or its SIMD instructions are missing. */
export function wasmKernel(): RandomKernel | undefined {
  const engine = (globalThis as { WebAssembly?: WebAssemblyEngine }).WebAssembly;
  const bytes = kernelModule();
  if (engine === undefined || !engine.validate(bytes)) return undefined;
  const instance = new engine.Instance(new engine.Module(bytes));
  const { memory, ...functions } = instance.exports as Exports;
  return {
    name: 'wasm',
    words: new Uint32Array(memory.buffer, 0, KERNEL_WORDS),
    floats: new Float32Array(memory.buffer, 0, KERNEL_WORDS),
    ...functions,
  };
}
