/**
 * The one-run audit (Steinke, Nasr & Jagielski, NeurIPS 2023): a lower bound of a training's epsilon from one more model,
 * trained as the target is on records that are in or out by fair coins. It is an owner's audit of how he trains, not an
 * attack on the weights that he gives away: output defences are bypassed, and shadow models that know of no defence do
 * not spare this model its own.
 */
import { z } from 'zod';
import { CANARY_LABELS } from '../../../data/canaries.ts';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import { membershipAttack, type Reference } from '../membership-attack.ts';

/** With fewer guesses, all of them right, no epsilon of 1.8 or more would be refuted. */
const FEWEST_GUESSES = 20;
/**
 * Where nothing is said: so many of the canaries are guessed at, the rest abstained from. With 1,000 canaries and
 * Gaussian scores the bound is then within a tenth of the best over all shares where canaries that are in lie 2 to 3
 * deviations above the others; where they lie .5 to 5 above, it is better than by guessing at all of them.
 */
const GUESSED = 0.3;

const even = (least: number) => z.number().int().min(least).max(1_000_000).multipleOf(2);

const params = z
  .strictObject({
    canaries: even(FEWEST_GUESSES)
      .default(1000)
      .describe('records that are trained on or not by a fair coin each; at most two roles have'),
    guesses: even(FEWEST_GUESSES)
      .optional()
      .describe(
        'at the canaries with the highest scores (in) and the lowest (out), half of each; three tenths of the canaries when left out. 200 right guesses can show an epsilon of at most 4.2, 1,000 of at most 5.8',
      ),
    labels: z
      .enum(CANARY_LABELS)
      .default('wrong')
      .describe(
        'wrong: canaries carry a wrong label, which only training on them explains; own: their own labels',
      ),
    delta: z
      .number()
      .min(0)
      .lt(1)
      .default(1e-5)
      .describe('of the claim that is tested; the larger, the weaker the bound'),
  })
  .superRefine(({ canaries, guesses = 0 }, context) => {
    if (guesses > canaries)
      context.addIssue({
        code: 'custom',
        path: ['guesses'],
        message: `more guesses than canaries, of which there are ${canaries}`,
      });
  })
  .overwrite(({ canaries, guesses, ...rest }) => ({
    ...{ canaries, ...rest },
    guesses: guesses ?? Math.max(FEWEST_GUESSES, 2 * Math.round((GUESSED * canaries) / 2)),
  }));

export const oneRunAudit = membershipAttack({
  name: 'membership/one-run-audit',
  title: 'One-run audit of epsilon',
  source: 'Steinke, Nasr & Jagielski, NeurIPS 2023',
  params,
  needs: () => ({ access: 'black-box', auxiliary: 'none', output: 'posteriors', record: 'xy' }),
  references: ({ canaries, labels }) => ({ count: 1, pool: { kind: 'canaries', count: canaries, labels } }),
  tests: ({ guesses, delta }) => ({ guesses: guesses as number, delta }),
  run: async ({ records, references }) => {
    const { logits, classes } = await (references[0] as Reference).model.query(records);
    const scores = Float64Array.from(records.labels, (label, i) => {
      const loss = crossEntropyLoss(logits.subarray(i * classes, (i + 1) * classes), label);
      return Math.max(-loss, -Number.MAX_VALUE);
    });
    // Half of the canaries are expected to be in.
    return { scores, threshold: median(scores) };
  },
});

/** As many are at or above it as below, ties aside. */
const median = (scores: Float64Array): number => scores.slice().sort()[scores.length / 2] as number;
