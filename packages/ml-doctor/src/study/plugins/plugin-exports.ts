/** What a plugin's module offers: its attacks and defences, refused where they could not work. */

import { z } from 'zod';
import { type Attack, attacks } from '../../attacks/registry.ts';
import type { Defense } from '../../defenses/defense.ts';
import { defenses } from '../../defenses/registry.ts';
import { AuditError } from '../../errors.ts';
import { canonicalJson, type Json } from '../canonical-json.ts';
import { loadedPlugins } from './loaded.ts';

export interface PluginExports {
  readonly attacks: readonly Attack[];
  readonly defenses: readonly Defense[];
}

const FAMILIES = ['membership', 'inversion', 'attribute', 'stealing'] as const;
/** Also a name for folders and files, on every system. */
const WORD = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** Keys that stand beside a name in configurations. */
const TAKEN = ['adaptive', 'through'];
const LONGEST = 60;

type Fields = Readonly<Record<string, unknown>>;

const isMade = (value: unknown): value is Fields =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Fields)['configure'] === 'function' &&
  typeof (value as Fields)['name'] === 'string';

/**
 * @param file for messages
 * @throws {AuditError} MLD_PLUGIN
 */
export const pluginExports = (module: Fields, file: string): PluginExports => {
  const made = [...new Set(Object.values(module))].filter(isMade);
  const attackList = made.filter(({ family }) => typeof family === 'string') as unknown as Attack[];
  const defenseList = made.filter(({ changes }) => Array.isArray(changes)) as unknown as Defense[];
  if (attackList.length + defenseList.length === 0)
    throw refused(
      file,
      'it exports no attack and no defence',
      'Export what membershipAttack(…), another maker of ml-doctor, or defense(…) gives; see docs/plugins.md.',
    );
  for (const attack of attackList) checkAttack(attack, file);
  for (const one of defenseList) checkDefense(one, file);
  const names = [...attackList, ...defenseList].map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw refused(file, `it exports two things named ${twice}`, 'Give one of them another name.');
  return { attacks: attackList, defenses: defenseList };
};

const refused = (file: string, what: string, hint: string, cause?: unknown): AuditError =>
  new AuditError('MLD_PLUGIN', `plugin ${file}: ${what}`, hint, { cause });

const shown = (name: string): string =>
  JSON.stringify(name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);

const checkAttack = (attack: Attack, file: string): void => {
  const { name, family } = attack;
  const [first, second, ...more] = name.split('/');
  if (!FAMILIES.includes(family) || first !== family || more.length > 0 || !isWord(second))
    throw refused(
      file,
      `an attack is named ${shown(name)}`,
      `Name it FAMILY/NAME: one of ${FAMILIES.join(', ')}, and lower-case letters and digits with - between them.`,
    );
  if (Object.hasOwn(attacks, name))
    throw refused(file, `there is a built-in attack ${name}`, 'Give yours another name.');
  checkTaken(name, file);
  checkSettings(attack, file);
};

const checkDefense = (one: Defense, file: string): void => {
  const { name } = one;
  if (!isWord(name) || TAKEN.includes(name))
    throw refused(
      file,
      `a defence is named ${shown(name)}`,
      'Name it with lower-case letters and digits and - between them.',
    );
  if (Object.hasOwn(defenses, name))
    throw refused(file, `there is a built-in defence ${name}`, 'Give yours another name.');
  checkTaken(name, file);
  checkSettings(one, file);
};

const isWord = (text: string | undefined): boolean =>
  text !== undefined && text.length <= LONGEST && WORD.test(text);

const checkTaken = (name: string, file: string): void => {
  const other = loadedPlugins().find(
    (plugin) =>
      plugin.file !== file && [...plugin.attacks, ...plugin.defenses].some((one) => one.name === name),
  );
  if (other)
    throw refused(file, `${name} is in the plugin ${other.file} already`, 'Give one of them another name.');
};

/** Configurations are made from the schema, and the settled parameters enter a task's key. */
const checkSettings = (one: Attack | Defense, file: string): void => {
  for (const key of ['title', 'source'] as const)
    if (typeof one[key] !== 'string' || one[key].trim() === '')
      throw refused(file, `${one.name} has no ${key}`, `Say in one line what its ${key} is.`);
  try {
    z.toJSONSchema(one.schema.describe(one.title).optional(), { io: 'input' });
    canonicalJson(one.configure().params as Json);
  } catch (error) {
    throw refused(
      file,
      `the parameters of ${one.name} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      'Make them with the z that ml-doctor exports, strict, each with a default, and nothing but JSON in them.',
      error,
    );
  }
};
