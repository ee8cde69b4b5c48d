/** The max-margin loss of answers that are there already. */

/** max_{j ≠ c} l_j − l_c of one row. */
export const marginOf = (logits: Float32Array, label: number): number => {
  let other = Number.NEGATIVE_INFINITY;
  logits.forEach((logit, j) => {
    if (j !== label) other = Math.max(other, logit);
  });
  return other - (logits[label] as number);
};
