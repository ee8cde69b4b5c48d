/** A model behind HTTP audited from the command line: the same answers as its file, agreed to, paid once, and replayed. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startProgram } from '../process/program.ts';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { audit, fixture, recordsOf, reportIn } from './audits.ts';
import { serveModel } from './model-server.ts';

const FEW = [...recordsOf('cancer'), '--sample', '40', '--attacks', 'membership/loss-threshold'];
/** Forty records of each side, and five asked again. */
const SENT = 85;

const resultsIn = (out: string) =>
  reportIn(out).results.map(({ metrics, records, roc }: Record<string, unknown>) => ({
    metrics,
    records,
    roc,
  }));

/** Leaves what was answered, and nothing that was made of it. */
const forgetTasks = (out: string): void => {
  const store = join(out, 'store');
  for (const name of readdirSync(store))
    if (name !== 'ledger') rmSync(join(store, name), { recursive: true });
};

describe('an endpoint', () => {
  it.each([
    ['json', 'probabilities'],
    ['kserve', 'logits'],
  ] as const)('over %s is judged as its file is; what was asked is kept', async (speaks, answers) => {
    const server = await serveModel('torch-mlp', { speaks });
    const [file, out] = [temporaryFolder(), temporaryFolder()];
    expect((await audit(file, '--model', fixture('torch-mlp.onnx'), ...FEW)).status).toBe(0);
    const asked = ['--endpoint', `${server.url}/m`, '--protocol', speaks, '--answers', answers, ...FEW];
    const first = await audit(out, ...asked, '--yes');
    expect([first.status, first.stderr]).toEqual([
      0,
      expect.stringContaining('Accuracy of the model on members'),
    ]);
    expect(resultsIn(out)).toEqual(resultsIn(file));
    expect([server.records.length, new Set(server.records).size]).toEqual([SENT, SENT - 5]);
    const report = reportIn(out);

    if (speaks === 'kserve') return;
    // Agreed to without a question: there is nothing to pay.
    expect((await audit(out, ...asked)).status).toBe(0);
    expect([server.records.length, reportIn(out)]).toEqual([SENT, report]);

    forgetTasks(out);
    const replayed = await audit(out, ...asked, '--offline');
    expect([replayed.stderr, replayed.status, server.records.length]).toEqual([expect.anything(), 0, SENT]);
    expect(reportIn(out)).toEqual(report);

    forgetTasks(out);
    const more = await audit(out, ...asked, '--offline', '--seed', '1');
    expect([more.status, server.records.length]).toEqual([2, SENT]);
    expect(more.stderr).toMatch(/MLD_ENDPOINT\]: offline, \d+ of the records/);
  });

  it('is asked nothing where nobody has agreed to it', async () => {
    const server = await serveModel('torch-mlp');
    const { status, stderr } = await audit(temporaryFolder(), '--endpoint', server.url, ...FEW);
    expect([status, server.requests.length]).toEqual([2, 0]);
    expect(stderr).toContain(`MLD_CONFIRM]: this audit sends about ${SENT} records to ${server.url}`);
    expect(stderr).toContain('--yes');
  });

  it('is asked nothing where the budget does not hold what is planned', async () => {
    const server = await serveModel('torch-mlp');
    const run = (budget: number) =>
      audit(temporaryFolder(), '--endpoint', server.url, ...FEW, '--yes', '--budget', String(budget));
    const { status, stderr } = await run(SENT - 1);
    expect([status, server.requests.length]).toEqual([2, 0]);
    expect(stderr).toContain(
      `MLD_BUDGET]: this audit sends ${SENT} records, and of the budget of 84 84 are left`,
    );
    expect([(await run(SENT)).status, server.records.length]).toEqual([0, SENT]);
  });

  it('that has another model now is told, unless it has another version', async () => {
    let flip = false;
    const server = await serveModel('torch-mlp', {
      change: () => (row) => (flip ? row.map((p) => 0.5 * p + 0.5 / row.length) : row),
    });
    const out = temporaryFolder();
    const run = (...flags: string[]) => audit(out, '--endpoint', server.url, ...FEW, '--yes', ...flags);
    expect((await run()).status).toBe(0);
    flip = true;
    const changed = await run('--sample', '60');
    expect(changed.status).toBe(2);
    expect(changed.stderr).toContain(
      'MLD_ENDPOINT_ANSWER]: the endpoint no longer answers as in an earlier run',
    );
    const before = server.records.length;
    expect((await run('--endpoint-version', '2')).status).toBe(0);
    expect(server.records.length - before).toBe(SENT);
  });

  it('sees one client however many workers there are', async () => {
    let [now, most] = [0, 0];
    const server = await serveModel('torch-mlp', {
      instead: async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 20));
        now -= 1;
        return undefined;
      },
    });
    const flags = ['--workers', '2', '--concurrency', '1', '--batch', '8', '--yes', '--budget', String(SENT)];
    const { status, stderr } = await audit(
      temporaryFolder(),
      ...['--endpoint', server.url, ...FEW, ...flags],
    );
    expect([status, stderr, most, server.records.length]).toEqual([0, expect.anything(), 1, SENT]);
  });

  it('that was left in the middle by a killed run is not asked again what it answered', async () => {
    const answered = new Set<string>();
    let again = false;
    const twice: string[] = [];
    const server = await serveModel('torch-mlp', {
      instead: async ({ json }) => {
        const rows = (json.inputs as number[][]).map((row) => JSON.stringify(row));
        if (again) twice.push(...rows.filter((row) => answered.has(row)));
        else {
          if (server.requests.length > 4) return 'hang';
          for (const row of rows) answered.add(row);
        }
        return undefined;
      },
    });
    const out = temporaryFolder();
    const flags = [
      '--endpoint',
      server.url,
      ...FEW,
      '--yes',
      '--batch',
      '8',
      '--concurrency',
      '1',
      '--out',
      out,
    ];
    const program = startProgram(['audit', '--workers', '1', ...flags]);
    await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBeGreaterThan(4);
    program.kill('SIGKILL');
    expect((await program.ended).signal).toBe('SIGKILL');
    expect(answered.size).toBeGreaterThan(20);
    again = true;
    expect((await audit(...([out, ...flags] as [string, ...string[]]))).status).toBe(0);
    // The check whether it is the same model asks a few of them once more.
    expect(twice.length).toBeLessThanOrEqual(5);
    const file = temporaryFolder();
    await audit(file, '--model', fixture('torch-mlp.onnx'), ...FEW);
    expect(resultsIn(out)).toEqual(resultsIn(file));
  });
});
