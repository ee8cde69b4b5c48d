/** Plugins from files: what counts as one, what is refused, and that a changed one is another. */

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { plugAttack, pluggedAttackDigest } from '../../attacks/find-attack.ts';
import { attackOf, attacks } from '../../attacks/registry.ts';
import { allDefenses, defenseOf, defenses, plugDefense } from '../../defenses/registry.ts';
import { planEnvironment } from '../environment.ts';
import { handlers } from '../kinds/handlers.ts';
import { PlanBuilder } from '../plan.ts';
import { loadPlugins, pluginDigest } from './load-plugins.ts';
import { loadedPlugin } from './loaded.ts';
import { pluginExports } from './plugin-exports.ts';
import { pluginFiles } from './plugin-files.ts';

const sources = fileURLToPath(new URL('../../', import.meta.url));
const membership = `${sources}attacks/membership/membership-attack.ts`;
const zod = "import { z } from 'zod';";

const written = (files: Readonly<Record<string, string>>, folder = temporaryFolder()) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return (name: string) => join(folder, name);
};

/** A plugin that needs nothing: what a maker gives, by hand. */
const byHand = (name: string, more = '') => `
const schema = { describe: () => schema, optional: () => schema };
export const made = {
  family: '${name.split('/')[0]}', name: '${name}', title: 'By hand', source: 'Nobody, 2024',
  schema: undefined, configure: () => ({ params: {} }), ${more}
};`;

const refusal = (words: RegExp) =>
  expect.objectContaining({ code: 'MLD_PLUGIN', message: expect.stringMatching(words) });

describe('the files of a plugin', () => {
  const files = {
    'entry.ts':
      "import { a } from './parts/a.js';\nexport * from \"./b\";\nconst c = await import('./c.mjs');",
    'parts/a.ts': "import '../entry.ts';\nexport const a = 1;",
    'b.ts': "import { readFileSync } from 'node:fs';\nimport { z } from 'zod';",
    'c.mjs': '// see ./d.ts and import "./e.ts"',
    'd.ts': '',
    'e.ts': '',
    'other.ts': '',
  };

  it('are what it imports by relative path, from file to file', () => {
    const at = written(files);
    expect([...pluginFiles(at('entry.ts'))].sort()).toEqual(
      ['b.ts', 'c.mjs', 'e.ts', 'entry.ts', 'parts/a.ts'].map(at).sort(),
    );
  });

  it.each(['entry.ts', 'parts/a.ts', 'b.ts', 'c.mjs', 'e.ts'])(
    'have another digest when %s changes',
    (name) => {
      const at = written(files);
      const before = pluginDigest(at('entry.ts'));
      written({ [name]: `${files[name as keyof typeof files]}\n// changed` }, dirname(at('entry.ts')));
      expect(pluginDigest(at('entry.ts'))).not.toBe(before);
    },
  );

  it('have the same digest in another folder, whatever lies beside them', () => {
    const at = written(files);
    const before = pluginDigest(at('entry.ts'));
    written({ 'other.ts': 'changed' }, dirname(at('entry.ts')));
    expect(pluginDigest(at('entry.ts'))).toBe(before);
    const elsewhere = join(temporaryFolder(), 'deep', 'er');
    cpSync(dirname(at('entry.ts')), elsewhere, { recursive: true });
    expect(pluginDigest(join(elsewhere, 'entry.ts'))).toBe(before);
  });
});

