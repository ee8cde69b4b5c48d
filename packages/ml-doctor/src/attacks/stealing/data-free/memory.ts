/** Inputs asked about and their answers, kept to be learnt from again; the oldest go when there is no room. */
import { float32, type RandomStream, type Tensor } from 'onnx-grad';

/** Most rows that are kept. */
const MOST_ROWS = 10_000;
/** Most numbers that are kept: 100 MB. */
const MOST_NUMBERS = 25e6;

export interface Batch {
  /** `rows × length`. */
  readonly inputs: Float32Array;
  /** `rows × classes`: the target's posteriors. */
  readonly answers: Float32Array;
  readonly rows: number;
}

export class Memory {
  readonly #length: number;
  readonly #classes: number;
  readonly #capacity: number;
  readonly #inputs: Float32Array;
  readonly #answers: Float32Array;
  /** Rows ever put in. */
  #put = 0;

  constructor(length: number, classes: number, rows = MOST_ROWS) {
    this.#length = length;
    this.#classes = classes;
    this.#capacity = Math.max(1, Math.min(rows, Math.floor(MOST_NUMBERS / (length + classes))));
    this.#inputs = new Float32Array(this.#capacity * length);
    this.#answers = new Float32Array(this.#capacity * classes);
  }

  get rows(): number {
    return Math.min(this.#put, this.#capacity);
  }

  add({ inputs, answers, rows }: Batch): void {
    for (let i = 0; i < rows; i++) {
      const at = this.#put++ % this.#capacity;
      this.#inputs.set(inputs.subarray(i * this.#length, (i + 1) * this.#length), at * this.#length);
      this.#answers.set(answers.subarray(i * this.#classes, (i + 1) * this.#classes), at * this.#classes);
    }
  }

  /** Rows drawn at random, each time anew; fewer where fewer are kept. */
  draw(random: RandomStream, rows: number): Batch {
    const chosen = random.sample(this.rows, Math.min(rows, this.rows));
    const inputs = new Float32Array(chosen.length * this.#length);
    const answers = new Float32Array(chosen.length * this.#classes);
    chosen.forEach((at, i) => {
      inputs.set(this.#inputs.subarray(at * this.#length, (at + 1) * this.#length), i * this.#length);
      answers.set(this.#answers.subarray(at * this.#classes, (at + 1) * this.#classes), i * this.#classes);
    });
    return { inputs, answers, rows: chosen.length };
  }

  /** All that is kept, to be handed to `restore`. */
  kept(): { readonly put: number; readonly inputs: Tensor; readonly answers: Tensor } {
    const rows = this.rows;
    return {
      put: this.#put,
      inputs: float32([rows, this.#length], this.#inputs.slice(0, rows * this.#length)),
      answers: float32([rows, this.#classes], this.#answers.slice(0, rows * this.#classes)),
    };
  }

  restore(put: number, inputs: Tensor, answers: Tensor): void {
    this.#inputs.set(inputs.data as Float32Array);
    this.#answers.set(answers.data as Float32Array);
    this.#put = put;
  }
}
