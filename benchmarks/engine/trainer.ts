/** A training step of onnx-grad's own, as `fit` runs it, with data that stays the same. */
import {
  buildTrainingStep,
  createSession,
  float32,
  type Graph,
  losses,
  type PrivacyOptions,
  type Session,
  scalar,
  scalarInput,
  sgd,
  stream,
  type Tensor,
  type TrainingStep,
} from 'onnx-grad';
import { batch, type NetworkKind, network, records } from './models.ts';

export const sgdOptions = { learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4 };

export const privacy: PrivacyOptions = { clipNorm: 1, noiseMultiplier: 1, expectedBatch: batch };

export class Trainer implements AsyncDisposable {
  readonly model: Graph;
  readonly #step: TrainingStep;
  readonly #session: Session;
  readonly #fixed: Record<string, Tensor>;
  #state: Map<string, Tensor>;
  #steps = 0;
  #noiseBuffer: Float32Array | undefined;

  private constructor(model: Graph, step: TrainingStep, session: Session, fixed: Record<string, Tensor>) {
    this.model = model;
    this.#step = step;
    this.#session = session;
    this.#fixed = fixed;
    this.#state = step.initialState();
  }

  static async open(
    kind: NetworkKind,
    options: { threads: number; private?: boolean; profile?: string },
  ): Promise<Trainer> {
    const model = network(kind);
    const step = buildTrainingStep(model, {
      loss: losses.crossEntropy(),
      optimizer: sgd(sgdOptions),
      ...(options.private && { privacy }),
    });
    const session = await createSession(step.graph, {
      threads: options.threads,
      ...(options.profile !== undefined && { profile: options.profile }),
    });
    const { x, labels } = records(kind);
    // A private step divides by the expected batch itself and takes weights of 1.
    const weight = options.private ? 1 : 1 / batch;
    const fixed = {
      x,
      [step.target]: labels,
      [step.weights]: float32([batch], new Float32Array(batch).fill(weight)),
      [scalarInput('learningRate')]: scalar(sgdOptions.learningRate),
    };
    return new Trainer(model, step, session, fixed);
  }

  /** One step; a private one draws fresh noise unless told not to. */
  async step(noise = true): Promise<void> {
    const feeds = { ...Object.fromEntries(this.#state), ...this.#fixed, ...this.#noise(noise) };
    const results = await this.#session.run(feeds);
    this.#state = new Map([...this.#step.state].map(([name, next]) => [name, results[next] as Tensor]));
    this.#steps++;
  }

  /** Noise for all the parameters from one stretch of one stream, in memory that is used again. */
  #noise(wanted: boolean): Record<string, Tensor> {
    const sizes = this.#step.noise.map(({ dims }) => dims.reduce((a, b) => a * b, 1));
    this.#noiseBuffer ??= new Float32Array(sizes.reduce((a, b) => a + b, 0));
    const all = this.#noiseBuffer;
    const deviation = this.#step.noise[0]?.deviation;
    if (wanted) stream(1, 'noise', this.#steps).noise(all, deviation);
    else all.fill(0);
    let start = 0;
    return Object.fromEntries(
      this.#step.noise.map(({ input, dims }, i) => {
        const end = start + (sizes[i] as number);
        const data = all.subarray(start, end);
        start = end;
        return [input, { dtype: 'float32', dims, data }];
      }),
    );
  }

  /** The parameters by name, and their momenta as `momentum.NAME`. */
  state(which: 'weights' | 'all' = 'all'): Record<string, Tensor> {
    const velocity = /velocity\.(.*)$/;
    const named = [...this.#state].map(([name, value]) => [
      name.replace(velocity, 'momentum.$1').replace(/^.*(?=momentum\.)/, ''),
      value,
    ]);
    return Object.fromEntries(
      named.filter(([name]) => which === 'all' || this.model.parameters.has(name as string)),
    );
  }

  endProfiling(): void {
    this.#session.endProfiling();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.dispose();
  }
}
