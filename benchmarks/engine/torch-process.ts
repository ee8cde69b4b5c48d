/** PyTorch as a child process that serves timed rounds over stdin and stdout. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { float32, type Tensor } from 'onnx-grad';
import type { Side } from './measure.ts';

/** Debian's interpreter: `python3-torch` installs for it, whatever stands first on the path. */
const python = '/usr/bin/python3';
const server = fileURLToPath(new URL('../torch/serve.py', import.meta.url));

/** What a case asks of the Python side; `kind` chooses its class in serve.py. */
export interface TorchCase {
  readonly kind: 'mlp' | 'cnn' | 'resnet18' | 'vgg19' | 'convolution' | 'residual' | 'dcgan';
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly [option: string]: unknown;
}

export interface TorchAbout {
  readonly version: string;
  /** Fastest product of two 512 x 512 float32 matrices on one thread, in ms. */
  readonly matmulMs: number;
}

/** Slower than this on one thread, a 512³ product is not from a tuned BLAS (about 3 ms; the reference BLAS 45). */
const tunedBelowMs = 12;

export const blasIsTuned = ({ matmulMs }: TorchAbout): boolean => matmulMs < tunedBelowMs;

export class TorchProcess implements Side, AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #complaints = '';

  /** @throws Error when Python stops; call `torchAbout` first to know whether there is a torch at all */
  constructor(threads: number) {
    const count = String(threads);
    this.#child = spawn(python, [server, count], {
      env: { ...process.env, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count },
    });
    this.#child.stderr.on('data', (text) => {
      this.#complaints += text;
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async open({ tensors, ...rest }: TorchCase): Promise<void> {
    const encoded = Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, encode(t)]));
    await this.#ask({ op: 'open', ...rest, tensors: encoded });
  }

  /** One step without noise; the tensors it computed, by name. */
  async check(): Promise<Record<string, Tensor>> {
    const { tensors } = (await this.#ask({ op: 'check' })) as { tensors: Record<string, Encoded> };
    return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, decode(t)]));
  }

  async round(steps: number): Promise<number> {
    return ((await this.#ask({ op: 'round', steps })) as { ms: number }).ms;
  }

  async about(): Promise<TorchAbout> {
    const { torch, matmulMs } = (await this.#ask({ op: 'about' })) as { torch: string; matmulMs: number };
    return { version: torch, matmulMs };
  }

  async #ask(request: object): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`the PyTorch process stopped: ${this.#complaints.trim()}`);
    return JSON.parse(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    await ended;
  }
}

/** The PyTorch of this machine, or undefined when there is none. */
export const torchAbout = async (): Promise<TorchAbout | undefined> => {
  if (spawnSync(python, ['-c', 'import torch, numpy']).status !== 0) return undefined;
  const process = new TorchProcess(1);
  try {
    return await process.about();
  } finally {
    await process[Symbol.asyncDispose]();
  }
};

interface Encoded {
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly data: string;
}

const encode = ({ dtype, dims, data }: Tensor): Encoded => {
  const { buffer, byteOffset, byteLength } = data as Float32Array;
  return { dtype, dims, data: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
};

const decode = ({ dims, data }: Encoded): Tensor => {
  const bytes = new Uint8Array(Buffer.from(data, 'base64'));
  return float32(dims, new Float32Array(bytes.buffer));
};

/** What a page says of the other side: its version and pace, or that it is not here. */
export const describeTorch = (torch: Awaited<ReturnType<typeof torchAbout>>): readonly string[] => {
  if (!torch)
    return [
      'PyTorch is not here (Debian: python3-torch for /usr/bin/python3): skipped, only our own times are given',
    ];
  const pace = torch.matmulMs.toFixed(1);
  return [
    `PyTorch ${torch.version}; its 512x512x512 float32 product takes ${pace} ms on one thread`,
    ...(blasIsTuned(torch)
      ? []
      : [
          'WARNING: that is the speed of the reference BLAS; PyTorch is many times slower than it could be and the ratios flatter us. Install libopenblas0-pthread.',
        ]),
  ];
};
