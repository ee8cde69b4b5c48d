/** Options of the tabular attacks: one flat mapping, in which every method has options of its own and refuses the others'. */
import { z } from 'zod';
import { attributeParams } from '../attribute-attack.ts';

/** Where the records come from whose attribute is known. */
interface Auxiliary {
  readonly auxiliary: 'shadow' | 'partial';
}

/** How many values of a continuous attribute are tried; {@link BINS} when absent. */
interface Bins {
  readonly bins?: number | undefined;
}

/** What an attack does when every option is settled. */
export type TabularOptions = { readonly attribute?: string } & (
  | ({ readonly method: 'fredrikson' } & Auxiliary & Bins)
  | ({ readonly method: 'confidence' | 'label-only' } & Bins)
  | ({ readonly method: 'learned' } & Auxiliary)
);

export type Method = TabularOptions['method'];

export const BINS = 10;

/** The options of each method besides those that all have. */
const OPTIONS: { readonly [M in Method]: readonly ('auxiliary' | 'bins')[] } = {
  fredrikson: ['auxiliary', 'bins'],
  confidence: ['bins'],
  'label-only': ['bins'],
  learned: ['auxiliary'],
};

// Defaults stand in the descriptions: each holds for some methods only, and is filled in for those below.
const flat = z.strictObject({
  ...attributeParams,
  method: z
    .enum(['fredrikson', 'confidence', 'label-only', 'learned'])
    .describe(
      'fredrikson: how common a value is, times how often the model errs so; confidence: the value with which the model is surest of the true label; label-only: learnt from the records that one value alone gets right; learned: learnt from the answers about known records',
    )
    .default('learned'),
  auxiliary: z
    .enum(['shadow', 'partial'])
    .describe(
      "fredrikson, learned: records whose attribute is known, others like the target's or half of its own; shadow if not set",
    )
    .optional(),
  bins: z
    .int()
    .min(2)
    .max(1000)
    .describe(`not learned: values tried for a continuous attribute, ${BINS} if not set`)
    .optional(),
});

const checked = flat
  .superRefine((given, context) => {
    for (const option of ['auxiliary', 'bins'] as const)
      if (given[option] !== undefined && !OPTIONS[given.method].includes(option))
        context.addIssue({
          code: 'custom',
          path: [option],
          message: `${option} is of no use to method ${given.method}`,
        });
  })
  .overwrite((given) => {
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const known = OPTIONS[given.method].includes('auxiliary') && { auxiliary: 'shadow' };
    return { ...known, ...set } as typeof given;
  });

/** Strict; whatever it lets pass has the options of its method and no other. */
export const tabularOptions = checked as unknown as z.ZodType<TabularOptions>;
