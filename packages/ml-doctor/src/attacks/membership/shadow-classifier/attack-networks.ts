/** The two attack networks of ML-Doctor's membership inference: for black-box and for white-box features. */
import { Graph, init, nn, ops, type Value } from 'onnx-grad';

/** Dropped in training, before each dense layer of the white-box network but the last ones. */
const DROPPED = 0.2;

type Layer = (x: Value, name: string, units: number) => Value;

/** Dense layers start with Xavier normal weights and zero biases. */
const layers =
  (seed: number): Layer =>
  (x, name, units) =>
    nn.dense(x, { name, seed, units, weightInit: init.xavierNormal(), biasInit: init.zerosInit });

/**
 * Liu et al. 2022, §4.1: one branch FC(C,128) ReLU FC(128,64) for the posteriors, one FC(1,128) ReLU FC(128,64) for
 * the flag; their 128 joint values go through FC 256, 128, 64 with ReLU to two logits.
 */
export const blackBoxNetwork = (classes: number, seed: number): Graph => {
  const graph = new Graph('membership-attack');
  const layer = layers(seed);
  const branch = (x: Value, name: string) => layer(ops.Relu(layer(x, `${name}1`, 128)), `${name}2`, 64);
  const posteriors = graph.input('posteriors', 'float32', ['N', classes]);
  const correct = graph.input('correct', 'float32', ['N', 1]);
  let hidden = ops.Concat([branch(posteriors, 'posteriors'), branch(correct, 'correct')], 1);
  for (const [i, units] of [256, 128, 64].entries()) hidden = ops.Relu(layer(hidden, `joint${i + 1}`, units));
  graph.output('logits', layer(hidden, 'out', 2));
  return graph;
};

/**
 * The white-box network: branches dropout FC(·,128) ReLU FC(128,64) for posteriors, loss and label; for the gradient,
 * as a picture of one channel, dropout, convolution 1→1 (5×5, padding 2, weights N(0,1), zero bias), batch
 * normalisation, ReLU, max-pool 2, dropout FC 256 ReLU, dropout FC 128 ReLU, FC 64. The 256 joint values go through
 * dropout FC 256, 128, 64 with ReLU to two logits.
 *
 * The pool keeps what is left over at the end of an odd axis, so that no class is lost, and an axis of one as it is.
 *
 * @param inputs what the target's last layer receives
 */
export const whiteBoxNetwork = (classes: number, inputs: number, seed: number): Graph => {
  const graph = new Graph('membership-attack');
  const layer = layers(seed);
  const drop = (x: Value) => nn.dropout(x, { rate: DROPPED });
  const branch = (name: string, width: number) => {
    const x = graph.input(name, 'float32', ['N', width]);
    return layer(ops.Relu(layer(drop(x), `${name}1`, 128)), `${name}2`, 64);
  };
  const gradientBranch = () => {
    const x = graph.input('gradient', 'float32', ['N', 1, classes, inputs]);
    const convolved = nn.conv2d(drop(x), {
      name: 'gradient1',
      seed,
      channels: 1,
      kernel: 5,
      padding: 2,
      weightInit: init.normal(1),
      biasInit: init.zerosInit,
    });
    const window = [Math.min(2, classes), Math.min(2, inputs)];
    const pooled = ops.MaxPool(ops.Relu(nn.batchNorm(convolved, { name: 'gradient2', seed })), {
      kernel_shape: window,
      strides: window,
      ceil_mode: 1,
    });
    const wide = ops.Relu(layer(drop(nn.flatten(pooled)), 'gradient3', 256));
    return layer(ops.Relu(layer(drop(wide), 'gradient4', 128)), 'gradient5', 64);
  };
  let hidden = ops.Concat(
    [branch('posteriors', classes), branch('loss', 1), gradientBranch(), branch('label', classes)],
    1,
  );
  for (const [i, units] of [256, 128, 64].entries())
    hidden = ops.Relu(layer(drop(hidden), `joint${i + 1}`, units));
  graph.output('logits', layer(hidden, 'out', 2));
  return graph;
};
