/** What makes an endpoint another target, and what does not. */
import { expect, it } from 'vitest';
import { choiceOf } from '../../../test/http/asking.ts';
import type { EndpointChoice } from '../../targets/http/endpoint.ts';
import { ledgerFolder } from './connect-remote.ts';
import { endpointIdentity } from './resolve-remote.ts';

const plain = choiceOf('https://user:secret@models.example/v1?key=secret');

it.each<[string, Partial<EndpointChoice>, boolean]>([
  ['another address', { url: 'https://models.example/v2' }, true],
  ['another version', { version: '2' }, true],
  ['other answers', { answers: 'logits' }, true],
  ['another layout', { layout: 'nhwc' }, true],
  ['another path', { response: 'predictions' }, true],
  ['more patience', { retries: 9, timeoutSeconds: 99, batch: 1, concurrency: 7, budget: 5 }, false],
  ['another key', { headers: { authorization: 'Bearer another' } }, false],
])('%s: another target is %s', (_, change, another) => {
  const [before, now] = [endpointIdentity(plain), endpointIdentity({ ...plain, ...change })];
  expect(JSON.stringify(now) !== JSON.stringify(before)).toBe(another);
  expect(ledgerFolder('store', now) !== ledgerFolder('store', before)).toBe(another);
});

it('holds no key', () => {
  expect(JSON.stringify(endpointIdentity(plain))).not.toContain('secret');
});
