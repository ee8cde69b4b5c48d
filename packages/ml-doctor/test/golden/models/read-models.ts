/** The models of this folder, as their libraries exported them, with their records and what the libraries answer. */
import { readdirSync, readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { createDataset, type Dataset } from '../../../src/data/dataset.ts';

const folder = new URL('./', import.meta.url);

/** Written by tools/fixtures from the library's own predictions. */
export interface Expected {
  readonly library: string;
  readonly data: 'digits' | 'cancer' | 'wine';
  /** `(value · scale − mean) / std`. */
  readonly scale: number;
  readonly mean: number;
  readonly std: number;
  readonly classes?: readonly string[];
  readonly accuracy: { readonly members: number; readonly nonMembers: number };
  /** P(a member's loss is below a non-member's), ties half. */
  readonly lossAuc: number;
  readonly golden: readonly { readonly nonMember: number; readonly posterior: readonly number[] }[];
}

export interface FixtureModel {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly expected: Expected;
}

export const fixtureModels: readonly FixtureModel[] = readdirSync(folder)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => {
    const name = file.replace(/\.onnx$/, '');
    const expected = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Expected;
    return { name, bytes: readFileSync(new URL(file, folder)), expected };
  });

export const fixtureModel = (name: string): FixtureModel => {
  const found = fixtureModels.find((one) => one.name === name);
  if (!found) throw new Error(`internal: no fixture model '${name}'`);
  return found;
};

interface Side {
  readonly x: Float32Array;
  readonly labels: readonly string[];
}

/** The members first, then the non-members, scaled as the model expects them. */
export function fixtureData({ data, scale, mean, std, classes }: Expected): {
  readonly data: Dataset;
  readonly members: number;
} {
  const [members, nonMembers] = (['members', 'non-members'] as const).map((side) =>
    data === 'digits' ? digits(side) : table(data, side),
  ) as [Side, Side];
  const labels = [...members.labels, ...nonMembers.labels];
  const names = classes ?? [...new Set(labels)].sort();
  const x = Float32Array.from([...members.x, ...nonMembers.x]);
  const recordShape = data === 'digits' ? [1, 8, 8] : [x.length / labels.length];
  const channels = recordShape[0] as number;
  return {
    members: members.labels.length,
    data: createDataset({
      id: data,
      recordShape,
      x,
      y: Int32Array.from(labels, (label) => names.indexOf(label)),
      classes: names,
      normalisation: {
        scale,
        mean: new Array<number>(channels).fill(mean),
        std: new Array<number>(channels).fill(std),
      },
    }),
  };
}

function table(name: string, side: string): Side {
  const rows = readFileSync(new URL(`data/${name}-${side}.csv`, folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const cells = rows.map((row) => row.split(','));
  return {
    x: Float32Array.from(cells.flatMap((row) => row.slice(0, -1).map(Number))),
    labels: cells.map((row) => row.at(-1) as string),
  };
}

/** Arrays of bytes and of 64-bit labels in NumPy's format, versions 1: a header of 10 bytes and its stated length. */
function digits(side: string): Side {
  const files = unzipSync(readFileSync(new URL(`data/digits-${side}.npz`, folder)));
  const body = (name: string): Uint8Array => {
    const file = files[name] as Uint8Array;
    return file.slice(10 + (file[8] as number) + 256 * (file[9] as number));
  };
  const y = new BigInt64Array(body('y.npy').buffer);
  return { x: Float32Array.from(body('x.npy')), labels: Array.from(y, String) };
}
