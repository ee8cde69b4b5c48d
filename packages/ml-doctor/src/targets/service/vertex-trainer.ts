/**
 * Google Cloud Vertex AI: records to Cloud Storage, a training pipeline with a container of one's own, and its model
 * behind an endpoint, over the REST API. Who may, is said by an OAuth token in the headers of the configuration.
 *
 * @see https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.trainingPipelines
 */
import { jsonFrom, notSpoken, type ServiceRequest } from './client.ts';
import { recordsAsCsv } from './records-as-csv.ts';
import { checkedSettings } from './settings.ts';
import type { Notes, Trainer, TrainerTools, TrainingState } from './trainer.ts';

const KNOWN = {
  required: {
    project: 'the project id',
    location: 'as us-central1',
    bucket: 'the Cloud Storage bucket of training data and models',
    trainingImage: 'the address of the training container',
    servingImage: 'the address of the container that serves the model',
  },
  optional: ['machineType', 'servingMachineType', 'serviceAccount', 'prefix', 'storageUrl'],
} as const;

const CUSTOM_TASK = 'gs://google-cloud-aiplatform/schema/trainingjob/definition/custom_task_1.0.0.yaml';
/** Chosen here, so that deploying twice is refused instead of paid. */
const DEPLOYED_ID = '1';
const CONFLICT = 409;
const MISSING = 404;

type Reply = Readonly<Record<string, unknown>>;

