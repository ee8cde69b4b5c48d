/** A graph made ready to run. */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { OnnxGradError } from '../errors.ts';
import type { DType, TensorData } from '../graph/dtype.ts';
import { Graph } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import { encodeModel } from '../onnx/encode.ts';
import { type Device, deviceMissing, executionProviders } from './device.ts';
import { feedFault } from './feed-fault.ts';
import { loadOnnxruntime, type Onnxruntime } from './onnxruntime.ts';
import { collectYoungGarbage, countOutputs } from './young-garbage.ts';

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
  #released: Promise<void> | undefined;

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
   * @throws OG_RUNTIME_FAILED when a feed is missing or does not fit, an operator fails, or the session was disposed
   */
  async run(feeds: Feeds, wanted: readonly string[] = this.outputNames): Promise<Record<string, Tensor>> {
    if (this.#released)
      throw new OnnxGradError('OG_RUNTIME_FAILED', 'the session was disposed', 'Create a new session.');
    const given: Record<string, OrtTensor> = {};
    for (const [name, feed] of Object.entries(feeds)) given[name] = this.#feed(name, feed);
    let results: InferenceSession.OnnxValueMapType;
    collectYoungGarbage();
    try {
      results = await this.#session.run(given, wanted);
    } catch (cause) {
      const fault = feedFault(this.#session.inputMetadata, feeds);
      throw new OnnxGradError(
        'OG_RUNTIME_FAILED',
        fault ?? `onnxruntime failed: ${(cause as Error).message}`,
        `Check that the inputs fit the model (it takes ${this.inputNames.join(', ')}).`,
        { cause },
      );
    }
    const out: Record<string, Tensor> = {};
    for (const name of wanted) {
      const value = results[name] as OrtTensor;
      const data = value.type === 'float16' ? bitsOf(value.data as Uint16Array) : (value.data as TensorData);
      out[name] = { dtype: value.type as DType, dims: value.dims, data };
      if (ArrayBuffer.isView(data)) countOutputs(data.byteLength);
    }
    return out;
  }

  #feed(name: string, { dtype, data, dims }: Tensor): OrtTensor {
    try {
      if (dtype !== 'float16') return new this.#ort.Tensor(dtype as 'float32', data as Float32Array, dims);
      // Where JavaScript has a Float16Array (Node 24) onnxruntime's tensor class insists on one, and its native side
      // cannot read it: the bits go in under another name.
      return Object.assign(new this.#ort.Tensor('uint16', data as Uint16Array, dims), { type: dtype });
    } catch (cause) {
      throw new OnnxGradError(
        'OG_RUNTIME_FAILED',
        `the input '${name}' is no proper ${dtype} tensor of shape [${dims.join(', ')}]: ${(cause as Error).message}`,
        'Pass data of that type whose length is the product of the dimensions.',
        { cause },
      );
    }
  }

  /** Flush the profile, when one is being written. */
  endProfiling(): void {
    this.#session.endProfiling();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
  /** Frees the native memory at once; a second call does nothing. */
  async dispose(): Promise<void> {
    this.#released ??= this.#session.release();
    await this.#released;
  }
}

/** A Uint16Array, or a Float16Array seen as one. */
const bitsOf = ({ buffer, byteOffset, length }: Uint16Array): Uint16Array =>
  new Uint16Array(buffer, byteOffset, length);

/**
 * Load a graph, or the bytes of an ONNX file, into onnxruntime.
 * @throws OG_BAD_ARGUMENT, OG_RUNTIME_MISSING, OG_DEVICE_MISSING, OG_RUNTIME_FAILED when onnxruntime refuses the model
 */
export const createSession = async (
  model: Graph | Uint8Array,
  options: SessionOptions = {},
): Promise<Session> => {
  const threads = options.threads ?? 1;
  // onnxruntime takes 0 for all cores, which would make results depend on the machine.
  if (!Number.isInteger(threads) || threads < 1)
    throw new OnnxGradError('OG_BAD_ARGUMENT', `threads is ${threads}`, 'Pass a whole number from 1.');
  const ort = await loadOnnxruntime();
  const device = options.device ?? 'cpu';
  const providers = executionProviders(ort, device);
  const bytes = model instanceof Graph ? encodeModel(model) : model;
  try {
    const session = await ort.InferenceSession.create(bytes, {
      executionProviders: providers,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // Threads that wait by spinning take the cores from whoever else works: on a busy machine they are slower than one.
      ...(threads > 1 && { extra: { session: { intra_op: { allow_spinning: '0' } } } }),
      // With plans of its memory, one for every shape of input, onnxruntime holds more: a quarter more where batches differ
      // in size, as in private training. They save no time that could be measured.
      enableMemPattern: false,
      graphOptimizationLevel: 'all',
      // What fails is thrown; onnxruntime need not print it as well.
      logSeverityLevel: 4,
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
