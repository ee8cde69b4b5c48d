/** A model that is elsewhere (an endpoint, one that a service trained, a function) as the target of an audit. */

import type { ConfigSource } from '../../config/config.ts';
import type { OwnAuditConfig, OwnTarget } from '../../config/own-config.ts';
import type { Json } from '../../study/canonical-json.ts';
import type { Places } from '../../study/task.ts';
import type { EndpointChoice } from '../../targets/http/endpoint.ts';
import { targetIdentity } from '../../targets/http/identity.ts';
import { shownUrl } from '../../targets/http/secrets.ts';
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
  const records = await readRecords(config, source, places);
  const { data, sizes } = records;
  const cell = ownCell(config, {
    ...{ data, sizes, configSource: source },
    subject: {
      kind: 'remote',
      target: TARGET,
      identity: own.kind === 'function' ? own.identity : endpointIdentity(own.endpoint),
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

/** What decides about an answer; how politely it is asked for does not. Nothing of it is a key. */
export const endpointIdentity = (choice: EndpointChoice): Json => ({
  url: shownUrl(choice.url),
  digest: targetIdentity(choice, { recordShape: [], classes: [] }),
});

/** What decides about a trained model; how patiently it is waited for does not. */
const serviceIdentity = ({ kind, url, settings, endpoint }: ServiceChoice): Json =>
  JSON.parse(
    JSON.stringify({
      kind,
      url,
      settings,
      endpoint: endpointIdentity({ ...endpoint, url: endpoint.url ?? '' }),
    }),
  );
