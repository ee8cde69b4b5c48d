/** Shokri's audit from the command line: the attackers' models are trained by the service that trained the target. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openService } from '../../src/targets/service/service.ts';
import { audit, reportIn } from '../http/audits.ts';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { startJsonService } from './json-service.ts';
import { ledgerFolder } from './ledger-folder.ts';
import { jsonChoice, twoClouds } from './small-training.ts';

const table = (folder: string, name: string, rows: number, seed: number): string => {
  const { values, labels } = twoClouds(rows, seed);
  const lines = Array.from(labels, (label, i) => `${values[2 * i]},${values[2 * i + 1]},${label}`);
  const path = join(folder, name);
  writeFileSync(path, `x,y,label\n${lines.join('\n')}\n`);
  return path;
};

describe('an audit with a training service', () => {
  it('has the shadows trained there, once, and within what is allowed', async () => {
    const server = await startJsonService({ learns: true });
    onTestFinished(() => server.close());
    const service = await openService(jsonChoice(server.url), { env: {}, ledger: await ledgerFolder() });
    const { url } = await service.train(twoClouds(60, 1), 'target', new AbortController().signal);
    const [folder, out] = [temporaryFolder(), temporaryFolder()];
    const data = {
      members: table(folder, 'members.csv', 60, 1),
      nonMembers: table(folder, 'non-members.csv', 60, 2),
      auxiliary: table(folder, 'auxiliary.csv', 120, 3),
    };
    const config = (more: object, trainings = 2, attacks: readonly unknown[] = ATTACKS): string => {
      const path = join(folder, 'audit.yaml');
      const trained = { request: { inputs: '{{inputs}}' }, response: 'outputs' };
      const at = { kind: 'json', url: server.url, pollSeconds: 0.005, trainings, endpoint: trained };
      const target = { endpoint: url, ...trained, service: at, ...more };
      writeFileSync(path, JSON.stringify({ data, target, attacks }));
      return path;
    };
    const before = server.received.length;
    const unasked = await audit(out, config({}));
    expect([unasked.status, server.received.length]).toEqual([2, before]);
    expect(unasked.stderr).toContain('trains up to 1 models at the service');
    const many = [{ 'membership/rmia': { mode: 'offline', references: 4 } }];
    const tooMany = await audit(out, config({ confirm: true }, 1, many));
    expect([tooMany.status, server.received.length]).toEqual([2, before]);
    expect(tooMany.stderr).toContain(
      'MLD_BUDGET]: this audit trains 4 models at the service, and 1 are allowed',
    );

    const first = await audit(out, config({ confirm: true }));
    expect([first.status, first.stderr]).toEqual([0, expect.anything()]);
    const report = reportIn(out);
    expect(report.results.map(({ attack }: { attack: string }) => attack).sort()).toEqual([
      'membership/loss-threshold',
      'membership/shadow-classifier',
    ]);
    // The target's own, and one for both attacks, on half of the attacker's records.
    expect([...server.trainings.values()].map(({ labels }) => labels.length)).toEqual([60, 60]);
    const sent = server.received.length;
    expect((await audit(out, config({ confirm: true }))).status).toBe(0);
    expect([server.received.length, reportIn(out)]).toEqual([sent, report]);
    const offline = await audit(out, config({ offline: true }, 2, many));
    expect([offline.status, server.received.length]).toEqual([2, sent]);
    expect(offline.stderr).toContain('MLD_ENDPOINT]: offline');
  });
});

const ATTACKS = [
  { 'membership/loss-threshold': { auxiliary: 'shadow' } },
  { 'membership/shadow-classifier': { epochs: 2 } },
];
