/** What makes it the same question to the same target, whatever the secrets are today. */
import { createHash } from 'node:crypto';
import type { EndpointChoice, EndpointOptions } from './endpoint.ts';
import { hasVariable, isTelling } from './secrets.ts';

/** Digest of everything that decides what an answer is and how it is read. */
export const targetIdentity = (
  choice: EndpointChoice,
  { recordShape, classes }: Pick<EndpointOptions, 'recordShape' | 'classes'>,
): string => {
  const { url, protocol, method, request, response, answers, layout, version } = choice;
  // A header may choose the model; one with a key does not, and keys change.
  const headers = Object.entries(choice.headers)
    .filter(([name, value]) => !isTelling(name) && !hasVariable(value))
    .map(([name, value]) => [name.toLowerCase(), value])
    .sort();
  const address = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
  const parts = [1, address, method, protocol, headers, request ?? null, response ?? null, answers, layout];
  return createHash('sha256')
    .update(JSON.stringify([...parts, version ?? null, recordShape, classes]))
    .digest('hex')
    .slice(0, 32);
};

export const inputKey = (identity: string, record: Float32Array): string => {
  // −0 is sent as 0, so that it is the same input.
  const bytes = record.map((value) => value + 0);
  return createHash('sha256').update(identity).update(new Uint8Array(bytes.buffer)).digest('hex');
};
