/**
 * A service that trains models for whoever sends it data (Shokri et al., S&P 2017, §IV): the attacker knows neither
 * architecture nor training, but may have his shadow models trained by the same service as the target was.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditError } from '../../errors.ts';
import type { EndpointChoice } from '../http/endpoint.ts';
import { quoted, Refusal, serviceClient } from './client.ts';
import { endpointAddress } from './endpoint-address.ts';
import { jsonTrainer } from './json-trainer.ts';
import { type Place, TrainingLedger, trainingKey } from './ledger.ts';
import { sageMakerTrainer } from './sagemaker-trainer.ts';
import { type Secrets, secretsFrom } from './secrets.ts';
import type { Trainer, TrainerTools, TrainingState } from './trainer.ts';
import { vertexTrainer } from './vertex-trainer.ts';

export const SERVICE_KINDS = ['json', 'sagemaker', 'vertex'] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

/** What a configuration says; plain data, secrets as `${NAME}`. */
export interface ServiceChoice {
  readonly kind: ServiceKind;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the kind needs besides (region, role, bucket, image …), as its documentation says. */
  readonly settings: Readonly<Record<string, string>>;
  readonly pollSeconds: number;
  readonly timeoutMinutes: number;
  /** Models that may be trained in all. */
  readonly trainings: number;
  /** How a trained model is asked; its `url` may hold `{{endpoint}}`. */
  readonly endpoint: Omit<EndpointChoice, 'url'> & { readonly url?: string };
}

export interface TrainingData {
  readonly recordShape: readonly number[];
  /** `rows × record length`. */
  readonly values: Float32Array;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
}

export interface TrainedEndpoint {
  /** What the service calls it: goes into the store, so that a training is never paid twice. */
  readonly job: string;
  readonly url: string;
}

export interface TrainingService {
  /** @throws {AuditError} MLD_SERVICE for a job that fails or takes too long, MLD_BUDGET for one training too many, MLD_ENDPOINT_AUTH */
  train(data: TrainingData, name: string, signal: AbortSignal): Promise<TrainedEndpoint>;
}

/** Looks that may fail one after the other before a wait is given up. */
const PATIENCE = 5;

const TRAINERS: Readonly<Record<ServiceKind, (tools: TrainerTools) => Trainer>> = {
  json: jsonTrainer,
  sagemaker: sageMakerTrainer,
  vertex: vertexTrainer,
};

/**
 * What is wrong with a choice that can be told before anything is sent.
 * @throws {AuditError} MLD_CONFIG for an address or a setting; MLD_ENDPOINT_AUTH for an environment variable that is not set
 */
export const checkService = (
  choice: ServiceChoice,
  env: Readonly<Record<string, string | undefined>>,
): void => {
  const secrets = secretsFrom(env);
  if (
    /\p{Cc}/u.test(choice.url) ||
    !URL.canParse(choice.url) ||
    !/^https?:$/.test(new URL(choice.url).protocol)
  )
    throw new AuditError(
      'MLD_CONFIG',
      `the training service ${quoted(choice.url, secrets)} is no address of a web server`,
      'Write it in full, as https://HOST/PATH.',
    );
  TRAINERS[choice.kind]({ choice, secrets, ask: serviceClient(secrets), env });
};

/**
 * @param ledger folder of what was trained; kept over runs
 * @throws {AuditError} MLD_CONFIG for a setting that is missing or unknown; MLD_ENDPOINT_AUTH for an environment
 *   variable that is not set
 */
export const openService = async (
  choice: ServiceChoice,
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly ledger: string },
): Promise<TrainingService> => {
  const secrets = secretsFrom(options.env);
  const trainer = TRAINERS[choice.kind]({ choice, secrets, ask: serviceClient(secrets), env: options.env });
  return new OpenService(choice, trainer, new TrainingLedger(options.ledger), secrets);
};

/** What an earlier run had trained and found ready; nothing is asked, and no key is needed. */
export const trainedBefore = async (
  choice: ServiceChoice,
  { ledger, data, name }: { readonly ledger: string; readonly data: TrainingData; readonly name: string },
): Promise<TrainedEndpoint | undefined> => {
  const found = await new TrainingLedger(ledger).find(trainingKey(choice, name, data));
  if (found?.state !== 'done') return undefined;
  const { job = '', endpoint = '' } = found;
  return { job, url: endpointAddress(choice, endpoint) };
};

