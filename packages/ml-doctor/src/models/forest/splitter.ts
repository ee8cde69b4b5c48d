/** The best way to divide the records of one node at one feature, by Gini impurity. */
import type { Feature } from './features.ts';

export interface Split {
  /**
   * Σ left² / left + Σ right² / right over the classes' weights: what is left of the weight when the weighted Gini
   * impurity of both sides is taken away from it, so the largest is the purest.
   */
  readonly purity: number;
  /** Ranks up to the first go left; the second is the next one that occurs, and goes right. */
  readonly ranks: readonly [number, number];
}

/** Up to so many records insertion is the quickest way to sort. */
const FEW = 24;

/**
 * Splits nodes of one tree. A node is a range of `samples`, which holds positions of training records; `weights` are the
 * times each was drawn, `labels` their classes, both by position.
 */
export class Splitter {
  readonly #samples: Uint32Array;
  readonly #weights: Uint32Array;
  readonly #labels: Int32Array;
  /** Classes' weights: of the node, and of its left side during a sweep. */
  readonly #total: Float64Array;
  readonly #left: Float64Array;
  /** Σ total², and Σ total. */
  #squares = 0;
  #weight = 0;
  /** The node's records by rank: rank × step + position, exact for tens of millions of records. */
  readonly #sorted: Float64Array;
  readonly #step: number;
  #starts = new Uint32Array(1024);

  constructor(samples: Uint32Array, weights: Uint32Array, labels: Int32Array, classes: number) {
    this.#samples = samples;
    this.#weights = weights;
    this.#labels = labels;
    this.#total = new Float64Array(classes);
    this.#left = new Float64Array(classes);
    this.#sorted = new Float64Array(samples.length);
    // A power of two, so that dividing by it is exact.
    this.#step = 2 ** Math.ceil(Math.log2(labels.length + 1));
  }

  /** Turns to the node of samples [start, end); returns its classes' weights, which hold until the next call. */
  enter(start: number, end: number): { readonly weights: Float64Array; readonly pure: boolean } {
    const total = this.#total.fill(0);
    this.#weight = 0;
    for (let i = start; i < end; i++) {
      const position = this.#samples[i] as number;
      const weight = this.#weights[position] as number;
      (total[this.#labels[position] as number] as number) += weight;
      this.#weight += weight;
    }
    this.#squares = 0;
    for (const weight of total) this.#squares += weight * weight;
    return { weights: total, pure: this.#squares === this.#weight * this.#weight };
  }

  /**
   * The first of the best splits of the entered node, from low ranks to high; undefined when all its records have one
   * value.
   */
  best({ ranks }: Feature, start: number, end: number): Split | undefined {
    const samples = this.#samples;
    const first = ranks[samples[start] as number] as number;
    let [low, high] = [first, first];
    for (let i = start + 1; i < end; i++) {
      const rank = ranks[samples[i] as number] as number;
      if (rank < low) low = rank;
      else if (rank > high) high = rank;
    }
    if (low === high) return undefined;
    const count = end - start;
    if (count <= FEW) this.#insert(ranks, start, count);
    else if (high - low < 4 * count) this.#count(ranks, start, count, low, high);
    else this.#sort(ranks, start, count);
    return this.#sweep(count);
  }

  #insert(ranks: Feature['ranks'], start: number, count: number): void {
    const [sorted, step] = [this.#sorted, this.#step];
    for (let i = 0; i < count; i++) {
      const position = this.#samples[start + i] as number;
      const key = (ranks[position] as number) * step + position;
      let to = i;
      for (; to > 0 && (sorted[to - 1] as number) > key; to--) sorted[to] = sorted[to - 1] as number;
      sorted[to] = key;
    }
  }

  #sort(ranks: Feature['ranks'], start: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const position = this.#samples[start + i] as number;
      this.#sorted[i] = (ranks[position] as number) * this.#step + position;
    }
    this.#sorted.subarray(0, count).sort();
  }

  #count(ranks: Feature['ranks'], start: number, count: number, low: number, high: number): void {
    const range = high - low + 2;
    if (this.#starts.length < range) this.#starts = new Uint32Array(2 * range);
    const starts = this.#starts.fill(0, 0, range);
    const samples = this.#samples;
    for (let i = start; i < start + count; i++)
      (starts[(ranks[samples[i] as number] as number) - low + 1] as number)++;
    for (let rank = 1; rank < range; rank++) (starts[rank] as number) += starts[rank - 1] as number;
    for (let i = start; i < start + count; i++) {
      const position = samples[i] as number;
      const rank = ranks[position] as number;
      const to = starts[rank - low] as number;
      starts[rank - low] = to + 1;
      this.#sorted[to] = rank * this.#step + position;
    }
  }

  /** Moves the records one by one to the left; every sum is a whole number, so only the purities are rounded. */
  #sweep(count: number): Split {
    const [sorted, step, weights, labels] = [this.#sorted, this.#step, this.#weights, this.#labels];
    const [total, left] = [this.#total, this.#left.fill(0)];
    const weightInAll = this.#weight;
    let [leftSquares, rightSquares, leftWeight] = [0, this.#squares, 0];
    let purity = Number.NEGATIVE_INFINITY;
    let below = 0;
    let above = 0;
    let previous = Math.floor((sorted[0] as number) / step);
    for (let i = 0; i < count; i++) {
      const key = sorted[i] as number;
      const rank = Math.floor(key / step);
      if (rank !== previous) {
        const here = leftSquares / leftWeight + rightSquares / (weightInAll - leftWeight);
        if (here > purity) {
          purity = here;
          below = previous;
          above = rank;
        }
        previous = rank;
      }
      const position = key - rank * step;
      const weight = weights[position] as number;
      const label = labels[position] as number;
      const before = left[label] as number;
      const right = (total[label] as number) - before;
      leftSquares += weight * (2 * before + weight);
      rightSquares -= weight * (2 * right - weight);
      leftWeight += weight;
      left[label] = before + weight;
    }
    return { purity, ranks: [below, above] };
  }
}