describe('loading', () => {
  const real = (name: string) => `
import { membershipAttack } from '${membership}';
${zod}
globalThis.pluginRuns = (globalThis.pluginRuns ?? 0) + 1;
export const attack = membershipAttack({
  name: '${name}', title: 'A plugin', source: 'Nobody, 2024', params: z.strictObject({ a: z.number().default(3) }),
  needs: () => ({ access: 'black-box', auxiliary: 'none', output: 'label', record: 'xy' }),
  references: () => ({ count: 0, pool: { kind: 'disjoint' } }),
  run: async ({ records }) => ({ scores: new Float64Array(records.ids.length) }),
});
export default attack;
export const contract = { '${name}': [{}] };`;

  it('makes an attack known, once, however often its file is named', async () => {
    const at = written({ 'mine.ts': real('membership/loaded-once') });
    const [first] = await loadPlugins([at('mine.ts'), at('mine.ts')]);
    expect(first?.attacks.map(({ name }) => name)).toEqual(['membership/loaded-once']);
    expect(attackOf('membership/loaded-once').configure().params).toEqual({ a: 3 });
    expect(pluggedAttackDigest('membership/loaded-once')).toBe(pluginDigest(at('mine.ts')));
    expect(loadedPlugin(at('mine.ts'))).toBe(first);
    expect((globalThis as { pluginRuns?: number }).pluginRuns).toBe(1);
  });

  it('refuses a file that has changed since', async () => {
    const at = written({ 'mine.ts': real('membership/loaded-then-changed') });
    await loadPlugins([at('mine.ts')]);
    written({ 'mine.ts': `${real('membership/loaded-then-changed')}\n` }, dirname(at('mine.ts')));
    await expect(loadPlugins([at('mine.ts')])).rejects.toThrow(refusal(/has changed since it was loaded/));
  });

  it('refuses a name that another plugin has, and keeps the first', async () => {
    const at = written({ 'a.ts': real('membership/in-two'), 'b.ts': `${real('membership/in-two')}\n// b` });
    const outcomes = await Promise.allSettled([loadPlugins([at('a.ts')]), loadPlugins([at('b.ts')])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(pluggedAttackDigest('membership/in-two')).toBe(pluginDigest(at('a.ts')));
    await expect(loadPlugins([at('b.ts')])).rejects.toThrow(refusal(/is in the plugin .*a\.ts already/));
  });

  it.each([
    ['a missing file', {}, 'mine.ts', /no such file/],
    ['a folder', { 'mine.ts/x': '' }, 'mine.ts', /folder stands where a file/],
    ['another ending', { 'mine.json': '{}' }, 'mine.json', /must end in/],
    ['no plugin', { 'mine.ts': 'export const x = { configure: 1 };' }, 'mine.ts', /exports no attack/],
    [
      'a failing module',
      { 'mine.ts': "throw new Error('too bad');" },
      'mine.ts',
      /could not be run: too bad/,
    ],
    [
      'TypeScript where Node runs none',
      { 'mine.ts': "throw Object.assign(new Error('x'), { code: 'ERR_UNKNOWN_FILE_EXTENSION' });" },
      'mine.ts',
      /does not run TypeScript by itself/,
    ],
    [
      'a missing package',
      { 'mine.ts': "throw Object.assign(new Error('no ml-doctor'), { code: 'ERR_MODULE_NOT_FOUND' });" },
      'mine.ts',
      /no ml-doctor/,
    ],
    [
      'parameters that are no schema',
      { 'mine.ts': byHand('membership/by-hand') },
      'mine.ts',
      /parameters of/,
    ],
  ])('refuses %s', async (_, files, name, words) => {
    const at = written(files);
    await expect(loadPlugins([at(name)])).rejects.toThrow(refusal(words));
    expect(loadedPlugin(at(name))).toBeUndefined();
  });
});

describe('names', () => {
  const [attack] = Object.values(attacks);
  const [defense] = Object.values(defenses);

  it.each([
    'loss',
    'membership/',
    'membership/Loss',
    'membership/../x',
    'membership/a/b',
    'inversion/mine',
    'other/mine',
    'membership/a--b',
    `membership/${'a'.repeat(61)}`,
    '__proto__',
  ])('refuse %s of a membership attack', (name) => {
    const renamed = { ...attack, name };
    expect(() => pluginExports({ renamed }, 'mine.ts')).toThrow(refusal(/an attack is named/));
  });

  it.each(['adaptive', 'through', 'a/b', 'A', '', '..'])('refuse %s of a defence', (name) => {
    expect(() => pluginExports({ renamed: { ...defense, name } }, 'mine.ts')).toThrow(
      refusal(/a defence is named/),
    );
  });

  it('must not be built-in ones, nor be there twice', () => {
    expect(() => pluginExports({ attack }, 'mine.ts')).toThrow(refusal(/there is a built-in attack/));
    expect(() => pluginExports({ defense }, 'mine.ts')).toThrow(refusal(/there is a built-in defence/));
    const named = { ...attack, name: 'membership/twice' };
    expect(() => pluginExports({ a: named, b: { ...named } }, 'mine.ts')).toThrow(
      refusal(/two things named/),
    );
    expect(pluginExports({ a: named, default: named }, 'mine.ts').attacks).toEqual([named]);
  });
});

describe('the key of a task', () => {
  const keys = () => {
    const builder = new PlanBuilder(planEnvironment(handlers));
    const add = (kind: string, params: object) =>
      builder.add({ kind, label: kind, seed: 0, params: params as never }).key;
    return {
      'attack, plugin': add('attack', { attack: 'membership/keyed' }),
      attack: add('attack', { attack: 'membership/lira' }),
      'infer, plugin': add('infer', { attack: 'attribute/keyed' }),
      'invert, plugin': add('invert', { attack: 'inversion/keyed' }),
      'train-defended, plugin': add('train-defended', { defense: { name: 'keyed' } }),
      'train-defended': add('train-defended', { defense: { name: 'l2' } }),
      query: add('query', {}),
    };
  };
  const plug = (digest: string) => {
    for (const family of ['membership', 'attribute', 'inversion'])
      plugAttack({ ...attackOf('membership/lira'), family, name: `${family}/keyed` }, digest);
    plugDefense({ ...defenseOf('l2'), name: 'keyed' }, digest);
  };

  it("changes with the plugin's files, and that of what is built in does not", () => {
    const before = keys();
    plug('1'.repeat(64));
    const first = keys();
    expect(allDefenses()['keyed']).toBeDefined();
    expect(first).toEqual(keys());
    plug('2'.repeat(64));
    const second = keys();
    for (const [kind, key] of Object.entries(before)) {
      const all = [key, first[kind as keyof typeof first], second[kind as keyof typeof second]];
      expect(new Set(all).size, kind).toBe(kind.endsWith('plugin') ? 3 : 1);
    }
  });
});
