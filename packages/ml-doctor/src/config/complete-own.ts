/** An audit of one's own model, from what a file says to a complete configuration. */

import { mlDoctorRecipe, type TrainingRecipe } from '../models/recipe.ts';
import type { EndpointChoice } from '../targets/http/endpoint.ts';
import type { ServiceChoice } from '../targets/service/service.ts';
import { defenseChoice } from './complete.ts';
import { ownAttackChoice } from './own-attacks.ts';
import type { OwnAuditConfig, OwnTarget } from './own-config.ts';
import { DEFAULT_SAMPLE, type OwnInput, shadowRecipe } from './own-schema.ts';
import { completeTraining, fullName } from './training.ts';

type TargetInput = OwnInput['target'];
type EndpointInput = Pick<
  TargetInput,
  | 'protocol'
  | 'method'
  | 'headers'
  | 'request'
  | 'response'
  | 'answers'
  | 'batch'
  | 'concurrency'
  | 'rate'
  | 'timeoutSeconds'
  | 'retries'
  | 'budget'
  | 'version'
>;

/** Records that may be sent where nobody says: what the usual attacks ask of 20,000 records, a few times over. */
export const DEFAULT_BUDGET = 100_000;

/** @param base folder of the configuration */
export const completeOwn = (input: OwnInput, base: string): OwnAuditConfig => {
  const { data = { sample: DEFAULT_SAMPLE }, target } = input;
  const { model, norm, dropout, ...training } = target.shadows ?? {};
  const { classes, overlap, slices = [], ...records } = data;
  return {
    ...(input.name !== undefined && { name: input.name }),
    data: {
      ...defined(records),
      sample: data.sample,
      ...(classes && { classes: classes.map(String) }),
      ...(overlap === 'allow' && { overlap }),
      ...(slices.length > 0 && { slices }),
    },
    own: targetOf(target),
    scaling: scalingOf(target),
    checkScaling: target.checkScaling ?? true,
    ...expected(target.expectAccuracy),
    shadows: {
      ...(model !== undefined && { model: model === 'clone' ? model : fullName(model, { norm, dropout }) }),
      training: completeTraining(recipeFor(training.epochs), training),
    },
    offers: defined(target.offers ?? {}),
    defense: defenseChoice(input.defense),
    ...(input.attacks && {
      attacks: input.attacks.map((named) => ownAttackChoice(named, records.auxiliary !== undefined)),
    }),
    seed: input.seed,
    ...(input.explain && { explain: true }),
    base,
    confirmed: target.confirm ?? false,
  };
};

/** The learning rate falls with the epochs that are said. */
const recipeFor = (epochs: number = shadowRecipe.epochs): TrainingRecipe => mlDoctorRecipe(epochs);

const targetOf = (input: TargetInput): OwnTarget => {
  const { onnx, endpoint, service, outputs, offline = false } = input;
  if (outputs !== undefined) return { kind: 'outputs', file: outputs };
  if (onnx !== undefined) {
    const { layout, output, outputName } = input;
    return { kind: 'onnx', file: onnx, form: defined({ layout, output, outputName }) };
  }
  const asked = endpointOf(input, endpoint ?? '', input.layout);
  if (service === undefined) return { kind: 'endpoint', endpoint: asked, offline };
  return { kind: 'service', service: serviceOf(service, asked), endpoint: asked, offline };
};

const endpointOf = (
  given: EndpointInput,
  url: string,
  layout: EndpointChoice['layout'] = 'nchw',
): EndpointChoice => ({
  url,
  protocol: given.protocol ?? 'json',
  method: given.method ?? 'POST',
  headers: given.headers ?? {},
  ...(given.request !== undefined && { request: given.request }),
  ...(given.response !== undefined && { response: given.response }),
  answers: given.answers ?? 'probabilities',
  layout,
  batch: given.batch ?? 32,
  concurrency: given.concurrency ?? 2,
  ...(given.rate !== undefined && { rate: given.rate }),
  timeoutSeconds: given.timeoutSeconds ?? 30,
  retries: given.retries ?? 5,
  budget: given.budget ?? DEFAULT_BUDGET,
  ...(given.version !== undefined && { version: given.version }),
});

const serviceOf = (given: NonNullable<TargetInput['service']>, target: EndpointChoice): ServiceChoice => {
  const { url: _, ...asked } = given.endpoint ? endpointOf(given.endpoint, '', target.layout) : target;
  return {
    ...{ kind: given.kind, url: given.url, headers: given.headers ?? {}, settings: given.settings ?? {} },
    pollSeconds: given.pollSeconds ?? 10,
    timeoutMinutes: given.timeoutMinutes ?? 120,
    trainings: given.trainings ?? 4,
    endpoint: { ...asked, ...(given.endpoint?.url !== undefined && { url: given.endpoint.url }) },
  };
};

const scalingOf = ({ scale, mean, std }: TargetInput): OwnAuditConfig['scaling'] => ({
  ...(scale !== undefined && { scale: typeof scale === 'number' ? scale : quotient(scale) }),
  ...(mean !== undefined && { mean: [mean].flat() }),
  ...(std !== undefined && { std: [std].flat() }),
});

/** `1/255`. */
export const quotient = (text: string): number => {
  const [above, below] = text.split('/').map(Number);
  return (above as number) / (below as number);
};

const expected = (given: TargetInput['expectAccuracy']): Pick<OwnAuditConfig, 'expectAccuracy'> =>
  given === undefined
    ? {}
    : { expectAccuracy: typeof given === 'number' ? { nonMembers: given } : defined(given) };

/** Without the keys that hold nothing. */
const defined = <T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
