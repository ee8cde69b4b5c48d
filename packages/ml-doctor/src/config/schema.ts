/** The file format of configurations: strict schemas made from the registries, and the JSON Schema that editors read. */

import { z } from 'zod';
import { allAttacks } from '../attacks/registry.ts';
import { catalog } from '../data/catalog/catalog.ts';
import { dataNamesAsWritten, PIXELS } from '../data/named-data.ts';
import { NAMED_SPLITS } from '../data/named-splits.ts';
import { ROLES } from '../data/split.ts';
import { allDefenses } from '../defenses/registry.ts';
import { NORMS } from '../models/architecture.ts';
import { architectures } from '../models/architectures.ts';
import { roundedRate } from '../models/model-name.ts';
import { modelNamesAsWritten } from '../models/named-models.ts';
import { mlDoctorRecipe, OPTIMIZERS, type TrainingRecipe } from '../models/recipe.ts';
import { loadedPlugins } from '../study/plugins/loaded.ts';
import { ACCESSES, FULL_OFFER, OUTPUTS } from '../targets/threat-model.ts';
import type { DataChoice } from './config.ts';

export const DEFAULT_SPLIT: DataChoice['split'] = 'ml-doctor-2022';

/** The training of a model of which nothing is said: ML-Doctor's, as long as in the paper. */
export const defaultRecipe: TrainingRecipe = mlDoctorRecipe(300);

/** What a list of attacks, say, holds: a name, or a mapping of one name to parameters. */
type NamedInput = string | Readonly<Record<string, unknown>>;

/** Made once, and anew when plugins have been loaded: their attacks and defences are in it. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { readonly it: T; readonly plugins: number } | undefined;
  return () => {
    const plugins = loadedPlugins().length;
    if (made?.plugins !== plugins) made = { it: make(), plugins };
    return made.it;
  };
};

const namesOf = (registry: object) => z.enum(Object.keys(registry));

/** The most that a role can have of a data set by the usual split: ⌊size/4⌋. */
export const quarterOf = (id: string): number =>
  Math.floor(catalog[id as keyof typeof catalog].size / ROLES.length);

/**
 * A name, or one name with its parameters. `title` says in the singular what is named; messages use it.
 * @param schemas every known name with the strict schema of its parameters
 */
const named = (title: string, schemas: Readonly<Record<string, z.ZodType>>): z.ZodType<NamedInput> =>
  z.union([
    namesOf(schemas).meta({ title }),
    z
      .strictObject(Object.fromEntries(Object.entries(schemas).map(([name, s]) => [name, s.optional()])))
      .refine((one) => Object.keys(one).length === 1, `name exactly one ${title} here`)
      .meta({ title, minProperties: 1, maxProperties: 1 }),
  ]);

const schemasOf = (
  registry: Readonly<Record<string, { readonly title: string; readonly schema: z.ZodType }>>,
) =>
  Object.fromEntries(
    Object.entries(registry).map(([name, { title, schema }]) => [name, schema.describe(title)]),
  );

export const seed = () => z.int().min(0);
export const explain = () =>
  z.boolean().optional().meta({
    description:
      'Look into what the most exposed records have in common (overfitted or small classes, outliers, duplicates), and measure how complex the data is',
    default: false,
  });
const catalogId = () => namesOf(catalog).meta({ title: 'data set' });
const modelName = () => namesOf(architectures).meta({ title: 'model' });

// Without \p{…}, which means something else to readers of JSON Schema that set no flag u.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const ONE_LINE = /^(?!\s)[^\x00-\x1f\x7f-\x9f\u2028\u2029]+(?<!\s)$/;

export const name = () =>
  z
    .string()
    .max(200)
    .regex(ONE_LINE)
    .refine((text) => !/\p{Cs}/u.test(text), 'half of a character stands alone in it')
    .describe('Title of the report')
    .optional();

export const schemaHint = () =>
  z.string().describe('For editors: where the JSON Schema of this file lies').optional();

const data = () =>
  z.union([
    catalogId(),
    z.strictObject({
      catalog: catalogId().describe('Name in the catalogue (`ml-doctor list datasets`)'),
      split: z
        .enum(NAMED_SPLITS)
        .describe(
          'How records get their roles: ml-doctor-2022 makes four random quarters; ml-leaks-2019 and shokri-2017 take the sizes of these papers',
        )
        .default(DEFAULT_SPLIT),
      pixels: z
        .int()
        .min(PIXELS.least)
        .max(PIXELS.most)
        .describe(
          'Of pictures: pixels a side that they are read in; what is usual for the data set by default',
        )
        .optional(),
      recordsPerRole: z
        .int()
        .min(1)
        .describe(
          'Use at most so many records of each role, all by default; the largest role of the split is the most',
        )
        .optional(),
      overlap: z.enum(['refuse', 'allow']).optional().meta({
        description:
          'Inputs that are among the members and the non-members at once: refused, or counted as both',
        default: 'refuse',
      }),
      slices: z
        .array(z.string().min(1))
        .meta({ uniqueItems: true })
        .describe('Attributes of the data whose categories are reported apart, as every class is')
        .optional(),
    }),
  ]);