export const vertexTrainer = ({ choice, secrets, ask }: TrainerTools): Trainer => {
  const settings = checkedSettings(choice, KNOWN);
  const { project = '', location = '', bucket = '', prefix = 'ml-doctor' } = settings;
  const machineType = settings['machineType'] ?? 'n1-standard-4';
  const servingMachineType = settings['servingMachineType'] ?? 'n1-standard-2';
  const storageUrl = (settings['storageUrl'] ?? 'https://storage.googleapis.com').replace(/\/+$/, '');
  const api = `${choice.url.replace(/\/+$/, '')}/v1`;
  const parent = `projects/${project}/locations/${location}`;
  const headers = Object.fromEntries(
    Object.entries(choice.headers).map(([name, value]) => [name.toLowerCase(), secrets.expand(value)]),
  );

  /** Undefined for a status that is expected. */
  const call = async (
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    signal: AbortSignal,
    expected?: number,
  ): Promise<Reply | undefined> => {
    const request: ServiceRequest = {
      method,
      url: `${api}/${path}`,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const reply = await ask(request, signal);
    return reply.status === expected ? undefined : jsonFrom(request, reply, secrets);
  };

  const startedBefore = async (label: string, signal: AbortSignal): Promise<string | undefined> => {
    const filter = new URLSearchParams({ filter: `display_name="${label}"` });
    const found = await call('GET', `${parent}/trainingPipelines?${filter}`, undefined, signal);
    const [pipeline] = (found?.['trainingPipelines'] ?? []) as readonly { name?: string }[];
    return pipeline?.name;
  };

  const deploy = async (label: string, model: string, signal: AbortSignal): Promise<string | undefined> => {
    const endpoint = `${parent}/endpoints/${label}`;
    const body = {
      deployedModel: {
        id: DEPLOYED_ID,
        model,
        displayName: label,
        dedicatedResources: {
          machineSpec: { machineType: servingMachineType },
          minReplicaCount: 1,
          maxReplicaCount: 1,
        },
      },
      // "0" stands for the model that this call deploys.
      trafficSplit: { '0': 100 },
    };
    const operation = await call('POST', `${endpoint}:deployModel`, body, signal, CONFLICT);
    return operation === undefined ? undefined : nameOf(operation, 'deployModel');
  };

  /** An operation that is going on: undefined when it is done, and why when it failed. */
  const operationState = async (
    name: string,
    signal: AbortSignal,
  ): Promise<'going' | 'done' | { failed: string }> => {
    const operation = await call('GET', name, undefined, signal);
    if (operation?.['done'] !== true) return 'going';
    const { message } = (operation['error'] ?? {}) as { message?: string };
    return operation['error'] === undefined ? 'done' : { failed: message ?? 'it gives no reason' };
  };

  /** From a trained model to an endpoint that answers, one step per look; the notes hold the operation that is going on. */
  const serve = async (
    label: string,
    model: string,
    { operation, step }: Notes,
    signal: AbortSignal,
  ): Promise<TrainingState> => {
    const endpoint = `${parent}/endpoints/${label}`;
    const done: TrainingState = { state: 'done', endpoint: `${api}/${endpoint}:predict` };
    // Before the endpoint is looked at: an operation that ends in between would seem to have done nothing.
    const going = operation === undefined ? 'done' : await operationState(operation, signal);
    if (typeof going === 'object') return { state: 'failed', reason: going.failed };
    if (going === 'going') return { state: 'running' };
    if (operation !== undefined && step === 'deploy') return done;
    const found = await call('GET', endpoint, undefined, signal, MISSING);
    const { deployedModels } = (found ?? {}) as { deployedModels?: readonly unknown[] };
    if ((deployedModels ?? []).length > 0) return done;
    if (found !== undefined) {
      const deploying = await deploy(label, model, signal);
      return {
        state: 'running',
        ...(deploying === undefined ? {} : { notes: { operation: deploying, step: 'deploy' } }),
      };
    }
    const path = `${parent}/endpoints?${new URLSearchParams({ endpointId: label })}`;
    const creating = await call('POST', path, { displayName: label }, signal, CONFLICT);
    return {
      state: 'running',
      ...(creating === undefined
        ? {}
        : { notes: { operation: nameOf(creating, 'endpoints'), step: 'create' } }),
    };
  };

  return {
    start: async (data, label, again, signal) => {
      const before = again ? await startedBefore(label, signal) : undefined;
      if (before !== undefined) return before;
      const object = `${prefix}/${label}/records.csv`;
      const upload: ServiceRequest = {
        method: 'POST',
        url: `${storageUrl}/upload/storage/v1/b/${bucket}/o?${new URLSearchParams({ uploadType: 'media', name: object })}`,
        headers: { ...headers, 'content-type': 'text/csv' },
        body: recordsAsCsv(data),
      };
      jsonFrom(upload, await ask(upload, signal), secrets);
      const args = [
        `--data=gs://${bucket}/${object}`,
        `--classes=${data.classes.length}`,
        `--record-shape=${data.recordShape.join(',')}`,
      ];
      const pool = {
        machineSpec: { machineType },
        replicaCount: '1',
        containerSpec: { imageUri: settings['trainingImage'], args },
      };
      const { serviceAccount } = settings as { serviceAccount?: string };
      const pipeline = {
        displayName: label,
        trainingTaskDefinition: CUSTOM_TASK,
        trainingTaskInputs: {
          workerPoolSpecs: [pool],
          baseOutputDirectory: { outputUriPrefix: `gs://${bucket}/${prefix}/${label}` },
          ...(serviceAccount === undefined ? {} : { serviceAccount }),
        },
        modelToUpload: { displayName: label, containerSpec: { imageUri: settings['servingImage'] } },
      };
      const reply = await call('POST', `${parent}/trainingPipelines`, pipeline, signal);
      return nameOf(reply, 'trainingPipelines');
    },

    look: async (job, label, notes, signal) => {
      const pipeline = await call('GET', job, undefined, signal);
      const state = String(pipeline?.['state'] ?? '');
      if (/^PIPELINE_STATE_(QUEUED|PENDING|RUNNING|PAUSED|CANCELLING)$/.test(state))
        return { state: 'running' };
      if (state === 'PIPELINE_STATE_FAILED' || state === 'PIPELINE_STATE_CANCELLED') {
        const { message } = (pipeline?.['error'] ?? {}) as { message?: string };
        return { state: 'failed', reason: message ?? `the pipeline is in ${state}` };
      }
      const { name: model } = (pipeline?.['modelToUpload'] ?? {}) as { name?: unknown };
      if (state !== 'PIPELINE_STATE_SUCCEEDED' || typeof model !== 'string')
        throw notSpoken(
          `${job} is in state "${state}"${state === 'PIPELINE_STATE_SUCCEEDED' ? ' without a model' : ''}`,
        );
      return serve(label, model, notes, signal);
    },
  };
};

const nameOf = (reply: Reply | undefined, what: string): string => {
  const name = reply?.['name'];
  if (typeof name === 'string' && name !== '') return name;
  throw notSpoken(`POST ${what} was answered without a "name"`);
};
