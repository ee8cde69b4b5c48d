/** Within which values the records of a data set lie, as a model receives them. */
import { type Dataset, elements } from './dataset.ts';
import { featureKind } from './feature-kind.ts';
import { blocksOf } from './values.ts';

/** The least and the largest value of each place of a record (`record length` each), normalised. */
export interface Bounds {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** The range of every place of a record: of a picture that of its channel, of a table row that of its column. */
export const boundsOf = (data: Dataset): Bounds => {
  const length = elements(data.recordShape);
  const { scale, mean, std } = data.normalisation;
  const channels = data.recordShape[0] ?? 1;
  const plane = length / channels;
  const low = new Float32Array(length).fill(Number.POSITIVE_INFINITY);
  const high = new Float32Array(length).fill(Number.NEGATIVE_INFINITY);
  const picture = featureKind(data) === 'image';
  const width = picture ? plane : 1;
  for (const { values, records } of blocksOf(data.x, length))
    for (let i = 0; i < records; i++)
      for (let j = 0; j < length; j++) {
        const place = Math.floor(j / width) * width;
        const value = values[i * length + j] as number;
        if (value < (low[place] as number)) low[place] = value;
        if (value > (high[place] as number)) high[place] = value;
      }
  const normal = (raw: Float32Array) =>
    raw.map((_, j) => {
      const c = Math.floor(j / plane);
      const value = raw[Math.floor(j / width) * width] as number;
      return (value * scale - (mean[c] as number)) / (std[c] as number);
    });
  return { low: normal(low), high: normal(high) };
};
