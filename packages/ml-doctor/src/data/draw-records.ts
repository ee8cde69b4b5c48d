/** Records made up at random, each by its number: every value is as likely as any other of its place. */
import { stream } from 'onnx-grad';
import { type Dataset, elements } from './dataset.ts';
import { type PlaceRange, placeRanges } from './place-ranges.ts';
import { type ValuesInMemory, valuesLike } from './values.ts';

/**
 * The records of these numbers, before normalisation. A number from the range of its place, a whole one where all
 * records have whole ones (so bytes are bytes, and bits fair coins); of a category one value at random. A record depends
 * on the seed and its number alone.
 */
export const recordDrawer = (
  like: Dataset,
  seed: number,
  purpose: string,
): ((numbers: ArrayLike<number>) => ValuesInMemory) => {
  const length = elements(like.recordShape);
  const places = placeRanges(like);
  const source = stream(seed, purpose);
  const unit = new Float64Array(places.length);
  return (numbers) => {
    const size = numbers.length * length;
    const x = valuesLike(like.x, size);
    for (let i = 0; i < numbers.length; i++) {
      source.uniform(unit, (numbers[i] as number) * places.length);
      for (let j = 0; j < places.length; j++) draw(places[j] as PlaceRange, unit[j] as number, x, i * length);
    }
    return x;
  };
};

/** Sets what `u`, uniform on [0, 1), says. */
const draw = (
  { first, width, kind, min, max }: PlaceRange,
  u: number,
  x: ValuesInMemory,
  start: number,
): void => {
  if (kind === 'category') x[start + first + Math.floor(u * width)] = 1;
  else if (kind === 'whole') x[start + first] = min + Math.floor(u * (max - min + 1));
  else x[start + first] = (1 - u) * min + u * max;
};
