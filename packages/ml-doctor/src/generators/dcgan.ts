/** Generator and discriminator for pictures: the DCGAN of Radford et al. 2016, for any height and width from 4. */
import { Graph, nn, ops, type Value } from 'onnx-grad';
import { AuditError } from '../errors.ts';
import type { NetworkOptions } from './auxiliary-data.ts';
import type { Generator } from './generator.ts';
import { batchNorm, dcganWeights, generatorInput, intoBounds, projection, seen } from './layers.ts';

/** Every layer doubles or halves height and width. */
const stride2 = { kernel: 4, stride: 2, padding: 1, bias: false, weightInit: dcganWeights } as const;

/** The first map is at most this high or wide, whichever is the less. */
const LARGEST_START = 7;

/** Halvings between the picture and the smallest map: 3 for 32 × 32 (4 × 4), 2 for 28 × 28 (7 × 7), 4 for 64 × 64. */
const halvings = (height: number, width: number): number => {
  let levels = 1;
  while (Math.ceil(Math.min(height, width) / 2 ** levels) > LARGEST_START) levels++;
  return levels;
};

/** @throws {AuditError} MLD_ATTACK_UNSUITED for pictures of less than 4 pixels a side */
export const dcgan = (options: NetworkOptions): Generator => {
  const [, height, width] = options.space.recordShape as readonly [number, number, number];
  if (Math.min(height, width) < 4)
    throw new AuditError(
      'MLD_ATTACK_UNSUITED',
      `pictures of ${height} × ${width} pixels are too small for a generator`,
      'Choose an attack without a generator, such as inversion/mi-face, or pad the pictures to 4 pixels a side.',
    );
  const levels = halvings(height, width);
  return {
    generator: generator(options, levels),
    discriminator: discriminator(options, levels),
    latent: options.latent,
    conditional: options.classes !== undefined,
  };
};

const generator = ({ space, latent, width, classes, seed }: NetworkOptions, levels: number): Graph => {
  const graph = new Graph('generator');
  const [channels, rows, columns] = space.recordShape as readonly [number, number, number];
  const z = graph.input('z', 'float32', ['N', latent]);
  const conditional =
    classes === undefined ? undefined : { y: graph.input('y', 'int64', ['N']), classes, latent };
  const start = [Math.ceil(rows / 2 ** levels), Math.ceil(columns / 2 ** levels)] as const;
  let maps = width * 2 ** (levels - 1);
  // A transposed convolution of a 1 × 1 map is a matrix product.
  let x: Value = nn.dense(generatorInput(z, conditional, seed), {
    ...{ name: 'g.first', seed, bias: false, weightInit: dcganWeights },
    units: maps * start[0] * start[1],
  });
  x = ops.Reshape(x, [-1, maps, ...start]);
  for (let level = 1; level <= levels; level++) {
    x = ops.Relu(batchNorm(x, `g.norm${level}`, seed));
    maps = level === levels ? channels : maps / 2;
    x = nn.convTranspose2d(x, { ...stride2, name: `g.up${level}`, seed, channels: maps });
  }
  graph.output('x', intoBounds(ops.Tanh(cropped(x, rows, columns)), space.bounds, space.recordShape));
  return graph;
};

/** The middle of a map that is larger than the picture, as sides that do not halve evenly make it. */
const cropped = (x: Value, rows: number, columns: number): Value => {
  const [, , high, wide] = x.shape as readonly [unknown, unknown, number, number];
  if (high === rows && wide === columns) return x;
  const starts = [(high - rows) >> 1, (wide - columns) >> 1] as const;
  return ops.Slice(x, { starts, ends: [starts[0] + rows, starts[1] + columns], axes: [2, 3] });
};

const discriminator = ({ space, view, width, classes, seed }: NetworkOptions, levels: number): Graph => {
  const graph = new Graph('discriminator');
  const input = graph.input('x', 'float32', ['N', ...space.recordShape]);
  let x = seen(input, view, space.recordShape);
  for (let level = 1; level <= levels; level++) {
    x = nn.conv2d(x, { ...stride2, name: `d.down${level}`, seed, channels: width * 2 ** (level - 1) });
    if (level > 1) x = batchNorm(x, `d.norm${level}`, seed);
    x = ops.LeakyRelu(x, { alpha: 0.2 });
  }
  // A convolution over the whole map is a matrix product.
  const last = { name: 'd.last', seed, units: 1, bias: false, weightInit: dcganWeights };
  const score = nn.dense(ops.Flatten(x), last);
  if (classes === undefined) graph.output('score', score);
  else {
    const y = graph.input('y', 'int64', ['N']);
    const pooled = ops.ReduceSum(x, [2, 3], { keepdims: false });
    graph.output('score', ops.Add(score, projection(pooled, y, classes, seed)));
  }
  return graph;
};
