/** AWS Signature Version 4: how requests to SageMaker and S3 say who sends them, without the secret itself. */
import { createHash, createHmac } from 'node:crypto';

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys. */
  readonly sessionToken?: string;
}

export interface AwsScope {
  /** As `us-east-1`. */
  readonly region: string;
  /** As `sagemaker` or `s3`. */
  readonly service: string;
}

export interface UnsignedRequest {
  readonly method: string;
  readonly url: string;
  /** All of them are signed; names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/**
 * The headers to send: those given, and `x-amz-date`, `authorization`, and where needed `x-amz-security-token` and
 * `x-amz-content-sha256`. `host` is signed and left to the client to send.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const signedHeaders = (
  { method, url, headers, body = '' }: UnsignedRequest,
  { region, service }: AwsScope,
  { accessKeyId, secretAccessKey, sessionToken }: AwsKeys,
  now = new Date(),
): Record<string, string> => {
  const { host, pathname, searchParams } = new URL(url);
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = time.slice(0, 8);
  const payload = createHash('sha256').update(body).digest('hex');
  const sent: Record<string, string> = {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    'x-amz-date': time,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    // S3 demands it; elsewhere the signature covers the body without it.
    ...(service === 's3' ? { 'x-amz-content-sha256': payload } : {}),
  };
  const signed = Object.entries({ ...sent, host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    method,
    canonicalPath(pathname, service),
    canonicalQuery(searchParams),
    ...signed.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    names,
    payload,
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Every byte outside A–Z a–z 0–9 - . _ ~ as %XX. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** S3 signs a path that is encoded once; all others one that is encoded again. */
const canonicalPath = (pathname: string, service: string): string =>
  pathname
    .split('/')
    .map((part) => encoded(service === 's3' ? decodeURIComponent(part) : part))
    .join('/');

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
