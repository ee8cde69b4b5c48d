/** The connection to a model that is elsewhere, for as long as a run lasts: agreed to, tried out, and open to all workers. */

import { join } from 'node:path';
import type { ConfigSource } from '../../config/config.ts';
import type { OwnTarget } from '../../config/own-config.ts';
import { batch, type Dataset } from '../../data/dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import { AuditError } from '../../errors.ts';
import { argmax } from '../../stats/argmax.ts';
import { canonicalJson, sha256 } from '../../study/canonical-json.ts';
import { findMissing } from '../../study/missing-tasks.ts';
import type { FolderStore } from '../../study/store/folder-store.ts';
import type { OwnPlaces } from '../../study/task.ts';
import { startGateway } from '../../targets/gateway/gateway.ts';
import { type Endpoint, openEndpoint } from '../../targets/http/endpoint.ts';
import { shownUrl } from '../../targets/http/secrets.ts';
import type { RemoteTarget } from '../../targets/remote.ts';
import { checkService } from '../../targets/service/service.ts';
import type { Cell } from '../cell.ts';
import { splitRef } from '../plan/plan-cells.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { type FirstLook, firstLook } from './first-look.ts';
import { type RemoteCost, remoteCost } from './remote-cost.ts';
import { TARGET } from './resolve-remote.ts';
import { serviceModels, signedBy } from './service-models.ts';

/** What somebody agrees to before the first question. */
export interface Cost extends Omit<RemoteCost, 'known'> {
  readonly name: string;
  /** Never more than this is sent to the target from now on. */
  readonly left: number;
}

type RemoteOwn = Extract<OwnTarget, { readonly kind: 'endpoint' | 'service' }>;

export interface RemoteOptions {
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The model itself, where it is a function of the caller's; what it is asked about is known once the records are read. */
  readonly target?: (records: Pick<Dataset, 'recordShape' | 'classes'>) => RemoteTarget;
  /** Asks whoever started the run; nobody agrees where it is left out. */
  readonly confirm?: (cost: Cost) => Promise<boolean>;
  readonly onWait: (what: string) => void;
  readonly onFirstLook: (look: FirstLook) => void;
}

export interface Connection {
  readonly places: OwnPlaces;
  /** Sentences for the reader of the report, once the run is over. */
  readonly notes: () => readonly string[];
  close(): Promise<void>;
}

/** Records of each side whose answers are looked at before a run begins. */
const TRIED = 4;

/**
 * Nothing of a run whose model is at hand.
 * @throws {AuditError} MLD_CONFIRM where nobody agreed; MLD_ENDPOINT*, MLD_BUDGET and MLD_STORE_* of the first questions
 */
export const connectRemote = async (
  prepared: PreparedRun,
  store: FolderStore,
  source: ConfigSource,
  options: RemoteOptions,
): Promise<Connection | undefined> => {
  const [planned] = prepared.cells;
  const own = planned?.cell.own;
  const places = prepared.places.own;
  if (!planned || own?.subject.kind !== 'remote' || !places) return undefined;
  const { missing } = await findMissing(prepared.plan, store, prepared.targets);
  const { own: target } = own.config;
  const data = prepared.datasets.get(planned.cell.data.catalog) as Dataset;
  const idle = missing.length === 0;
  if (target.kind === 'function')
    return connectFunction(options, places, data, idle, (model) =>
      tryOut(model, planned.cell, data, source, options),
    );
  if (target.kind !== 'endpoint' && target.kind !== 'service')
    throw new Error(`internal: nothing to connect to in a target of kind ${target.kind}`);
  const offline = target.offline || idle;
  const showsSome = planned.cell.offers.output !== 'posteriors';
  // Not by every task that wants a model of it.
  if (target.kind === 'service' && !offline) checkService(target.service, options.env);
  const endpoint = await openEndpoint(target.endpoint, {
    recordShape: data.recordShape,
    classes: data.classes,
    ledger: ledgerFolder(store.folder, own.subject.identity),
    ...{ offline, showsSome },
    ...(target.kind === 'service' && !offline && signedBy(target, options.env)),
    env: options.env,
    onWait: options.onWait,
  });
  if (!idle)
    try {
      await agree(remoteCost(prepared, missing, endpoint), target, endpoint, own.config.confirmed, options);
    } catch (error) {
      await endpoint.close();
      throw error;
    }
  const trained =
    target.kind === 'service'
      ? serviceModels(prepared.plan.tasks, target, data, store.folder, showsSome, options)
      : undefined;
  return open(
    { [TARGET]: endpoint, ...trained?.targets },
    places,
    [endpoint, ...(trained ? [trained] : [])],
    {
      first: async () => {
        if (!idle) await tryOut(endpoint, planned.cell, data, source, options);
      },
      notes: () => endpointNotes(endpoint),
    },
  );
};

