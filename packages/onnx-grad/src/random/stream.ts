/** Random numbers addressed by (seed, purpose, index): the same whoever asks, when, where and in what order. */

import { OnnxGradError } from '../errors.ts';
import { fillIntegers, shuffledPrefix } from './bounded.ts';
import { fastestKernel } from './fastest-kernel.ts';
import type { RandomKernel } from './kernel.ts';
import { type Purpose, type Seed, streamKey } from './key.ts';
import { DOMAIN, wordStream } from './word-stream.ts';

/**
 * Endless sequences of independent draws, one sequence for each method. Element i depends on seed, purpose, method and
 * i alone: `offset` is the index of the element that goes to `out[0]`, and asking twice gives the same numbers again.
 * So give each quantity a purpose of its own, and put what changes (step, layer, model) into the purpose or the offset.
 *
 * Bits are the same on every machine and engine. Not for secrets: the generator is statistically strong and not
 * cryptographic, and normals are float32 values whose low bits are not those of an ideal Gaussian.
 *
 * Every method throws `OG_BAD_ARGUMENT` for an argument outside its range. Methods that fill `out` return it.
 */
export interface RandomStream {
  /** Uniform on the integers [0, 2^32). */
  uint32(out: Uint32Array, offset?: number): Uint32Array;
  /** Uniform on [0, 1): multiples of 2^-24 in a Float32Array, of 2^-53 in a Float64Array (another sequence). */
  uniform<T extends Float32Array | Float64Array>(out: T, offset?: number): T;
  /** Mean 0 and variance 1, by Box-Muller from 32-bit words; the largest possible magnitude is 6.76. */
  normal(out: Float32Array, offset?: number): Float32Array;
  /**
   * Mean 0 and standard deviation `deviation` (1 by default; finite, from 0): as `normal`, another sequence that is made
   * faster. Under different deviations the draws are the same but for rounding.
   */
  noise(out: Float32Array, deviation?: number, offset?: number): Float32Array;
  /**
   * `scale` with probability `probability`, else 0; inverted dropout has scale = 1 / probability. The probability is
   * in [0, 1], exact at both ends, and is rounded to a multiple of 2^-32. Masks of one stream under different
   * probabilities are nested.
   */
  bernoulli(out: Float32Array, probability: number, scale?: number, offset?: number): Float32Array;
  /**
   * Poisson sampling: the indices in [0, population) that are included when each is, independently, with probability
   * `rate`; ascending. They are the places where `bernoulli` with that probability is not 0.
   */
  poissonSample(population: number, rate: number): Uint32Array<ArrayBuffer>;
  /** Uniform on the integers [0, below), without bias; `below` is in [1, 2^32]. */
  integers(out: Uint32Array, below: number, offset?: number): Uint32Array;
  /** 0 .. size - 1 in random order, every order equally likely; `size` is at most 2^32 - 1. */
  permutation(size: number): Uint32Array<ArrayBuffer>;
  /** `size` different integers of [0, population) in random order: the first `size` of `permutation(population)`. */
  sample(population: number, size: number): Uint32Array<ArrayBuffer>;
}

const TWO_32 = 2 ** 32;
/** Elements have indices below this; the two words of element 2^52 - 1 are the last with an exact index. */
const MAX_INDEX = 2 ** 52;

function requireInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new OnnxGradError(
    'OG_BAD_ARGUMENT',
    `random stream: ${name} is ${value}, not an integer in [${least}, ${most}]`,
    `Pass an integer in that range as ${name}.`,
  );
}

function requireRange(offset: number, length: number): void {
  requireInteger('offset', offset, 0, MAX_INDEX - length);
}

function requireDeviation(deviation: number): void {
  if (deviation >= 0 && Math.fround(deviation) < Number.POSITIVE_INFINITY) return;
  throw new OnnxGradError(
    'OG_BAD_ARGUMENT',
    `random stream: deviation is ${deviation}, not a finite number from 0`,
    'Pass a finite number from 0 as deviation.',
  );
}

/** The number of 32-bit words, of 2^32, that count as a success. */
function successes(name: string, probability: number): number {
  if (probability >= 0 && probability <= 1) return Math.round(probability * TWO_32);
  throw new OnnxGradError(
    'OG_BAD_ARGUMENT',
    `random stream: ${name} is ${probability}, not in [0, 1]`,
    `Pass a number in [0, 1] as ${name}.`,
  );
}

