/** The options that say which model of one's own is audited, and on which records. */

import { type Command, InvalidArgumentError } from 'commander';
import type { ConfigPath } from '../config/config.ts';
import { readRegularSync } from '../files/regular-file.ts';
import { PROTOCOLS } from '../targets/http/endpoint.ts';
import { INPUT_LAYOUTS } from '../targets/onnx/form-words.ts';

/** One option: its flag, where its value goes in a configuration, and how it is read. */
interface OwnOption {
  readonly flags: string;
  readonly text: string;
  readonly path: ConfigPath;
  readonly read?: (value: string) => unknown;
}

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
};

const numbers = (text: string): number[] => text.split(',').map(number);

/** A number, or a quotient as 1/255. */
const scale = (text: string): string | number => (text.includes('/') ? text : number(text));

const names = (text: string): string[] => text.split(',').map((one) => one.trim());

const json = (text: string): unknown => {
  try {
    return JSON.parse(text.startsWith('@') ? readRegularSync(text.slice(1)).toString('utf8') : text);
  } catch (error) {
    throw new InvalidArgumentError(`It must be JSON, or @FILE of JSON: ${(error as Error).message}.`);
  }
};

const expected = (text: string): unknown => {
  const [first, second, ...more] = numbers(text);
  if (more.length > 0)
    throw new InvalidArgumentError('It must be one number, or two with a comma between them.');
  return second === undefined ? first : { members: first, nonMembers: second };
};

export const OWN_OPTIONS: readonly OwnOption[] = [
  { flags: '--model <file>', text: 'audit this ONNX file', path: ['target', 'onnx'] },
  { flags: '--endpoint <url>', text: 'audit the model that answers there', path: ['target', 'endpoint'] },
  { flags: '--outputs <file>', text: 'audit saved outputs (CSV, NPZ, Parquet)', path: ['target', 'outputs'] },
  { flags: '--members <data>', text: 'records that the model was trained on', path: ['data', 'members'] },
  {
    flags: '--non-members <data>',
    text: 'records of the same kind that it was not',
    path: ['data', 'nonMembers'],
  },
  {
    flags: '--auxiliary <data>',
    text: 'records of the attacker’s own, for stronger attacks',
    path: ['data', 'auxiliary'],
  },
  { flags: '--label <column>', text: 'column or array of the labels', path: ['data', 'label'] },
  {
    flags: '--attributes <list>',
    text: 'columns that are no inputs',
    path: ['data', 'attributes'],
    read: names,
  },
  {
    flags: '--slices <list>',
    text: 'attributes whose categories are reported apart',
    path: ['data', 'slices'],
    read: names,
  },
  {
    flags: '--classes <list>',
    text: 'class names in the order of the model’s outputs',
    path: ['data', 'classes'],
    read: names,
  },
  {
    flags: '--sample <n>',
    text: 'at most so many records of each side (default: 10000)',
    path: ['data', 'sample'],
    read: number,
  },
  {
    flags: '--overlap <what>',
    text: 'inputs on both sides: refuse, or allow (counted as both)',
    path: ['data', 'overlap'],
  },
  {
    flags: '--data-layout <layout>',
    text: 'nchw or nhwc: channels of pictures in arrays',
    path: ['data', 'layout'],
  },
  {
    flags: '--scale <s>',
    text: 'raw values are multiplied by it, as 1/255',
    path: ['target', 'scale'],
    read: scale,
  },
  {
    flags: '--mean <list>',
    text: 'then taken off: one number, or one a channel',
    path: ['target', 'mean'],
    read: numbers,
  },
  {
    flags: '--std <list>',
    text: 'then divided by: one number, or one a channel',
    path: ['target', 'std'],
    read: numbers,
  },
  {
    flags: '--layout <layout>',
    text: `of the model’s input: ${INPUT_LAYOUTS.join(', ')}`,
    path: ['target', 'layout'],
  },
  {
    flags: '--output <kind>',
    text: 'of the model: logits, probabilities, log-probabilities',
    path: ['target', 'output'],
  },
  {
    flags: '--output-name <name>',
    text: 'which output, where a file has several',
    path: ['target', 'outputName'],
  },
  {
    flags: '--expect-accuracy <a>',
    text: 'on non-members, or MEMBERS,NON-MEMBERS; stops if it differs',
    path: ['target', 'expectAccuracy'],
    read: expected,
  },
  {
    flags: '--shadow-model <name>',
    text: 'what attackers train: clone, or an architecture',
    path: ['target', 'shadows', 'model'],
  },
  {
    flags: '--shadow-epochs <n>',
    text: 'and for how many epochs',
    path: ['target', 'shadows', 'epochs'],
    read: number,
  },
  {
    flags: '--protocol <name>',
    text: `of an endpoint: ${PROTOCOLS.join(', ')}`,
    path: ['target', 'protocol'],
  },
  {
    flags: '--request <json>',
    text: 'body of a request, with {{inputs}}',
    path: ['target', 'request'],
    read: json,
  },
  {
    flags: '--response <path>',
    text: 'where the answers are, as predictions[*].scores',
    path: ['target', 'response'],
  },
  {
    flags: '--answers <kind>',
    text: 'probabilities, logits, log-probabilities, label',
    path: ['target', 'answers'],
  },
  { flags: '--batch <n>', text: 'records in one request', path: ['target', 'batch'], read: number },
  { flags: '--concurrency <n>', text: 'requests at once', path: ['target', 'concurrency'], read: number },
  { flags: '--rate <n>', text: 'requests a second at most', path: ['target', 'rate'], read: number },
  {
    flags: '--budget <n>',
    text: 'records that may be sent in all',
    path: ['target', 'budget'],
    read: number,
  },
  {
    flags: '--endpoint-version <v>',
    text: 'names the model behind the address',
    path: ['target', 'version'],
  },
];

