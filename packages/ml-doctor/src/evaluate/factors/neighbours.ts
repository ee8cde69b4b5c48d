/** The nearest reference records of every record, in Euclidean distance, without all records in memory at once. */
import { squaredDistance } from '../inversion/distances.ts';

export interface NeighbourSearch {
  /** Class of each record, the reference records first. */
  readonly labels: ArrayLike<number>;
  /** How many of them, the first, are neighbours of others. */
  readonly reference: number;
  /** Neighbours wanted of each; fewer where there are not so many others. */
  readonly k: number;
  /** Values of a record. */
  readonly width: number;
  /** Rows of values, as a model receives them, by the places of records. */
  readonly read: (places: ArrayLike<number>) => Float32Array;
  /** a · bᵀ of two matrices of rows of `width`, row-major. */
  readonly products: (a: Float32Array, b: Float32Array) => Promise<Float32Array>;
  /** Called every few moments; may throw to stop. */
  readonly progress?: (fraction: number) => Promise<void>;
}

export interface Neighbours {
  readonly k: number;
  /** `records × k`: places of reference records other than itself, the nearest first, of equally near ones the first. */
  readonly places: Uint32Array;
  /** Parallel to `places`. */
  readonly distances: Float64Array;
  /** Of each record to the nearest other one of its own class, and of another; Infinity where there is none. */
  readonly ownClass: Float64Array;
  readonly otherClass: Float64Array;
}

/** Values in one block of rows: two blocks and their products are in memory, whatever the records. */
const VALUES_PER_BLOCK = 2 ** 22;
const MOST_ROWS = 1024;
/** Candidates beyond k: products of float32 may swap what is all but equally far. */
const SPARE = 6;

/**
 * Squared distances are first had from products of rows, ‖a‖² + ‖b‖² − 2ab of rows less their mean, in float32; of the k
 * nearest of either kind of class and a few more they are then computed from the values, in double precision, which
 * decides.
 */
export async function findNeighbours(search: NeighbourSearch): Promise<Neighbours> {
  const { labels, reference, width, read } = search;
  const k = Math.min(search.k, reference - 1);
  if (k < 1) throw new Error(`internal: ${reference} reference records have no neighbours`);
  const lists = await candidates(search, k + SPARE);
  const size = labels.length;
  const found: Neighbours = {
    k,
    places: new Uint32Array(size * k),
    distances: new Float64Array(size * k),
    ownClass: new Float64Array(size).fill(Number.POSITIVE_INFINITY),
    otherClass: new Float64Array(size).fill(Number.POSITIVE_INFINITY),
  };
  for (let i = 0; i < size; i++) {
    const near = lists.of(i);
    const values = read([i, ...near]);
    const exact = near
      .map((place, c) => ({
        place,
        distance: Math.sqrt(squaredDistance(values, 0, values, (c + 1) * width, width)),
      }))
      .sort((a, b) => a.distance - b.distance || a.place - b.place);
    exact.slice(0, k).forEach(({ place, distance }, n) => {
      found.places[i * k + n] = place;
      found.distances[i * k + n] = distance;
    });
    for (const { place, distance } of exact) {
      const side = labels[place] === labels[i] ? found.ownClass : found.otherClass;
      if (distance < side[i]!) side[i] = distance;
    }
    if (i % 256 === 0) await search.progress?.(0.8 + (0.2 * i) / size);
  }
  return found;
}

/** The nearest by float32, of each record's own class and of others apart. */
async function candidates(search: NeighbourSearch, most: number): Promise<NearestLists> {
  const { labels, reference, width, read, products, progress } = search;
  const rows = Math.max(1, Math.min(MOST_ROWS, Math.floor(VALUES_PER_BLOCK / width)));
  const size = labels.length;
  const blocks = blocksOf(size, rows);
  const against = blocksOf(reference, rows);
  const mean = meanOf(read, against, reference, width);
  const lists = new NearestLists(size, most);
  let done = 0;
  for (const theirs of against) {
    const b = centred(read(theirs), mean);
    const bNorms = norms(b, width);
    for (const mine of blocks) {
      const a = centred(read(mine), mean);
      const aNorms = norms(a, width);
      const product = await products(a, b);
      for (let i = 0; i < mine.length; i++) {
        const place = mine[i]!;
        for (let j = 0; j < theirs.length; j++) {
          const other = theirs[j]!;
          if (other === place) continue;
          const squared = aNorms[i]! + bNorms[j]! - 2 * product[i * theirs.length + j]!;
          lists.offer(place, labels[place] === labels[other] ? 0 : 1, other, squared);
        }
      }
      await progress?.((0.8 * ++done) / (against.length * blocks.length));
    }
  }
  return lists;
}

/** For each record the `most` nearest of either kind so far, in a sorted row of fixed length. */
class NearestLists {
  readonly #most: number;
  readonly #squared: Float64Array;
  readonly #places: Uint32Array;
  readonly #filled: Uint8Array;

  constructor(size: number, most: number) {
    this.#most = most;
    this.#squared = new Float64Array(2 * size * most).fill(Number.POSITIVE_INFINITY);
    this.#places = new Uint32Array(2 * size * most);
    this.#filled = new Uint8Array(2 * size);
  }

  offer(record: number, kind: 0 | 1, place: number, squared: number): void {
    const list = 2 * record + kind;
    const start = list * this.#most;
    let at = start + this.#most - 1;
    if (squared >= this.#squared[at]!) return;
    for (; at > start && squared < this.#squared[at - 1]!; at--) {
      this.#squared[at] = this.#squared[at - 1]!;
      this.#places[at] = this.#places[at - 1]!;
    }
    this.#squared[at] = squared;
    this.#places[at] = place;
    if (this.#filled[list]! < this.#most) this.#filled[list]!++;
  }

  of(record: number): number[] {
    return [2 * record, 2 * record + 1].flatMap((list) => {
      const start = list * this.#most;
      return [...this.#places.subarray(start, start + this.#filled[list]!)];
    });
  }
}

const blocksOf = (size: number, rows: number): readonly Uint32Array[] =>
  Array.from({ length: Math.ceil(size / rows) }, (_, block) =>
    Uint32Array.from({ length: Math.min(rows, size - block * rows) }, (__, i) => block * rows + i),
  );

function meanOf(
  read: NeighbourSearch['read'],
  blocks: readonly Uint32Array[],
  reference: number,
  width: number,
): Float32Array {
  const sums = new Float64Array(width);
  for (const block of blocks) {
    const values = read(block);
    for (let at = 0; at < values.length; ) for (let j = 0; j < width; j++, at++) sums[j]! += values[at]!;
  }
  return Float32Array.from(sums, (sum) => sum / reference);
}

function centred(values: Float32Array, mean: Float32Array): Float32Array {
  for (let at = 0; at < values.length; ) for (let j = 0; j < mean.length; j++, at++) values[at]! -= mean[j]!;
  return values;
}

function norms(values: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, i) => {
    let sum = 0;
    for (let at = i * width; at < (i + 1) * width; at++) sum += values[at]! * values[at]!;
    return sum;
  });
}
