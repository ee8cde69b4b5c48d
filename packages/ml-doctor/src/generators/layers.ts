/** Parts that the networks for pictures and for table rows share. */
import { float32, init, nn, ops, parameter, stream, type Value } from 'onnx-grad';
import type { Bounds } from '../data/bounds.ts';
import type { View } from './auxiliary-data.ts';

/** Weights of a DCGAN: N(0, .02²) (Radford et al. 2016, § 3). */
export const dcganWeights = init.normal(0.02);

/** Batch normalisation whose scales start as N(1, .02²). */
export const batchNorm = (x: Value, name: string, seed: number): Value => {
  const y = nn.batchNorm(x, { name, seed });
  const scale = x.graph.initializers.get(`${name}.weight`);
  const channels = scale?.dims[0] as number;
  const around = dcganWeights([channels], stream(seed, 'scales', name));
  x.graph.setInitializer(
    `${name}.weight`,
    float32(
      [channels],
      around.map((value) => 1 + value),
    ),
  );
  return y;
};

/** `[N, latent]`, or with labels `[N, 2 · latent]`: the latent vector beside a learned vector of the class. */
export const generatorInput = (
  z: Value,
  conditional: { readonly y: Value; readonly classes: number; readonly latent: number } | undefined,
  seed: number,
): Value => {
  if (!conditional) return z;
  const { y, classes, latent } = conditional;
  return ops.Concat([z, nn.embedding(y, { name: 'g.class', seed, count: classes, width: latent })], 1);
};

/** −1 to 1 onto the bounds of every place. */
export const intoBounds = (signed: Value, { low, high }: Bounds, shape: readonly number[]): Value => {
  const { graph } = signed;
  const middle = low.map((value, j) => (value + (high[j] as number)) / 2);
  const half = low.map((value, j) => ((high[j] as number) - value) / 2);
  return ops.Add(
    ops.Mul(signed, graph.constant(float32(shape, half))),
    graph.constant(float32(shape, middle)),
  );
};

export const seen = (x: Value, { centre, gain }: View, shape: readonly number[]): Value => {
  const { graph } = x;
  return ops.Mul(ops.Sub(x, graph.constant(float32(shape, centre))), graph.constant(float32(shape, gain)));
};

/** What the labels add to the score: ⟨embed(y), φ(x)⟩ (Miyato & Koyama 2018, eq. 3), `[N, 1]`. */
export const projection = (features: Value, y: Value, classes: number, seed: number): Value => {
  const width = features.shape?.[1] as number;
  const vectors = parameter(features.graph, 'd.class.weight', [classes, width], dcganWeights, seed);
  return ops.ReduceSum(ops.Mul(features, ops.Gather(vectors, y)), [1]);
};
