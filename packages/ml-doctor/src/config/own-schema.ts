/** The file format of an audit of one's own model: a file, an endpoint, a training service, or saved outputs. */

import { z } from 'zod';
import { architectures } from '../models/architectures.ts';
import { PROTOCOLS } from '../targets/http/endpoint.ts';
import { INPUT_LAYOUTS, OUTPUT_KINDS } from '../targets/onnx/form-words.ts';
import { SERVICE_KINDS } from '../targets/service/service.ts';
import {
  attackList,
  defaultRecipe,
  defense,
  explain,
  modelOptions,
  name,
  offers,
  once,
  plugins,
  recipeShape,
  schemaHint,
  seed,
} from './schema.ts';

export const DEFAULT_SAMPLE = 10_000;

/** How shadow models of an unknown training are trained where nobody says. */
export const shadowRecipe = { ...defaultRecipe, epochs: 60 };

/** Kinds of target that a user brings; each is a key of `target`. */
export const OWN_TARGETS = ['onnx', 'endpoint', 'service', 'outputs'] as const;

const text = (description: string) => z.string().min(1).describe(description);

const numbers = (description: string) =>
  z
    .union([z.number(), z.array(z.number()).min(1)])
    .describe(description)
    .optional();

const scale = () =>
  z
    .union([z.number(), z.string().regex(/^\s*\d+(\.\d+)?\s*\/\s*\d+(\.\d+)?\s*$/)])
    .describe('What raw values are multiplied by, as 1/255')
    .optional();

const data = () =>
  z
    .strictObject({
      members: text(
        'Records that the model was trained on: a file, a folder of pictures, or a catalogue name with a range',
      ).optional(),
      nonMembers: text('Records of the same kind that it was not trained on').optional(),
      auxiliary: text(
        'The attacker’s own records: of the same kind, neither members nor non-members',
      ).optional(),
      label: text('Column or array of the labels').optional(),
      attributes: z
        .array(z.string().min(1))
        .meta({ uniqueItems: true })
        .describe('Columns that are no inputs but attributes, for slices and attribute inference')
        .optional(),
      classes: z
        .array(z.union([z.string().min(1), z.number()]))
        .min(2)
        .describe('Class names in the order of the model’s outputs')
        .optional(),
      layout: z.enum(['nchw', 'nhwc']).describe('Where the channels of pictures in arrays are').optional(),
      sample: z
        .int()
        .min(10)
        .describe('At most so many records of each side, drawn at random')
        .default(DEFAULT_SAMPLE),
      overlap: z.enum(['refuse', 'allow']).optional().meta({
        description:
          'Inputs that are among the members and the non-members at once: refused, or counted as both',
        default: 'refuse',
      }),
      slices: z
        .array(z.string().min(1))
        .meta({ uniqueItems: true })
        .describe('Attributes whose categories are reported apart, as every class is')
        .optional(),
    })
    .describe('The records');

const headers = () =>
  z
    .record(z.string(), z.string())
    .describe(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a user writes
      'Sent with every request; ${NAME} stands for an environment variable, so that no secret is written here',
    )
    .optional();

/** How a model behind HTTP is asked, its address aside. */
const endpointShape = () => ({
  protocol: z.enum(PROTOCOLS).describe('What the server speaks').optional().meta({ default: 'json' }),
  method: z.enum(['POST', 'PUT', 'GET']).optional().meta({ default: 'POST' }),
  headers: headers(),
  request: z
    .unknown()
    .describe('Of json: the body, with {{inputs}} for the batch or {{input}} for one record')
    .optional(),
  response: text('Where the answers are, as predictions[*].scores').optional(),
  answers: z
    .enum(['probabilities', 'logits', 'log-probabilities', 'label'])
    .describe('What it answers')
    .optional()
    .meta({ default: 'probabilities' }),
  batch: z.int().min(1).describe('Records in one request').optional().meta({ default: 32 }),
  concurrency: z.int().min(1).max(64).describe('Requests at once').optional().meta({ default: 2 }),
  rate: z.number().positive().describe('Requests a second at most').optional(),
  timeoutSeconds: z.number().positive().optional().meta({ default: 30 }),
  retries: z.int().min(0).max(20).optional().meta({ default: 5 }),
  budget: z.int().min(1).describe('Records that may be sent in all; a hard stop').optional(),
  version: text('Names the model behind the address: another version is another target').optional(),
});

