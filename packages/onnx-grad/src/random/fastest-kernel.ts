/** Chooses the kernel, once per process. */

import type { RandomKernel } from './kernel.ts';
import { referenceKernel } from './reference-kernel.ts';
import { wasmKernel } from './wasm-kernel.ts';

let fastest: RandomKernel | undefined;

/** WebAssembly SIMD where the engine has it, else plain TypeScript: the same bits, more slowly. */
export function fastestKernel(): RandomKernel {
  fastest ??= wasmKernel() ?? referenceKernel();
  return fastest;
}
