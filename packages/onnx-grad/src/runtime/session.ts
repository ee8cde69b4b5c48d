/** A graph made ready to run. */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { OnnxGradError } from '../errors.ts';
import type { DType, TensorData } from '../graph/dtype.ts';
import { Graph } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import { encodeModel } from '../onnx/encode.ts';
import { type Device, deviceMissing, executionProviders } from './device.ts';
import { loadOnnxruntime, type Onnxruntime } from './onnxruntime.ts';

export interface SessionOptions {
  /** `cpu` by default. */
  readonly device?: Device;
  /** Threads inside one operator; 1 by default, which is right for one session per worker. */
  readonly threads?: number;
  /** Write a profile of every operator to files with this prefix. */
  readonly profile?: string;
}

export type Feeds = Readonly<Record<string, Tensor>>;

export class Session implements AsyncDisposable {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly #ort: Onnxruntime;
  readonly #session: InferenceSession;

  /** Use `createSession`. */
  constructor(ort: Onnxruntime, session: InferenceSession) {
    this.#ort = ort;
    this.#session = session;
    this.inputNames = session.inputNames;
    this.outputNames = session.outputNames;
  }

  /**
   * Run once. Feeds are read, never written; outputs are fresh tensors that may be fed to the next run.
   * @param wanted output names, all by default
   * @throws OG_RUNTIME_FAILED when a feed is missing or does not fit, or an operator fails
   */
  async run(feeds: Feeds, wanted: readonly string[] = this.outputNames): Promise<Record<string, Tensor>> {
    const given: Record<string, OrtTensor> = {};
    for (const [name, { dtype, data, dims }] of Object.entries(feeds))
      given[name] = new this.#ort.Tensor(dtype as 'float32', data as Float32Array, dims);
    let results: InferenceSession.OnnxValueMapType;
    try {
      results = await this.#session.run(given, wanted);
    } catch (cause) {
      throw new OnnxGradError(
        'OG_RUNTIME_FAILED',
        `onnxruntime failed: ${(cause as Error).message}`,
        `Check that the inputs fit the model (it takes ${this.inputNames.join(', ')}).`,
        { cause },
      );
    }
    const out: Record<string, Tensor> = {};
    for (const name of wanted) {
      const value = results[name] as OrtTensor;
      out[name] = { dtype: value.type as DType, dims: value.dims, data: value.data as TensorData };
    }
    return out;
  }

  /** Flush the profile, when one is being written. */
  endProfiling(): void {
    this.#session.endProfiling();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

/**
 * Load a graph, or the bytes of an ONNX file, into onnxruntime.
 * @throws OG_RUNTIME_MISSING, OG_DEVICE_MISSING, OG_RUNTIME_FAILED when onnxruntime refuses the model
 */
export const createSession = async (
  model: Graph | Uint8Array,
  options: SessionOptions = {},
): Promise<Session> => {
  const ort = await loadOnnxruntime();
  const device = options.device ?? 'cpu';
  const threads = options.threads ?? 1;
  const providers = executionProviders(ort, device);
  const bytes = model instanceof Graph ? encodeModel(model) : model;
  try {
    const session = await ort.InferenceSession.create(bytes, {
      executionProviders: providers,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      ...(options.profile !== undefined && { enableProfiling: true, profileFilePrefix: options.profile }),
    });
    return new Session(ort, session);
  } catch (cause) {
    const message = (cause as Error).message;
    if (device !== 'cpu') throw deviceMissing(device, message.split('\n', 1)[0] as string, cause);
    throw new OnnxGradError(
      'OG_RUNTIME_FAILED',
      `onnxruntime refuses the model: ${message}`,
      'Check the model with `python -m onnx.checker`, or export it again with a current exporter.',
      { cause },
    );
  }
};
