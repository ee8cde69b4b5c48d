/** Single numbers behind a layer: those every model of an architecture has, and those that may have been learned. */
import { elementCount } from '../../graph/tensor.ts';
import type { Ingredient } from './stored.ts';

/** Largest whole number taken for a size: of a head, a window, a class count. */
const sizes = 1024;

/** GELU by tanh and by sigmoid, SELU's α and scale (Klambauer et al. 2017), and numbers formulas are written with. */
const formulas = [
  Math.sqrt(2 / Math.PI),
  0.044715,
  1.702,
  1.6732632423543772,
  1.0507009873554805,
  Math.PI,
  Math.E,
  Math.LN2,
  Math.LN10,
  2 / 3,
];

/** Epsilons, which keep a logarithm or a division finite. */
const epsilons = [...Array.from({ length: 10 }, (_, k) => Number(`1e-${k + 3}`)), 2 ** -23, 2 ** -52];

const structural: readonly number[] = [
  ...formulas,
  ...Array.from({ length: sizes }, (_, i) => i + 1).flatMap((n) => [
    n,
    1 / n,
    Math.sqrt(n),
    1 / Math.sqrt(n),
    // Half of an attention scale, where it is put on queries and keys alike.
    n ** -0.25,
  ]),
].sort((a, b) => a - b);

/** The same 32-bit float, or its neighbour where the exporter rounded on the way. */
const same = (a: number, b: number): boolean => Math.abs(a - b) <= 2 ** -23 * b;

const isAmong = (numbers: readonly number[], value: number): boolean => {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return [numbers[low - 1], numbers[low]].some((near) => near !== undefined && same(value, near));
};

/** Additions, bounds and fillings, where a mask is −10⁴, the lowest float or −∞. */
const masking = new Set(['Add', 'Sub', 'Where', 'Max', 'Min', 'Clip', 'Pad']);
const guarded = new Set(['Add', 'Max', 'Clip']);
const maskFrom = 1e4;

/**
 * Whether a stored tensor is a single number that is none of the exact numbers architectures are made of: 0, whole
 * numbers up to 1024, their inverses, roots and inverse roots, activations' constants, added epsilons, masks. A
 * learned number meets one of those with a chance of about one in a thousand at most.
 */
export const mayBeLearned = ({ tensor, reader }: Ingredient): boolean => {
  if (elementCount(tensor.dims) !== 1) return false;
  // Raw bits of 16-bit floats are not read as numbers; dropout's rate does nothing but in training.
  if (reader.op === 'Dropout' && !reader.opaque) return false;
  if (tensor.dtype === 'float16') return true;
  const size = Math.abs(Number(tensor.data[0]));
  if (size === 0 || isAmong(structural, size)) return false;
  if (masking.has(reader.op) && size >= maskFrom) return false;
  return !(guarded.has(reader.op) && epsilons.some((epsilon) => same(size, epsilon)));
};
