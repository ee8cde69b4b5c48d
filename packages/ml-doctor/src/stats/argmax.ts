/** The predicted class: where the largest value of a row is. */

/** Index of the largest value, the first among equals. At least one value, none of them NaN. */
export const argmax = (row: ArrayLike<number>): number => {
  let best = 0;
  for (let i = 1; i < row.length; i++) if ((row[i] as number) > (row[best] as number)) best = i;
  return best;
};