class OpenService implements TrainingService {
  readonly #choice: ServiceChoice;
  readonly #trainer: Trainer;
  readonly #ledger: TrainingLedger;
  readonly #secrets: Secrets;
  /** The last start: they go one after the other, so that two askers of the same training start one. */
  #starts: Promise<unknown> = Promise.resolve();

  constructor(choice: ServiceChoice, trainer: Trainer, ledger: TrainingLedger, secrets: Secrets) {
    this.#choice = choice;
    this.#trainer = trainer;
    this.#ledger = ledger;
    this.#secrets = secrets;
  }

  async train(data: TrainingData, name: string, signal: AbortSignal): Promise<TrainedEndpoint> {
    signal.throwIfAborted();
    refuseUnfit(data);
    const start = this.#starts.then(() => this.#started(data, name, signal));
    this.#starts = start.catch(() => undefined);
    const place = await start;
    const { job, endpoint } = await this.#finished(place, signal);
    return { job: job ?? '', url: endpointAddress(this.#choice, endpoint ?? '') };
  }

  /** The place of a training that the service knows. */
  async #started(data: TrainingData, name: string, signal: AbortSignal): Promise<Place> {
    signal.throwIfAborted();
    const key = trainingKey(this.#choice, name, data);
    const { again, ...place } = await this.#ledger.take(key, name, this.#choice.trainings);
    if (place.entry.state !== 'starting') return place;
    try {
      const job = await this.#trainer.start(data, place.entry.label, again, signal);
      return await this.#keep(place, { state: 'running', job });
    } catch (error) {
      // Whatever else went wrong, the service may have started; its place is kept for the next run to find out.
      if (error instanceof Refusal && !again) await this.#ledger.free(place);
      throw error;
    }
  }

  /** Waits until the model can be asked. */
  async #finished(started: Place, signal: AbortSignal): Promise<Place['entry']> {
    const { pollSeconds, timeoutMinutes } = this.#choice;
    const deadline = performance.now() + timeoutMinutes * 60_000;
    let place = started;
    for (let failures = 0; place.entry.state === 'running'; ) {
      const found = await this.#look(place, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        failures += 1;
        if (!(error instanceof AuditError && error.transient) || failures >= PATIENCE) throw error;
        return undefined;
      });
      if (found !== undefined) {
        failures = 0;
        place = await this.#noted(place, found);
        if (place.entry.state !== 'running') break;
      }
      if (performance.now() >= deadline) throw this.#tooLong(place);
      await sleep(pollSeconds * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
    return place.entry;
  }

  #look({ entry }: Place, signal: AbortSignal): Promise<TrainingState> {
    return this.#trainer.look(entry.job ?? '', entry.label, entry.notes ?? {}, signal);
  }

  async #noted(place: Place, found: TrainingState): Promise<Place> {
    switch (found.state) {
      case 'running':
        return found.notes === undefined ? place : this.#keep(place, { notes: found.notes });
      case 'done':
        return this.#keep(place, { state: 'done', endpoint: found.endpoint });
      case 'failed': {
        const reason = quoted(found.reason, this.#secrets);
        await this.#keep(place, { state: 'failed', reason });
        throw new AuditError(
          'MLD_SERVICE',
          `the service could not train "${place.entry.name}" (job ${place.entry.job}): ${reason}`,
          'Look the job up at the service. Another run starts it anew and counts as another training.',
        );
      }
    }
  }

  async #keep({ number, entry }: Place, change: Partial<Place['entry']>): Promise<Place> {
    const place = { number, entry: { ...entry, ...change } };
    await this.#ledger.write(place);
    return place;
  }

  #tooLong({ entry }: Place): AuditError {
    return new AuditError(
      'MLD_SERVICE',
      `the service has not finished "${entry.name}" (job ${entry.job}) after ${this.#choice.timeoutMinutes} minutes of waiting`,
      'Run again: it waits for the same job. Or look the job up at the service.',
    );
  }
}

const refuseUnfit = ({ recordShape, values, labels, classes }: TrainingData): void => {
  const length = recordShape.reduce((a, b) => a * b, 1);
  if (labels.length === 0 || values.length !== labels.length * length)
    throw new Error(`internal: ${values.length} numbers for ${labels.length} records of ${length}`);
  if (labels.some((label) => label < 0 || label >= classes.length))
    throw new Error(`internal: a label that is none of ${classes.length} classes`);
};
