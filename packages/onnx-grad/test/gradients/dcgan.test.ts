/**
 * Gradients through a whole DCGAN, batch normalisation on the batch's own statistics, against central differences of the
 * same networks computed here in double precision, one sum at a time.
 */
import { describe, expect, test } from 'vitest';
import { gradients } from '../../src/autodiff/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import { Add, LeakyRelu, Neg, ReduceMean, Relu, Reshape, Softplus, Tanh } from '../../src/graph/ops/index.ts';
import { float32, type Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { batchNorm, conv2d, convTranspose2d, dense, flatten } from '../../src/nn/layers.ts';
import { createSession } from '../../src/runtime/session.ts';
import { trainingModel } from '../../src/train/training-mode.ts';
import { between, draws } from './draws.ts';

const [batch, latent, width, start] = [3, 4, 3, 2];
const seed = 1;
const stride2 = { seed, kernel: 4, stride: 2, padding: 1, bias: false } as const;

/** 2 × 2, 4 × 4, 8 × 8 pictures of two channels. */
const generator = (): Graph => {
  const graph = new Graph('generator');
  const z = graph.input('z', 'float32', ['N', latent]);
  let x = dense(z, { name: 'g.first', seed, units: 2 * width * start * start, bias: false });
  x = Relu(batchNorm(Reshape(x, [-1, 2 * width, start, start]), { name: 'g.norm1', seed }));
  x = convTranspose2d(x, { ...stride2, name: 'g.up1', channels: width });
  x = Relu(batchNorm(x, { name: 'g.norm2', seed }));
  graph.output('x', Tanh(convTranspose2d(x, { ...stride2, name: 'g.up2', channels: 2 })));
  return graph;
};

const discriminator = (): Graph => {
  const graph = new Graph('discriminator');
  let x = graph.input('x', 'float32', ['N', 2, 8, 8]);
  x = LeakyRelu(conv2d(x, { ...stride2, name: 'd.down1', channels: width }), { alpha: 0.2 });
  x = conv2d(x, { ...stride2, name: 'd.down2', channels: 2 * width });
  x = LeakyRelu(batchNorm(x, { name: 'd.norm2', seed }), { alpha: 0.2 });
  graph.output('score', dense(flatten(x), { name: 'd.last', seed, units: 1, bias: false }));
  return graph;
};

/** `[N, channels, side, side]`, row-major. */
interface Maps {
  readonly channels: number;
  readonly side: number;
  readonly data: Float64Array;
}

type Numbers = Readonly<Record<string, Float64Array>>;

/** Both directions of the convolution from `large` to `small`, 4 × 4, stride 2, padding 1. */
const convolution = (x: Maps, w: Float64Array, channels: number, up: boolean): Maps => {
  const side = up ? 2 * x.side : x.side / 2;
  const data = new Float64Array(batch * channels * side * side);
  const small = Math.min(side, x.side);
  const at = (maps: number, width: number, n: number, c: number, row: number, column: number) =>
    ((n * maps + c) * width + row) * width + column;
  for (let n = 0; n < batch; n++)
    for (let from = 0; from < x.channels; from++)
      for (let to = 0; to < channels; to++)
        for (let q = 0; q < small * small; q++)
          for (let tap = 0; tap < 16; tap++) {
            const [p, r] = [Math.floor(q / small), q % small];
            const [top, left] = [2 * p + (tap >> 2) - 1, 2 * r + (tap % 4) - 1];
            if (Math.min(top, left) < 0 || Math.max(top, left) >= 2 * small) continue;
            const weight = w[(up ? from * channels + to : to * x.channels + from) * 16 + tap] as number;
            const source = up
              ? at(x.channels, x.side, n, from, p, r)
              : at(x.channels, x.side, n, from, top, left);
            const target = up ? at(channels, side, n, to, top, left) : at(channels, side, n, to, p, r);
            data[target] = (data[target] as number) + weight * (x.data[source] as number);
          }
  return { channels, side, data };
};

/** By the batch's mean and population variance. */
const normalised = ({ channels, side, data }: Maps, scale: Float64Array, bias: Float64Array): Maps => {
  const plane = side * side;
  const out = data.slice();
  for (let c = 0; c < channels; c++) {
    const places = [...data.keys()].filter((i) => Math.floor(i / plane) % channels === c);
    const mean = places.reduce((sum, i) => sum + (data[i] as number), 0) / places.length;
    const variance = places.reduce((sum, i) => sum + ((data[i] as number) - mean) ** 2, 0) / places.length;
    for (const i of places)
      out[i] =
        (((data[i] as number) - mean) / Math.sqrt(variance + 1e-5)) * (scale[c] as number) +
        (bias[c] as number);
  }
  return { channels, side, data: out };
};

const each = (x: Maps, f: (value: number) => number): Maps => ({ ...x, data: x.data.map(f) });
const leaky = (value: number) => (value > 0 ? value : 0.2 * value);

const product = (x: Float64Array, w: Float64Array, units: number): Float64Array => {
  const inputs = x.length / batch;
  return Float64Array.from({ length: batch * units }, (_, i) => {
    const [n, unit] = [Math.floor(i / units), i % units];
    let sum = 0;
    for (let j = 0; j < inputs; j++) sum += (x[n * inputs + j] as number) * (w[unit * inputs + j] as number);
    return sum;
  });
};

const picture = (p: Numbers, z: Float64Array): Maps => {
  const get = (name: string) => p[name] as Float64Array;
  const norm = (x: Maps, name: string) =>
    each(normalised(x, get(`${name}.weight`), get(`${name}.bias`)), (value) => Math.max(0, value));
  const first = product(z, get('g.first.weight'), 2 * width * start * start);
  let x = norm({ channels: 2 * width, side: start, data: first }, 'g.norm1');
  x = norm(convolution(x, get('g.up1.weight'), width, true), 'g.norm2');
  return each(convolution(x, get('g.up2.weight'), 2, true), Math.tanh);
};

const score = (p: Numbers, x: Maps): Float64Array => {
  const get = (name: string) => p[name] as Float64Array;
  let y = each(convolution(x, get('d.down1.weight'), width, false), leaky);
  y = convolution(y, get('d.down2.weight'), 2 * width, false);
  y = each(normalised(y, get('d.norm2.weight'), get('d.norm2.bias')), leaky);
  return product(y.data, get('d.last.weight'), 1);
};

const softplus = (value: number) => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;

/** What generator and discriminator minimise: E softplus(−D(G(z))); E softplus(−D(x)) + E softplus(D(G(z))). */
const losses = (p: Numbers): readonly [number, number] => {
  const fake = score(p, picture(p, p['z'] as Float64Array));
  const real = score(p, { channels: 2, side: 8, data: p['real'] as Float64Array });
  return [
    mean(fake.map((value) => softplus(-value))),
    mean(real.map((value) => softplus(-value))) + mean(fake.map(softplus)),
  ];
};

/** Both losses and all their gradients, by the graph. */
const byGraph = async (feeds: Readonly<Record<string, Tensor>>, inputs: readonly string[]) => {
  const graph = new Graph();
  const z = graph.input('z', 'float32', ['N', latent]);
  const real = graph.input('real', 'float32', ['N', 2, 8, 8]);
  const made = trainingModel(graph, generator(), new Map([['z', z]]));
  const fake = made.outputs.get('x') as Value;
  const onReal = trainingModel(graph, discriminator(), new Map([['x', real]]));
  const statistics = [...onReal.buffers].map(([name, [before]]) => [name, before] as const);
  const onFake = trainingModel(
    graph,
    discriminator(),
    new Map([['x', fake], ...onReal.parameters, ...statistics]),
  );
  const [a, b] = [onReal, onFake].map((pass) => pass.outputs.get('score') as Value) as [Value, Value];
  const average = (values: Value) => ReduceMean(values, undefined, { keepdims: false });
  const targets = [average(Softplus(Neg(b))), Add(average(Softplus(Neg(a))), average(Softplus(b)))];
  const wrt = inputs.map((name) => graph.inputs.find((input) => input.name === name) as Value);
  targets.forEach((target, i) => {
    graph.output(`loss${i}`, target);
    gradients(target, wrt).forEach((gradient, j) => {
      graph.output(`${i}.${inputs[j]}`, gradient);
    });
  });
  const session = await createSession(graph);
  try {
    return await session.run(feeds);
  } finally {
    await session.dispose();
  }
};

describe('a DCGAN in training', () => {
  test.each([1, 2])('every parameter and input of both networks, draw %i', async (draw) => {
    const numbers = draws(draw);
    const random = (dims: readonly number[]): Tensor => {
      const count = dims.reduce((x, y) => x * y, 1);
      return float32(dims, Float32Array.from(between(-1, 1)(count, numbers)));
    };
    const held = [generator(), discriminator()].flatMap((network) => [...network.initializers]);
    const feeds: Record<string, Tensor> = { z: random([batch, latent]), real: random([batch, 2, 8, 8]) };
    for (const [name, { dims, data }] of held)
      if (/running/.test(name)) feeds[name] = { dtype: 'float32', dims, data };
      else if (/^[gd]\./.test(name)) feeds[name] = random(dims);
    const inputs = Object.keys(feeds).filter((name) => !/running/.test(name));
    expect(inputs).toHaveLength(14);
    const found = await byGraph(feeds, inputs);
    const p = Object.fromEntries(
      inputs.map((name) => [name, Float64Array.from(feeds[name]?.data as Float32Array)]),
    );
    const [asGenerator, asDiscriminator] = losses(p);
    expect(found['loss0']?.data[0]).toBeCloseTo(asGenerator, 5);
    expect(found['loss1']?.data[0]).toBeCloseTo(asDiscriminator, 5);
    const h = 1e-6;
    for (const name of inputs) {
      const at = p[name] as Float64Array;
      const differences: [number[], number[]] = [[], []];
      for (let i = 0; i < at.length; i++) {
        const value = at[i] as number;
        at[i] = value + h;
        const above = losses(p);
        at[i] = value - h;
        const below = losses(p);
        at[i] = value;
        for (const k of [0, 1] as const) differences[k].push((above[k] - below[k]) / (2 * h));
      }
      for (const k of [0, 1] as const) {
        const gradient = found[`${k}.${name}`]?.data as Float32Array;
        const size = Math.hypot(...differences[k]);
        const off = Math.hypot(...differences[k].map((value, i) => value - (gradient[i] as number)));
        expect(off, `${name} of loss ${k}, of size ${size}`).toBeLessThan(2e-5 * (0.1 + size));
      }
    }
  });
});