/** What can be chosen of the architecture itself. */
export const modelOptions = () => ({
  norm: z
    .enum(NORMS)
    .describe('What normalises between layers, of architectures that have a choice (`ml-doctor list models`)')
    .optional(),
  dropout: z
    .number()
    .min(0)
    .max(0.99)
    .refine((rate) => roundedRate(rate) === rate, 'six decimal places are the most')
    .describe('Share of units dropped in training, of architectures that drop; their own by default')
    .optional(),
});

/** Every field may be left out: for `defaults`, or for what holds for all models of a study. */
export const recipeShape = (defaults?: TrainingRecipe) => {
  const filled = defaults && { optimizer: 'sgd', learningRateDecay: 0, ...defaults };
  const field = <T extends z.ZodType>(schema: T, key: keyof TrainingRecipe, description: string) =>
    schema.optional().meta({ description, ...(filled && { default: filled[key] }) });
  return {
    optimizer: field(z.enum(OPTIMIZERS), 'optimizer', 'sgd, with momentum, or adam'),
    epochs: field(z.int().min(1), 'epochs', 'Passes over the training records'),
    batchSize: field(z.int().min(1), 'batchSize', 'Records in one step'),
    learningRate: field(z.number().positive(), 'learningRate', 'Step size before the first milestone'),
    learningRateDecay: field(
      z.number().min(0),
      'learningRateDecay',
      'Step t, counted from 0, is made at the learning rate divided by 1 + t times this',
    ),
    momentum: field(z.number().min(0).lt(1), 'momentum', 'Of sgd: share of the last step that is kept'),
    weightDecay: field(z.number().min(0), 'weightDecay', 'Pull of the weights towards 0'),
    milestones: field(
      z
        .array(z.int().min(0))
        .superRefine((epochs, context) => {
          const index = epochs.findIndex((epoch, i) => i > 0 && epochs[i - 1]! >= epoch);
          if (index > 0)
            context.addIssue({ code: 'custom', path: [index], message: 'milestones must ascend' });
        })
        .meta({ uniqueItems: true }),
      'milestones',
      'Epochs, counted from 0 and ascending, at which the learning rate falls tenfold',
    ),
  };
};

export const offers = () =>
  z
    .strictObject({
      access: z.enum(ACCESSES).optional().meta({
        description: 'black-box: queries only; white-box: graph and weights too',
        default: FULL_OFFER.access,
      }),
      output: z
        .enum(OUTPUTS)
        .optional()
        .meta({ description: 'The most that a query is answered with', default: FULL_OFFER.output }),
    })
    .describe('How far an attacker reaches a target; everything by default')
    .optional();

const stealingNames = () =>
  Object.values(allAttacks()).flatMap(({ family, name }) => (family === 'stealing' ? [name] : []));
/** What can be asked of a copy as of the model that it was stolen from. */
const goesThrough = (one: string): boolean => one.startsWith('membership/') || one.startsWith('inversion/');

/** A name, one name with its parameters, or that and the stealing attack whose copy is attacked in the target's place. */
const attackEntry = (): z.ZodType<NamedInput> => {
  const title = 'attack';
  const schemas = schemasOf(allAttacks());
  return z.union([
    namesOf(schemas).meta({ title }),
    z
      .strictObject({
        ...Object.fromEntries(Object.entries(schemas).map(([one, schema]) => [one, schema.optional()])),
        through: z
          .enum(stealingNames())
          .meta({ title: 'stealing attack' })
          .describe(
            'Of membership and inversion: not the target is attacked but a copy, stolen by this attack',
          )
          .optional(),
      })
      .superRefine(({ through, ...one }, context) => {
        const [first, second] = Object.keys(one);
        if (first === undefined || second !== undefined)
          context.addIssue({ code: 'custom', message: `name exactly one ${title} here` });
        else if (through !== undefined && !goesThrough(first))
          context.addIssue({
            code: 'custom',
            path: ['through'],
            message: 'only membership and inversion attacks go through a copy',
          });
      })
      .meta({ title, minProperties: 1, maxProperties: 2 }),
  ]);
};

export const plugins = () =>
  z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({
          file: z.string().min(1).describe('Path, from the folder of the configuration'),
          sha256: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .describe('Run the file only if it and what it imports have this digest, as a report says it')
            .optional(),
        }),
      ]),
    )
    .describe('Modules with attacks and defences of your own; naming one runs it')
    .optional();

export const attackList = () =>
  z.array(attackEntry()).min(1).describe('Attacks to run (`ml-doctor list attacks`)');

