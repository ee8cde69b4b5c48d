/** The WebAssembly kernel equals the plain TypeScript one bit for bit. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxMuller } from './box-muller.ts';
import { fastestKernel } from './fastest-kernel.ts';
import { KERNEL_STEP, KERNEL_WORDS, type RandomKernel } from './kernel.ts';
import { philox4x32 } from './philox.ts';
import { referenceKernel } from './reference-kernel.ts';
import { wasmKernel } from './wasm-kernel.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });
const edgeWord = fc.oneof(word, fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff));
const count = fc.integer({ min: 1, max: KERNEL_WORDS });
const wasm = wasmKernel()!;
const reference = referenceKernel();

/** Runs the same calls on both and compares the first `length` words, as bits. */
function agree(length: number, run: (kernel: RandomKernel) => void): void {
  run(wasm);
  run(reference);
  expect(
    Buffer.compare(
      Buffer.from(wasm.words.slice(0, length).buffer),
      Buffer.from(reference.words.slice(0, length).buffer),
    ),
  ).toBe(0);
}

test('this engine runs the WebAssembly kernel', () => {
  expect(fastestKernel().name).toBe('wasm');
});

test('without WebAssembly the plain kernel takes over', () => {
  const engine = globalThis as { WebAssembly?: unknown };
  const saved = engine.WebAssembly;
  try {
    engine.WebAssembly = undefined;
    expect(wasmKernel()).toBeUndefined();
    engine.WebAssembly = { validate: () => false };
    expect(wasmKernel()).toBeUndefined();
  } finally {
    engine.WebAssembly = saved;
  }
});

test('words are Philox blocks, for any key and counter', () => {
  const inputs = fc.tuple(edgeWord, edgeWord, edgeWord, edgeWord, edgeWord, edgeWord, count);
  fc.assert(
    fc.property(inputs, ([key0, key1, first, counter1, counter2, counter3, length]) => {
      const counter0 = Math.min(first, 2 ** 32 - KERNEL_WORDS / 4);
      agree(length, (kernel) => kernel.generate(key0, key1, counter0, counter1, counter2, counter3, length));
      const last = Math.floor((length - 1) / 4);
      const block = new Uint32Array(4);
      philox4x32(counter0 + last, counter1, counter2, counter3, key0, key1, block);
      expect(wasm.words[length - 1]).toBe(block[(length - 1) % 4]);
    }),
    { numRuns: 60 },
  );
});

test('uniform, normal, bernoulli and flags agree on random words', () => {
  fc.assert(
    fc.property(
      word,
      count,
      edgeWord,
      fc.double({ min: -10, max: 10, noNaN: true }),
      (key, length, threshold, scale) => {
        const start = (kernel: RandomKernel) => kernel.generate(key, 1, 2, 3, 4, 5, length);
        agree(length, (kernel) => {
          start(kernel);
          kernel.uniform(length);
        });
        agree(length, (kernel) => {
          start(kernel);
          kernel.normal(length);
        });
        agree(length, (kernel) => {
          start(kernel);
          kernel.bernoulli(length, threshold, scale);
        });
        agree(Math.floor(length / 32), (kernel) => {
          start(kernel);
          kernel.flags(length, threshold);
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('noise is the normals of the same words in the order it says, times the deviation', () => {
  const length = KERNEL_WORDS;
  const deviation = fc.constantFrom(0, 1, 0.3, 1.25e-3);
  fc.assert(
    fc.property(word, edgeWord, deviation, count, (key, counter3, scale, some) => {
      agree(some, (kernel) => kernel.noise(key, 1, 2, 3, 4, counter3, some, scale));
      reference.noise(key, 1, 2, 3, 4, counter3, length, scale);
      const found = reference.floats.slice();
      reference.generate(key, 1, 2, 3, 4, counter3, length);
      const words = reference.words.slice();
      for (let block = 0; block < length / 4; block++)
        for (const pair of [0, 1]) {
          const draws = boxMuller(words[4 * block + 2 * pair]!, words[4 * block + 2 * pair + 1]!);
          const at = 16 * Math.floor(block / 4) + (block % 4) + 8 * pair;
          for (const [second, z] of draws.entries())
            expect(Math.abs(found[at + 4 * second]! - scale * z)).toBeLessThanOrEqual(
              2e-7 * scale * Math.abs(z),
            );
        }
    }),
    { numRuns: 10 },
  );
});

test('they agree on the words where rounding and reduction change', () => {
  const edges: number[] = [];
  for (let bit = 0; bit < 32; bit++) {
    for (const delta of [-1, 0, 1]) edges.push((2 ** bit + delta) >>> 0, ~(2 ** bit + delta) >>> 0);
    const reduction = Math.floor(Math.SQRT1_2 * 2 ** bit);
    for (let delta = -2; delta <= 2; delta++)
      edges.push((reduction + delta) >>> 0, ~(reduction + delta) >>> 0);
  }
  const length = Math.ceil(edges.length / KERNEL_STEP) * KERNEL_STEP;
  const put = (kernel: RandomKernel) => {
    for (let i = 0; i < length; i++) kernel.words[i] = edges[i % edges.length]!;
  };
  for (const post of ['uniform', 'normal'] as const) {
    agree(length, (kernel) => {
      put(kernel);
      kernel[post](length);
    });
  }
  for (const threshold of [0, 1, 0x7fffffff, 0x80000000, 0x80000001, 0xffffffff]) {
    agree(length, (kernel) => {
      put(kernel);
      kernel.bernoulli(length, threshold, 1.25);
    });
    agree(length / 32, (kernel) => {
      put(kernel);
      kernel.flags(length, threshold);
    });
  }
});
