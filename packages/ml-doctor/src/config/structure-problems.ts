/** What the schema finds wrong, in words: unknown and missing keys, wrong types, values that there are not. */

import type { z } from 'zod';
import type { ConfigPath } from './config.ts';
import type { PlacedSource, Problem } from './config-source.ts';
import { example, expectation, inYaml, nodeAt, remedy, type SchemaNode } from './expectation.ts';
import { shownPath, shownValue } from './show.ts';
import { nearName, suggestion } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** A configuration, and what it was checked against. */
export interface Checked {
  readonly value: unknown;
  readonly source: PlacedSource;
  readonly schema: SchemaNode;
}

export function structureProblems(issues: readonly Issue[], checked: Checked): Problem[] {
  const problems: Problem[] = [];
  const visit = (list: readonly Issue[], prefix: ConfigPath): void => {
    for (const issue of list) {
      const path: ConfigPath = [...prefix, ...(issue.path as (string | number)[])];
      const branch = issue.code === 'invalid_union' ? branchMeant(issue.errors) : undefined;
      if (branch !== undefined) visit(branch, path);
      else if (issue.code === 'unrecognized_keys')
        problems.push(...issue.keys.map((key) => unknownKey(path, key, checked)));
      else if (issue.code === 'custom') {
        // While a mapping has unknown keys, rules on all its keys together say nothing.
        if (strangersAt(path, checked).length === 0)
          problems.push(brokenRule(path, issue.message, checked, issue.params?.['hint']));
      } else if (valueAt(checked.value, path) !== undefined)
        problems.push(mismatch(path, issue.message, checked));
      else if (!isMisspelt(path, checked)) problems.push(missingKey(path, checked));
    }
  };
  visit(issues, []);
  return problems;
}

/** Of alternatives the one whose kind of value was found, if there is one: its complaints are about the inside. */
const branchMeant = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined =>
  branches.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys' || code === 'custom'),
  );

function unknownKey(parent: ConfigPath, key: string, { value, schema }: Checked): Problem {
  return {
    path: [...parent, key],
    atKey: true,
    words: () => {
      const node = nodeAt(schema, parent, value);
      const known = keysOf(node);
      const where = parent.length === 0 ? 'at the top' : `in ${shownPath(parent)}`;
      if (isNamed(node) && parent.length > 0) {
        const beside = nearName(key, keysBeside(node));
        if (beside !== undefined)
          return [`unknown key ${shownValue(key)} ${where}`, `Did you mean "${beside}"?`];
        const names = known.filter((one) => !keysBeside(node).includes(one));
        return [`there is no ${node?.title} ${shownValue(key)}`, suggestion(key, names, `${node?.title}s`)];
      }
      const around = nodeAt(schema, parent.slice(0, -1), value);
      if (isNamed(around) && keysBeside(around).includes(key))
        return [
          `${shownValue(key)} is no parameter of ${parent.at(-1)}`,
          `Write it beside ${parent.at(-1)}, one level up.`,
        ];
      if (known.length === 0)
        return [`${shownPath(parent)} takes no options, and ${shownValue(key)} is given`, `Remove ${key}.`];
      return [`unknown key ${shownValue(key)} ${where}`, suggestion(key, known, 'keys')];
    },
  };
}

function missingKey(path: ConfigPath, { value, schema }: Checked): Problem {
  const parent = path.slice(0, -1);
  return {
    path: parent,
    words: () => {
      const where = parent.length === 0 ? 'the file' : shownPath(parent);
      const node = nodeAt(schema, path, value);
      const key = String(path.at(-1));
      const sample =
        node === undefined ? '' : `, for example ${inYaml({ [key]: example(node) }).slice(2, -2)}`;
      return [`${where} lacks the key "${key}"`, `Add it${sample}.`];
    },
  };
}

function mismatch(path: ConfigPath, message: string, { value, source, schema }: Checked): Problem {
  return {
    path,
    words: () => {
      const found = valueAt(value, path);
      const node = nodeAt(schema, path, value);
      const shown = shownValue(found, source.written(path));
      // Some schemas say more than there are words for here.
      if (node === undefined) return [`${shownPath(path)} is ${shown}: ${message}`, CHANGE];
      const parent = path.slice(0, -1);
      const around = nodeAt(schema, parent, value);
      if (found === null && node.type === 'object' && isNamed(around)) {
        const alone = keysBeside(around).every((key) => valueAt(value, [...parent, key]) === undefined);
        return [
          `nothing stands under ${shownValue(path.at(-1))}`,
          `Indent its parameters deeper than the name, or write ${alone ? 'the name without the colon' : '{} after the colon'}.`,
        ];
      }
      if (typeof found === 'string' && (node.enum ?? node.examples) !== undefined && node.title !== undefined)
        return [`there is no ${node.title} ${shown}`, remedy(node, found)];
      const name = path.length === 0 ? 'a configuration' : shownPath(path);
      const what =
        found === null && shown === 'empty'
          ? `${name} is empty; it must be ${expectation(node)}`
          : `${name} must be ${expectation(node)}, not ${shown}`;
      return [what, remedy(node, found)];
    },
  };
}

const CHANGE = 'Change the value, or remove it where it can be left out.';

/** @param hint what to do, where the rule says it itself */
function brokenRule(
  path: ConfigPath,
  message: string,
  { value, source }: Checked,
  hint: string = CHANGE,
): Problem {
  return {
    path,
    words: () => [
      `${shownPath(path)} is ${shownValue(valueAt(value, path), source.written(path))}: ${message}`,
      hint,
    ],
  };
}

/** Whether the key that is missing stands there with a spelling of its own, which is a problem already. */
function isMisspelt(path: ConfigPath, checked: Checked): boolean {
  const parent = path.slice(0, -1);
  const known = keysOf(nodeAt(checked.schema, parent, checked.value));
  return strangersAt(parent, checked).some((key) => nearName(key, known) === path.at(-1));
}

function strangersAt(path: ConfigPath, { value, schema }: Checked): string[] {
  const found = valueAt(value, path);
  const { properties } = nodeAt(schema, path, value) ?? {};
  if (typeof found !== 'object' || found === null || properties === undefined) return [];
  return Object.keys(found).filter((key) => !Object.hasOwn(properties, key));
}

const keysOf = (node: SchemaNode | undefined): string[] =>
  Object.keys(node?.properties ?? {}).filter((key) => key !== '$schema');

/** A mapping of one name to parameters. */
const isNamed = (node: SchemaNode | undefined): boolean =>
  node?.title !== undefined && node.properties !== undefined;

/** What may stand beside the name of such a mapping. */
const keysBeside = (node: SchemaNode | undefined): string[] =>
  Object.entries(node?.properties ?? {}).flatMap(([key, { type }]) => (type === 'object' ? [] : [key]));

function valueAt(value: unknown, path: ConfigPath): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[part];
  }
  return found;
}
