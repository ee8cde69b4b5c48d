/** The DCGAN pair against PyTorch's example of it, whose counts are published for 64 × 64 pixels in colour. */
import type { Graph } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { dcgan } from './dcgan.ts';

const pair = (recordShape: readonly [number, number, number]) => {
  const length = recordShape[0] * recordShape[1] * recordShape[2];
  const all = (value: number) => new Float32Array(length).fill(value);
  return dcgan({
    space: { recordShape, bounds: { low: all(-1), high: all(1) }, oneHot: [], features: 'numeric' },
    view: { centre: all(0), gain: all(1) },
    ...{ latent: 100, width: 64, seed: 1 },
  });
};
const count = (graph: Graph): number =>
  [...graph.parameters].reduce((sum, name) => sum + graph.initializers.get(name)!.data.length, 0);

describe('dcgan', () => {
  it('has PyTorch’s number of parameters, with latent vectors of 100 and 64 maps', () => {
    const { generator, discriminator } = pair([3, 64, 64]);
    expect(count(generator)).toBe(3_576_704);
    expect(count(discriminator)).toBe(2_765_568);
  });

  it('differs for one channel by the kernels of two channels', () => {
    const { generator, discriminator } = pair([1, 64, 64]);
    const twoChannels = 2 * 64 * 4 * 4;
    expect(count(generator)).toBe(3_576_704 - twoChannels);
    expect(count(discriminator)).toBe(2_765_568 - twoChannels);
  });

  it.each([
    [64, [4, 8, 16, 32, 64]],
    [32, [4, 8, 16, 32]],
    [28, [7, 14, 28]],
  ])('grows from a small map to pictures of %d pixels, and shrinks back', (size, heights) => {
    const { generator, discriminator } = pair([3, size, size]);
    const along = (graph: Graph, op: string) => graph.nodes.filter((node) => node.op === op);
    const up = along(generator, 'ConvTranspose');
    expect([up[0]?.inputs[0], ...up.map(({ outputs }) => outputs[0])].map((v) => v?.shape?.[2])).toEqual(
      heights,
    );
    const down = along(discriminator, 'Conv');
    expect([down[0]?.inputs[0], ...down.map(({ outputs }) => outputs[0])].map((v) => v?.shape?.[2])).toEqual(
      heights.toReversed(),
    );
  });

  it('normalises where PyTorch’s does: not the generator’s output, nor what the discriminator sees first and last', () => {
    const { generator, discriminator } = pair([3, 64, 64]);
    const normalised = (graph: Graph) =>
      graph.nodes.filter(({ op }) => op === 'BatchNormalization').map(({ inputs }) => inputs[0]?.shape?.[1]);
    expect(normalised(generator)).toEqual([512, 256, 128, 64]);
    expect(normalised(discriminator)).toEqual([128, 256, 512]);
    const slopes = discriminator.nodes.filter(({ op }) => op === 'LeakyRelu');
    expect(slopes.map(({ attributes }) => attributes['alpha'])).toEqual([0.2, 0.2, 0.2, 0.2]);
  });
});
