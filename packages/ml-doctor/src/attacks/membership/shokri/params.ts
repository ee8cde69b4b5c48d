/** Parameters of Shokri's attack: what holds for all kinds of shadow data, and what belongs to one kind only. */
import { z } from 'zod';
import type { Pool, Synthesis } from '../membership-attack.ts';

/** The parameters of each kind of shadow data, with their defaults. */
const OF_KIND = {
  real: {},
  noisy: { noise: 0.1 },
  marginals: {},
  model: { kMax: 'auto', kMin: 5, minConfidence: 'auto', maxRejections: 10, maxIterations: 1000 },
} as const;

export type ShadowData = keyof typeof OF_KIND;

const common = {
  shadows: z.int().min(1).default(20).describe('Shadow models, each trained on half of the shadow data'),
  shadowData: z
    .enum(Object.keys(OF_KIND) as [ShadowData, ...ShadowData[]])
    .default('real')
    .describe('What shadow models learn from: records held, or made up in one of three ways'),
  hidden: z.int().min(1).default(64).describe('Hidden units of an attack model'),
  epochs: z.int().min(1).default(50).describe('Of an attack model'),
  batchSize: z.int().min(1).default(100).describe('Of an attack model'),
  learningRate: z.number().positive().default(0.01).describe("Adam's, of an attack model"),
  l2: z.number().min(0).default(1e-6).describe('Weight of the sum of squares of the attack model'),
};

// No `default` in the schema: filled in for the kind they belong to only, or a complete list would contradict itself.
const ofOneKind = {
  noise: z.number().gt(0).max(1).optional().describe('noisy: share of features changed, .1 if not set'),
  kMax: z
    .union([z.literal('auto'), z.int().min(1)])
    .optional()
    .describe('model: features changed at first; auto (half of them) if not set'),
  kMin: z.int().min(1).optional().describe('model: features changed at last, 5 if not set'),
  minConfidence: z
    .union([z.literal('auto'), z.number().min(0).lt(1)])
    .optional()
    .describe('model: least posterior accepted; auto, min(.8, 5 / classes), if not set'),
  maxRejections: z.int().min(0).optional().describe('model: failures before steps are halved, 10 if not set'),
  maxIterations: z.int().min(1).optional().describe('model: queries before a restart, 1000 if not set'),
};

export const params = z
  .strictObject({ ...common, ...ofOneKind })
  .superRefine((given, context) => {
    for (const [kind, names] of Object.entries(OF_KIND))
      for (const name of Object.keys(names) as (keyof typeof ofOneKind)[])
        if (kind !== given.shadowData && given[name] !== undefined)
          context.addIssue({
            code: 'custom',
            path: [name],
            message: `${name} belongs to shadowData: ${kind}, but shadowData is ${given.shadowData}`,
          });
    const { kMin, kMax } = given;
    if (kMin !== undefined && typeof kMax === 'number' && kMin > kMax)
      context.addIssue({ code: 'custom', path: ['kMin'], message: `kMin is above kMax, ${kMax}` });
  })
  .overwrite((given) => {
    const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { ...OF_KIND[given.shadowData], ...own } as typeof given;
  });

export type ShokriParams = z.infer<typeof params>;

export const poolOf = (given: ShokriParams): Pool =>
  given.shadowData === 'real'
    ? { kind: 'disjoint' }
    : { kind: 'synthetic', synthesis: synthesisOf(given, given.shadowData) };

/** The defaults are in the schema's output already; here they only satisfy its type. */
const synthesisOf = (given: ShokriParams, method: Exclude<ShadowData, 'real'>): Synthesis => {
  const { noisy, model } = OF_KIND;
  switch (method) {
    case 'noisy':
      return { method, share: given.noise ?? noisy.noise };
    case 'marginals':
      return { method };
    case 'model':
      return {
        method,
        kMax: given.kMax ?? model.kMax,
        kMin: given.kMin ?? model.kMin,
        minConfidence: given.minConfidence ?? model.minConfidence,
        maxRejections: given.maxRejections ?? model.maxRejections,
        maxIterations: given.maxIterations ?? model.maxIterations,
      };
  }
};
