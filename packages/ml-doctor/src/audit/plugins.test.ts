/** The plugins of the documentation: they keep to the rules, and an audit runs them in worker processes and in its own. */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { attackChoice, runTiny, tinyRecipe, tinyWith } from '../../test/audit/tiny-audit.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import type { AuditConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { reportToJson } from '../report/canonical.ts';
import { loadPlugins } from '../study/plugins/load-plugins.ts';
import { pluginGroups, runChecks } from './selftest/run-selftest.ts';

const docs = fileURLToPath(new URL('../../../../docs/plugins/', import.meta.url));
const files = ['prediction-entropy.ts', 'cautious-answers.ts'].map((name) => join(docs, name));
const { signal } = new AbortController();

describe('the plugins of the documentation', () => {
  it('keep to the rules', async () => {
    const results = await runChecks(pluginGroups(await loadPlugins(files)), signal, () => {});
    expect(results.flatMap(({ name, findings }) => findings.map((one) => ({ name, ...one })))).toEqual([]);
    expect(results.length).toBeGreaterThan(12);
  });

  it('are tried out as they say, and only what they export', async () => {
    const [plugin] = await loadPlugins(files);
    const refusal = (words: RegExp) =>
      expect.objectContaining({ code: 'MLD_PLUGIN', message: expect.stringMatching(words) });
    const [one] = pluginGroups([{ ...plugin!, contract: undefined }]);
    expect(one?.checks.map(({ name }) => name)).toContainEqual(expect.stringMatching(/chooses a threshold/));
    const blind = { 'membership/prediction-entropy': [{ blind: 'it sees nothing' }] };
    const [other] = pluginGroups([{ ...plugin!, contract: blind }]);
    expect(other?.checks.map(({ name }) => name)).not.toContainEqual(
      expect.stringMatching(/finds what a lookup/),
    );
    expect(() => pluginGroups([{ ...plugin!, contract: { 'membership/lira': [{}] } }])).toThrow(
      refusal(/speaks of membership\/lira/),
    );
    expect(() => pluginGroups([{ ...plugin!, contract: { x: [{ nonsense: 1 }] } }])).toThrow(
      refusal(/nonsense/),
    );
  });

  it('are part of an audit, here and in a worker process alike', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'audit.yaml');
    const { milestones, ...training } = tinyRecipe;
    writeFileSync(
      path,
      JSON.stringify({
        plugins: files,
        data: { catalog: 'fashion-mnist-10k', recordsPerRole: 40 },
        target: { train: { model: 'mlp', ...training, milestones } },
        defense: 'cautious-answers',
        attacks: ['membership/prediction-entropy'],
      }),
    );
    const loaded = await loadConfig(path);
    const config = loaded.config as AuditConfig;
    const [here, there] = [
      await runTiny({ store: join(folder, 'here'), config }),
      await runTiny({ store: join(folder, 'there'), config, workers: 1 }),
    ];
    expect(here.report.holes).toEqual([]);
    expect(here.report.results).toMatchObject([
      { attack: 'membership/prediction-entropy', params: { falseAlarms: 0.1 } },
    ]);
    expect(here.report.config).toMatchObject({ plugins: config.plugins });
    expect(reportToJson(there.report)).toBe(reportToJson(here.report));
  });

  it('leave what is built in alone where a worker process cannot load one', async () => {
    const folder = temporaryFolder();
    const maker = fileURLToPath(new URL('../attacks/membership/membership-attack.ts', import.meta.url));
    const gone = join(folder, 'gone.ts');
    writeFileSync(
      gone,
      `import { membershipAttack } from '${maker}';
import { z } from 'zod';
export const attack = membershipAttack({
  name: 'membership/gone', title: 'Gone', source: 'Nobody, 2024', params: z.strictObject({}),
  needs: () => ({ access: 'black-box', auxiliary: 'none', output: 'label', record: 'xy' }),
  references: () => ({ count: 0, pool: { kind: 'disjoint' } }),
  run: async ({ records }) => ({ scores: new Float64Array(records.ids.length) }),
});`,
    );
    await loadPlugins([gone]);
    rmSync(gone);
    const attacks = ['membership/loss-threshold', 'membership/gone'].map((name) => attackChoice(name));
    const { report } = await runTiny({
      store: join(folder, 'store'),
      config: tinyWith({ recordsPerRole: 20, attacks }),
      workers: 1,
    });
    expect(report.results.map(({ attack }) => attack)).toEqual(['membership/loss-threshold']);
    expect(JSON.stringify(report.holes)).toMatch(/gone\.ts: there is no such file/);
  });
});
