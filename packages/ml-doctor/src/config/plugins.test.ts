/** `plugins:` of a configuration. */

import { existsSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { pluginDigest } from '../study/plugins/load-plugins.ts';
import { auditToJson } from './config-text.ts';
import { loadConfig, parseConfig } from './load-config.ts';
import { studyToJson } from './study-text.ts';

const docs = fileURLToPath(new URL('../../../../docs/plugins/', import.meta.url));
const [attack, defense] = [join(docs, 'prediction-entropy.ts'), join(docs, 'cautious-answers.ts')];

const audit = (plugins: string, rest = 'attacks: [membership/prediction-entropy: { falseAlarms: 0.2 }]') => `
plugins: ${plugins}
data: fashion-mnist-10k
target: { train: { model: mlp } }
${rest}
`;

const inFile = (text: string, folder = temporaryFolder()) => {
  const path = join(folder, 'audit.yaml');
  writeFileSync(path, text);
  return path;
};
const load = (text: string) => loadConfig(inFile(text));
const refusal = (code: string, words: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(words) });

describe('a configuration that names a plugin', () => {
  // Before anything of the kind is loaded in this process.
  let unloaded: unknown;
  beforeAll(() => {
    try {
      parseConfig(audit(`[${attack}]`), 'audit.yaml');
    } catch (error) {
      unloaded = error;
    }
  });

  it('is refused by whoever only reads text, which runs nothing', () => {
    expect(unloaded).toEqual(refusal('MLD_PLUGIN', /^audit\.yaml:2:11: plugin .* is not loaded/));
  });

  it('knows its attacks and defences, their parameters and defaults', async () => {
    const loaded = await load(
      audit(
        `[${attack}, { file: ${defense} }]`,
        'attacks: [membership/prediction-entropy]\ndefense: { cautious-answers: { digits: 1 } }',
      ),
    );
    expect(loaded.config).toMatchObject({
      attacks: [{ name: 'membership/prediction-entropy', params: { falseAlarms: 0.1 } }],
      defense: { name: 'cautious-answers', params: { temperature: 4, digits: 1 } },
      plugins: [
        { file: attack, sha256: pluginDigest(attack) },
        { file: defense, sha256: pluginDigest(defense) },
      ],
    });
  });

  it('names it from its own folder', async () => {
    const folder = temporaryFolder();
    const file = relative(folder, attack);
    const loaded = await loadConfig(inFile(audit(`[${file}]`), folder));
    expect(loaded.config).toMatchObject({ plugins: [{ file, sha256: pluginDigest(attack) }] });
  });

  it('holds its parameters to its schema', async () => {
    await expect(
      load(audit(`[${attack}]`, 'attacks: [membership/prediction-entropy: { falseAlarms: 0.9 }]')),
    ).rejects.toThrow(refusal('MLD_CONFIG', /:5:.*falseAlarms/));
  });

  it('is written out with the digest, and read again so', async () => {
    const loaded = await load(audit(`[${attack}]`));
    if (loaded.kind !== 'audit' || !('attacks' in loaded.config)) throw new Error('no audit');
    const text = JSON.stringify(auditToJson(loaded.config as never));
    expect((await load(text)).config).toEqual(loaded.config);
    const study = await load(
      `plugins: [${defense}]\ndata: [adult]\nmodels: [mlp]\ndefenses: [none, cautious-answers]\nattacks: [membership/loss-threshold]`,
    );
    if (study.kind !== 'study') throw new Error('no study');
    expect((await load(JSON.stringify(studyToJson(study.config)))).config).toEqual(study.config);
  });

  it('does not run a file whose digest it does not expect', async () => {
    const folder = temporaryFolder();
    const ran = join(folder, 'ran');
    writeFileSync(
      join(folder, 'mine.ts'),
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(ran)}, '');`,
    );
    const named = (sha256: string) => audit(`[{ file: ./mine.ts, sha256: ${sha256} }]`);
    await expect(loadConfig(inFile(named(`"${'0'.repeat(64)}"`), folder))).rejects.toThrow(
      refusal('MLD_PLUGIN', /:2:11: .*the configuration asks for 000/),
    );
    expect(existsSync(ran)).toBe(false);
    // What the file itself does wrong is found at its place too.
    await expect(loadConfig(inFile(audit('[./mine.ts]'), folder))).rejects.toThrow(
      refusal('MLD_PLUGIN', /:2:11: .*exports no attack/),
    );
    expect(existsSync(ran)).toBe(true);
  });

  it.each([
    ['a path that is not there', '[./nothing.ts]', 'MLD_PLUGIN', /:2:11: .*no such file/],
    ['an address', '["https://example.org/x.ts"]', 'MLD_PLUGIN', /no such file/],
    ['no list', './nothing.ts', 'MLD_CONFIG', /plugins must be/],
    ['an empty name', '[""]', 'MLD_CONFIG', /plugins/],
    ['an unknown key', '[{ path: ./x.ts }]', 'MLD_CONFIG', /plugins/],
  ])('refuses %s', async (_, plugins, code, words) => {
    await expect(load(audit(plugins))).rejects.toThrow(refusal(code, words));
  });
});
