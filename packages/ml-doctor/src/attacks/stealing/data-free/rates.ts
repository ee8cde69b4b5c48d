/** How both learning rates fall as the queries are spent. */

/** Shares of all queries after which the rates fall, and to what part (Truong et al. 2021, § 4.1). */
const FALLS = [0.1, 0.3, 0.5] as const;
const FALL = 0.3;

/** What learning rates are multiplied by once `asked` of `total` queries are spent. */
export const rateFactor = (asked: number, total: number): number =>
  FALLS.reduce((factor, share) => (asked >= share * total ? factor * FALL : factor), 1);