/** Answers are kept apart by target, so that one store serves several. */
export const ledgerFolder = (store: string, identity: unknown): string =>
  join(store, 'ledger', sha256(canonicalJson(identity as never)).slice(0, 32));

const connectFunction = async (
  { target }: RemoteOptions,
  places: OwnPlaces,
  data: Dataset,
  idle: boolean,
  tryIt: (target: RemoteTarget) => Promise<void>,
): Promise<Connection> => {
  if (idle) return { places, notes: () => [], close: async () => {} };
  if (!target)
    throw new AuditError(
      'MLD_USAGE',
      'the audited model is a function, and none is given',
      'Run the audit from the program that has it.',
    );
  const model = target(data);
  return open({ [TARGET]: model }, places, [], { first: () => tryIt(model) });
};

const open = async (
  targets: Readonly<Record<string, RemoteTarget>>,
  places: OwnPlaces,
  closing: readonly { close(): Promise<void> }[],
  {
    first = async () => {},
    notes = () => [],
  }: {
    readonly first?: () => Promise<void>;
    readonly notes?: Connection['notes'];
  },
): Promise<Connection> => {
  const gateway = await startGateway(targets);
  const close = async (): Promise<void> => {
    await gateway.close();
    for (const one of closing) await one.close();
  };
  try {
    await first();
  } catch (error) {
    await close();
    throw error;
  }
  return { places: { ...places, gateway: gateway.address }, notes, close };
};

const endpointNotes = ({ drift, sent }: Endpoint): readonly string[] => [
  `${sent} records have been sent to the endpoint in all; every answer is kept beside the store.`,
  ...(drift.differing > 0
    ? [
        `Asked again about ${drift.asked} inputs the endpoint answered ${drift.differing} of them otherwise (by ${drift.largestDifference.toPrecision(3)} at most): its answers are randomised, and attacks see the first one.`,
      ]
    : []),
];

/** Before anything is sent. */
const agree = async (
  { known, ...cost }: RemoteCost,
  target: RemoteOwn,
  { left }: Endpoint,
  confirmed: boolean,
  { confirm }: RemoteOptions,
): Promise<void> => {
  const { records, open, trainings } = cost;
  if (target.offline) {
    if (known > 0) throw notKept(known);
    return;
  }
  if (records > left)
    throw new AuditError(
      'MLD_BUDGET',
      `this audit sends ${records} records, and of the budget of ${target.endpoint.budget} ${left} are left`,
      'Raise the budget (--budget), audit fewer records (--sample), or choose fewer attacks.',
    );
  if (target.kind === 'service' && trainings > target.service.trainings)
    throw new AuditError(
      'MLD_BUDGET',
      `this audit trains ${trainings} models at the service, and ${target.service.trainings} are allowed`,
      'Allow more (target.service.trainings), or choose attacks with fewer models.',
    );
  const name = shownUrl(target.endpoint.url);
  if (confirmed || (await confirm?.({ ...cost, name, left }))) return;
  const more = open.length > 0 ? ` and what ${open.join(', ')} asks while it runs,` : '';
  const models = trainings > 0 ? ` and trains up to ${trainings} models at the service,` : '';
  throw new AuditError(
    'MLD_CONFIRM',
    `this audit sends about ${records} records to ${name},${more} ${left} at most,${models} and nobody has agreed to that`,
    'Audit only what you are authorised to. If you are, and agree to what it costs: --yes (confirm: true).',
  );
};

const notKept = (records: number): AuditError =>
  new AuditError(
    'MLD_ENDPOINT',
    `offline, ${records} of the records that the attacks ask about have no answer from an earlier run`,
    'Run once without --offline, with the same store, configuration and data.',
  );

/**
 * A wrong path or order of classes is told now, and not by every task; then how often the model is right. What is asked
 * here are candidates: it is kept, and not paid twice.
 */
const tryOut = async (
  target: RemoteTarget,
  cell: Cell,
  data: Dataset,
  source: ConfigSource,
  { signal, onFirstLook }: RemoteOptions,
): Promise<void> => {
  const roles = splitQuarters(data.size, splitRef(cell));
  const ids = [...roles['target-train'].slice(0, TRIED), ...roles['target-test'].slice(0, TRIED)];
  await target.answers({ values: batch(data, ids).x, rows: ids.length }, signal);
  const { own } = cell;
  if (!own) throw new Error('internal: a first look at a model that is trained here');
  const look = await firstLook(
    { ...own.config, checkScaling: false },
    source,
    data,
    splitRef(cell),
    async (inputs) => {
      const { logits, classes } = await target.answers(inputs, signal);
      return Int32Array.from({ length: inputs.rows }, (_, i) =>
        argmax(logits.subarray(i * classes, (i + 1) * classes)),
      );
    },
    (records) => batch(data, records).x,
  );
  onFirstLook(look);
};
