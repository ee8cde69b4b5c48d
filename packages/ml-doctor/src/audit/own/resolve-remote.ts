/** A model that is elsewhere (an endpoint, one that a service trained, a function) as the target of an audit. */

import type { ConfigSource } from '../../config/config.ts';
import type { OwnAuditConfig, OwnTarget } from '../../config/own-config.ts';
import type { Json } from '../../study/canonical-json.ts';
import type { Places } from '../../study/task.ts';
import type { EndpointChoice } from '../../targets/http/endpoint.ts';
import { movingPart, targetIdentity } from '../../targets/http/identity.ts';
import { hasVariable, shownUrl } from '../../targets/http/secrets.ts';
import type { ServiceChoice } from '../../targets/service/service.ts';
import { ownCell } from './own-cell.ts';
import { readRecords, recordNames, sampleNotes, sourceOf } from './read-records.ts';
import type { Resolved } from './resolve-own.ts';

type RemoteOwn = Exclude<OwnTarget, { readonly kind: 'onnx' | 'outputs' }>;

/** By which the gateway knows the audited model. */
export const TARGET = 'target';

/** Asks nothing yet: what it costs is to be agreed to first. */
export const resolveRemote = async (
  config: OwnAuditConfig,
  own: RemoteOwn,
  source: ConfigSource,
  places: Places,
): Promise<Resolved> => {
  refuseMoving(own, source);
  const records = await readRecords(config, source, places);
  const { data, sizes } = records;
  const cell = ownCell(config, {
    ...{ data, sizes, configSource: source },
    subject: {
      kind: 'remote',
      target: TARGET,
      identity:
        own.kind === 'function'
          ? { function: own.identity, answers: own.answers }
          : endpointIdentity(own.endpoint),
      ...(own.kind === 'service' && { service: serviceIdentity(own.service) }),
    },
    name: own.kind === 'function' ? own.identity : shownUrl(own.endpoint.url),
    source: sourceOf(records),
    trainedOn: records.sides.members.records,
    recordNames: recordNames(records),
    notes: [...records.notes, ...sampleNotes(records)],
    offers: {
      access: 'black-box',
      output: own.kind !== 'function' && own.endpoint.answers === 'label' ? 'label' : 'posteriors',
    },
  });
  return { cell, data, places: { models: {}, data: records.place } };
};

/** Answers are kept by what the configuration says: a variable must not mean one model today and another tomorrow. */
const refuseMoving = (own: RemoteOwn, source: ConfigSource): void => {
  if (own.kind === 'function') return;
  const part = movingPart(own.endpoint);
  const served = own.kind === 'service' ? Object.values(own.service.settings).some(hasVariable) : false;
  if (part === undefined && !(served && own.endpoint.version === undefined)) return;
  throw source.fault(
    ['target', 'endpoint'],
    `${part ?? 'a setting of the service'} has an environment variable in it, and answers that are kept would be taken for those of another model`,
    'Write it out, or name the model with version (--endpoint-version), another one for each model.',
  );
};

/** What decides about an answer; how politely it is asked for does not. Nothing of it is a key. */
export const endpointIdentity = (choice: EndpointChoice): Json => ({
  url: shownUrl(choice.url),
  digest: targetIdentity(choice, { recordShape: [], classes: [] }),
});

/** What decides about a trained model; how patiently it is waited for does not. */
const serviceIdentity = ({ kind, url, headers, settings, endpoint }: ServiceChoice): Json =>
  JSON.parse(
    JSON.stringify({
      kind,
      url,
      settings,
      headers: Object.keys(headers).sort(),
      endpoint: endpointIdentity({ ...endpoint, url: endpoint.url ?? '' }),
    }),
  );
