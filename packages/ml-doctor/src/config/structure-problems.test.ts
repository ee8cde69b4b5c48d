/** Schemas that no attack has yet, as somebody may add: their faults are told in words too. */

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSource } from './config-source.ts';
import { readDocument } from './document.ts';
import type { SchemaNode } from './expectation.ts';
import { positionsIn } from './positions.ts';
import { structureProblems } from './structure-problems.ts';

const schema = z.strictObject({
  flag: z.boolean().optional(),
  mode: z.union([z.literal('auto'), z.int().min(2).max(9)]).optional(),
  share: z.number().gt(0).lte(1).optional(),
  weights: z.record(z.string(), z.number().min(-1)).optional(),
  pair: z.tuple([z.number(), z.string()]).optional(),
  steps: z.array(z.strictObject({ kind: z.enum(['noise', 'clip']), by: z.number().optional() })).optional(),
  range: z
    .strictObject({ from: z.number(), to: z.number() })
    .refine(({ from, to }) => from < to, 'from must lie below to')
    .optional(),
});

const told = (text: string): string => {
  const positions = positionsIn(text, 'f');
  const { value, place } = readDocument(text, positions);
  const source = configSource(place, positions);
  const parsed = schema.safeParse(value);
  if (parsed.success) return 'valid';
  const problems = structureProblems(parsed.error.issues, {
    value,
    source,
    schema: z.toJSONSchema(schema) as SchemaNode,
  });
  const error = source.first(problems);
  return `${error?.message} | ${error?.hint}`;
};

describe('a fault in a schema of one’s own', () => {
  it.each([
    ['flag: yes', 'f:1:7: flag must be true or false, not "yes" | Write true, without quotes.'],
    [
      'flag: "off"',
      'f:1:7: flag must be true or false, not "off" | Write true or false, without quotes: yes and no are words.',
    ],
    ['flag: 1', 'f:1:7: flag must be true or false, not 1 | Write true or false.'],
    ['mode: 12', 'f:1:7: mode must be auto or a whole number from 2 to 9, not 12 | For example: auto.'],
    ['mode: atuo', 'f:1:7: mode must be auto or a whole number from 2 to 9, not "atuo" | For example: auto.'],
    ['share: 1.5', 'f:1:8: share must be a number above 0 to 1, not 1.5 | The nearest valid value is 1.'],
    ['share: 0', 'f:1:8: share must be a number above 0 to 1, not 0 | Write a number above 0 to 1.'],
    [
      'weights: { a: 1, b: -3 }',
      'f:1:21: weights.b must be a number, -1 or more, not -3 | The nearest valid value is -1.',
    ],
    [
      'steps: [{ kind: nois }]',
      'f:1:17: steps[0].kind must be one of noise, clip, not "nois" | Did you mean "noise"?',
    ],
    ['steps: [{ by: 2 }]', 'f:1:9: steps[0] lacks the key "kind" | Add it, for example kind: noise.'],
    [
      'range: { from: 3, to: 1 }',
      'f:1:8: range is {"from": 3, "to": 1}: from must lie below to | Change the value, or remove it where it can be left out.',
    ],
    ['range: { from: 3, too: 1 }', 'f:1:19: unknown key "too" in range | Did you mean "to"?'],
  ])('%s', (text, expected) => {
    expect(told(text)).toBe(expected);
  });

  it('that has no words here keeps those of the schema', () => {
    expect(told('pair: [1, 2]')).toMatch(/^f:1:11: pair\[1\] is 2: \S.* \| Change the value/);
  });

  it('is not seen where there is none', () => {
    expect(
      told('{ flag: true, mode: 2, share: 1, weights: { x: 0 }, pair: [1, a], range: { from: 0, to: 1 } }'),
    ).toBe('valid');
  });
});
