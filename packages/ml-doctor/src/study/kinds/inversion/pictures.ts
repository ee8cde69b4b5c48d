/** Records in the forms in which they are measured and shown. */
import type { Bounds } from '../../../data/bounds.ts';
import { type Dataset, elements } from '../../../data/dataset.ts';
import { describeRow } from '../../../data/describe-row.ts';
import { encodePng } from '../../../files/png.ts';

/** From normalised values to [0, 1], each place by its own bounds; what lies outside of them stays outside. */
export const toUnit = (values: Float32Array, { low, high }: Bounds): Float32Array =>
  values.map((value, i) => {
    const place = i % low.length;
    const [least, most] = [low[place] as number, high[place] as number];
    return most > least ? (value - least) / (most - least) : 0;
  });

/** A picture as the bytes of a PNG in base 64, or a table row column by column. */
export type Shown =
  | { readonly png: string }
  | { readonly values: readonly { readonly name: string; readonly value: string | number }[] };

/**
 * A record as people look at it.
 * @param normalised of the length of a record
 */
export const shown = (data: Dataset, normalised: Float32Array, bounds: Bounds): Shown => {
  const { recordShape, normalisation } = data;
  if (recordShape.length !== 3) {
    const { scale, mean, std } = normalisation;
    const plane = elements(recordShape) / (recordShape[0] ?? 1);
    const raw = normalised.map((value, i) => {
      const c = Math.floor(i / plane);
      return (value * (std[c] as number) + (mean[c] as number)) / scale;
    });
    return { values: describeRow(data, raw) };
  }
  const [channels, height, width] = recordShape as readonly [number, number, number];
  const unit = toUnit(normalised, bounds);
  const plane = height * width;
  const kept = channels === 3 ? 3 : 1;
  const pixels = new Uint8Array(plane * kept);
  for (let at = 0; at < plane; at++)
    for (let c = 0; c < kept; c++)
      pixels[at * kept + c] = Math.round(255 * Math.min(1, Math.max(0, unit[c * plane + at] as number)));
  return { png: Buffer.from(encodePng(pixels, { width, height, channels: kept })).toString('base64') };
};
