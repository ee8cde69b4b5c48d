/** The verdict where members and non-members differ without any model: an attack's success proves nothing then. */
import { percent } from '../format.ts';
import type { Metric, Verdict } from '../schema.ts';

/**
 * Never worse than `inconclusive`, and never a clean bill: what the attack found may be the difference between the two
 * groups and not a leak of the model.
 *
 * @param auc of a classifier that saw inputs and labels only
 */
export function shiftedVerdict(verdict: Verdict, auc: Metric): Verdict {
  return {
    level: 'inconclusive',
    reason: 'shifted-split',
    sentence:
      `The split is shifted: without the model, by inputs and labels alone, members rank above non-members in ${percent(auc.value)} of the cases. ` +
      `Figures of this attack are no evidence of a leak. Taken at face value they would read: ${verdict.sentence}`,
    advice: [
      'Take members and non-members from one source at random (same time, same filters, same preprocessing), and audit again.',
    ],
  };
}
