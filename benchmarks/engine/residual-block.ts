/** A residual block with batch normalisation in training mode: conv-bn-relu-conv-bn-add-relu. */
import {
  buildTrainingStep,
  float32,
  Graph,
  type Loss,
  nn,
  type Optimizer,
  ops,
  type Tensor,
} from 'onnx-grad';
import { type GradientWork, gradientCase } from './gradient-case.ts';
import { uniformTensor } from './models.ts';

const [batch, channels, size] = [32, 64, 32];
const image = [batch, channels, size, size];
const seed = 1;

/** x is a parameter too, so that its gradient is computed as it would be inside a network. */
const block = (): Graph => {
  const graph = new Graph('residual-block');
  const x = graph.initializer('x', uniformTensor(image, 'x', -1, 1), { trainable: true });
  const conv = { seed, channels, kernel: 3, padding: 1, bias: false };
  const inner = ops.Relu(nn.batchNorm(nn.conv2d(x, { ...conv, name: 'conv1' }), { seed, name: 'bn1' }));
  const outer = nn.batchNorm(nn.conv2d(inner, { ...conv, name: 'conv2' }), { seed, name: 'bn2' });
  graph.output('y', ops.Relu(ops.Add(x, outer)));
  return graph;
};

/** Σ output · target. */
const linearLoss: Loss = {
  name: 'linear',
  target: (output) => ({ dtype: 'float32', shape: output.shape ?? [] }),
  perExample: (output, target) => ops.ReduceSum(ops.Mul(output, target), [1, 2, 3], { keepdims: false }),
};

/** Hands the gradient out in place of the next parameter. */
const gradientsOnly: Optimizer = {
  name: 'gradients-only',
  learningRate: 0,
  state: [],
  scalars: [],
  scalarsAt: () => ({}),
  update: (_, gradient) => ({ parameter: gradient, state: {} }),
};

const work = (): GradientWork => {
  const step = buildTrainingStep(block(), { loss: linearLoss, optimizer: gradientsOnly });
  const state = Object.fromEntries(step.initialState());
  const target = uniformTensor(image, 'target', -1, 1);
  const parameters = Object.keys(state).filter((name) => !name.includes('running'));
  const statistics = Object.keys(state).filter((name) => name.includes('running'));
  const output = (name: string): string => step.state.get(name) as string;
  return {
    graph: step.graph,
    feeds: {
      ...state,
      [step.target]: target,
      [step.weights]: float32([batch], new Float32Array(batch).fill(1)),
    },
    torch: { kind: 'residual', tensors: { ...(state as Record<string, Tensor>), target } },
    compared: new Map([
      ...parameters.map((name) => [`d.${name}`, output(name)] as const),
      ...statistics.map((name) => [name, output(name)] as const),
    ]),
  };
};

export const residualBlock = gradientCase({
  name: 'residual-block',
  about: 'conv-bn-relu-conv-bn-add-relu forward + backward in training mode, 64 channels, 32x32, batch 32',
  bar: null,
  // Of 2 million inputs of a ReLU a few are so near 0 that the two sides round them to different signs.
  tolerance: 5e-3,
  work,
});
