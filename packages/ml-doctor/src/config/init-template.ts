/** What `ml-doctor init` writes: configurations that run as they stand, every option beside its default and range. */

import { z } from 'zod';
import { type AttackName, attacks } from '../attacks/registry.ts';
import { type DefenseName, defenses } from '../defenses/registry.ts';
import { architectures } from '../models/architectures.ts';
import { expectation, inYaml, nodeAt, type SchemaNode } from './expectation.ts';
import { jsonSchemaOf, quarterOf } from './schema.ts';
import { listed } from './suggest.ts';

const DATA = 'fashion-mnist-10k';
const RECORDS = 600;
/** As they are published. */
const PIXELS = 28;

/** Enough to learn so few records by heart. */
const EPOCHS = 60;

/** The rest of the registries stands in comments. */
const ACTIVE_ATTACKS: readonly AttackName[] = ['membership/loss-threshold', 'membership/shadow-classifier'];
const ACTIVE_DEFENSES: readonly DefenseName[] = ['none', 'l2'];

const COMMENT_COLUMN = 32;

/** Of a line before it is indented. */
const MAX_WIDTH = 96;
/** Of an entry on one line. */
const MAX_ENTRY = 120;

/** `audit.yaml`: a small network on bundled images. */
export function auditTemplate(): string {
  const at = lookUp('audit');
  return asText([
    '# An audit: what can an attacker learn from one model, trained here on bundled data?',
    '# Run it with: ml-doctor audit audit.yaml',
    ...PREAMBLE,
    '',
    ...option('#name: My first audit', at('name')),
    '',
    'data:',
    ...indented(
      2,
      dataLines((key) => at('data', key)),
    ),
    '',
    'target:',
    '  train:',
    ...indented(4, [...modelLines(), 'model: simple-cnn']),
    `    # How a network is trained; remove all of it for ${listed(FORESTS)}.`,
    ...indented(
      4,
      recipeLines((key) => at('target', 'train', key)),
    ),
    ...indented(
      2,
      offerLines((key) => at('target', 'offers', key)),
    ),
    '',
    '# The defence of the target, one of these; none when left out.',
    ...UNKNOWN_DEFENSE,
    ...defenseLines(),
    '',
    '# The attacks, at least one.',
    ...THROUGH,
    'attacks:',
    ...indented(2, namedLines(named(attacks), ACTIVE_ATTACKS)),
    '',
    ...option('seed: 0', at('seed')),
    '',
    ...option('#explain: true', at('explain')),
  ]);
}

/** `study.yaml`: a small grid on bundled images. */
export function studyTemplate(): string {
  const at = lookUp('study');
  const training = (key: string) => at('training', key);
  return asText([
    '# A study: every combination of data, models, defences, attacks and seeds, compared.',
    '# See what it would run with: ml-doctor plan study.yaml; run it with: ml-doctor study study.yaml',
    ...PREAMBLE,
    '',
    ...option('#name: My first study', at('name')),
    '',
    'data:',
    ...indented(2, asItem(dataLines((key) => at('data', 0, key)))),
    '',
    '# Architectures; each may have its own training, which goes before the common one below.',
    ...modelLines(),
    'models:',
    '  - mlp',
    `  #- simple-cnn: { epochs: ${EPOCHS} }`,
    '',
    `# How networks are trained that do not say otherwise; ${listed(FORESTS)} takes none of it.`,
    'training:',
    ...indented(2, recipeLines(training)),
    '',
    ...offerLines((key) => at('offers', key)),
    '',
    '# Defences; [ none ] when left out.',
    ...UNKNOWN_DEFENSE,
    'defenses:',
    ...indented(2, namedLines(named(defenses), ACTIVE_DEFENSES)),
    '',
    '# Attacks, at least one.',
    ...THROUGH,
    'attacks:',
    ...indented(2, namedLines(named(attacks), ACTIVE_ATTACKS)),
    '',
    ...option('seeds: [0, 1]', at('seeds')),
    '',
    ...option('#explain: true', at('explain')),
    '',
    '# Rules: a combination is dropped when all axes that are named match. Each axis (data, model, defense, attack,',
    '# seed) has one value or a list; the others stand for all their values.',
    '#exclude: [{ defense: l2, seed: 1 }]',
    '',
    '# And combinations are added, of new seeds too.',
    '#include: [{ defense: none, seed: [2, 3] }]',
  ]);
}

export const PREAMBLE = [
  '#',
  '# A line that begins with # and no space after it is an option: remove the # to set it.',
  '# `ml-doctor list attacks|defenses|datasets|models` shows what else there is.',
  '# For help while typing, point your editor to the JSON Schema in the package:',
  '# node_modules/ml-doctor/schema/config-1.schema.json',
];

/** In prose, since it takes two entries of the list. */
const THROUGH = [
  '# One of membership or inversion can go through a copy of the target, stolen by another of the list:',
  '# - { inversion/mi-face: {}, through: stealing/posterior-matching }',
];

export const UNKNOWN_DEFENSE = [
  '# Attackers know of it, and train their own models with it, unless it stands there with adaptive: false:',
  '# { l2: {}, adaptive: false }',
];

/** An audit takes one of them. */
export const defenseLines = (): string[] =>
  named(defenses)
    .filter(({ name }) => name !== 'none')
    .flatMap(({ name, title, params }) => [
      ...explained(title, params),
      `#defense: { ${entry(name, params)} }`,
    ]);

/** Trained without options. */
const FORESTS = Object.values(architectures).flatMap(({ name, trains }) =>
  trains === 'forest' ? [name] : [],
);

