/** Options of the label-only attacks: one flat mapping, in which every method has options of its own and refuses the others'. */
import { z } from 'zod';

/** What an attack does when every option is settled. */
export type LabelOnlyOptions =
  | { readonly method: 'gap' }
  | {
      readonly method: 'augment';
      readonly transform: 'views';
      readonly shift: number;
      readonly flip: boolean;
    }
  | {
      readonly method: 'augment';
      readonly transform: 'noise';
      readonly noise: number;
      readonly copies: number;
    }
  | { readonly method: 'boundary'; readonly records: number; readonly budget: number };

type Given = Readonly<Record<string, unknown>>;

const VIEWS = { shift: 1, flip: true } as const;
const NOISE = { noise: 0.05, copies: 100 } as const;
const BOUNDARY = { records: 100, budget: 2500 } as const;
/** The first gradient estimate asks 100 rows; with less a distance would be that to some other record. */
const LEAST_BUDGET = 150;

// Defaults stand in the descriptions: each holds for one method only, and is filled in for it below.
const flat = z.strictObject({
  method: z
    .enum(['gap', 'augment', 'boundary'])
    .default('boundary')
    .describe(
      'gap: member if classified rightly; augment: by how many transformed copies are; boundary: by the distance to the decision boundary',
    ),
  transform: z
    .enum(['views', 'noise'])
    .optional()
    .describe('augment: shifted and mirrored pictures (views, if not set), or flipped bits (noise)'),
  shift: z
    .int()
    .min(0)
    .max(16)
    .optional()
    .describe('augment with views: pixels along each axis, 1 if not set'),
  flip: z.boolean().optional().describe('augment with views: mirrored copies too, true if not set'),
  noise: z
    .number()
    .gt(0)
    .max(0.5)
    .optional()
    .describe('augment with noise: probability that a bit is flipped, .05 if not set'),
  copies: z
    .int()
    .min(1)
    .optional()
    .describe('augment with noise: noisy copies of each record, 100 if not set'),
  records: z
    .int()
    .min(1)
    .optional()
    .describe('boundary: members scored, and as many non-members, at random; 100 if not set'),
  budget: z
    .int()
    .min(LEAST_BUDGET)
    .optional()
    .describe(
      'boundary: queries for each record, never exceeded; 2500 if not set, the papers spend thousands',
    ),
});

/** The options of a method, with what stands for those left out. */
const defaultsOf = ({ method, transform }: Given): Given => {
  if (method === 'gap') return {};
  if (method === 'boundary') return BOUNDARY;
  return transform === 'noise' ? { transform: 'noise', ...NOISE } : { transform: 'views', ...VIEWS };
};

const form = ({ method, transform = 'views' }: Given): string =>
  method === 'augment' ? `augment with transform: ${transform}` : String(method);

const checked = flat
  .superRefine((given, context) => {
    const own = defaultsOf(given);
    for (const [option, value] of Object.entries(given))
      if (option !== 'method' && value !== undefined && !Object.hasOwn(own, option))
        context.addIssue({
          code: 'custom',
          path: [option],
          message: `${option} is of no use to method ${form(given)}`,
        });
  })
  .overwrite((given) => {
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { ...defaultsOf(given), ...set } as typeof given;
  });

/** Strict; whatever it lets pass has every option of its method and no other. */
export const labelOnlyOptions = checked as unknown as z.ZodType<LabelOnlyOptions>;
