/** Options of attribute/gradient: one flat mapping, in which an option that means nothing to a decision is refused. */
import { z } from 'zod';
import { attributeParams, auxiliaryParam } from '../attribute-attack.ts';

/** What the attack does when every option is settled. */
export type GradientOptions = {
  readonly attribute?: string | undefined;
  /** Of a continuous attribute; {@link CANDIDATES} when absent. */
  readonly candidates?: number | undefined;
} & (
  | { readonly decision: 'learned'; readonly auxiliary: 'shadow' | 'partial' }
  | { readonly decision: 'stationary' }
);

/** Values of a continuous attribute that are tried. */
export const CANDIDATES = 10;

// Its default stands in the description: it holds for one decision only, and is filled in for it below.
const auxiliary = auxiliaryParam.auxiliary.unwrap().optional();

const flat = z.strictObject({
  ...attributeParams,
  decision: z
    .enum(['learned', 'stationary'])
    .default('learned')
    .describe(
      'learned: by a model trained on records whose attribute is known; stationary: the value that the loss pulls away from least',
    ),
  auxiliary: auxiliary.describe(
    "learned: records whose attribute is known, others like the target's (shadow, if not set) or half of its own",
  ),
  candidates: z
    .int()
    .min(2)
    .max(1000)
    .optional()
    .describe(`Continuous attributes: values tried, evenly over their range; ${CANDIDATES} if not set`),
});

const checked = flat
  .superRefine(({ decision, auxiliary }, context) => {
    if (decision === 'stationary' && auxiliary !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['auxiliary'],
        message: 'auxiliary is of no use to decision stationary',
      });
  })
  .overwrite((given) => {
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { ...(given.decision === 'learned' && { auxiliary: 'shadow' }), ...set } as typeof given;
  });

/** Strict; whatever it lets pass has every option of its decision and no other. */
export const gradientOptions = checked as unknown as z.ZodType<GradientOptions>;
