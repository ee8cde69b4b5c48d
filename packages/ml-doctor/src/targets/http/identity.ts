/** What makes it the same question to the same target, whatever the secrets are today. */
import { createHash } from 'node:crypto';
import type { EndpointChoice, EndpointOptions } from './endpoint.ts';
import { hasVariable, isCredential, isTelling } from './secrets.ts';

/** Digest of everything that decides what an answer is and how it is read. */
export const targetIdentity = (
  choice: EndpointChoice,
  { recordShape, classes }: Pick<EndpointOptions, 'recordShape' | 'classes'>,
): string => {
  const { url, protocol, method, request, response, answers, layout, version } = choice;
  // A header may choose the model; one that says who asks does not, and keys change.
  const headers = Object.entries(choice.headers)
    .filter(([name]) => !isCredential(name))
    .map(([name, value]) => [name.toLowerCase(), isTelling(name) ? digest(value) : value])
    .sort();
  const address = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
  const parts = [1, address, method, protocol, headers, request ?? null, response ?? null, answers, layout];
  return createHash('sha256')
    .update(JSON.stringify([...parts, version ?? null, recordShape, classes]))
    .digest('hex')
    .slice(0, 32);
};

/**
 * What may name another model tomorrow: an environment variable in the address, or in a header that is no credential.
 * Nothing where `version` says which model it is.
 */
export const movingPart = ({
  url,
  headers,
  version,
}: Pick<EndpointChoice, 'url' | 'headers' | 'version'>): string | undefined => {
  if (version !== undefined) return undefined;
  const [place] = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1').split(/[?#]/);
  if (hasVariable(place as string)) return 'the address';
  return Object.entries(headers)
    .filter(([name, value]) => !isCredential(name) && hasVariable(value))
    .map(([name]) => `header ${name}`)[0];
};

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export const inputKey = (identity: string, record: Float32Array): string => {
  // −0 is sent as 0, so that it is the same input.
  const bytes = record.map((value) => value + 0);
  return createHash('sha256').update(identity).update(new Uint8Array(bytes.buffer)).digest('hex');
};
