/** The steps of a private training: each draws its sample and its noise, and sums up a large sample in parts. */
import { elementCount, float32, type Tensor } from '../graph/tensor.ts';
import { stream } from '../random/stream.ts';
import { createSession, type Session } from '../runtime/session.ts';
import { readBatch } from './batches.ts';
import { type FitOptions, type FitPrivacy, microBatchOf } from './fit-options.ts';
import { poissonBatch } from './poisson-batches.ts';
import type { PrivacyOptions } from './private-gradients.ts';
import { maskFeeds, scalarFeeds } from './step-feeds.ts';
import { buildPartialSums, type PartialSums, type TrainingStep } from './training-step.ts';

interface Place {
  readonly epoch: number;
  /** Steps done before this one. */
  readonly step: number;
  readonly learningRate: number;
}

interface PrivateStepResult {
  readonly results: Readonly<Record<string, Tensor>>;
  /** Records that came. */
  readonly records: number;
  /** Of their losses, before the step. */
  readonly lossSum: number;
}

export const privacyOptions = (
  { clipNorm, noiseMultiplier }: FitPrivacy,
  batchSize: number,
): PrivacyOptions => ({
  clipNorm,
  noiseMultiplier,
  expectedBatch: batchSize,
});

export class PrivateSteps implements AsyncDisposable {
  readonly #options: FitOptions;
  readonly #privacy: FitPrivacy;
  readonly #step: TrainingStep;
  readonly #session: Session;
  /** Memory of the noise, used again by every step. */
  readonly #noise: readonly Float32Array[];
  #parts: { readonly graph: PartialSums; readonly session: Session } | undefined;

  constructor(options: FitOptions, privacy: FitPrivacy, step: TrainingStep, session: Session) {
    this.#options = options;
    this.#privacy = privacy;
    this.#step = step;
    this.#session = session;
    this.#noise = step.noise.map(({ dims }) => new Float32Array(elementCount(dims)));
  }

  async run(state: ReadonlyMap<string, Tensor>, place: Place): Promise<PrivateStepResult> {
    const { data, batchSize, seed, optimizer } = this.#options;
    const records = poissonBatch(data.size, batchSize, seed, place.step);
    const size = microBatchOf(this.#privacy, batchSize);
    let added = this.#drawNoise(place.step);
    let lossSum = 0;
    let first = 0;
    for (; records.length - first > size; first += size) {
      const part = await this.#partSum(state, records.subarray(first, first + size), first, place, added);
      added = part.added;
      lossSum += part.loss;
    }
    const results = await this.#session.run({
      ...Object.fromEntries(state),
      ...this.#recordFeeds(records.subarray(first), first, place),
      ...scalarFeeds(optimizer, place.step, place.learningRate),
      ...added,
    });
    lossSum += lossOf(results, this.#step);
    return { results, records: records.length, lossSum };
  }

  #drawNoise(step: number): Record<string, Tensor> {
    const { seed } = this.#options;
    return Object.fromEntries(
      this.#step.noise.map(({ input, dims, deviation }, i) => {
        const noise = this.#noise[i] as Float32Array;
        if (deviation > 0) stream(seed, 'dp-noise', i, step).noise(noise, deviation);
        return [input, float32(dims, noise)];
      }),
    );
  }

  async #partSum(
    state: ReadonlyMap<string, Tensor>,
    records: Uint32Array,
    first: number,
    place: Place,
    added: Record<string, Tensor>,
  ): Promise<{ readonly added: Record<string, Tensor>; readonly loss: number }> {
    this.#parts ??= await this.#openParts();
    const { graph, session } = this.#parts;
    const taken = new Set(session.inputNames);
    const results = await session.run({
      ...Object.fromEntries([...state].filter(([name]) => taken.has(name))),
      ...this.#recordFeeds(records, first, place),
      ...added,
    });
    const sums = [...graph.sums].map(([input, sum]) => [input, results[sum] as Tensor]);
    return { added: Object.fromEntries(sums), loss: lossOf(results, graph) };
  }

  async #openParts() {
    const { model, loss, output, batchSize, session } = this.#options;
    const graph = buildPartialSums(model, {
      loss,
      ...(output !== undefined && { output }),
      privacy: privacyOptions(this.#privacy, batchSize),
    });
    return { graph, session: await createSession(graph.graph, session) };
  }

  /** An empty sample is stood in for by one record without weight, for a graph has no sums over nothing. */
  #recordFeeds(records: Uint32Array, first: number, { epoch, step }: Place): Record<string, Tensor> {
    const { data, seed } = this.#options;
    const present = records.length > 0 ? records : new Uint32Array(1);
    const { inputs, target } = readBatch(data, present, this.#step.checkTarget, { epoch, step });
    const weights = new Float32Array(present.length).fill(records.length > 0 ? 1 : 0);
    return {
      ...inputs,
      [this.#step.target]: target,
      [this.#step.weights]: float32([present.length], weights),
      ...maskFeeds(this.#step, { rows: present.length, step, seed, first }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts?.session.dispose();
  }
}

const lossOf = (results: Readonly<Record<string, Tensor>>, { lossOutput }: { readonly lossOutput: string }) =>
  Number((results[lossOutput] as Tensor).data[0]);
