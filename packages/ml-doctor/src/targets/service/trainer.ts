/** What one kind of training service does; everything else (ledger, budget, patience) is the same for all kinds. */

import type { Ask } from './client.ts';
import type { Secrets } from './secrets.ts';
import type { ServiceChoice, TrainingData } from './service.ts';

/** What a kind must remember between two looks; in the ledger, so without secrets. */
export type Notes = Readonly<Record<string, string>>;

export type TrainingState =
  | { readonly state: 'running'; readonly notes?: Notes }
  | { readonly state: 'failed'; readonly reason: string }
  /** `endpoint`: where the trained model is asked. */
  | { readonly state: 'done'; readonly endpoint: string };

export interface Trainer {
  /**
   * Sends the data and starts a training; what the service calls it.
   *
   * @param label a name of the training that is new to the service: letters, digits and hyphens, at most 50
   * @param again an earlier run may have started it: find that training instead of starting another one
   * @throws {Refusal} when nothing was started
   */
  start(data: TrainingData, label: string, again: boolean, signal: AbortSignal): Promise<string>;
  /** How far it is; a model that is trained but not served yet is brought to be served. Safe to call again and again. */
  look(job: string, label: string, notes: Notes, signal: AbortSignal): Promise<TrainingState>;
}

export interface TrainerTools {
  readonly choice: ServiceChoice;
  readonly secrets: Secrets;
  readonly ask: Ask;
  readonly env: Readonly<Record<string, string | undefined>>;
}
