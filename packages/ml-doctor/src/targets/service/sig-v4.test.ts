import { describe, expect, it } from 'vitest';
import { signedHeaders } from './sig-v4.ts';

/** AWS's published test suite (aws-sig-v4-test-suite), its keys, scope and moment. */
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const scope = { region: 'us-east-1', service: 'service' };
const moment = new Date('2015-08-30T12:36:00Z');
const HOST = 'https://example.amazonaws.com';
const UNRESERVED = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

interface Vector {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signed?: string;
  readonly signature: string;
}

// Left out: paths that the suite writes unencoded or relative, which no URL is.
const vectors: readonly Vector[] = [
  { name: 'get-vanilla', signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31' },
  {
    name: 'get-vanilla-query-order-key-case',
    path: '/?Param2=value2&Param1=value1',
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  {
    name: 'get-vanilla-empty-query-key',
    path: '/?Param1=value1',
    signature: 'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
  },
  {
    name: 'get-vanilla-query-unreserved',
    path: `/?${UNRESERVED}=${UNRESERVED}`,
    signature: '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  },
  {
    name: 'get-vanilla-utf8-query',
    path: '/?ሴ=bar',
    signature: '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
  },
  {
    name: 'get-unreserved',
    path: `/${UNRESERVED}`,
    signature: '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  },
  {
    name: 'get-header-value-trim',
    headers: { 'My-Header1': ' value1', 'My-Header2': ' "a   b   c"' },
    signed: 'host;my-header1;my-header2;x-amz-date',
    signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  },
  {
    name: 'get-header-value-order',
    headers: { 'My-Header1': 'value4,value1,value3,value2' },
    signed: 'host;my-header1;x-amz-date',
    signature: '08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01',
  },
  {
    name: 'post-vanilla',
    method: 'POST',
    signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  },
  {
    name: 'post-vanilla-query',
    method: 'POST',
    path: '/?Param1=value1',
    signature: '28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11',
  },
  {
    name: 'post-header-key-sort',
    method: 'POST',
    headers: { 'My-Header1': 'value1' },
    signed: 'host;my-header1;x-amz-date',
    signature: 'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
  },
  {
    name: 'post-x-www-form-urlencoded',
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'Param1=value1',
    signed: 'content-type;host;x-amz-date',
    signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  },
];

describe('AWS Signature Version 4', () => {
  it.each(vectors)(
    'signs $name as AWS does',
    ({ method = 'GET', path = '/', headers = {}, body, ...rest }) => {
      const request = { method, url: `${HOST}${path}`, headers, ...(body === undefined ? {} : { body }) };
      const sent = signedHeaders(request, scope, keys, moment);
      expect(sent['x-amz-date']).toBe('20150830T123600Z');
      expect(sent['authorization']).toBe(
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
          `SignedHeaders=${rest.signed ?? 'host;x-amz-date'}, Signature=${rest.signature}`,
      );
    },
  );

  it('signs the token of temporary keys (post-sts-header-before)', () => {
    const sessionToken =
      'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';
    const request = { method: 'POST', url: `${HOST}/`, headers: {} };
    const sent = signedHeaders(request, scope, { ...keys, sessionToken }, moment);
    expect(sent['x-amz-security-token']).toBe(sessionToken);
    expect(sent['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token, ');
    expect(sent['authorization']).toContain(
      'Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
    );
  });

  // "Examples: Signature Calculations", Amazon S3 API Reference.
  const s3Keys = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const s3Scope = { region: 'us-east-1', service: 's3' };
  const s3Moment = new Date('2013-05-24T00:00:00Z');

  it('signs the ranged GET of the documentation of S3', () => {
    const url = 'https://examplebucket.s3.amazonaws.com/test.txt';
    const sent = signedHeaders(
      { method: 'GET', url, headers: { Range: 'bytes=0-9' } },
      s3Scope,
      s3Keys,
      s3Moment,
    );
    expect(sent['authorization']).toContain('SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, ');
    expect(sent['authorization']).toContain(
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });

  it('signs the PUT of the documentation of S3, with a dollar in its path', () => {
    const url = 'https://examplebucket.s3.amazonaws.com/test$file.text';
    const headers = { Date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' };
    const body = 'Welcome to Amazon S3.';
    const sent = signedHeaders({ method: 'PUT', url, headers, body }, s3Scope, s3Keys, s3Moment);
    expect(sent['authorization']).toContain(
      'Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    );
  });

  it('encodes the path of other services twice', () => {
    const at = (path: string, service: string) =>
      signedHeaders(
        { method: 'GET', url: `${HOST}${path}`, headers: {} },
        { ...scope, service },
        keys,
        moment,
      );
    // What is encoded once here and twice there is the same text to sign.
    expect(at('/a b', 'service')['authorization']).not.toBe(at('/a%2520b', 'service')['authorization']);
    expect(at('/a b', 'service')['authorization']).toBe(at('/a%20b', 'service')['authorization']);
  });
});
