/** Tells members from non-members by inputs and labels: learnt on the first blocks, asked about the next. */
import { ridgeWeights } from '../stats/ridge.ts';
import { type Features, MOST_DIRECT, type Scaling } from './split-features.ts';
import { type Column, chooseColumns, type Moments } from './split-moments.ts';
import type { Blocks, SplitData } from './split-records.ts';

export interface SplitView {
  readonly data: SplitData;
  readonly blocks: Blocks;
  readonly scaling: Scaling;
  readonly features: Features;
  readonly moments: Moments;
}

/** Scores of the records in block `asked`, by a rule learnt on all blocks before it; parallel to `rows`. */
export function scoreBlock(view: SplitView, asked: number): { rows: Uint32Array; scores: Float64Array } {
  const { data, blocks } = view;
  const learnt = rowsWhere(blocks, (block) => block < asked);
  const rows = rowsWhere(blocks, (block) => block === asked);
  const columns = data.width <= MOST_DIRECT ? [] : chooseColumns(view.moments, asked);
  const target = standardisedTruth(blocks, learnt);
  const effects = classEffects(view, learnt, target);
  const effect = (row: number) => effects.get(data.labels[blocks.places[row]!]!) ?? 0;
  const rest = target.map((y, i) => y - effect(learnt[i]!));
  const table = gather(view, columns, learnt);
  const standardise = standardiser(table, learnt.length);
  const weights = ridgeWeights(standardise(table), rest);
  const asking = standardise(gather(view, columns, rows));
  const scores = Float64Array.from(rows, (row, i) => {
    let sum = effect(row);
    for (let j = 0, at = i * weights.length; j < weights.length; j++, at++) sum += weights[j]! * asking[at]!;
    return sum;
  });
  return { rows, scores };
}

function rowsWhere({ block }: Blocks, wanted: (block: number) => boolean): Uint32Array {
  return Uint32Array.from(block.keys()).filter((row) => wanted(block[row]!));
}

/** Membership with mean 0 and variance 1, whatever the groups' sizes. */
function standardisedTruth({ member }: Blocks, rows: Uint32Array): Float64Array {
  const members = rows.reduce((sum, row) => sum + member[row]!, 0);
  const odds = members / (rows.length - members);
  return Float64Array.from(rows, (row) => (member[row] === 1 ? 1 / Math.sqrt(odds) : -Math.sqrt(odds)));
}

/**
 * The mean truth of each class, shrunk as normal effects are whose variance is what the means vary beyond chance:
 * exactly 0 for all where the classes are mixed evenly.
 */
function classEffects(
  { data, blocks }: SplitView,
  rows: Uint32Array,
  target: Float64Array,
): ReadonlyMap<number, number> {
  const classes = new Map<number, { sum: number; records: number }>();
  rows.forEach((row, i) => {
    const label = data.labels[blocks.places[row]!]!;
    const own = classes.get(label) ?? { sum: 0, records: 0 };
    classes.set(label, { sum: own.sum + target[i]!, records: own.records + 1 });
  });
  let excess = 1 - classes.size;
  for (const { sum, records } of classes.values()) excess += (sum * sum) / records;
  const variance = Math.max(0, excess) / rows.length;
  return new Map(
    [...classes].map(([label, { sum, records }]) => [label, (sum * variance) / (records * variance + 1)]),
  );
}

/** Features and chosen columns of these rows, side by side. */
function gather(
  { data, blocks, scaling, features }: SplitView,
  columns: readonly Column[],
  rows: Uint32Array,
): Float32Array {
  const width = features.count + columns.length;
  const table = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    table.set(features.values.subarray(row * features.count, (row + 1) * features.count), i * width);
    columns.forEach(({ input, squared }, c) => {
      const x = data.inputs[blocks.places[row]! * data.width + input]!;
      const z = (x - scaling.mean[input]!) * scaling.inverse[input]!;
      table[i * width + features.count + c] = squared ? z * z : z;
    });
  });
  return table;
}

/** To mean 0 and variance 1 over the rows of `table`; a column that does not vary becomes 0. */
function standardiser(table: Float32Array, rows: number): (table: Float32Array) => Float32Array {
  const width = table.length / rows;
  const [mean, inverse] = [new Float64Array(width), new Float64Array(width)];
  for (let at = 0; at < table.length; at++) mean[at % width]! += table[at]! / rows;
  for (let at = 0; at < table.length; at++)
    inverse[at % width]! += (table[at]! - mean[at % width]!) ** 2 / rows;
  for (let j = 0; j < width; j++) {
    const deviation = Math.sqrt(inverse[j]!);
    inverse[j] = deviation > 1e-6 * Math.abs(mean[j]!) && deviation > 0 ? 1 / deviation : 0;
  }
  return (other) => other.map((value, at) => (value - mean[at % width]!) * inverse[at % width]!);
}
