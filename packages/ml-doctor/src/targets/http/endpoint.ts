/** A model behind HTTP: asked in batches, politely, within a budget, and never twice about the same input. */
import type { Inputs } from '../access.ts';
import type { RemoteTarget } from '../remote.ts';

export const PROTOCOLS = ['json', 'kserve', 'torchserve', 'tf-serving', 'mlflow', 'hugging-face'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** What a configuration says of an endpoint; plain data without secrets: `${NAME}` stands for an environment variable. */
export interface EndpointChoice {
  readonly url: string;
  readonly protocol: Protocol;
  readonly method: 'POST' | 'PUT' | 'GET';
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The body instead of the protocol's own, with `{{inputs}}` where the batch goes (nested arrays) or `{{input}}` for one
   * record a request; also `{{flat}}`, `{{shape}}` and `{{rows}}`. A GET has them in `url`.
   */
  readonly request?: unknown;
  /** Where the answers are in the response, as `predictions[*].scores`; by default what the protocol says. */
  readonly response?: string;
  /** What it answers: `label` is a class index or name. */
  readonly answers: 'probabilities' | 'logits' | 'log-probabilities' | 'label';
  /** Of a record as it is sent; channels first by default. */
  readonly layout: 'nchw' | 'nhwc' | 'flat';
  /** Records in one request, requests at once, requests a second, at most. */
  readonly batch: number;
  readonly concurrency: number;
  readonly rate?: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  /** Records that may be sent in all, now and in earlier runs of the same ledger; a hard stop. */
  readonly budget: number;
  /** Anything that names the model behind the address: another version is another target. */
  readonly version?: string;
}

/** A request just before it is sent. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface EndpointOptions {
  readonly recordShape: readonly number[];
  readonly classes: readonly string[];
  /** Folder of the ledger, of this address alone; every answer is kept there before it is used. */
  readonly ledger: string;
  /** Answer from the ledger alone: nothing is sent. */
  readonly offline?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The headers to send instead of the request's own. Called for each attempt right before it is sent, as signatures expire. */
  readonly sign?: (request: SentRequest) => Readonly<Record<string, string>>;
  /** Takes out of a message what only the signer knows. */
  readonly redact?: (text: string) => string;
  /**
   * Whoever asks knows that the server may show some classes only: the others then count as equal shares of what those
   * leave. Otherwise such an answer is an error, as its posteriors are not what they seem.
   */
  readonly showsSome?: boolean;
  /** Called now and then while waiting for a server that asks for patience. */
  readonly onWait?: (what: string) => void;
}

/** Of inputs that were asked about twice. */
export interface Drift {
  readonly asked: number;
  /** Those of which a posterior differs by more than the tolerance (drift-limits.ts). */
  readonly differing: number;
  /** Largest difference of a posterior. */
  readonly largestDifference: number;
}

export interface Endpoint extends RemoteTarget {
  /** Records sent so far, in all runs of this ledger; refused and retried ones too. */
  readonly sent: number;
  readonly left: number;
  /**
   * Whether the same input gets the same answer, as found in all runs of this ledger; where it doesn't, answers are
   * randomised. (A model that has *changed* since an earlier run is an error instead.)
   */
  readonly drift: Drift;
  /** Inputs asked about in this session whose posteriors are shown for some classes only. */
  readonly partial: number;
  /** Names of those inputs, each once, that a question would have to send. Nothing is sent. */
  unanswered(inputs: Inputs): ReadonlySet<string>;
  close(): Promise<void>;
}

/**
 * @throws {AuditError} MLD_ENDPOINT_AUTH for an environment variable that is not set; MLD_CONFIG for a choice that contradicts
 *   itself; MLD_STORE_CORRUPT for a damaged ledger; MLD_STORE_BUSY for one in use; MLD_OUTPUT_UNWRITABLE
 */
export const openEndpoint = async (choice: EndpointChoice, options: EndpointOptions): Promise<Endpoint> => {
  // Configurations need the words above only.
  const [{ openEndpointWith }, { systemClock }] = await Promise.all([
    import('./open-endpoint.ts'),
    import('./clock.ts'),
  ]);
  return openEndpointWith(choice, options, systemClock);
};
