/** Many inputs to many requests: in batches as large as the server takes, so many at once. */
import { type Client, TOO_MANY } from './client.ts';
import type { EndpointChoice } from './endpoint.ts';
import type { Pace } from './pace.ts';
import type { RequestTemplate } from './request-template.ts';

export interface Item {
  readonly key: string;
  readonly record: Float32Array;
}

export interface Sender {
  /**
   * Every row is handed over as soon as its batch is answered. After a failure nothing more is sent, but what is under
   * way is waited for: it is paid.
   */
  send(
    items: readonly Item[],
    onRows: (items: readonly Item[], rows: Float32Array) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface SenderParts {
  readonly choice: Pick<EndpointChoice, 'method' | 'batch' | 'concurrency'>;
  readonly url: string;
  readonly template: RequestTemplate;
  readonly classes: number;
  readonly client: Client;
  readonly pace: Pace;
  /** @throws {AuditError} MLD_ENDPOINT_ANSWER */
  read(text: string, rows: number): Float32Array;
}

/** An answer in JSON, with names of classes and whatever else a server adds. */
const BYTES_PER_NUMBER = 256;
const BYTES_BESIDES = 4 * 2 ** 20;

export const openSender = ({ choice, url, template, classes, client, pace, read }: SenderParts): Sender => {
  /** Of all requests from now on: what the server refused once it would refuse again. */
  let most = template.single ? 1 : choice.batch;
  const question = (items: readonly Item[]) => {
    const records = items.map(({ record }) => record);
    const bytes = BYTES_BESIDES + BYTES_PER_NUMBER * classes * items.length;
    return choice.method === 'GET'
      ? { address: template.address(url, records), records: items.length, bytes }
      : { address: url, body: template.body(records), records: items.length, bytes };
  };
  return {
    send: async (items, onRows, signal) => {
      const queue = [...items];
      let failure: { readonly error: unknown } | undefined;
      const batch = async (): Promise<void> => {
        const taken = queue.splice(0, most);
        if (taken.length === 0 || failure) return;
        const text = await client.ask(question(taken), signal);
        if (text === TOO_MANY) {
          most = Math.min(most, Math.max(1, Math.floor(taken.length / 2)));
          queue.unshift(...taken);
        } else await onRows(taken, read(text, taken.length));
      };
      const lane = async (): Promise<void> => {
        try {
          while (queue.length > 0 && !failure) await pace.inTurn(batch, signal);
        } catch (error) {
          failure ??= { error };
        }
      };
      const lanes = Math.min(choice.concurrency, Math.ceil(items.length / most));
      await Promise.all(Array.from({ length: lanes }, lane));
      if (failure) throw failure.error;
    },
  };
};
