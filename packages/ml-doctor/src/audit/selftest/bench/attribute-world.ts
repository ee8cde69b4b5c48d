/** What a white-box attribute attack is given, put together from a data set and a model by hand. */
import { float32, type Graph, ops, stream, type Value } from 'onnx-grad';
import type { AttackContext } from '../../../attacks/attack-context.ts';
import type { AttributeInput } from '../../../attacks/attribute/attribute-attack.ts';
import { attributeEditor } from '../../../data/attribute-places.ts';
import { batch, createDataset, type Dataset } from '../../../data/dataset.ts';
import { sensitiveOf } from '../../../data/sensitive.ts';
import type { Counted, Records, WhiteBoxAccess } from '../../../targets/access.ts';
import { OpenModel } from '../../../targets/live-model.ts';
import { modelAccess } from '../../../targets/model-access.ts';

export const context: AttackContext = {
  seed: 1,
  threads: 1,
  device: 'cpu',
  signal: new AbortController().signal,
  progress: () => {},
};

export interface World {
  readonly data: Dataset;
  readonly attribute: string;
  readonly model: Graph;
  readonly known: ArrayLike<number>;
  readonly asked: ArrayLike<number>;
  /** What whole records are, attribute and all, when the attack asks for them. */
  readonly whole?: 'allowed' | 'refused';
}

export interface OpenWorld {
  readonly input: AttributeInput<WhiteBoxAccess & Counted>;
  /** Of the records asked about. */
  readonly truth: readonly number[];
  readonly close: () => Promise<void>;
}

/** Close it. */
export const opened = ({ data, attribute, model, known, asked, whole }: World): OpenWorld => {
  const sensitive = sensitiveOf(data, attribute);
  const editor = attributeEditor(data, sensitive);
  const live = new OpenModel({
    model,
    recordShape: data.recordShape,
    inputs: ({ ids }) => {
      if (whole === 'refused') throw new Error('the attack asked for whole records');
      return batch(data, ids).x;
    },
    threads: 1,
    signal: context.signal,
  });
  const recordsOf = (indices: ArrayLike<number>) => {
    const records: Records = {
      ids: Uint32Array.from(indices),
      labels: Int32Array.from(indices, (i) => data.y[i]!),
    };
    const rest = () => {
      const { x } = batch(data, indices);
      editor?.clear(x);
      return x;
    };
    return { records, rest };
  };
  const range = { min: Math.min(...sensitive.values), max: Math.max(...sensitive.values) };
  const truth = (indices: ArrayLike<number>) =>
    sensitive.values instanceof Int32Array
      ? Int32Array.from(indices, (i) => sensitive.values[i]!)
      : Float32Array.from(indices, (i) => sensitive.values[i]!);
  return {
    input: {
      target: modelAccess({ classes: data.classes.length, saved: [], live }),
      attribute: sensitive,
      ...(!sensitive.categories && { range }),
      editor,
      recordShape: data.recordShape,
      known: { ...recordsOf(known), truth: truth(known) },
      asked: recordsOf(asked),
    },
    truth: [...truth(asked)],
    close: () => live.dispose(),
  };
};

type Parts = Parameters<typeof createDataset>[0];

/** A table of plain rows, two classes unless told otherwise, not normalised unless told how. */
export const table = (
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  parts: Partial<Parts> = {},
): Dataset => {
  const width = rows[0]!.length;
  return createDataset({
    id: 'made up',
    recordShape: [width],
    x: Float32Array.from(rows.flat()),
    y: Int32Array.from(labels),
    classes: Array.from({ length: Math.max(2, ...labels.map((y) => y + 1)) }, (_, c) => `class ${c}`),
    normalisation: { scale: 1, mean: new Array(width).fill(0), std: new Array(width).fill(1) },
    ...parts,
  });
};

/** `size × width` standard normal numbers. */
export const noise = (seed: number, size: number, width: number): number[][] => {
  const all = stream(seed, 'noise').normal(new Float32Array(size * width));
  return Array.from({ length: size }, (_, i) => [...all.subarray(i * width, (i + 1) * width)]);
};

export const coins = (seed: number, size: number, probability = 0.5): number[] => [
  ...stream(seed, 'coins').bernoulli(new Float32Array(size), probability),
];

/** Whole numbers from `from`, `count` of them. */
export const span = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i);

/** A dense layer, x W for weights `inputs × units`, row by row. */
export const times = (x: Value, name: string, weights: readonly (readonly number[])[]): Value => {
  const stored = x.graph.initializer(
    `${name}.weight`,
    float32([weights.length, weights[0]!.length], weights.flat()),
  );
  return ops.MatMul(x, stored);
};

/** Units that fire for either side of each direction: what a direction says can be read from them linearly. */
export const bothSides = (directions: readonly (readonly number[])[]): number[][] =>
  directions[0]!.map((_, j) => directions.flatMap((direction) => [direction[j]!, -direction[j]!]));

export const accuracy = (predicted: ArrayLike<number>, truth: readonly number[]): number =>
  truth.filter((value, i) => value === predicted[i]).length / truth.length;

/** Half the width of a share's 95 % interval. */
export const halfWidth = (share: number, size: number): number =>
  1.96 * Math.sqrt((share * (1 - share)) / size);