/** The stream of `stream`, on a kernel of choice. */
export function streamOn(kernel: RandomKernel, seed: Seed, purpose: Purpose): RandomStream {
  const source = wordStream(kernel, streamKey(seed, purpose));
  const { words, floats } = kernel;
  return Object.freeze<RandomStream>({
    uint32(out, offset = 0) {
      requireRange(offset, out.length);
      source.forEachPiece(DOMAIN.uint32, offset, out.length, (at, count, done) => {
        out.set(words.subarray(at, at + count), done);
      });
      return out;
    },

    uniform(out, offset = 0) {
      requireRange(offset, out.length);
      if (out instanceof Float32Array) {
        source.forEachPiece(DOMAIN.uniform32, offset, out.length, (at, count, done) => {
          kernel.uniform(at + count);
          out.set(floats.subarray(at, at + count), done);
        });
        return out;
      }
      source.forEachPiece(DOMAIN.uniform64, 2 * offset, 2 * out.length, (at, count, done) => {
        for (let i = 0; i < count; i += 2) {
          const upper27 = words[at + i]! >>> 5;
          const lower26 = words[at + i + 1]! >>> 6;
          out[(done + i) / 2] = (upper27 * 2 ** 26 + lower26) * 2 ** -53;
        }
      });
      return out;
    },

    normal(out, offset = 0) {
      requireRange(offset, out.length);
      source.forEachPiece(DOMAIN.normal, offset, out.length, (at, count, done) => {
        kernel.normal(at + count);
        out.set(floats.subarray(at, at + count), done);
      });
      return out;
    },

    noise(out, deviation = 1, offset = 0) {
      requireRange(offset, out.length);
      requireDeviation(deviation);
      source.forEachPiece(
        DOMAIN.noise,
        offset,
        out.length,
        (at, count, done) => out.set(floats.subarray(at, at + count), done),
        (...where) => kernel.noise(...where, deviation),
      );
      return out;
    },

    bernoulli(out, probability, scale = 1, offset = 0) {
      requireRange(offset, out.length);
      const threshold = successes('probability', probability);
      if (threshold === TWO_32) return out.fill(scale);
      source.forEachPiece(DOMAIN.bernoulli, offset, out.length, (at, count, done) => {
        kernel.bernoulli(at + count, threshold, scale);
        out.set(floats.subarray(at, at + count), done);
      });
      return out;
    },

    poissonSample(population, rate) {
      requireInteger('population', population, 0, TWO_32 - 1);
      const threshold = successes('rate', rate);
      if (threshold === TWO_32) return Uint32Array.from({ length: population }, (_, i) => i);
      const included: number[] = [];
      source.forEachPiece(DOMAIN.bernoulli, 0, population, (_, count, done) => {
        kernel.flags(count, threshold);
        for (let base = 0; base < count; base += 32) {
          for (let rest = words[base / 32]!; rest !== 0; rest &= rest - 1) {
            const index = base + 31 - Math.clz32(rest & -rest);
            if (index < count) included.push(done + index);
          }
        }
      });
      return Uint32Array.from(included);
    },

    integers(out, below, offset = 0) {
      requireRange(offset, out.length);
      requireInteger('below', below, 1, TWO_32);
      fillIntegers(source, out, below, offset);
      return out;
    },

    permutation(size) {
      requireInteger('size', size, 0, TWO_32 - 1);
      return shuffledPrefix(source, size, size);
    },

    sample(population, size) {
      requireInteger('population', population, 0, TWO_32 - 1);
      requireInteger('size', size, 0, population);
      return shuffledPrefix(source, population, size);
    },
  });
}

/**
 * The random stream of a seed and a purpose, for example `stream(seed, 'dropout', layer, step)`.
 *
 * Different (seed, purpose) lists are different streams; a number and its text differ, 7 and 7n do not. Throws
 * `OG_BAD_ARGUMENT` for a number that is not a safe integer.
 */
export function stream(seed: Seed, ...purpose: Purpose): RandomStream {
  return streamOn(fastestKernel(), seed, purpose);
}
