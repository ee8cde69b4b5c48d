import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type Behaviour,
  type FileServer,
  type Manners,
  send,
  serveFile,
} from '../../../test/data/file-server.ts';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { AuditError } from '../../errors.ts';
import type { FileRecord } from '../checked-file.ts';
import { type DownloadOptions, type DownloadProgress, download } from './download.ts';

const BYTES = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 255);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const RECORD: FileRecord = {
  name: 'set/file.bin',
  sha256: sha256(BYTES),
  inflatedBytes: BYTES.length,
  bytes: BYTES.length,
};

function setUp(record: FileRecord = RECORD) {
  const folder = join(temporaryFolder(), 'new/set');
  const path = join(folder, 'file.bin');
  const progress: DownloadProgress[] = [];
  const retries: string[] = [];
  return {
    path,
    progress,
    retries,
    names: () => readdirSync(folder).sort(),
    get: ({ url }: Pick<FileServer, 'url'>, options: Partial<DownloadOptions> = {}) =>
      download(`${url}/file.bin`, path, record, {
        signal: new AbortController().signal,
        onProgress: (one) => progress.push(one),
        onRetry: (what) => retries.push(what),
        pause: 1,
        ...options,
      }),
  };
}

/** What a run that failed for good came to. */
const failure = (run: Promise<unknown>): Promise<AuditError> =>
  run.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(AuditError);
      return error as AuditError;
    },
  );

const cutOnce =
  (manners: Manners, after: Manners = manners): Behaviour =>
  (request, reply, before) =>
    before === 0
      ? send(request, reply, BYTES, { ...manners, cutAfter: 80_000 })
      : send(request, reply, BYTES, after);

describe('a download', () => {
  it('gives the whole file its name, for its owner only, and leaves nothing else', async () => {
    const { path, get, names, progress } = setUp();
    const server = await serveFile((request, reply) => send(request, reply, BYTES, { etag: '"1"' }));
    expect(await get(server)).toBe(RECORD.sha256);
    expect(sha256(readFileSync(path))).toBe(RECORD.sha256);
    expect([names(), statSync(path).mode & 0o777]).toEqual([['file.bin'], 0o600]);
    expect(progress.at(-1)).toEqual({ file: 'set/file.bin', bytes: 200_000, total: 200_000, kept: 0 });
    expect(server.asked).toEqual([{ path: '/file.bin' }]);
  });

  it.each<[string, Manners, string]>([
    ['its ETag', { etag: '"one"', modified: 'Mon, 02 Mar 2015 10:00:00 GMT' }, '"one"'],
    [
      'its date where the ETag is weak',
      { etag: 'W/"1"', modified: 'Mon, 02 Mar 2015 10:00:00 GMT' },
      'Mon, 02 Mar 2015 10:00:00 GMT',
    ],
  ])('goes on where the connection was cut, as %s says it is the same', async (_, manners, validator) => {
    const { path, get, names, progress, retries } = setUp();
    const server = await serveFile(cutOnce(manners));
    await get(server);
    expect(server.asked).toHaveLength(2);
    const [, second] = server.asked;
    const start = Number(/^bytes=(\d+)-$/.exec(second?.range ?? '')?.[1]);
    expect(start).toBeGreaterThan(0);
    expect(start).toBeLessThanOrEqual(80_000);
    expect(second?.ifRange).toBe(validator);
    expect(progress.at(-1)?.kept).toBe(start);
    expect(sha256(readFileSync(path))).toBe(RECORD.sha256);
    expect([names(), retries]).toEqual([['file.bin'], [expect.stringContaining('was lost')]]);
  });

  it.each<[string, Manners, Manners]>([
    ['the server knows no ranges', { etag: '"1"', ranges: false }, { etag: '"1"', ranges: false }],
    ['the server tells no version', {}, {}],
    ['the file has changed since', { etag: '"old"' }, { etag: '"new"' }],
  ])('begins anew where %s', async (_, first, then) => {
    const { path, get, progress } = setUp();
    const other = BYTES.map((byte) => byte ^ 255);
    const server = await serveFile((request, reply, before) =>
      // What came first must not be in the file.
      before === 0
        ? send(request, reply, other, { ...first, cutAfter: 80_000 })
        : send(request, reply, BYTES, then),
    );
    await get(server);
    expect(sha256(readFileSync(path))).toBe(RECORD.sha256);
    expect(progress.at(-1)?.kept).toBe(0);
  });

  it('begins anew where the server sends another range than was asked for', async () => {
    const { path, get } = setUp();
    const server = await serveFile((request, reply, before) => {
      if (before !== 1) return cutOnce({ etag: '"1"' })(request, reply, before);
      reply.writeHead(206, { 'content-range': 'bytes 7-199999/200000', etag: '"1"' }).end(BYTES.subarray(7));
    });
    await get(server);
    expect(server.asked[2]?.range).toBeUndefined();
    expect(sha256(readFileSync(path))).toBe(RECORD.sha256);
  });

  it('goes on from what an earlier one left, not from what came from elsewhere', async () => {
    const { path, get, names } = setUp();
    const stop = new AbortController();
    const server = await serveFile((request, reply, before) =>
      before === 0
        ? // Never cut: the user stops it.
          void reply
            .writeHead(200, { 'content-length': BYTES.length, etag: '"1"' })
            .write(BYTES.subarray(0, 50_000))
        : send(request, reply, BYTES, { etag: '"1"' }),
    );
    const stopped = get(server, {
      signal: stop.signal,
      onProgress: ({ bytes }) => bytes >= 50_000 && stop.abort('SIGINT'),
    });
    await expect(stopped).rejects.toBe('SIGINT');
    expect(names()).toEqual(['file.bin.part', 'file.bin.part.json']);
    const elsewhere = await serveFile((request, reply) => send(request, reply, BYTES, { etag: '"1"' }));
    const copy = setUp();
    for (const end of ['.part', '.part.json']) {
      await import('node:fs/promises').then(({ mkdir }) => mkdir(join(copy.path, '..'), { recursive: true }));
      writeFileSync(copy.path + end, readFileSync(path + end));
    }
    await copy.get(elsewhere);
    expect(elsewhere.asked).toEqual([{ path: '/file.bin' }]);
    await get(server);
    expect(server.asked[1]).toEqual({ path: '/file.bin', range: 'bytes=50000-', ifRange: '"1"' });
    expect([names(), sha256(readFileSync(path))]).toEqual([['file.bin'], RECORD.sha256]);
  });

  it('asks for nothing where all bytes are there and only the name is not', async () => {
    const { path, get } = setUp();
    const server = await serveFile((request, reply) => send(request, reply, BYTES, { etag: '"1"' }));
    await get(server);
    writeFileSync(`${path}.part`, BYTES);
    writeFileSync(`${path}.part.json`, JSON.stringify({ url: `${server.url}/file.bin`, validator: '"1"' }));
    await get(server);
    expect(server.asked).toHaveLength(1);
  });
});

