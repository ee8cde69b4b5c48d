/** A model that is at hand: sessions for its answers and for what its last layer receives, opened when first asked. */
import { createSession, type Graph, type Session, type SessionOptions } from 'onnx-grad';
import type { Inputs, LastLayer, Records } from './access.ts';
import { ACTIVATIONS, lastLayerOf, withActivations } from './last-layer.ts';
import type { LiveModel } from './model-access.ts';

/** Rows of one run: large enough to keep the kernels busy, small enough to stop soon. */
const ROWS_PER_RUN = 256;

export interface LiveModelOptions extends SessionOptions {
  /** Outputs `logits` `[N, classes]` of one input `x` `[N, ...recordShape]`. */
  readonly model: Graph;
  readonly recordShape: readonly number[];
  /** The records as the model receives them, `rows × record length`. */
  readonly inputs: (records: Records) => Float32Array;
  readonly signal: AbortSignal;
}

export class OpenModel implements LiveModel {
  readonly #options: LiveModelOptions;
  #plain: Promise<Session> | undefined;
  #inner: Promise<Session> | undefined;

  constructor(options: LiveModelOptions) {
    this.#options = options;
  }

  get model(): Graph {
    return this.#options.model;
  }

  answers = async ({ values, rows }: Inputs) => {
    this.#plain ??= createSession(this.#options.model, this.#options);
    const [logits] = await this.#run(await this.#plain, values, rows, ['logits']);
    return {
      logits: logits as Float32Array,
      classes: rows === 0 ? 0 : (logits as Float32Array).length / rows,
    };
  };

  lastLayer = async (records: Records): Promise<LastLayer> => {
    this.#inner ??= createSession(withActivations(this.#options.model), this.#options);
    const values = this.#options.inputs(records);
    const rows = records.ids.length;
    const [logits, activations] = await this.#run(await this.#inner, values, rows, ['logits', ACTIVATIONS]);
    return lastLayerOf(logits as Float32Array, activations as Float32Array, records.labels);
  };

  /** The wanted outputs, each `rows × its width`. */
  async #run(session: Session, values: Float32Array, rows: number, wanted: readonly string[]) {
    const { recordShape, signal } = this.#options;
    const width = recordShape.reduce((a, b) => a * b, 1);
    if (values.length !== rows * width)
      throw new Error(`internal: ${values.length} values for ${rows} records of ${width}`);
    const found = wanted.map((): Float32Array | undefined => undefined);
    for (let start = 0; start < rows; start += ROWS_PER_RUN) {
      signal.throwIfAborted();
      const count = Math.min(ROWS_PER_RUN, rows - start);
      const data = values.subarray(start * width, (start + count) * width);
      const outputs = await session.run(
        { x: { dtype: 'float32', dims: [count, ...recordShape], data } },
        wanted,
      );
      wanted.forEach((name, i) => {
        const part = outputs[name]?.data as Float32Array;
        found[i] ??= new Float32Array((part.length / count) * rows);
        found[i].set(part, (part.length / count) * start);
      });
    }
    return found.map((part) => part ?? new Float32Array(0));
  }

  /** Closes the sessions that were opened. */
  async dispose(): Promise<void> {
    for (const session of [this.#plain, this.#inner]) await (await session)?.dispose();
  }
}