const LATER = [
  [
    '--header <header>',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a user writes
    "as 'Authorization: Bearer ${TOKEN}', again for each; ${…} are environment variables",
  ],
  ['--no-check-scaling', 'do not try other scalings first'],
  ['--offline', 'ask an endpoint nothing: answer from what earlier runs kept'],
  ['--yes', 'you may audit this endpoint, and agree to its cost'],
] as const;

export type OwnFlags = Readonly<Record<string, unknown>>;

export const addOwnOptions = (command: Command): Command => {
  for (const { flags, text, read } of OWN_OPTIONS) {
    if (read) command.option(flags, text, read);
    else command.option(flags, text);
  }
  command.option(LATER[0][0], LATER[0][1], collect, [] as string[]);
  for (const [flags, text] of LATER.slice(1)) command.option(flags, text);
  return command;
};

const collect = (text: string, before: string[]): string[] => {
  if (!/^[^\s:]+:/.test(text)) throw new InvalidArgumentError('It must be written as NAME: VALUE.');
  return [...before, text];
};

/** The name under which commander keeps an option. */
const keyOf = (flags: string): string =>
  (flags.split(' ')[0] as string).slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const flagOf = (path: ConfigPath): string | undefined => {
  const written = path.join('.');
  const option = OWN_OPTIONS.find((one) => one.path.join('.') === written);
  return option?.flags.split(' ')[0];
};

/** Which of the options are given. */
export const givenOptions = (flags: OwnFlags): readonly string[] => [
  ...OWN_OPTIONS.filter(({ flags: name }) => flags[keyOf(name)] !== undefined).map(
    ({ flags: name }) => name.split(' ')[0] as string,
  ),
  ...((flags['header'] as string[] | undefined)?.length ? ['--header'] : []),
  ...(flags['checkScaling'] === false ? ['--no-check-scaling'] : []),
  ...(flags['offline'] ? ['--offline'] : []),
];

/** What a configuration file would say. */
export const configFrom = (flags: OwnFlags): Record<string, unknown> => {
  const config: Record<string, unknown> = {};
  const put = (path: ConfigPath, value: unknown) => {
    let at = config;
    for (const part of path.slice(0, -1)) {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    }
    at[path.at(-1) as string] = value;
  };
  for (const { flags: name, path } of OWN_OPTIONS) {
    const value = flags[keyOf(name)];
    if (value !== undefined) put(path, value);
  }
  const headers = (flags['header'] ?? []) as readonly string[];
  if (headers.length > 0)
    put(
      ['target', 'headers'],
      Object.fromEntries(
        headers.map((text) => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1).trim()]),
      ),
    );
  if (flags['checkScaling'] === false) put(['target', 'checkScaling'], false);
  if (flags['offline']) put(['target', 'offline'], true);
  return config;
};