/** As {@link named}, and whether attackers know of it. */
export const defense = (): z.ZodType<NamedInput> => {
  const title = 'defence';
  const schemas = schemasOf(allDefenses());
  return z.union([
    namesOf(schemas).meta({ title }),
    z
      .strictObject({
        ...Object.fromEntries(Object.entries(schemas).map(([one, schema]) => [one, schema.optional()])),
        adaptive: z.boolean().optional().meta({
          description:
            'Whether attackers know of the defence, and train their own models with it, or train them without',
          default: true,
        }),
      })
      .superRefine(({ adaptive, ...one }, context) => {
        const [first, second] = Object.keys(one);
        if (first === undefined || second !== undefined)
          context.addIssue({
            code: 'custom',
            message: `name exactly one ${title} here`,
            params: {
              hint:
                first === undefined
                  ? 'Write the name of the defence beside adaptive.'
                  : 'Keep one of them; several to compare go into the list defenses of a study.',
            },
          });
        else if (first === 'none' && adaptive === false)
          context.addIssue({
            code: 'custom',
            path: ['adaptive'],
            message: 'there is nothing to know of no defence',
          });
      })
      .meta({ title, minProperties: 1, maxProperties: 2 }),
  ]);
};

export const auditSchema = once(() =>
  z
    .strictObject({
      $schema: schemaHint(),
      name: name(),
      plugins: plugins(),
      data: data().describe('The records'),
      target: z
        .strictObject({
          train: z
            .strictObject({ model: modelName(), ...modelOptions(), ...recipeShape(defaultRecipe) })
            .describe('A model that is trained here'),
          offers: offers(),
        })
        .describe('What is attacked'),
      defense: defense().describe('Defence of the target (`ml-doctor list defenses`)').default('none'),
      attacks: attackList(),
      seed: seed().describe('Seed of every random choice').default(0),
      explain: explain(),
    })
    .describe('An audit: one target, attacked in every way that is listed'),
);

const oneOrMore = (value: () => z.ZodType<string | number>) =>
  z.union([value(), z.array(value()).min(1)]).optional();

const gridRule = () =>
  z
    .strictObject({
      data: oneOrMore(dataNamesAsWritten),
      model: oneOrMore(modelNamesAsWritten),
      defense: oneOrMore(() => namesOf(allDefenses()).meta({ title: 'defence' })),
      attack: oneOrMore(() => namesOf(allAttacks()).meta({ title: 'attack' })),
      seed: oneOrMore(seed),
    })
    .refine(
      (rule) => Object.keys(rule).length > 0,
      'a rule names at least one of data, model, defense, attack, seed',
    )
    .meta({ minProperties: 1 });

export const studySchema = once(() =>
  z
    .strictObject({
      $schema: schemaHint(),
      name: name(),
      plugins: plugins(),
      data: z.array(data()).min(1).describe('Data sets (`ml-doctor list datasets`)'),
      models: z
        .array(
          named(
            'model',
            Object.fromEntries(
              Object.values(architectures).map((model) => [
                model.name,
                z
                  .strictObject(model.trains === 'gradient' ? { ...modelOptions(), ...recipeShape() } : {})
                  .describe(model.title),
              ]),
            ),
          ),
        )
        .min(1)
        .describe('Architectures (`ml-doctor list models`), each with what is special in its training'),
      training: z
        .strictObject(recipeShape(defaultRecipe))
        .describe('How models are trained that do not say otherwise')
        .optional(),
      offers: offers(),
      defenses: z.array(defense()).min(1).describe('Defences (`ml-doctor list defenses`)').default(['none']),
      attacks: attackList(),
      seeds: z.array(seed()).min(1).describe('Every combination is run once with each').default([0]),
      exclude: z
        .array(gridRule())
        .describe(
          'Drops every combination that all named axes match; an axis has one value or a list; a stealing attack stands for those through its copy too',
        )
        .default([]),
      include: z
        .array(gridRule())
        .describe('Adds combinations; an axis that is left out means all its values; seeds may be new ones')
        .default([]),
      explain: explain(),
    })
    .describe('A study: every combination of data, models, defenses, attacks and seeds'),
);

export type AuditInput = z.output<ReturnType<typeof auditSchema>>;
export type StudyInput = z.output<ReturnType<typeof studySchema>>;

const jsonSchemas = {
  audit: once(() => withoutDialect(z.toJSONSchema(auditSchema(), { io: 'input' }))),
  study: once(() => withoutDialect(z.toJSONSchema(studySchema(), { io: 'input' }))),
};

const withoutDialect = ({ $schema: _, ...rest }: Readonly<Record<string, unknown>>) => rest;

/** JSON Schema (draft 2020-12) of one of the two kinds. */
export const jsonSchemaOf = (kind: 'audit' | 'study'): Readonly<Record<string, unknown>> =>
  jsonSchemas[kind]();
