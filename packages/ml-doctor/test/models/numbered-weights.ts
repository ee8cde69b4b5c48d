/** Weights by the formula of tools/golden/xception_wide_resnet.py, and what a model then answers. */
import { readFileSync } from 'node:fs';
import { elementCount, float32, type Graph, predict } from 'onnx-grad';

const PRIME = 10_007;

/**
 * Each a function of a number between −1 and 1, of whole numbers below 2⁵³ until its last step, so that every language
 * gives the same. Plain loops: there are millions.
 */
const numbers = (count: number, tensor: number, of: (u: number) => number): Float32Array => {
  const made = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const a = i % PRIME;
    made[i] = of((((31 * a * a + 7919 * a + 1049 * tensor) % PRIME) / PRIME) * 2 - 1);
  }
  return made;
};

const scaling = (name: string, dims: readonly number[]): readonly [offset: number, scale: number] => {
  if (name.endsWith('running_var')) return [1, 0.5];
  if (!name.endsWith('weight')) return [0, 0.2];
  return dims.length === 1 ? [1, 0.3] : [0, Math.sqrt(3 / elementCount(dims.slice(1)))];
};

/** By the place of a tensor's name among all, sorted. */
const fillByNumber = (graph: Graph): void => {
  const names = [...graph.initializers.keys()].filter((name) => /\.(weight|bias|running_\w+)$/.test(name));
  names.sort().forEach((name, place) => {
    const { dims } = graph.initializers.get(name)!;
    const [offset, scale] = scaling(name, dims);
    const value = (u: number): number => offset + scale * u;
    graph.setInitializer(name, float32(dims, numbers(elementCount(dims), place, value)));
  });
};

interface GoldenCase {
  readonly name: string;
  readonly recordShape: readonly number[];
  readonly classes: number;
  readonly logits: readonly number[];
}

/** What PyTorch answered for two pictures. */
export const goldenCases = (name: string): readonly GoldenCase[] => {
  const file = new URL('../golden/xception-wide-resnet.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as GoldenCase[]).filter((one) => one.name.startsWith(name));
};

/** The largest difference of the model, filled by the formula, from what PyTorch answered. */
export const distanceFrom = async (graph: Graph, { recordShape, logits }: GoldenCase): Promise<number> => {
  fillByNumber(graph);
  const data = numbers(2 * elementCount(recordShape), 999, (u) => u);
  const batch = () => ({
    inputs: { x: float32([2, ...recordShape], data) },
    target: { dtype: 'int64' as const, dims: [2], data: new BigInt64Array(2) },
  });
  const answer = (await predict(graph, { size: 2, batch })).data as Float32Array;
  return Math.max(...logits.map((z, i) => Math.abs(z - answer[i]!)));
};
