/** What the owner of a model should do about copies that its answers buy. */

import { queryCount } from '../format.ts';
import type { BudgetPoint, Copy, Level } from '../schema.ts';
import type { Baselines } from './stealing-grade.ts';
import { enoughQueries, lastOf } from './stealing-words.ts';

const TREAT_AS_PUBLIC =
  'Treat the model as public if others may ask it this often: rest neither privacy nor security nor a price on its weights being secret, and run membership and inversion attacks through the copy.';
const COARSEN =
  'Do not show posteriors where the label is enough, or round them: that makes a copy dearer, but does not stop it. How much dearer, only this attack on such answers tells.';
const WATERMARK =
  'A watermark prevents no copy, but may prove one; take one made to survive copying by queries (such as entangled watermarks, Jia et al., USENIX Security 2021), since others are lost in it.';
const STRONGER =
  'Attack again with more queries and other records to ask about before relying on this, and whenever the model is retrained or its answers show more.';

/** For a level; see `stealingVerdict`. */
export function advise(
  level: Level,
  copy: Copy,
  baselines: Baselines,
  budget: readonly BudgetPoint[],
): string[] {
  const { queries } = enoughQueries(level, baselines, budget) ?? lastOf(budget);
  const limit = `Limit queries for each customer, all accounts together, well below ${queryCount(queries)}, and keep a record of them; several customers who share answers get round it.`;
  switch (level) {
    case 'high':
      return [TREAT_AS_PUBLIC, limit, COARSEN, detection(copy), WATERMARK];
    case 'moderate':
      return [limit, COARSEN, detection(copy), WATERMARK, TREAT_AS_PUBLIC];
    case 'low':
      return [limit, COARSEN, STRONGER];
    case 'inconclusive':
      return ['Audit again with more records that the model was not trained on.', STRONGER];
    case 'none-found':
      return [STRONGER];
  }
}

/** What detectors look for is how queries are spread; they see least of those that look like anybody's. */
function detection({ pool }: Copy): string {
  return pool === 'shadow' || pool === 'partial'
    ? 'Do not count on detecting such queries: they are about records like those of customers.'
    : 'Watch for queries unlike those of customers (such as by PRADA, Juuti et al., EuroS&P 2019): this attack makes such. Slow attackers, and those with records like your customers’, pass unseen.';
}
