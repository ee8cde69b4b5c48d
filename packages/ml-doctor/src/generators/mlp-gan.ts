/** Generator and discriminator for table rows: dense layers, one softmax for each category of a row. */
import { Graph, nn, ops, type Value } from 'onnx-grad';
import { elements } from '../data/dataset.ts';
import type { NetworkOptions, RecordSpace } from './auxiliary-data.ts';
import type { Generator } from './generator.ts';
import { generatorInput, intoBounds, projection, seen } from './layers.ts';

/** ML-Doctor's dense pair for flat records (Liu et al. 2022, released code): leaky slope .2, discriminator dropout .2. */
const leaky = (x: Value): Value => ops.LeakyRelu(x, { alpha: 0.2 });
const DROPOUT = 0.2;

export const mlpGan = (options: NetworkOptions): Generator => ({
  generator: generator(options),
  discriminator: discriminator(options),
  latent: options.latent,
  conditional: options.classes !== undefined,
});

const generator = ({ space, latent, width, classes, seed }: NetworkOptions): Graph => {
  const graph = new Graph('generator');
  const z = graph.input('z', 'float32', ['N', latent]);
  const conditional =
    classes === undefined ? undefined : { y: graph.input('y', 'int64', ['N']), classes, latent };
  const first = nn.dense(generatorInput(z, conditional, seed), { name: 'g.first', seed, units: 4 * width });
  const second = nn.dense(leaky(first), { name: 'g.second', seed, units: 8 * width });
  const length = elements(space.recordShape);
  const last = nn.dense(leaky(second), { name: 'g.last', seed, units: length });
  const row = intoBounds(signed(last, length, space), space.bounds, [length]);
  graph.output('x', space.recordShape.length === 1 ? row : ops.Reshape(row, [-1, ...space.recordShape]));
  return graph;
};

/** Every place from −1 to 1: tanh, and for the places of a category a softmax, so that their shares sum to 1. */
const signed = (x: Value, length: number, { oneHot }: RecordSpace): Value => {
  const parts: Value[] = [];
  const columns = (first: number, end: number) =>
    first === 0 && end === length ? x : ops.Slice(x, { starts: [first], ends: [end], axes: [1] });
  let done = 0;
  const plainUntil = (end: number) => {
    if (end > done) parts.push(ops.Tanh(columns(done, end)));
    done = end;
  };
  for (const { first, width } of oneHot) {
    plainUntil(first);
    done = first + width;
    const shares = ops.Softmax(columns(first, done), { axis: 1 });
    parts.push(ops.Sub(ops.Mul(shares, x.graph.scalar(2)), x.graph.scalar(1)));
  }
  plainUntil(length);
  return parts.length === 1 ? (parts[0] as Value) : ops.Concat(parts, 1);
};

const discriminator = ({ space, view, width, classes, seed }: NetworkOptions): Graph => {
  const graph = new Graph('discriminator');
  const input = graph.input('x', 'float32', ['N', ...space.recordShape]);
  const row = ops.Flatten(seen(input, view, space.recordShape));
  const hidden = (x: Value, name: string, units: number) =>
    nn.dropout(leaky(nn.dense(x, { name, seed, units })), { rate: DROPOUT });
  const features = hidden(hidden(row, 'd.first', 8 * width), 'd.second', 4 * width);
  const score = nn.dense(features, { name: 'd.last', seed, units: 1 });
  if (classes === undefined) graph.output('score', score);
  else {
    const y = graph.input('y', 'int64', ['N']);
    graph.output('score', ops.Add(score, projection(features, y, classes, seed)));
  }
  return graph;
};
