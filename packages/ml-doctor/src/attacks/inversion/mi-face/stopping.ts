/** When a search of MI-Face ends before its last step (Fredrikson et al. 2015, Algorithm 1). */

export interface StoppingOptions {
  /** β: a cost that is no less than the largest of this many before it ends the search. */
  readonly patience: number;
  /** γ: so does a cost that is no more than this. */
  readonly goal: number;
}

/**
 * Told the cost of every iterate, from that of the start on: whether the search ends there. The first rule waits until
 * there are β earlier costs, that of the start among them; the paper does not say what it compares with before. The
 * start itself never ends a search, a cost that is no number does.
 */
export const stopping = ({ patience, goal }: StoppingOptions): ((cost: number) => boolean) => {
  const latest = new Float64Array(patience);
  let told = 0;
  return (cost) => {
    const previous = latest[(told - 1 + patience) % patience] as number;
    // Less than the cost just before it is less than the largest.
    const stalled = told >= patience && !(cost < previous) && latest.every((earlier) => cost >= earlier);
    const ends = told > 0 && (stalled || cost <= goal);
    latest[told++ % patience] = cost;
    return ends || Number.isNaN(cost);
  };
};
