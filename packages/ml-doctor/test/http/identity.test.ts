// biome-ignore-all lint/suspicious/noTemplateCurlyInString: as configurations hold them
/** Answers are kept by what the configuration says: whatever may choose another model must make another identity. */
import { describe, expect, it } from 'vitest';
import type { EndpointChoice } from '../../src/targets/http/endpoint.ts';
import { movingPart, targetIdentity } from '../../src/targets/http/identity.ts';

const choice: EndpointChoice = {
  ...{ url: 'http://models.test/predict', protocol: 'json', method: 'POST', headers: {} },
  ...{ answers: 'probabilities', layout: 'nchw', batch: 1, concurrency: 1 },
  ...{ timeoutSeconds: 1, retries: 0, budget: 1 },
};
const data = { recordShape: [3], classes: ['a', 'b'] };
const identity = (change: Partial<EndpointChoice>, of = data) => targetIdentity({ ...choice, ...change }, of);

describe('the identity of an endpoint', () => {
  it.each<[string, Partial<EndpointChoice>]>([
    ['address', { url: 'http://models.test/other' }],
    ['protocol', { protocol: 'mlflow' }],
    ['method', { method: 'PUT' }],
    ['body', { request: { rows: '{{inputs}}' } }],
    ['place of the answers', { response: 'answers' }],
    ['kind of answers', { answers: 'logits' }],
    ['layout', { layout: 'flat' }],
    ['version', { version: '2' }],
    ['header', { headers: { 'x-model': 'large' } }],
    ['header that sounds like a key', { headers: { 'X-Model-Key': 'large' } }],
    ['header that sounds like a name', { headers: { 'X-Author-Model': 'large' } }],
    ['header that sounds like a token', { headers: { 'X-Tokenizer': 'large' } }],
  ])('is another with another %s', (_, change) => {
    expect(identity(change)).not.toBe(identity({}));
    const [name] = Object.keys(change.headers ?? {});
    if (name) expect(identity(change)).not.toBe(identity({ headers: { [name]: 'small' } }));
  });

  it('is another for other records and classes', () => {
    expect(identity({}, { ...data, classes: ['b', 'a'] })).not.toBe(identity({}));
    expect(identity({}, { ...data, recordShape: [1, 3] })).not.toBe(identity({}));
  });

  it.each(['Authorization', 'X-Api-Key', 'api-key', 'Cookie', 'X-Auth-Token', 'X-Amz-Security-Token'])(
    'stays when only the credentials in %s change',
    (name) => {
      expect(identity({ headers: { [name]: 'yesterday' } })).toBe(identity({ headers: { [name]: 'today' } }));
    },
  );

  it('stays however politely it is asked', () => {
    expect(identity({ batch: 9, concurrency: 9, rate: 9, retries: 9, budget: 9 })).toBe(identity({}));
  });
});

describe('a variable', () => {
  it.each<[string, Partial<EndpointChoice>, string | undefined]>([
    ['in the host', { url: 'http://${HOST}/predict' }, 'the address'],
    ['in the path', { url: 'http://models.test/${MODEL}' }, 'the address'],
    ['in a header that may choose the model', { headers: { 'x-model': '${MODEL}' } }, 'header x-model'],
    ['in credentials', { headers: { authorization: 'Bearer ${TOKEN}' } }, undefined],
    ['in the query, where keys stand', { url: 'http://models.test/predict?key=${KEY}' }, undefined],
    ['as user and password', { url: 'http://${USER}:${PASSWORD}@models.test/predict' }, undefined],
    ['beside a version', { url: 'http://${HOST}/predict', version: '7' }, undefined],
  ])('%s', (_, change, part) => {
    expect(movingPart({ ...choice, ...change })).toBe(part);
  });
});