const service = () =>
  z
    .strictObject({
      kind: z.enum(SERVICE_KINDS).describe('Which interface it has'),
      url: text('Address of the service'),
      headers: headers(),
      settings: z.record(z.string(), z.string()).describe('What the kind needs besides').optional(),
      pollSeconds: z.number().positive().optional().meta({ default: 10 }),
      timeoutMinutes: z.number().positive().optional().meta({ default: 120 }),
      trainings: z
        .int()
        .min(1)
        .describe('Models that may be trained in all; a hard stop')
        .optional()
        .meta({ default: 4 }),
      endpoint: z
        .strictObject({
          url: text('Its address, with {{endpoint}} where what the service calls it goes').optional(),
          ...endpointShape(),
        })
        .describe('How a trained model is asked')
        .optional(),
    })
    .describe('A service that trains the attackers’ models, as it trained the target');

const modelOrClone = () => z.enum(['clone', ...Object.keys(architectures)]).meta({ title: 'model' });

const target = () =>
  z
    .strictObject({
      onnx: text('An ONNX file').optional(),
      endpoint: text('Address of a model that answers over HTTP').optional(),
      service: service().optional(),
      outputs: text('A file of what the model answered: CSV, NPZ or Parquet').optional(),
      scale: scale(),
      mean: numbers('Taken off after scaling; one number, or one for each channel'),
      std: numbers('Divided by at the end; one number, or one for each channel'),
      layout: z.enum(INPUT_LAYOUTS).describe('Where the channels of the model’s input are').optional(),
      output: z.enum(OUTPUT_KINDS).describe('Of a file: what its output is').optional(),
      outputName: text('Of a file with several outputs: which').optional(),
      checkScaling: z
        .boolean()
        .optional()
        .meta({ description: 'Try other common scalings on 500 records first (of a file)', default: true }),
      expectAccuracy: z
        .union([
          z.number().min(0).max(1),
          z.strictObject({
            members: z.number().min(0).max(1).optional(),
            nonMembers: z.number().min(0).max(1).optional(),
          }),
        ])
        .describe('Accuracy that the model is known to have; on non-members where one number is given')
        .optional(),
      ...endpointShape(),
      offline: z
        .boolean()
        .optional()
        .meta({ description: 'Ask an endpoint nothing: answer from what earlier runs kept', default: false }),
      confirm: z
        .boolean()
        .optional()
        .meta({ description: 'You may audit this endpoint, and agree to what it costs', default: false }),
      shadows: z
        .strictObject({ model: modelOrClone().optional(), ...modelOptions(), ...recipeShape(shadowRecipe) })
        .describe(
          'How attackers train models of their own: clone is the audited architecture with fresh weights',
        )
        .optional(),
      offers: offers(),
    })
    .describe('What is attacked')
    .superRefine((given, context) => {
      const [first, second] = OWN_TARGETS.filter((kind) => given[kind] !== undefined);
      if (first === undefined || (second !== undefined && !(first === 'endpoint' && second === 'service')))
        context.addIssue({
          code: 'custom',
          message: `name exactly one of ${OWN_TARGETS.join(', ')} here (a service may stand beside the endpoint that it trained)`,
          params: { hint: 'Keep the one that is audited.' },
        });
    });

export const ownSchema = once(() =>
  z
    .strictObject({
      $schema: schemaHint(),
      name: name(),
      plugins: plugins(),
      data: data().optional(),
      target: target(),
      defense: defense().describe('A defence of the answers (`ml-doctor list defenses`)').default('none'),
      attacks: attackList().optional(),
      seed: seed().describe('Seed of every random choice').default(0),
      explain: explain(),
    })
    .describe('An audit of your own model'),
);

export type OwnInput = z.output<ReturnType<typeof ownSchema>>;

/** JSON Schema (draft 2020-12). */
export const ownJsonSchema = once((): Readonly<Record<string, unknown>> => {
  const { $schema: _, ...rest } = z.toJSONSchema(ownSchema(), { io: 'input' }) as Record<string, unknown>;
  return rest;
});
