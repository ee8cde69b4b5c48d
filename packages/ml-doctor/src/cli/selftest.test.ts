/** `ml-doctor selftest` and `ml-doctor list --plugins` as somebody calls them. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { runCommandLine } from './run.ts';
import { services } from './services.ts';

const docs = fileURLToPath(new URL('../../../../docs/plugins/', import.meta.url));
const maker = fileURLToPath(new URL('../attacks/membership/membership-attack.ts', import.meta.url));

const run = async (...args: string[]) => {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTTY: false,
  });
  const io = { stdout: sink('stdout'), stderr: sink('stderr'), env: {} };
  const status = await runCommandLine(args, io, services, new AbortController().signal);
  return { status, ...written };
};

/** Its scores are no numbers, and it finds nothing. */
const broken = `
import { membershipAttack } from '${maker}';
import { z } from 'zod';
export const attack = membershipAttack({
  name: 'membership/broken', title: 'Broken', source: 'Nobody, 2024', params: z.strictObject({}),
  needs: () => ({ access: 'black-box', auxiliary: 'none', output: 'label', record: 'xy' }),
  references: () => ({ count: 0, pool: { kind: 'disjoint' } }),
  run: async ({ target, records }) => {
    await target.labels(records);
    return { scores: new Float64Array(records.ids.length).fill(NaN) };
  },
});`;

describe('ml-doctor selftest', () => {
  it('--plugins runs the contract over a file: a line a check, and exit status 0', async () => {
    const { status, stdout, stderr } = await run('selftest', '--plugins', join(docs, 'cautious-answers.ts'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(/cautious-answers\.ts$/);
    expect(lines.filter((line) => /^ {2}ok {6}cautious-answers .* \(\d+\.\d s\)$/.test(line))).toHaveLength(
      5,
    );
    expect(lines.at(-1)).toMatch(/^All 5 checks hold, in \d+ s\. The plugins keep to the rules\.$/);
  });

  it('says of what fails what was expected and found, and ends with 1', async () => {
    const file = join(temporaryFolder(), 'broken.ts');
    writeFileSync(file, broken);
    const { status, stdout } = await run('selftest', '--plugins', file);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /FAILED {2}membership\/broken gives one finite score[^\n]*\n +expected finite scores\n +found +NaN at/,
    );
    expect(stdout).toMatch(/\d+ of \d+ checks failed/);
    const json = await run('selftest', '--json', '--plugins', file);
    expect(json.status).toBe(1);
    const report = JSON.parse(json.stdout);
    expect(report).toMatchObject({ schema: 'ml-doctor/selftest@1', ok: false, node: process.version });
    const failed = report.checks.filter(({ ok }: { ok: boolean }) => !ok);
    expect(failed.length).toBe(report.failed);
    expect(failed[0].findings[0]).toEqual({ expected: expect.any(String), found: expect.any(String) });
  });

  it('--quick says of the installation that it measures right', async () => {
    const { status, stdout } = await run('selftest', '--quick');
    expect(stdout).not.toContain('FAILED');
    expect(stdout).toMatch(/^known answers\n/);
    expect(stdout).toContain('determinism\n');
    expect(stdout).toMatch(/This installation measures right, as far as they can see\.\n$/);
    expect(status).toBe(0);
  });

  it('refuses a file that is no plugin with exit status 2', async () => {
    const { status, stderr } = await run('selftest', '--plugins', './nothing.ts');
    expect(status).toBe(2);
    expect(stderr).toMatch(/error\[MLD_PLUGIN\]: plugin .*nothing\.ts: there is no such file/);
  });
});

describe('ml-doctor list', () => {
  it('attacks and defenses show those of plugins, with threat model, source and options', async () => {
    const file = join(docs, 'prediction-entropy.ts');
    const { stdout } = await run('list', 'attacks', '--json', '--plugins', file);
    const attacks = JSON.parse(stdout) as Record<string, string>[];
    expect(attacks.find(({ name }) => name === 'membership/prediction-entropy')).toMatchObject({
      notation: '<B,S>',
      access: 'black-box',
      auxiliary: 'shadow',
      output: 'posteriors',
      source: 'Song & Mittal, USENIX Security 2021, eq. 8',
    });
    const text = await run('list', 'defenses', '--plugins', join(docs, 'cautious-answers.ts'));
    expect(text.stdout).toMatch(/cautious-answers\n(.*\n)*? +options +temperature 4, digits 2/);
  });

  it.each(['attacks', 'defenses', 'datasets', 'models', 'protocols'])(
    '%s say who, what and from where',
    async (topic) => {
      const entries = JSON.parse((await run('list', topic, '--json')).stdout) as Record<string, string>[];
      const { stdout } = await run('list', topic);
      expect(entries.length).toBeGreaterThan(3);
      for (const { name, title, source, ...facts } of entries) {
        for (const text of [name, title, source]) expect(text).toMatch(/\S/);
        if (topic === 'attacks')
          expect(Object.keys(facts)).toEqual(
            expect.arrayContaining(['notation', 'access', 'auxiliary', 'output', 'inputs', 'models']),
          );
        if (topic === 'defenses') expect(facts).toHaveProperty('changes');
        expect(stdout.split('\n')).toContain(name);
      }
    },
  );
});
