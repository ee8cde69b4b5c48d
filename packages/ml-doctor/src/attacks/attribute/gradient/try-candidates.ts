/** Puts every candidate value into every record and notes what the target's loss and its slope are there. */
import { createSession, type Device, type Session } from 'onnx-grad';
import { crossEntropyLoss, posterior } from '../../../stats/log-posterior.ts';
import type { WeightAccess } from '../../../targets/access.ts';
import type { AttributeInput, PartialRecords } from '../attribute-attack.ts';
import { candidateGraph } from './candidate-graph.ts';
import { type Candidates, gapOf, slopePerUnit } from './candidates.ts';

/** What was found, all `records × candidates`, row-major. */
export interface Tried {
  /** Cross-entropy of the true label. */
  readonly losses: Float64Array;
  /** See `gapOf`. */
  readonly gaps: Float64Array;
  /** Derivatives of the loss per unit of the attribute; means something for a continuous one only. */
  readonly slopes: Float64Array;
  /**
   * ‖p − e_y‖ · √(‖h‖² + 1): the length of the loss's gradient in weights and bias of the last layer, which receives h.
   * Absent where that is no dense one.
   */
  readonly norms?: Float64Array;
}

export interface TrialOptions {
  readonly threads: number;
  readonly device: Device;
  readonly signal: AbortSignal;
}

/** Pairs of record and candidate in one run, a bound on memory. */
const PAIRS_PER_RUN = 256;

/** A session on the target's weights, for all records that are tried. Close it. */
export class Trials {
  readonly #session: Session;
  readonly #candidates: Candidates;
  readonly #places: { readonly first: number; readonly width: number };
  readonly #hasNorms: boolean;
  readonly #signal: AbortSignal;

  private constructor(
    session: Session,
    candidates: Candidates,
    input: Given,
    hasNorms: boolean,
    signal: AbortSignal,
  ) {
    this.#session = session;
    this.#candidates = candidates;
    this.#places = placesOf(input);
    this.#hasNorms = hasNorms;
    this.#signal = signal;
  }

  static async open(
    input: Given,
    candidates: Candidates,
    { threads, device, signal }: TrialOptions,
  ): Promise<Trials> {
    const [length] = input.recordShape as readonly [number];
    const { graph, hasActivations } = candidateGraph(input.target.model, length, placesOf(input));
    const session = await createSession(graph, { threads, device });
    return new Trials(session, candidates, input, hasActivations, signal);
  }

  async try({ records, rest }: PartialRecords, progress: (fraction: number) => void): Promise<Tried> {
    const { labels } = records;
    const count = this.#candidates.values.length;
    const pairs = labels.length * count;
    const rows = rest();
    const tried = {
      losses: new Float64Array(pairs),
      gaps: new Float64Array(pairs),
      slopes: new Float64Array(pairs),
      ...(this.#hasNorms && { norms: new Float64Array(pairs) }),
    };
    for (let start = 0; start < pairs; start += PAIRS_PER_RUN) {
      this.#signal.throwIfAborted();
      await this.#run(rows, labels, start, Math.min(PAIRS_PER_RUN, pairs - start), tried);
      progress(Math.min(1, (start + PAIRS_PER_RUN) / pairs));
    }
    return tried;
  }

  /** Notes what the pairs from `start` on give. Pair `record · candidates + candidate`. */
  async #run(
    rest: Float32Array,
    labels: Int32Array,
    start: number,
    size: number,
    tried: Tried,
  ): Promise<void> {
    const candidates = this.#candidates;
    const { first, width } = this.#places;
    const count = candidates.values.length;
    const length = rest.length / labels.length;
    const recordOf = (i: number) => Math.floor((start + i) / count);
    const labelOf = (i: number) => labels[recordOf(i)] as number;
    const x = new Float32Array(size * length);
    for (let i = 0; i < size; i++) {
      x.set(rest.subarray(recordOf(i) * length, (recordOf(i) + 1) * length), i * length);
      x.set(candidates.encoded[(start + i) % count] as Float32Array, i * length + first);
    }
    const y = BigInt64Array.from({ length: size }, (_, i) => BigInt(labelOf(i)));
    const outputs = await this.#session.run({
      x: { dtype: 'float32', dims: [size, length], data: x },
      y: { dtype: 'int64', dims: [size], data: y },
    });
    const [logits, slopes, activations] = ['logits', 'slope', 'activations'].map(
      (name) => outputs[name]?.data as Float32Array | undefined,
    ) as [Float32Array, Float32Array, Float32Array | undefined];
    const part = (values: Float32Array, i: number) => {
      const own = values.length / size;
      return values.subarray(i * own, (i + 1) * own);
    };
    for (let i = 0; i < size; i++) {
      const slope = slopes.subarray(i * width, (i + 1) * width);
      tried.losses[start + i] = crossEntropyLoss(part(logits, i), labelOf(i));
      tried.gaps[start + i] = gapOf(slope, (start + i) % count, candidates);
      tried.slopes[start + i] = slopePerUnit(slope, candidates);
      if (tried.norms && activations)
        tried.norms[start + i] = lastLayerNorm(part(logits, i), labelOf(i), part(activations, i));
    }
  }

  dispose = (): Promise<void> => this.#session.dispose();
}

type Given = Pick<AttributeInput<WeightAccess>, 'target' | 'editor' | 'recordShape'>;

const placesOf = ({ editor }: Given) => {
  if (!editor) throw new Error('internal: the model is not given the attribute');
  return editor.places;
};

const lastLayerNorm = (logits: Float32Array, label: number, activations: Float32Array): number => {
  const row = posterior(logits);
  // p_y − 1 without cancellation, for predictions of which nothing but 1 is left.
  row[label] = 0;
  row[label] = -row.reduce((sum, p) => sum + p, 0);
  const squares = (values: ArrayLike<number>) => {
    let sum = 0;
    for (let j = 0; j < values.length; j++) sum += (values[j] as number) ** 2;
    return sum;
  };
  return Math.sqrt(squares(row) * (squares(activations) + 1));
};