describe('what is refused', () => {
  it('other bytes of the right length, of which nothing is kept', async () => {
    const { get, names } = setUp();
    const other = BYTES.map((byte) => byte ^ 1);
    const server = await serveFile((request, reply) => send(request, reply, other, { etag: '"1"' }));
    const { code, message } = await failure(get(server));
    expect(code).toBe('MLD_DATA_CHECKSUM');
    for (const part of [sha256(other), RECORD.sha256 as string, server.url]) expect(message).toContain(part);
    expect(names()).toEqual([]);
  });

  it('by its md5, where that is all that was published', async () => {
    const { sha256: _, ...rest } = RECORD;
    const md5 = createHash('md5').update(BYTES).digest('hex');
    const server = await serveFile((request, reply) => send(request, reply, BYTES));
    expect(await setUp({ ...rest, md5 }).get(server)).toBe(md5);
    const { code } = await failure(setUp({ ...rest, md5: md5.replace(/^./, 'g') }).get(server));
    expect(code).toBe('MLD_DATA_CHECKSUM');
  });

  it('a file of another length, before it is downloaded', async () => {
    const { get, names } = setUp();
    const server = await serveFile((request, reply) => send(request, reply, BYTES.subarray(1)));
    expect(await failure(get(server))).toMatchObject({
      code: 'MLD_DATA_FETCH',
      message: expect.stringMatching(/199999 bytes, the published one 200000/),
    });
    expect(names()).toEqual([]);
  });

  it('a file without end', async () => {
    const { bytes: _, ...rest } = RECORD;
    const { get, path } = setUp({ ...rest, inflatedBytes: 1000 });
    const server = await serveFile((_request, reply) => {
      const more = () => reply.destroyed || reply.write(Buffer.alloc(2 ** 16), () => setImmediate(more));
      more();
    });
    expect(await failure(get(server))).toMatchObject({ code: 'MLD_DATA_FETCH' });
    expect(existsSync(path)).toBe(false);
    expect(statSync(`${path}.part`).size).toBeLessThanOrEqual(2 ** 20 + 2 ** 16);
  });

  it.each([
    [404, /not there \(404\)/, 1],
    [403, /refused \(403\)/, 1],
    [503, /answered 503, 6 times/, 6],
    [429, /answered 429, 6 times/, 6],
  ])('an answer of %i', async (status, message, times) => {
    const { get } = setUp();
    const server = await serveFile((_request, reply) => void reply.writeHead(status).end('no'));
    expect(await failure(get(server))).toMatchObject({
      code: 'MLD_DATA_FETCH',
      message: expect.stringMatching(message),
    });
    expect(server.asked).toHaveLength(times);
  });

  it('not an answer of 500 now and then', async () => {
    const { get, path } = setUp();
    const server = await serveFile((request, reply, before) =>
      before < 3 ? void reply.writeHead(500).end() : send(request, reply, BYTES),
    );
    await get(server);
    expect(existsSync(path)).toBe(true);
  });

  it('redirects without end, and those to where no web is', async () => {
    const loop = await serveFile(
      (_request, reply) => void reply.writeHead(302, { location: '/again' }).end(),
    );
    expect(await failure(setUp().get(loop))).toMatchObject({
      message: expect.stringMatching(/again and again/),
    });
    expect(loop.asked).toHaveLength(6);
    const file = await serveFile(
      (_request, reply) => void reply.writeHead(301, { location: 'file:///etc/passwd' }).end(),
    );
    expect(await failure(setUp().get(file))).toMatchObject({ code: 'MLD_DATA_FETCH' });
  });

  it('not five redirects', async () => {
    const server = await serveFile((request, reply, before) =>
      before < 5 ? void reply.writeHead(307, { location: `/${before}` }).end() : send(request, reply, BYTES),
    );
    expect(await setUp().get(server)).toBe(RECORD.sha256);
    expect(server.asked.at(-1)?.path).toBe('/4');
  });

  it('a redirect from https to http', async () => {
    // The one thing that no server on a loopback can be asked without a certificate.
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: URL) => {
      asked.push(url.href);
      return new Response(null, { status: 302, headers: { location: 'http://example.org/x' } });
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    expect(await failure(setUp().get({ url: 'https://example.org' }))).toMatchObject({
      code: 'MLD_DATA_FETCH',
      message: expect.stringMatching(/from https to http:/),
    });
    expect(asked).toEqual(['https://example.org/file.bin']);
  });

  it('a file that the server compresses on the way', async () => {
    const server = await serveFile(
      (_request, reply) => void reply.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    );
    expect(await failure(setUp().get(server))).toMatchObject({ message: expect.stringMatching(/gzip/) });
  });

  it('a web page, where nobody published what the file should be', async () => {
    const { get, names } = setUp({ name: 'set/file.bin', inflatedBytes: 1000 });
    const server = await serveFile(
      (_request, reply) =>
        void reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('moved'),
    );
    expect(await failure(get(server))).toMatchObject({ message: expect.stringMatching(/web page/) });
    expect(names()).toEqual([]);
  });

  it('a server that falls silent, which is asked again', async () => {
    const { get, retries } = setUp();
    const server = await serveFile((request, reply, before) => {
      if (before === 0) return;
      if (before > 1) return send(request, reply, BYTES, { etag: '"1"' });
      reply.writeHead(200, { 'content-length': BYTES.length, etag: '"1"' }).write(BYTES.subarray(0, 1000));
    });
    await get(server, { silence: 100 });
    expect(retries).toEqual(Array(2).fill(expect.stringContaining('said nothing for too long')));
    expect(server.asked[2]?.range).toBe('bytes=1000-');
  });

  it('an address where nobody listens', async () => {
    const { get, retries } = setUp();
    expect(await failure(get({ url: 'http://127.0.0.1:1' }))).toMatchObject({ code: 'MLD_DATA_FETCH' });
    expect(retries.length).toBeLessThanOrEqual(5);
  });

  it.skipIf(process.getuid?.() === 0)('a folder that cannot be written', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    const server = await serveFile((request, reply) => send(request, reply, BYTES));
    const run = download(`${server.url}/x`, join(folder, 'set/x'), RECORD, {
      signal: new AbortController().signal,
    });
    expect(await failure(run)).toMatchObject({ code: 'MLD_OUTPUT_UNWRITABLE' });
  });

  it('a path through a file', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'set'), '');
    const server = await serveFile((request, reply) => send(request, reply, BYTES));
    const run = download(`${server.url}/x`, join(folder, 'set/x'), RECORD, {
      signal: new AbortController().signal,
    });
    expect(await failure(run)).toMatchObject({ code: 'MLD_OUTPUT_UNWRITABLE' });
    expect(server.asked).toEqual([]);
  });
});
