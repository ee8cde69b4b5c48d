/** Batch normalisation in training on maps of every size it is built for, against its closed form in double precision. */
import { expect, test } from 'vitest';
import { gradients } from '../../src/autodiff/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import * as ops from '../../src/graph/ops/index.ts';
import { elementCount, float32, type Tensor } from '../../src/graph/tensor.ts';
import { stream } from '../../src/random/stream.ts';
import { runOnce } from '../support/same-outputs.ts';

const normal = (dims: readonly number[], name: string): Tensor =>
  float32(dims, stream(1, 'batch-statistics', name).normal(new Float32Array(elementCount(dims))));

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

test.each([[[4, 3]], [[4, 3, 1, 1]], [[4, 3, 2, 2]], [[2, 3, 8, 8]], [[2, 3, 5, 13]], [[2, 3, 3, 3, 3]]])(
  '%j',
  async (dims) => {
    const [records, channels, ...spatial] = dims as [number, number, ...number[]];
    const positions = elementCount(spatial);
    const feeds = { x: normal(dims, 'x'), dy: normal(dims, 'dy'), scale: normal([channels], 'scale') };
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', ...dims.slice(1)]);
    const dy = graph.input('dy', 'float32', ['N', ...dims.slice(1)]);
    const scale = graph.input('scale', 'float32', [channels]);
    const constant = (value: number) => graph.constant(float32([channels], Array(channels).fill(value)));
    const parts = { scale, bias: constant(0), mean: constant(0), variance: constant(1) };
    const { y } = ops.BatchNormalizationTraining(x, parts, { momentum: 0, epsilon: 1e-5 });
    const [dx, dScale] = gradients(y, [x, scale], { seed: dy });
    graph.output('dx', dx as typeof x);
    graph.output('dScale', dScale as typeof x);
    const found = await runOnce(graph, feeds);
    for (let channel = 0; channel < channels; channel++) {
      const places = Array.from(
        { length: records * positions },
        (_, i) => (Math.floor(i / positions) * channels + channel) * positions + (i % positions),
      );
      const of = ({ data }: Pick<Tensor, 'data'>) => places.map((at) => Number(data[at]));
      const [values, slopes] = [of(feeds.x), of(feeds.dy)];
      const middle = mean(values);
      const deviation = Math.sqrt(mean(values.map((v) => (v - middle) ** 2)) + 1e-5);
      const standard = values.map((v) => (v - middle) / deviation);
      const along = mean(slopes.map((g, i) => g * (standard[i] as number)));
      const gain = Number(feeds.scale.data[channel]) / deviation;
      const offset = mean(slopes);
      of(found['dx'] as Tensor).forEach((value, i) => {
        const expected = gain * ((slopes[i] as number) - offset - (standard[i] as number) * along);
        expect(value).toBeCloseTo(expected, 4);
      });
      expect(Number(found['dScale']?.data[channel])).toBeCloseTo(along * places.length, 3);
    }
  },
);
