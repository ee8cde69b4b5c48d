/** Targets whose inversion is known beforehand: linear, and radial with one peak for each class. */
import { float32, Graph, ops } from 'onnx-grad';
import type { AttackContext } from '../../../attacks/attack-context.ts';
import type { RecordSpace } from '../../../attacks/inversion/inversion-attack.ts';
import type { Counted, WhiteBoxAccess } from '../../../targets/access.ts';
import { OpenModel } from '../../../targets/live-model.ts';
import { modelAccess } from '../../../targets/model-access.ts';

export interface OpenTarget {
  readonly target: WhiteBoxAccess & Counted;
  readonly close: () => Promise<void>;
}

/** A model as attackers reach it. Close it. */
export const opened = (
  model: Graph,
  { recordShape }: Pick<RecordSpace, 'recordShape'>,
  classes: number,
): OpenTarget => {
  const live = new OpenModel({
    model,
    recordShape,
    inputs: () => {
      throw new Error('no records here');
    },
    threads: 1,
    signal: new AbortController().signal,
  });
  return { target: modelAccess({ classes, saved: [], live }), close: () => live.dispose() };
};

/** Every value between the same bounds. */
export const spaceOf = (
  recordShape: readonly number[],
  [low, high]: readonly [number, number] = [0, 1],
  more: Partial<Pick<RecordSpace, 'features' | 'oneHot'>> = {},
): RecordSpace => {
  const length = recordShape.reduce((a, b) => a * b, 1);
  return {
    recordShape,
    features: recordShape.length === 3 ? 'image' : 'numeric',
    bounds: { low: new Float32Array(length).fill(low), high: new Float32Array(length).fill(high) },
    oneHot: [],
    ...more,
  };
};

/** Logits W x + b of flattened records; `weights` holds one row for each class. */
export const linearModel = (
  recordShape: readonly number[],
  weights: readonly (readonly number[])[],
  bias: readonly number[] = weights.map(() => 0),
): Graph => {
  const graph = new Graph('linear');
  const x = graph.input('x', 'float32', ['N', ...recordShape]);
  const rows = recordShape.length === 1 ? x : ops.Flatten(x);
  const w = graph.initializer('w', float32([weights.length, weights[0]!.length], weights.flat()));
  const b = graph.initializer('b', float32([weights.length], bias));
  graph.output('logits', ops.Gemm(rows, w, b, { transB: 1 }));
  return graph;
};

/**
 * A radial-basis network: the logit of class c is −‖x − m_c‖² / s, that of the last class, which rejects, is constant.
 * The posterior of class c peaks close to m_c, nowhere else.
 */
export const radialModel = (
  recordShape: readonly number[],
  peaks: readonly Float32Array[],
  { scale, reject }: { readonly scale: number; readonly reject: number },
): Graph => {
  const graph = new Graph('radial');
  const x = graph.input('x', 'float32', ['N', ...recordShape]);
  const width = peaks[0]!.length;
  const rows = ops.Reshape(x, [-1, 1, width]);
  const data = Float32Array.from(peaks.flatMap((peak) => [...peak]));
  const centres = graph.initializer('centres', float32([1, peaks.length, width], data));
  const away = ops.Sub(rows, centres);
  const near = ops.Mul(
    ops.ReduceSum(ops.Mul(away, away), [2], { keepdims: false }),
    graph.scalar(-1 / scale),
  );
  const flat = ops.Reshape(x, [-1, width]);
  const nothing = graph.initializer('nothing', float32([1, width], new Float32Array(width)));
  const constant = graph.initializer('reject', float32([1], [reject]));
  graph.output('logits', ops.Concat([near, ops.Gemm(flat, nothing, constant, { transB: 1 })], 1));
  return graph;
};

/** Pictures of waves between .05 and .95, another for each class, with structure everywhere. */
export const waves = (classes: number, size: number): Float32Array[] =>
  Array.from({ length: classes }, (_, c) =>
    Float32Array.from({ length: size * size }, (_, place) => {
      const [row, column] = [Math.floor(place / size) / size, (place % size) / size];
      const angle = (Math.PI * c) / classes;
      const along = row * Math.cos(angle) + column * Math.sin(angle);
      const across = column * Math.cos(angle) - row * Math.sin(angle);
      return (
        0.5 + 0.25 * Math.sin(2 * Math.PI * (3 * along + c / 7)) + 0.2 * Math.cos(2 * Math.PI * 2 * across)
      );
    }),
  );

/** Structural similarity (Wang et al. 2004) of square pictures of values in [0, 1], in plain 8×8 windows. */
export const ssim = (a: Float32Array, b: Float32Array): number => {
  const size = Math.sqrt(a.length);
  const side = 8;
  let sum = 0;
  let windows = 0;
  for (let top = 0; top + side <= size; top++)
    for (let left = 0; left + side <= size; left++) {
      const places = Array.from(
        { length: side * side },
        (_, k) => (top + Math.floor(k / side)) * size + left + (k % side),
      );
      const mean = (of: (place: number) => number) =>
        places.reduce((total, place) => total + of(place), 0) / places.length;
      const [ma, mb] = [mean((p) => a[p]!), mean((p) => b[p]!)];
      const va = mean((p) => (a[p]! - ma) ** 2);
      const vb = mean((p) => (b[p]! - mb) ** 2);
      const cov = mean((p) => (a[p]! - ma) * (b[p]! - mb));
      const [c1, c2] = [0.01 ** 2, 0.03 ** 2];
      sum += ((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma ** 2 + mb ** 2 + c1) * (va + vb + c2));
      windows++;
    }
  return sum / windows;
};

export const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [ab, aa, bb] = [0, 0, 0];
  for (let j = 0; j < a.length; j++) {
    ab += a[j]! * b[j]!;
    aa += a[j]! ** 2;
    bb += b[j]! ** 2;
  }
  return ab / Math.sqrt(aa * bb);
};

/** What an attack is given, the target aside. */
export const inputOf = (target: WhiteBoxAccess & Counted, wanted: readonly number[], space: RecordSpace) => ({
  target,
  wanted: Int32Array.from(wanted),
  space,
  population: { values: new Float32Array(0), labels: new Int32Array(0) },
});

export const context: AttackContext = {
  seed: 1,
  threads: 1,
  device: 'cpu',
  signal: new AbortController().signal,
  progress: () => {},
};
