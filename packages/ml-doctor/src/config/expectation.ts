/** JSON Schema in words: what a place of a configuration may hold, an example of it, and what to do about another value. */

import type { ConfigPath } from './config.ts';
import { listed, suggestion } from './suggest.ts';

/** The part of JSON Schema that messages can speak of. */
export interface SchemaNode {
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  /** Of a pattern: the names that it stands for, without what may follow them. */
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: boolean | SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
}

/** The schema of a path; of alternatives on the way the one that fits the value found there. */
export function nodeAt(root: SchemaNode, path: ConfigPath, value: unknown): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  let found = value;
  for (const part of path) {
    node = branchFor(node, found);
    node = typeof part === 'number' ? itemOf(node) : memberOf(node, part);
    if (node === undefined) return undefined;
    found = ownProperty(found, part);
  }
  return branchFor(node, found);
}

/** What may stand there, to follow "must be". */
export function expectation(node: SchemaNode): string {
  if (node.title !== undefined) return `a${/^[aeiou]/.test(node.title) ? 'n' : ''} ${node.title}`;
  const choices = choicesOf(node);
  if (choices !== undefined) return choices.length === 1 ? choices[0]! : `one of ${listed(choices)}`;
  // Of a name and a longer way to say it the name is enough.
  const name = node.anyOf?.find((branch) => branch.title !== undefined);
  if (name !== undefined) return expectation(name);
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(expectation))].join(' or ');
  switch (node.type) {
    case 'integer':
      return `a whole number${range(node)}`;
    case 'number':
      return `a number${range(node)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return (node.minItems ?? 0) > 0 ? `a list of at least ${node.minItems}` : 'a list';
    case 'object':
      return 'a mapping of keys to values';
    case 'string':
      return node.pattern === undefined
        ? 'a text'
        : `a text of one line${node.maxLength === undefined ? '' : `, ${node.maxLength} characters at most`}`;
    default:
      return 'something else';
  }
}

/** A sentence that tells what to write in place of `value`, the nearest valid value where one is near. */
export function remedy(node: SchemaNode, value: unknown): string {
  const choices = choicesOf(node);
  if (choices !== undefined && typeof value === 'string')
    return suggestion(
      knownPart(value, choices),
      choices,
      node.title === undefined ? 'values' : `${node.title}s`,
    );
  if (node.type === 'array' && !Array.isArray(value))
    return (typeof value === 'string' && /^[\w./-]{1,60}$/.test(value)) || typeof value === 'number'
      ? `Write a list: [ ${value} ].`
      : `Write a list, for example ${inYaml(example(node))}.`;
  if (Array.isArray(value) && node.type !== 'array') return 'Write one value, without [ ] or - before it.';
  if (isNumeric(node)) {
    if (typeof value === 'string' && value.trim() !== '' && fits(node, Number(value)))
      return `Write ${Number(value)} without quotes.`;
    const nearest = typeof value === 'number' ? nearestNumber(node, value) : undefined;
    if (nearest !== undefined) return `The nearest valid value is ${nearest}.`;
  }
  if (node.type === 'boolean' && typeof value === 'string')
    return /^(true|yes|on)$/i.test(value)
      ? 'Write true, without quotes.'
      : 'Write true or false, without quotes: yes and no are words.';
  if (node.anyOf !== undefined || (choices === undefined && node.title !== undefined))
    return `For example: ${inYaml(example(node))}.`;
  if (choices !== undefined) return `Write ${choices.length > 1 ? 'one of ' : ''}${listed(choices)}.`;
  return `Write ${expectation(node)}.`;
}

/** Of a name with options that it cannot have (`adult@32`) the name. */
const knownPart = (value: string, choices: readonly string[]): string => {
  const [name = ''] = value.split(/[+@]/);
  return choices.includes(name) ? name : value;
};

/** The smallest value that a schema asks for. */
export function example(node: SchemaNode): unknown {
  if (node.default !== undefined) return node.default;
  if (node.const !== undefined) return node.const;
  if (node.enum !== undefined) return node.enum[0];
  if (node.examples !== undefined) return node.examples[0];
  if (node.anyOf !== undefined) return example(node.anyOf[0]!);
  if (node.type === 'array') return (node.minItems ?? 0) > 0 ? [example(itemOf(node) ?? {})] : [];
  if (node.type === 'object')
    return Object.fromEntries(
      (node.required ?? []).map((key) => [key, example(node.properties?.[key] ?? {})]),
    );
  if (node.type === 'boolean') return true;
  return isNumeric(node) ? (node.minimum ?? 1) : '…';
}

/** On one line, as people write YAML; for values of {@link example} and defaults. */
export function inYaml(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(inYaml).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${inYaml(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

const itemOf = ({ items }: SchemaNode): SchemaNode | undefined =>
  typeof items === 'object' ? items : undefined;

function memberOf({ properties, additionalProperties }: SchemaNode, key: string): SchemaNode | undefined {
  return (
    ownProperty(properties, key) ??
    (typeof additionalProperties === 'object' ? additionalProperties : undefined)
  );
}

const isNumeric = ({ type }: SchemaNode): boolean => type === 'integer' || type === 'number';

const choicesOf = (node: SchemaNode): string[] | undefined =>
  node.const !== undefined ? [String(node.const)] : (node.enum ?? node.examples)?.map(String);

const ownProperty = <T>(
  from: T,
  key: string | number,
): T extends Readonly<Record<string, infer V>> ? V : undefined =>
  (typeof from === 'object' && from !== null && Object.hasOwn(from, key)
    ? (from as Readonly<Record<string | number, unknown>>)[key]
    : undefined) as never;

function branchFor(node: SchemaNode, value: unknown): SchemaNode {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : 'scalar';
  const kindOf = ({ type }: SchemaNode) => (type === 'array' || type === 'object' ? type : 'scalar');
  // Of nothing at all, of what fits no branch and of what fits several, all the branches together say what is expected.
  const [only, other] = value === null ? [] : (node.anyOf ?? []).filter((branch) => kindOf(branch) === kind);
  return only === undefined || other !== undefined ? node : only;
}

function range({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: SchemaNode): string {
  // Beyond these no whole number is exact: a limit of JSON, and none of ours.
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const low =
    exclusiveMinimum !== undefined ? ` above ${exclusiveMinimum}` : least !== undefined && ` from ${least}`;
  const high =
    exclusiveMaximum !== undefined ? ` below ${exclusiveMaximum}` : most !== undefined && ` to ${most}`;
  if (low && !high && least !== undefined) return `, ${least} or more`;
  return `${low || ''}${low && exclusiveMaximum !== undefined ? ' and' : ''}${high || ''}`;
}

function fits(node: SchemaNode, value: number): boolean {
  return (
    Number.isFinite(value) &&
    (node.type !== 'integer' || Number.isInteger(value)) &&
    value >= (node.minimum ?? -Infinity) &&
    value <= (node.maximum ?? Infinity) &&
    value > (node.exclusiveMinimum ?? -Infinity) &&
    value < (node.exclusiveMaximum ?? Infinity)
  );
}

function nearestNumber(node: SchemaNode, value: number): number | undefined {
  const whole = node.type === 'integer' ? Math.round(value) : value;
  const clamped = Math.min(Math.max(whole, node.minimum ?? -Infinity), node.maximum ?? Infinity);
  return Number.isFinite(value) && fits(node, clamped) ? clamped : undefined;
}
