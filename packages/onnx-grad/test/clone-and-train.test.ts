/** Classifiers that others trained, cloned with fresh weights and trained on real pictures. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cloneWithFreshWeights } from '../src/clone/fresh-weights.ts';
import { initialiseDataDependently } from '../src/clone/initialise-data-dependently.ts';
import type { Graph } from '../src/graph/graph.ts';
import { dropZipMap } from '../src/graph/rewrites/drop-zip-map.ts';
import { toDynamicBatch } from '../src/graph/rewrites/dynamic-batch.ts';
import { float32, int64 } from '../src/graph/tensor.ts';
import { crossEntropy } from '../src/nn/losses.ts';
import { decodeModel } from '../src/onnx/decode.ts';
import { adam } from '../src/optim/adam.ts';
import type { BatchSource } from '../src/train/batches.ts';
import { fit } from '../src/train/fit.ts';
import { accuracy, predict } from '../src/train/predict.ts';

interface Pictures {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  readonly shape: readonly [number, number, number];
  /** What a pixel of this channel becomes. */
  readonly scale: (pixel: number, channel: number) => number;
}

const source = (
  input: string,
  { pixels, labels, shape, scale }: Pictures,
  from: number,
  size: number,
): BatchSource => {
  const [channels, height, width] = shape;
  const area = height * width;
  return {
    size,
    batch: (indices) => {
      const data = new Float32Array(indices.length * channels * area);
      indices.forEach((index, row) => {
        const start = (from + index) * channels * area;
        for (let i = 0; i < channels * area; i++)
          data[row * channels * area + i] = scale(pixels[start + i] as number, Math.floor(i / area));
      });
      return {
        inputs: { [input]: float32([indices.length, ...shape], data) },
        target: int64(
          [indices.length],
          Array.from(indices, (i) => labels[from + i] as number),
        ),
      };
    },
  };
};

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const shared = folder('../../../../shared/data/');

const trainAndTest = async (model: Graph, pictures: Pictures, records: number, epochs: number) => {
  const input = model.inputs[0]?.name as string;
  const { model: trained, history } = await fit({
    model,
    loss: crossEntropy(),
    optimizer: adam({ learningRate: 0.001 }),
    data: source(input, pictures, 0, records),
    epochs,
    batchSize: 32,
    seed: 5,
  });
  const test = source(input, pictures, records, 500);
  const outputs = await predict(trained, test);
  return { history, testAccuracy: accuracy(outputs, pictures.labels.subarray(records, records + 500)) };
};

describe.skipIf(!existsSync(`${shared}onnx`))('a fresh clone trains (needs shared/data)', () => {
  it('a convolutional network for Fashion-MNIST', async () => {
    const file = (name: string) =>
      gunzipSync(readFileSync(folder(`../../ml-doctor/data/fashion-mnist/${name}`)));
    const pictures: Pictures = {
      pixels: file('t10k-images-idx3-ubyte.gz').subarray(16),
      labels: file('t10k-labels-idx1-ubyte.gz').subarray(8),
      shape: [1, 28, 28],
      scale: (pixel) => pixel / 255,
    };
    const original = decodeModel(readFileSync(`${shared}onnx/fashion_mnist.edwin-19.onnx`));
    const { graph, report } = cloneWithFreshWeights(toDynamicBatch(original), { seed: 1 });
    expect(report.parameters.elements).toBe(914_698);
    const { history, testAccuracy } = await trainAndTest(graph, pictures, 512, 3);
    expect(history[0]?.loss).toBeGreaterThan(1);
    expect(history[2]?.loss).toBeLessThan(1);
    expect(testAccuracy).toBeGreaterThan(0.5);
  });

  it('a residual network for CIFAR-10 whose batch normalisation was folded', async () => {
    const records = gunzipSync(readFileSync(`${shared}cifar10/train_batch_1.bin.gz`));
    const count = 2500;
    const pixels = new Uint8Array(count * 3072);
    const labels = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      labels[i] = records[i * 3073] as number;
      pixels.set(records.subarray(i * 3073 + 1, (i + 1) * 3073), i * 3072);
    }
    const [mean, deviation] = [[0.4914, 0.4822, 0.4465] as const, [0.2471, 0.2435, 0.2616] as const];
    const pictures: Pictures = {
      pixels,
      labels,
      shape: [3, 32, 32],
      scale: (pixel, c) => (pixel / 255 - (mean[c] as number)) / (deviation[c] as number),
    };
    const original = decodeModel(readFileSync(`${shared}onnx/resnet_2b.onnx`));
    const clone = cloneWithFreshWeights(toDynamicBatch(original), { seed: 1 });
    expect(clone.report.mayBeFolded).toBe(true);
    const first = source('input.1', pictures, 0, 256).batch(Uint32Array.from({ length: 256 }, (_, i) => i));
    const { graph } = await initialiseDataDependently(clone.graph, first.inputs['input.1'] as never);
    const { history, testAccuracy } = await trainAndTest(graph, pictures, 1600, 4);
    expect(history[3]?.loss).toBeLessThan((history[0]?.loss as number) - 0.3);
    expect(testAccuracy).toBeGreaterThan(0.25);
  });
});

describe('a fresh clone of a scikit-learn network', () => {
  it('learns what the original knows', async () => {
    const fixture = (name: string) => readFileSync(folder(`./fixtures/${name}`));
    const { records, labels } = JSON.parse(fixture('iris-network.json').toString()) as {
      records: number[][];
      labels: number[];
    };
    const { graph: plain } = dropZipMap(decodeModel(fixture('iris-network.onnx')));
    const { graph: model, report } = cloneWithFreshWeights(toDynamicBatch(plain), { seed: 3 });
    expect(report.logits).toEqual({ output: 'logits', behind: 'Softmax' });
    expect(report.constants).toEqual(["Scaler 'Scaler'"]);
    expect(report.parameters).toEqual({ tensors: 4, elements: 4 * 8 + 8 + 8 * 3 + 3 });
    const data: BatchSource = {
      size: records.length,
      batch: (indices) => ({
        inputs: {
          X: float32([indices.length, 4], Array.from(indices, (i) => records[i] as number[]).flat()),
        },
        target: int64(
          [indices.length],
          Array.from(indices, (i) => labels[i] as number),
        ),
      }),
    };
    expect(accuracy(await predict(model, data), labels)).toBeLessThan(0.7);
    const { model: trained } = await fit({
      model,
      loss: crossEntropy(),
      optimizer: adam({ learningRate: 0.02 }),
      data,
      epochs: 30,
      batchSize: 16,
      seed: 5,
    });
    expect(accuracy(await predict(trained, data), labels)).toBeGreaterThan(0.93);
  });
});