/** In prose, since their options are those of some only. */
const modelLines = (): string[] => [
  ...comment(`Architectures: ${Object.keys(architectures).join(', ')}.`),
  ...comment(
    'Beside its training an architecture that has a choice (`ml-doctor list models`) takes norm: batch, group or none, and dropout: from 0 to 0.99.',
  ),
];

type LookUp = (key: string) => SchemaNode;

interface Named {
  readonly name: string;
  /** With the paper. */
  readonly title: string;
  readonly params: SchemaNode;
}

function dataLines(at: LookUp): string[] {
  return [
    ...option(`catalog: ${DATA}`, at('catalog')),
    ...option(`#split: ${at('split').default}`, at('split')),
    ...option(`#pixels: ${PIXELS}`, at('pixels')),
    `${pad(`recordsPerRole: ${RECORDS}`)}# from 1 to the largest role, here a quarter: ${quarterOf(DATA)}; default: all`,
    ...option('#overlap: allow', at('overlap')),
    ...option('#slices: []', at('slices')),
  ];
}

function recipeLines(at: LookUp): string[] {
  const others = [
    'batchSize',
    'optimizer',
    'learningRate',
    'learningRateDecay',
    'momentum',
    'weightDecay',
    'milestones',
  ];
  return [
    ...option(`epochs: ${EPOCHS}`, at('epochs')),
    ...others.flatMap((key) => option(`#${key}: ${inYaml(at(key).default)}`, at(key))),
  ];
}

function offerLines(at: LookUp): string[] {
  const [access, output] = [at('access'), at('output')];
  return [
    '# How far an attacker reaches the target; an attack that needs more is refused.',
    `# access: ${about(access)}`,
    `# output: ${about(output)}`,
    `#offers: ${inYaml({ access: access.default, output: output.default })}`,
  ];
}

/** Every entry of a registry as an item of a list: the active ones with all their parameters, the rest in comments. */
export function namedLines(entries: readonly Named[], active: readonly string[]): string[] {
  return entries.flatMap(({ name, title, params }) => {
    const options = optionsOf(params);
    if (!active.includes(name)) return [...explained(title, params), `#- ${entry(name, params)}`];
    if (options.length === 0) return [`# ${title}`, `- ${name}`];
    const lines = options.flatMap(([key, node]) => option(`${key}: ${inYaml(node.default)}`, node));
    return [`# ${title}`, `- ${name}:`, ...indented(4, lines)];
  });
}

/** With as many of its parameters, at their defaults, as fit on a line; the others stand in the comment above it. */
function entry(name: string, params: SchemaNode): string {
  const shown: Record<string, unknown> = {};
  const line = () => inYaml({ [name]: shown }).slice(2, -2);
  for (const [key, node] of optionsOf(params)) {
    if (node.default === undefined) continue;
    shown[key] = node.default;
    if (line().length > MAX_ENTRY) {
      delete shown[key];
      break;
    }
  }
  return line();
}

/** For an entry on one line: its title, then a line for every parameter. */
const explained = (title: string, params: SchemaNode): string[] => [
  `# ${title}`,
  ...optionsOf(params).flatMap(([key, node]) => comment(`${key}: ${about(node)}`)),
];

/** A comment of as many lines as it needs. */
export const comment = (text: string): string[] =>
  wrapped(text, MAX_WIDTH - 4).map((line, index) => `#${index === 0 ? ' ' : '   '}${line}`);

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export const named = (
  registry: Readonly<Record<string, { name: string; title: string; source: string; schema: z.ZodType }>>,
): Named[] =>
  Object.values(registry).map(({ name, title, source, schema }) => ({
    name,
    title: `${title} (${source})`,
    params: z.toJSONSchema(schema, { io: 'input' }) as SchemaNode,
  }));

/** Parameters that leave a choice. */
const optionsOf = ({ properties = {} }: SchemaNode): [string, SchemaNode][] =>
  Object.entries(properties).filter(([, node]) => node.const === undefined);

/** A line of the file with what may stand there; what it means is beside it, or above where that is long. */
export function option(line: string, node: SchemaNode): string[] {
  const together = `${pad(line)}# ${about(node)}`;
  if (node.description === undefined || together.length <= MAX_WIDTH) return [together];
  const { description, ...range } = node;
  const beside = `${pad(line)}# ${about(range)}`;
  return beside.length <= MAX_ENTRY
    ? [...comment(description), beside]
    : [...comment(description), ...comment(about(range)), line];
}

function about(node: SchemaNode): string {
  const { description, default: value, title: _, ...range } = node;
  const parts = [
    description,
    node.enum === undefined ? expectation(range) : listed(node.enum.map(String)),
    value === undefined ? undefined : `default: ${inYaml(value)}`,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

export const pad = (line: string): string => `${line} `.padEnd(COMMENT_COLUMN);

export const indented = (by: number, lines: readonly string[]): string[] =>
  lines.map((line) => ' '.repeat(by) + line);

/** Lines of a mapping as an item of a list: the dash before its first key. */
const asItem = (lines: readonly string[]): string[] => {
  const first = lines.findIndex((line) => !line.startsWith('#'));
  return lines.map((line, index) => (index < first ? line : `${index === first ? '-' : ' '} ${line}`));
};

/** The schema of a path, through the mappings and lists on its way. */
const lookUp = (kind: 'audit' | 'study') => {
  const schema: SchemaNode = jsonSchemaOf(kind);
  return (...path: (string | number)[]): SchemaNode => {
    // A value that has every part of the path, so that of alternatives the mapping is taken.
    const value = path.reduceRight<unknown>((inner, part) => (part === 0 ? [inner] : { [part]: inner }), '');
    const node = nodeAt(schema, path, value);
    if (node === undefined) throw new Error(`internal: the schema has no ${path.join('.')}`);
    return node;
  };
};

export const asText = (lines: readonly string[]): string =>
  `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
