/** The random kernel in plain TypeScript: what the fast one must equal, and what runs where WebAssembly is missing. */

import { boxMuller } from './box-muller.ts';
import { KERNEL_STEP, KERNEL_WORDS, type RandomKernel } from './kernel.ts';
import { philox4x32 } from './philox.ts';

export function referenceKernel(): RandomKernel {
  const words = new Uint32Array(KERNEL_WORDS);
  const floats = new Float32Array(words.buffer);
  const block = new Uint32Array(4);
  return {
    name: 'typescript',
    words,
    floats,
    generate(key0, key1, counter0, counter1, counter2, counter3, count) {
      const end = Math.ceil(count / KERNEL_STEP) * KERNEL_STEP;
      for (let i = 0; i < end; i += 4) {
        philox4x32(counter0 + i / 4, counter1, counter2, counter3, key0, key1, words, i);
      }
    },
    uniform(count) {
      for (let i = 0; i < count; i++) floats[i] = (words[i]! >>> 8) * 2 ** -24;
    },
    normal(count) {
      for (let base = 0; base < count; base += 8) {
        for (let i = base; i < base + 4; i++) {
          const [first, second] = boxMuller(words[i]!, words[i + 4]!);
          floats[i] = first;
          floats[i + 4] = second;
        }
      }
    },
    noise(key0, key1, counter0, counter1, counter2, counter3, count, deviation) {
      const blocks = Math.ceil(count / KERNEL_STEP) * (KERNEL_STEP / 4);
      for (let i = 0; i < blocks; i++) {
        philox4x32(counter0 + i, counter1, counter2, counter3, key0, key1, block);
        const at = 16 * Math.floor(i / 4) + (i % 4);
        for (const pair of [0, 1]) {
          const [first, second] = boxMuller(block[2 * pair]!, block[2 * pair + 1]!, deviation);
          floats[at + 8 * pair] = first;
          floats[at + 8 * pair + 4] = second;
        }
      }
    },
    bernoulli(count, threshold, scale) {
      for (let i = 0; i < count; i++) floats[i] = words[i]! < threshold ? scale : 0;
    },
    flags(count, threshold) {
      for (let base = 0; base < count; base += 32) {
        let flags = 0;
        for (let j = 0; j < 32; j++) if (words[base + j]! < threshold) flags |= 1 << j;
        words[base / 32] = flags;
      }
    },
  };
}
