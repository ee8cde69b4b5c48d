/** Child process: trains the MLP with `fit` and reports its resident memory early and late. */
import { fit, losses, sgd, type Tensor, tensor } from 'onnx-grad';
import { median } from './measure.ts';
import type { MemoryReport } from './memory-10k-steps.ts';
import { batch, network, records } from './models.ts';
import { sgdOptions } from './trainer.ts';

const stepsPerEpoch = 10;
const width = 784;

const size = stepsPerEpoch * batch;
const { x, labels } = records('mlp', size);

const rows = (indices: Uint32Array) => {
  const images = new Float32Array(indices.length * width);
  const target = new BigInt64Array(indices.length);
  indices.forEach((index, i) => {
    images.set((x.data as Float32Array).subarray(index * width, (index + 1) * width), i * width);
    target[i] = (labels.data as BigInt64Array)[index] as bigint;
  });
  const inputs: Record<string, Tensor> = { x: tensor('float32', [indices.length, width], images) };
  return { inputs, target: tensor('int64', [indices.length], target) };
};

const [warmUp, total] = process.argv.slice(2).map(Number) as [number, number];
/** Resident megabytes over so many steps around each of the two moments: the collector makes them saw-toothed. */
const window = Math.min(warmUp, 500);
const early: number[] = [];
const late: number[] = [];
const start = performance.now();
// biome-ignore lint/suspicious/noFocusedTests: trains a model
await fit({
  model: network('mlp'),
  loss: losses.crossEntropy(),
  optimizer: sgd(sgdOptions),
  data: { size, batch: rows },
  epochs: total / stepsPerEpoch,
  batchSize: batch,
  seed: 1,
  onEvent: (event) => {
    if (event.type !== 'step') return;
    if (event.step > warmUp && event.step <= warmUp + window) early.push(process.memoryUsage.rss() / 2 ** 20);
    if (event.step > total - window) late.push(process.memoryUsage.rss() / 2 ** 20);
  },
});
const stepMs = (performance.now() - start) / total;
const report: MemoryReport = { warmMb: median(early), endMb: median(late), stepMs };
process.send?.(report);
