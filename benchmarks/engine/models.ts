/** The networks and the data of the training cases; the same seeds on every run. */
import { Graph, int64, nn, ops, stream, type Tensor } from 'onnx-grad';
import { pictureSize, resnet18, vgg19 } from './deep-networks.ts';

export const batch = 64;
const seed = 1;

export type NetworkKind = 'mlp' | 'cnn' | 'resnet18' | 'vgg19';

/** 784-256-128-10 with ReLU. */
const mlp = (): Graph => {
  const graph = new Graph('mlp');
  const layer = (name: string, units: number) => ({ name, seed, units });
  let x = graph.input('x', 'float32', ['N', 784]);
  x = ops.Relu(nn.dense(x, layer('fc1', 256)));
  x = ops.Relu(nn.dense(x, layer('fc2', 128)));
  graph.output('logits', nn.dense(x, layer('fc3', 10)));
  return graph;
};

/** 28 x 28 images: conv 32, pool, conv 64, pool, 128 units, 10 units; 3 x 3 kernels without padding. */
const cnn = (): Graph => {
  const graph = new Graph('cnn');
  let x = graph.input('x', 'float32', ['N', 1, 28, 28]);
  x = ops.Relu(nn.conv2d(x, { name: 'conv1', seed, channels: 32, kernel: 3 }));
  x = nn.maxPool2d(x, { size: 2 });
  x = ops.Relu(nn.conv2d(x, { name: 'conv2', seed, channels: 64, kernel: 3 }));
  x = nn.flatten(nn.maxPool2d(x, { size: 2 }));
  x = ops.Relu(nn.dense(x, { name: 'fc1', seed, units: 128 }));
  graph.output('logits', nn.dense(x, { name: 'fc2', seed, units: 10 }));
  return graph;
};

const networks: Record<NetworkKind, () => Graph> = { mlp, cnn, resnet18, vgg19 };

export const network = (kind: NetworkKind): Graph => networks[kind]();

const picture = [3, pictureSize, pictureSize];
const shapes: Record<NetworkKind, readonly number[]> = {
  mlp: [784],
  cnn: [1, 28, 28],
  resnet18: picture,
  vgg19: picture,
};

export const uniformTensor = (dims: readonly number[], name: string, low = 0, high = 1): Tensor => {
  const data = stream(seed, 'benchmark', name).uniform(new Float32Array(dims.reduce((a, b) => a * b, 1)));
  return { dtype: 'float32', dims, data: data.map((u) => low + u * (high - low)) };
};

/** Records like images, values in [0, 1), and labels at random. */
export const records = (kind: NetworkKind, count = batch): { x: Tensor; labels: Tensor } => {
  const labels = stream(seed, 'benchmark', 'labels').integers(new Uint32Array(count), 10);
  return { x: uniformTensor([count, ...shapes[kind]], 'x'), labels: int64([count], Array.from(labels)) };
};
