/** Tells which records are the same: numbers them by content, so that equal inputs get equal numbers. */
import { type Dataset, elements } from './dataset.ts';
import { isBytes, isInMemory, type Values, type ValuesInMemory } from './values.ts';

export interface Contents {
  /** One per index given: equal for equal inputs, whatever their labels; numbered in the order of appearance. */
  readonly numbers: Uint32Array;
  /** How many different inputs there are. */
  readonly count: number;
}

/**
 * Compares inputs value by value (0 and −0 are equal), before normalisation; hashes only choose what is compared, so
 * there are neither false positives nor misses.
 *
 * @param indices of records, any of them any number of times
 */
export function contents(dataset: Dataset, indices: ArrayLike<number>): Contents {
  const { x, recordShape, size } = dataset;
  const length = elements(recordShape);
  const hashes = new Uint32Array(indices.length);
  const numbers = new Uint32Array(indices.length);
  const hashOf = hasher(x, length);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * indices.length + 2))).fill(-1);
  let count = 0;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(Number.isInteger(index) && index >= 0 && index < size)) {
      throw new Error(`internal: record ${index} asked of data set '${dataset.id}' with ${size} records`);
    }
    const hash = hashOf(index);
    hashes[i] = hash;
    let slot = hash & (slots.length - 1);
    for (; ; slot = (slot + 1) & (slots.length - 1)) {
      const earlier = slots[slot]!;
      if (earlier < 0) {
        slots[slot] = i;
        numbers[i] = count++;
        break;
      }
      if (hashes[earlier] === hash && same(x, indices[earlier]! * length, index * length, length)) {
        numbers[i] = numbers[earlier]!;
        break;
      }
    }
  }
  return { numbers, count };
}

function same(x: Values, a: number, b: number, length: number): boolean {
  if (a === b) return true;
  if (!isInMemory(x)) return Buffer.from(x.subarray(a, a + length)).equals(x.subarray(b, b + length));
  for (let i = 0; i < length; i++) if (x[a + i] !== x[b + i]) return false;
  return true;
}

const [SPREAD, MIX_1, MIX_2] = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35];

/** Good enough to keep different records apart; somebody who makes records collide gains nothing but time lost. */
function hasher(x: Values, length: number): (index: number) => number {
  if (!isInMemory(x))
    return (index) => {
      const words = wordsOf(x.subarray(index * length, (index + 1) * length), length);
      return hashOfWords(words, 0, words.length, false);
    };
  const words = wordsOf(x, length);
  const count = words.length / (x.length / length);
  const floats = !isBytes(x);
  return (index) => hashOfWords(words, index * count, count, floats);
}

function hashOfWords(words: Uint8Array | Uint32Array, start: number, count: number, floats: boolean): number {
  let hash = count;
  for (let i = start; i < start + count; i++) {
    const word = words[i]!;
    const value = floats && word === 0x80000000 ? 0 : word;
    hash = Math.imul(((hash << 13) | (hash >>> 19)) ^ value, SPREAD);
  }
  hash = Math.imul(hash ^ (hash >>> 16), MIX_1);
  hash = Math.imul(hash ^ (hash >>> 13), MIX_2);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Four bytes at a time where records allow it. */
function wordsOf(x: ValuesInMemory, length: number): Uint8Array | Uint32Array {
  if (x.byteOffset % 4 === 0 && (length * x.BYTES_PER_ELEMENT) % 4 === 0)
    return new Uint32Array(x.buffer, x.byteOffset, x.byteLength / 4);
  return x instanceof Uint8Array ? x : new Uint32Array(x.slice().buffer);
}
