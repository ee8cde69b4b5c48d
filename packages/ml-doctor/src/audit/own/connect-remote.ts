/** The connection to a model that is elsewhere, for as long as a run lasts: agreed to, tried out, and open to all workers. */

import { join } from 'node:path';
import type { OwnTarget } from '../../config/own-config.ts';
import { batch, type Dataset } from '../../data/dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import { AuditError } from '../../errors.ts';
import { canonicalJson, sha256 } from '../../study/canonical-json.ts';
import { findMissing } from '../../study/missing-tasks.ts';
import type { FolderStore } from '../../study/store/folder-store.ts';
import type { OwnPlaces } from '../../study/task.ts';
import { startGateway } from '../../targets/gateway/gateway.ts';
import { type Endpoint, openEndpoint } from '../../targets/http/endpoint.ts';
import type { RemoteTarget } from '../../targets/remote.ts';
import type { Cell } from '../cell.ts';
import { splitRef } from '../plan/plan-cells.ts';
import { plannedQueries } from '../plan/planned-queries.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { TARGET } from './resolve-remote.ts';
import { serviceModels } from './service-models.ts';

/** What somebody agrees to before the first question. */
export interface Cost {
  readonly name: string;
  /** Records that will be sent, as far as is known beforehand; what a run has kept is not asked again. */
  readonly records: number;
  /** Never more than this in all. */
  readonly budget: number;
}

export interface RemoteOptions {
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The model itself, where it is a function of the caller's. */
  readonly target?: RemoteTarget;
  /** Asks whoever started the run; nobody agrees where it is left out. */
  readonly confirm?: (cost: Cost) => Promise<boolean>;
  readonly onWait: (what: string) => void;
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
  options: RemoteOptions,
): Promise<Connection | undefined> => {
  const [planned] = prepared.cells;
  const own = planned?.cell.own;
  const places = prepared.places.own;
  if (!planned || own?.subject.kind !== 'remote' || !places) return undefined;
  const { missing } = await findMissing(prepared.plan, store, prepared.targets);
  const { own: target, confirmed } = own.config;
  const data = prepared.datasets.get(planned.cell.data.catalog) as Dataset;
  const idle = missing.length === 0;
  if (target.kind === 'function') return connectFunction(options, places, idle);
  if (target.kind !== 'endpoint' && target.kind !== 'service')
    throw new Error(`internal: nothing to connect to in a target of kind ${target.kind}`);
  if (!idle && !target.offline && !confirmed) await agree(prepared, missing, target, options);
  const endpoint = await openEndpoint(target.endpoint, {
    recordShape: data.recordShape,
    classes: data.classes,
    ledger: ledgerFolder(store.folder, own.subject.identity),
    offline: target.offline || idle,
    env: options.env,
    onWait: options.onWait,
  });
  const trained =
    target.kind === 'service'
      ? serviceModels(prepared.plan.tasks, target, data, store.folder, options)
      : undefined;
  return open(
    { [TARGET]: endpoint, ...trained?.targets },
    places,
    [endpoint, ...(trained ? [trained] : [])],
    {
      first: async () => {
        if (!idle) await tryOut(endpoint, planned.cell, data, options.signal);
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
  idle: boolean,
): Promise<Connection> => {
  if (!target) {
    if (idle) return { places, notes: () => [], close: async () => {} };
    throw new AuditError(
      'MLD_USAGE',
      'the audited model is a function, and none is given',
      'Run the audit from the program that has it.',
    );
  }
  return open({ [TARGET]: target }, places, [], {});
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
  `${sent} records have been sent to the endpoint in all; every answer is kept beside the store, and none is asked for twice.`,
  ...(drift.differing > 0
    ? [
        `Asked again about ${drift.asked} inputs the endpoint answered ${drift.differing} of them otherwise (by ${drift.largestDifference.toPrecision(3)} at most): its answers are randomised, and attacks see the first one.`,
      ]
    : []),
];

const agree = async (
  prepared: PreparedRun,
  missing: Parameters<typeof plannedQueries>[1],
  target: Extract<OwnTarget, { readonly kind: 'endpoint' | 'service' }>,
  { confirm }: RemoteOptions,
): Promise<void> => {
  const { url, budget } = target.endpoint;
  const records = plannedQueries(prepared, missing).toRun;
  if (records > budget)
    throw new AuditError(
      'MLD_BUDGET',
      `the attacks send ${records} records, and the budget is ${budget}`,
      'Raise the budget (--budget), audit fewer records (--sample), or choose fewer attacks.',
    );
  if (await confirm?.({ name: url, records, budget })) return;
  throw new AuditError(
    'MLD_CONFIRM',
    `this audit sends about ${records} records to ${url}, ${budget} at most, and nobody has agreed to that`,
    'Audit only what you are authorised to. If you are, and agree to what it costs: --yes (confirm: true).',
  );
};

/** A wrong path or order of classes is told now, and not by every task. What is asked here is kept, and not paid twice. */
const tryOut = async (endpoint: Endpoint, cell: Cell, data: Dataset, signal: AbortSignal): Promise<void> => {
  const roles = splitQuarters(data.size, splitRef(cell));
  const ids = [...roles['target-train'].slice(0, TRIED), ...roles['target-test'].slice(0, TRIED)];
  await endpoint.answers({ values: batch(data, ids).x, rows: ids.length }, signal);
};
