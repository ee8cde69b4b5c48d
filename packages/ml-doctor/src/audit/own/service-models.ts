/** Models that a service trains for the attacker, each when it is first asked about something. */

import { join } from 'node:path';
import type { OwnTarget } from '../../config/own-config.ts';
import { batch, type Dataset } from '../../data/dataset.ts';
import { AuditError } from '../../errors.ts';
import type { SplitRef } from '../../study/kinds/data-ref.ts';
import { trainingRecords } from '../../study/kinds/record-sets.ts';
import type { TrainParams } from '../../study/kinds/train.ts';
import type { Task } from '../../study/task.ts';
import { type Endpoint, type EndpointOptions, openEndpoint } from '../../targets/http/endpoint.ts';
import type { RemoteTarget } from '../../targets/remote.ts';
import { isRuntimeAddress, sageMakerSigner } from '../../targets/service/sagemaker-trainer.ts';
import {
  openService,
  type TrainingData,
  type TrainingService,
  trainedBefore,
} from '../../targets/service/service.ts';
import { SERVICE_MODEL } from '../plan/plan-models.ts';
import type { RemoteOptions } from './connect-remote.ts';

type ServiceTarget = Extract<OwnTarget, { readonly kind: 'service' }>;

interface ServiceModel {
  readonly target: string;
  readonly identity: { readonly split: SplitRef; readonly on: TrainParams['on'] };
}

/** Trainings and answers are kept beside the store: none is paid twice. */
export const serviceModels = (
  tasks: readonly Task[],
  own: ServiceTarget,
  data: Dataset,
  store: string,
  showsSome: boolean,
  { env, signal, onWait }: RemoteOptions,
): { readonly targets: Readonly<Record<string, RemoteTarget>>; close(): Promise<void> } => {
  const wanted = tasks.flatMap(({ kind, params }): ServiceModel[] => {
    const model = params as unknown as ServiceModel;
    return kind === 'connect' && model.target.startsWith(SERVICE_MODEL) ? [model] : [];
  });
  const ledger = join(store, 'ledger', 'service');
  let service: Promise<TrainingService> | undefined;
  const opened: Promise<Endpoint>[] = [];
  const train = async ({ target, identity: { on, split } }: ServiceModel): Promise<Endpoint> => {
    const records = trainingRecords(on, data.size, split);
    const { x, y } = batch(data, records);
    const name = target.slice(SERVICE_MODEL.length, SERVICE_MODEL.length + 12);
    const { recordShape, classes } = data;
    const sent = { recordShape, values: x, labels: y, classes };
    const { offline } = own;
    const known = await trainedBefore(own.service, { ledger, data: sent, name });
    if (!known && offline) throw notTrained(name);
    if (!known) onWait(`The service trains model ${name} on ${records.length} records …`);
    const { url } = known ?? (await trainWith(sent, name));
    return openEndpoint(
      { ...own.service.endpoint, url },
      {
        ...{ recordShape, classes, ledger: join(store, 'ledger', name), env, onWait, offline, showsSome },
        ...(!offline && signedBy({ service: own.service, endpoint: { url } }, env)),
      },
    );
  };
  const trainWith = async (sent: TrainingData, name: string): Promise<{ readonly url: string }> => {
    service ??= openService(own.service, { env, ledger });
    return (await service).train(sent, name, signal);
  };
  const lazily = (model: ServiceModel): RemoteTarget => {
    let endpoint: Promise<Endpoint> | undefined;
    return {
      answers: async (inputs, asked) => {
        if (endpoint === undefined) {
          endpoint = train(model);
          opened.push(endpoint);
          // A training that failed for a while is asked for again.
          endpoint.catch(() => {
            endpoint = undefined;
          });
        }
        return (await endpoint).answers(inputs, asked);
      },
    };
  };
  return {
    targets: Object.fromEntries(wanted.map((model) => [model.target, lazily(model)])),
    close: async () => {
      for (const one of await Promise.allSettled(opened))
        if (one.status === 'fulfilled') await one.value.close();
    },
  };
};

/**
 * SageMaker answers nobody who does not sign; its keys go to its own address only.
 * @throws {AuditError} MLD_ENDPOINT_AUTH for an environment variable that is not set
 */
export const signedBy = (
  {
    service,
    endpoint,
  }: { readonly service: ServiceTarget['service']; readonly endpoint: { readonly url: string } },
  env: RemoteOptions['env'],
): Pick<EndpointOptions, 'sign' | 'redact'> => {
  if (service.kind !== 'sagemaker' || !isRuntimeAddress(service, endpoint.url)) return {};
  return sageMakerSigner(service, env);
};

const notTrained = (name: string): AuditError =>
  new AuditError(
    'MLD_SERVICE',
    `offline, and model ${name} has not been trained by an earlier run`,
    'Run once without --offline, with the same store, configuration and data.',
  );
