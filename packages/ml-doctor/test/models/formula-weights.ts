/** Weights and pictures by the formula of tools/golden/torchvision_networks.py, and what torchvision answers with them. */
import { readFileSync } from 'node:fs';
import { elementCount, float32, type Graph, type Tensor } from 'onnx-grad';

const PICTURES = 10_000;
const DIRECTIONS = 20_000;

/** u(tensor, i) in [−1, 1): Murmur3's finaliser on a counter. Plain loops here and below: there are 139 million. */
const fill = (out: Float32Array, tensor: number, of: (u: number) => number): Float32Array => {
  const start = Math.imul(tensor + 1, 0x85ebca77);
  for (let i = 0; i < out.length; i++) {
    let h = (Math.imul(i, 0x9e3779b1) + start) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    out[i] = of(((h ^ (h >>> 16)) >>> 0) / 2 ** 31 - 1);
  }
  return out;
};

/** Stored tensors of the model have torchvision's names, constants have others. */
const storedNames = (model: Graph): string[] =>
  [...model.initializers.keys()].filter((name) => /\.(weight|bias|running_\w+)$/.test(name)).sort();

/** Fills parameters and running statistics where they lie. */
export const fillByFormula = (model: Graph): void => {
  storedNames(model).forEach((name, tensor) => {
    const { dims, data } = model.initializers.get(name)!;
    const bound = dims.length > 1 ? Math.sqrt(6 / elementCount(dims.slice(1))) : 0.1;
    const around = dims.length === 1 && !/(bias|running_mean)$/.test(name);
    fill(data as Float32Array, tensor, around ? (u) => 1 + u / 5 : (u) => u * bound);
  });
};

export const formulaPictures = (shape: readonly number[]): Tensor =>
  float32(
    shape,
    fill(new Float32Array(elementCount(shape)), PICTURES, (u) => u * Math.sqrt(3)),
  );

/** A gradient as the golden file has it: its product with a direction, and its norm. */
export const measured = (model: Graph, parameter: string, gradient: Float32Array): [number, number] => {
  const tensor = DIRECTIONS + storedNames(model).indexOf(parameter);
  const direction = fill(new Float32Array(gradient.length), tensor, (u) => u);
  let [along, square] = [0, 0];
  for (let i = 0; i < gradient.length; i++) {
    along += direction[i]! * gradient[i]!;
    square += gradient[i]! ** 2;
  }
  return [along, Math.sqrt(square)];
};

interface Answer {
  /** Of the pictures. */
  readonly shape: readonly number[];
  readonly logits: readonly number[];
}
interface Step extends Answer {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, readonly [number, number]>>;
}
type Network = 'resnet18' | 'resnet18 of one channel' | 'vgg19_bn' | 'vgg19' | 'alexnet';

export const torchvisionGolden = JSON.parse(
  readFileSync(new URL('../golden/torchvision-networks.json', import.meta.url), 'utf8'),
) as Readonly<Record<Network, readonly Answer[]>> & {
  readonly steps: Readonly<Record<'resnet18' | 'vgg19_bn', Step>>;
};
