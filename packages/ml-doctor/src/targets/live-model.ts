/** A model that is at hand: sessions for its answers and for what its inner layers give, opened when first asked. */
import {
  createSession,
  elementCount,
  type Graph,
  type Session,
  type SessionOptions,
  type Tensor,
} from 'onnx-grad';
import { AuditError } from '../errors.ts';
import type { Embeddings, Inputs, LastLayer, Records } from './access.ts';
import { EMBEDDING, embeddingGraph, embeddingLayer } from './embedding-layer.ts';
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

/** A model up to one layer, opened. */
interface OpenLayer {
  readonly layer: string;
  readonly session: Promise<Session>;
}

export class OpenModel implements LiveModel {
  readonly #options: LiveModelOptions;
  #plain: Promise<Session> | undefined;
  #inner: Promise<Session> | undefined;
  /** By the name asked for; undefined for what the last layer receives. */
  readonly #layers = new Map<string | undefined, OpenLayer>();

  constructor(options: LiveModelOptions) {
    this.#options = options;
  }

  get model(): Graph {
    return this.#options.model;
  }

  answers = async ({ values, rows }: Inputs) => {
    this.#plain ??= createSession(this.#options.model, this.#options);
    const width = elementCount(this.#options.recordShape);
    if (values.length !== rows * width)
      throw new Error(`internal: ${values.length} values for ${rows} records of ${width}`);
    const rowsFrom = (start: number, end: number) => values.subarray(start * width, end * width);
    const [logits] = await this.#run(await this.#plain, rows, rowsFrom, ['logits']);
    return {
      logits: logits as Float32Array,
      classes: rows === 0 ? 0 : (logits as Float32Array).length / rows,
    };
  };

  lastLayer = async (records: Records): Promise<LastLayer> => {
    this.#inner ??= createSession(withActivations(this.#options.model), this.#options);
    const [logits, activations] = await this.#runOn(records, await this.#inner, ['logits', ACTIVATIONS]);
    return lastLayerOf(logits as Float32Array, activations as Float32Array, records.labels);
  };

  embeddings = async (records: Records, name?: string): Promise<Embeddings> => {
    const { layer, session } = this.#layer(name);
    const [values] = await this.#runOn(records, await session, [EMBEDDING]);
    const rows = records.ids.length;
    return {
      values: values as Float32Array,
      width: rows === 0 ? 0 : (values as Float32Array).length / rows,
      layer,
    };
  };

  #layer(name: string | undefined): OpenLayer {
    const open = this.#layers.get(name);
    if (open) return open;
    const { model } = this.#options;
    const found = embeddingLayer(model, name);
    const session = createSession(embeddingGraph(model, found), this.#options);
    const opened = { layer: found.layer, session };
    this.#layers.set(name, opened);
    return opened;
  }

  /** Prepares the inputs of one run at a time: all records at once may need more memory than there is. */
  #runOn({ ids, labels }: Records, session: Session, wanted: readonly string[]) {
    const rowsFrom = (start: number, end: number) =>
      this.#options.inputs({ ids: ids.subarray(start, end), labels: labels.subarray(start, end) });
    return this.#run(session, ids.length, rowsFrom, wanted);
  }

  /** The wanted outputs, each `rows × its width`. */
  async #run(
    session: Session,
    rows: number,
    rowsFrom: (start: number, end: number) => Float32Array,
    wanted: readonly string[],
  ) {
    const { recordShape, signal } = this.#options;
    const found = wanted.map((): Float32Array | undefined => undefined);
    for (let start = 0; start < rows; start += ROWS_PER_RUN) {
      signal.throwIfAborted();
      const end = Math.min(rows, start + ROWS_PER_RUN);
      const dims = [end - start, ...recordShape];
      const data = rowsFrom(start, end);
      if (data.length !== elementCount(dims))
        throw new Error(`internal: ${data.length} values for records [${dims.join(', ')}]`);
      const outputs = await session.run({ x: { dtype: 'float32', dims, data } }, wanted);
      wanted.forEach((name, i) => {
        const part = perRecord(outputs[name] as Tensor, end - start);
        const width = part.length / (end - start);
        found[i] ??= new Float32Array(width * rows);
        found[i].set(part, width * start);
      });
    }
    return found.map((part) => part ?? new Float32Array(0));
  }

  /** Closes the sessions that were opened; one that could not be opened has nothing to close. */
  async dispose(): Promise<void> {
    const inner = [...this.#layers.values()].map(({ session }) => session);
    for (const session of [this.#plain, this.#inner, ...inner])
      await session?.then(
        (opened) => opened.dispose(),
        () => {},
      );
  }
}

const perRecord = ({ dims, data }: Tensor, records: number): Float32Array => {
  if (dims[0] === records) return data as Float32Array;
  throw new AuditError(
    'MLD_ATTACK_UNSUITED',
    `for ${records} records the layer gives a value of shape [${dims.join(', ')}], not one row per record`,
    'Name another layer (option `layer`), or use a black-box attack.',
  );
};
