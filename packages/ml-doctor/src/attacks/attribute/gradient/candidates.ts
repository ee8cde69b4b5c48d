/** The values of an attribute that are tried, as people write them and as the model receives them. */
import type { AttributeInput } from '../attribute-attack.ts';
import { evenCandidates } from '../even-candidates.ts';
import { CANDIDATES } from './options.ts';

export interface Candidates {
  /** Category indices; of a continuous attribute numbers, ascending. */
  readonly values: readonly number[];
  /** What stands in the attribute's places for each, as the model receives it. */
  readonly encoded: readonly Float32Array[];
}

type Given = Pick<AttributeInput<unknown>, 'attribute' | 'editor' | 'range'>;

export const candidatesOf = ({ attribute, editor, range }: Given, count: number = CANDIDATES): Candidates => {
  if (!editor) throw new Error('internal: the model is not given the attribute');
  const values = evenCandidates({ attribute, range }, count);
  return { values, encoded: values.map(editor.encoded) };
};

/**
 * What each value's slope promises to whoever goes to another: max_u ⟨∇ℓ(v), e_v − e_u⟩, the Frank-Wolfe gap over the
 * candidates (Jaggi, Revisiting Frank-Wolfe, ICML 2013). Never negative; 0 where no other value promises a smaller loss.
 * @param slope the gradient of the loss at candidate `own`, in the places of the attribute
 */
export const gapOf = (
  slope: ArrayLike<number>,
  own: number,
  { encoded }: Pick<Candidates, 'encoded'>,
): number => {
  const along = (values: Float32Array): number => {
    let sum = 0;
    for (let j = 0; j < values.length; j++) sum += (slope[j] as number) * (values[j] as number);
    return sum;
  };
  let least = Number.POSITIVE_INFINITY;
  for (const values of encoded) least = Math.min(least, along(values));
  return along(encoded[own] as Float32Array) - least;
};

/** The derivative of the loss in the value of a continuous attribute, per unit of it. */
export const slopePerUnit = (slope: ArrayLike<number>, { values, encoded }: Candidates): number => {
  const [low, high] = [encoded[0] as Float32Array, encoded.at(-1) as Float32Array];
  let sum = 0;
  for (let j = 0; j < low.length; j++)
    sum += (slope[j] as number) * ((high[j] as number) - (low[j] as number));
  return sum / ((values.at(-1) as number) - (values[0] as number));
};
