/** What an audit of a model behind HTTP makes of servers that hide, fail, or repeat what is secret. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { audit, everythingIn, fixture, recordsOf, reportIn } from './audits.ts';
import { serveModel } from './model-server.ts';

const DATA = {
  members: fixture('data/cancer-members.csv'),
  nonMembers: fixture('data/cancer-non-members.csv'),
  sample: 40,
};

const configured = (config: object): string => {
  const path = join(temporaryFolder(), 'audit.yaml');
  writeFileSync(path, JSON.stringify({ data: DATA, ...config }));
  return path;
};

describe('an endpoint that shows the largest class only', () => {
  it('stops a run that takes its answers for posteriors', async () => {
    const server = await serveModel('torch-mlp', { speaks: 'top1' });
    const out = temporaryFolder();
    const flags = ['--endpoint', server.url, ...recordsOf('cancer'), '--sample', '40', '--yes'];
    const { status, stderr } = await audit(out, ...flags);
    expect([status, server.records.length]).toEqual([2, 13]);
    expect(stderr).toContain('MLD_ENDPOINT_ANSWER]: the endpoint shows 1 of 2 classes');
    expect(stderr).toContain('offers: { output: topK }');
  });

  it('is attacked through what it shows where the configuration says so', async () => {
    const server = await serveModel('torch-mlp', { speaks: 'top1' });
    const target = { endpoint: server.url, confirm: true, offers: { output: 'top1' } };
    const out = temporaryFolder();
    expect((await audit(out, configured({ target }))).status).toBe(0);
    const report = reportIn(out);
    const run = report.results.map(({ attack }: { attack: string }) => attack);
    expect(run).toContain('membership/label-only');
    expect(run).not.toContain('membership/loss-threshold');
    const refused = await audit(out, configured({ target, attacks: ['membership/loss-threshold'] }));
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('posteriors')]);
  });

  it('of labels offers labels, whatever is claimed', async () => {
    const server = await serveModel('torch-mlp', { speaks: 'label' });
    const target = { endpoint: server.url, confirm: true, answers: 'label' };
    const out = temporaryFolder();
    expect((await audit(out, configured({ target }))).status).toBe(0);
    expect(reportIn(out).results.map(({ attack }: { attack: string }) => attack)).toEqual([
      'membership/label-only',
    ]);
    const before = server.requests.length;
    const claimed = { ...target, offers: { output: 'posteriors' } };
    const refused = await audit(out, configured({ target: claimed }));
    expect([refused.status, server.requests.length]).toEqual([2, before]);
    expect(refused.stderr).toContain('offers output posteriors, where the target gives label at most');
  });
});

describe('a defence before the answers', () => {
  it('of an endpoint is the same as before the file', async () => {
    const server = await serveModel('torch-mlp');
    const rest = { defense: { rounding: { digits: 1 } }, attacks: ['membership/loss-threshold'] };
    const [file, out] = [temporaryFolder(), temporaryFolder()];
    const ended = await audit(file, configured({ ...rest, target: { onnx: fixture('torch-mlp.onnx') } }));
    expect([ended.status, ended.stderr]).toEqual([0, expect.anything()]);
    const target = { endpoint: server.url, confirm: true };
    expect((await audit(out, configured({ ...rest, target }))).status).toBe(0);
    expect(reportIn(out).results[0].metrics).toEqual(reportIn(file).results[0].metrics);
    expect(server.records.length).toBe(85);
  });
});

describe('a server that fails for a while', () => {
  it('is asked again; for longer, it leaves a hole, and a later run fills it', async () => {
    let [failures, after] = [1, 0];
    const server = await serveModel('torch-mlp', {
      instead: ({ before }) => (before >= after && failures-- > 0 ? { status: 503 } : undefined),
    });
    const target = { endpoint: server.url, confirm: true, batch: 8, concurrency: 1, retries: 1 };
    const attacks = ['membership/loss-threshold'];
    const run = (out: string, sample: number) =>
      audit(out, configured({ data: { ...DATA, sample }, target, attacks }));
    const patient = temporaryFolder();
    expect((await run(patient, 10)).status).toBe(0);
    expect(reportIn(patient).holes).toEqual([]);

    // Eight records of the try-out, and the first look of five hundred, succeed.
    const out = temporaryFolder();
    [failures, after] = [1000, server.requests.length + 68];
    const failed = await run(out, 280);
    expect(failed.status).toBe(3);
    expect(reportIn(out).holes[0]).toMatchObject({ code: 'MLD_ENDPOINT' });
    failures = 0;
    const answered = server.records.length;
    expect((await run(out, 280)).status).toBe(0);
    expect(reportIn(out).holes).toEqual([]);
    expect(server.records.length - answered).toBeLessThanOrEqual(60 + 5);
  });
});

describe('a key', () => {
  it('is in no file and no message, even where the server repeats it', async () => {
    const [secret, literal] = ['s3cr3t-FROM-the-environment', 'L1TERAL-in-the-configuration'];
    vi.stubEnv('ENDPOINT_KEY', secret);
    onTestFinished(() => void vi.unstubAllEnvs());
    let broken = false;
    const server = await serveModel('torch-mlp', {
      instead: ({ headers }) => {
        if (headers.authorization !== `Bearer ${secret}` || headers['x-api-key'] !== literal)
          return { status: 401 };
        return broken ? { status: 400, body: { error: `no: ${JSON.stringify(headers)}` } } : undefined;
      },
    });
    const place = new URL(server.url);
    place.username = 'owner';
    place.password = 'pa55-in-the-address';
    const headers = { authorization: `Bearer \${${'ENDPOINT_KEY'}}`, 'x-api-key': literal };
    const target = { endpoint: place.href, headers, confirm: true };
    const attacks = ['membership/loss-threshold'];
    const out = temporaryFolder();
    const first = await audit(out, configured({ target, attacks }));
    expect([first.status, first.stderr]).toEqual([0, expect.anything()]);
    broken = true;
    const failed = await audit(out, configured({ target, attacks, data: { ...DATA, sample: 50 } }));
    expect([failed.status, failed.stderr]).toEqual([2, expect.stringContaining('answered 400')]);
    const unknown = await audit(out, configured({ target: { ...target, confirm: false }, attacks, seed: 3 }));
    expect(unknown.stderr).toContain('MLD_CONFIRM');
    const all = [first, failed, unknown].map(({ stdout, stderr }) => stdout + stderr).join('\n');
    const written = everythingIn(out);
    for (const hidden of [secret, literal, 'pa55-in-the-address']) {
      expect(all).not.toContain(hidden);
      expect(written).not.toContain(hidden);
      expect(written).not.toContain(Buffer.from(hidden).toString('base64').replace(/=+$/, '').slice(0, -1));
    }
    expect(written).toContain(place.host);
  });
});
