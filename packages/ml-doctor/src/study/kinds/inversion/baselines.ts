/** What an attacker could show without attacking: records of auxiliary data, or where the attack set out. */

import { batch, type Dataset } from '../../../data/dataset.ts';
import { joinRows } from '../../../data/join-rows.ts';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import type { OutputTable } from '../../../targets/saved-outputs.ts';

export interface BaselinePictures {
  readonly name: string;
  /** `wanted.length × record length`, normalised. */
  readonly values: Float32Array;
  readonly wanted: Int32Array;
}

export interface BaselineSource {
  readonly data: Dataset;
  /** The target's answers on the auxiliary data. */
  readonly population: OutputTable;
  /** Records that the judge has learnt: no baseline shows them, as it would recognise them better than others. */
  readonly learnt: ReadonlySet<number>;
  /** The classes that were reconstructed, each once, and how often each was. */
  readonly classes: readonly number[];
  readonly perClass: number;
  readonly attack: { readonly starts: Float32Array; readonly wanted: Int32Array };
  /** Whether the attack set out from a generator that the target had guided. */
  readonly guided: boolean;
}

/** In the order of the report. A class of which the auxiliary data has nothing is left out of the first. */
export const baselinesOf = (source: BaselineSource): readonly BaselinePictures[] => [
  auxiliaryMean(source),
  bestAuxiliary(source),
  {
    name: source.guided ? 'unoptimised sample of the guided generator' : 'unoptimised start',
    ...{ values: source.attack.starts, wanted: source.attack.wanted },
  },
  allZero(source),
];

const auxiliaryMean = ({ data, population, learnt, classes }: BaselineSource): BaselinePictures => {
  const means = classes.flatMap((wanted) => {
    const ids = population.ids as Uint32Array;
    const own = ids.filter((id) => data.y[id] === wanted && !learnt.has(id));
    return own.length > 0 ? [{ wanted, mean: meanOf(data, own) }] : [];
  });
  return {
    name: 'class mean of auxiliary data',
    values: joinRows(means.map(({ mean }) => mean)),
    wanted: Int32Array.from(means, ({ wanted }) => wanted),
  };
};

/** The auxiliary records that the target is surest to be of a class: as many as there are reconstructions of it. */
const bestAuxiliary = ({ data, population, learnt, classes, perClass }: BaselineSource): BaselinePictures => {
  const ids = population.ids as Uint32Array;
  const { logits, classes: width } = population;
  const best = classes.flatMap((wanted) =>
    Array.from(ids, (id, i) => ({
      ...{ id, wanted },
      loss: crossEntropyLoss(logits.subarray(i * width, (i + 1) * width), wanted),
    }))
      .filter(({ id }) => !learnt.has(id))
      .sort((a, b) => a.loss - b.loss || a.id - b.id)
      .slice(0, perClass),
  );
  return {
    name: 'best auxiliary record',
    values: batch(
      data,
      best.map(({ id }) => id),
    ).x,
    wanted: Int32Array.from(best, ({ wanted }) => wanted),
  };
};

/** What normalisation puts at 0, where MI-Face sets out: the mean figure of a paper that reports MSE alone. */
const allZero = ({ data, classes }: BaselineSource): BaselinePictures => ({
  name: 'all-zero input',
  values: new Float32Array(classes.length * (data.x.length / data.size)),
  wanted: Int32Array.from(classes),
});

/** In double precision, so that the sum of thousands keeps its digits. */
export const meanOf = (data: Dataset, ids: Uint32Array): Float32Array => {
  const { x } = batch(data, ids);
  const length = x.length / ids.length;
  const sums = new Float64Array(length);
  x.forEach((value, i) => {
    const place = i % length;
    sums[place] = (sums[place] as number) + value;
  });
  return Float32Array.from(sums, (sum) => sum / ids.length);
};
