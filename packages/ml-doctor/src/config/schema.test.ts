/** The published JSON Schema stays in step with the code and judges files as the code does, where it can. */

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { BAD_INPUTS } from '../../test/config/bad-inputs.ts';
import { VALID } from '../../test/config/samples.ts';
import { attacks } from '../attacks/registry.ts';
import { catalog } from '../data/catalog/catalog.ts';
import { defenses } from '../defenses/registry.ts';
import { architectures } from '../models/architectures.ts';
import type { SchemaNode } from './expectation.ts';
import { configJsonSchema } from './json-schema.ts';

const PUBLISHED = new URL('../../schema/config-1.schema.json', import.meta.url);

const published = () => JSON.parse(readFileSync(PUBLISHED, 'utf8'));

describe('the JSON Schema of configurations', () => {
  it('is published as it is: run with UPDATE_SCHEMA=1, then format, to write it anew', () => {
    const current = JSON.stringify(configJsonSchema(), null, 2);
    if (process.env.UPDATE_SCHEMA === '1') writeFileSync(PUBLISHED, `${current}\n`);
    expect(published()).toEqual(JSON.parse(current));
  });

  it('knows every name there is, and every parameter', () => {
    const text = readFileSync(PUBLISHED, 'utf8');
    for (const registry of [attacks, defenses, architectures, catalog])
      for (const name of Object.keys(registry)) expect(text).toContain(`"${name}"`);
    for (const { schema } of [...Object.values(attacks), ...Object.values(defenses)])
      for (const key of Object.keys(z.toJSONSchema(schema, { io: 'input' }).properties ?? {}))
        expect(text).toContain(`"${key}"`);
  });

  it('closes every mapping but those whose keys are the user’s', () => {
    const free = /\/(headers|settings)$/;
    const open: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { type, additionalProperties } = node as { type?: unknown; additionalProperties?: unknown };
      if (type === 'object' && additionalProperties !== false && !free.test(path)) open.push(path);
      for (const [key, inner] of Object.entries(node)) visit(inner, `${path}/${key}`);
    };
    visit(published(), '');
    expect(open).toEqual([]);
  });

  it('describes every key but those of which the name says all', () => {
    const { anyOf } = published() as { anyOf: SchemaNode[] };
    for (const kind of anyOf)
      for (const [key, node] of Object.entries(kind.properties ?? {}))
        expect(node.description, `${kind.title}: ${key}`).toMatch(/\w/);
  });
});

describe('judged by the JSON Schema alone', () => {
  // Through JSON and back, so that nothing is left of where it comes from.
  const judge = z.fromJSONSchema(JSON.parse(JSON.stringify(configJsonSchema())));
  const accepts = (value: unknown) => judge.safeParse(value).success;

  it.each(Object.entries(VALID))('%s is valid', (_, text) => {
    expect(accepts(parse(text))).toBe(true);
  });

  /** What only the whole can tell, or no value shows: all other bad inputs that are YAML break the schema. */
  const BEYOND =
    /two places at once|two names in one item|through a copy|budgets that fall|for a forest|twice|a name from|beyond measure|more records|attack that gets|attacks of a study|that fall|rule of (a value|two)|rule that (drops|adds)|half a character|merge key|both target|a tag|version of YAML|directive|alias|aliases|control|bell|CR$|an octal/;

  const plain = BAD_INPUTS.filter(({ title, text }) => !BEYOND.test(title) && text.length < 5000).flatMap(
    ({ title, text }) => {
      try {
        return [
          [title, parse(text.replace('▸', ''), { maxAliasCount: 0, logLevel: 'silent' }) as unknown] as const,
        ];
      } catch {
        return [];
      }
    },
  );

  it.each(plain)('%s is not', (_, value) => {
    expect(accepts(value)).toBe(false);
  });

  it('that is most of the bad inputs', () => {
    expect(plain.length).toBeGreaterThan(60);
  });
});
