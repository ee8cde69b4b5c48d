/** What policies say, in all spellings, and what happens to those that cannot be meant. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { BAD_POLICIES } from '../../../test/gate/bad-policies.ts';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { AuditError } from '../../errors.ts';
import { durationSeconds } from './duration.ts';
import { loadPolicy, parsePolicy } from './load-policy.ts';
import { policyJsonSchema } from './policy-schema.ts';
import { policyTemplate } from './policy-template.ts';

const FULL = `$schema: ./policy-1.schema.json
name: Release
limits:
  - { attack: membership/*, metric: tprAtFpr0.001, bound: high, max: 0.02, missing: allow }
  - { attack: stealing/posterior-matching, access: black-box, auxiliary: shadow, output: posteriors, metric: agreement, min: 0.1 }
verdicts: { membership: low, inversion: none-found, attribute: moderate, stealing: moderate }
inconclusive: low
required: [membership/lira, { attack: membership/*, access: white-box }]
maximumAge: 30d
tool: { min: 0.1.0 }
target: { name: mlp, classes: 10, data: ${'a'.repeat(64)} }
baseline: { allowIncrease: 0.01, significant: false, metrics: [auc, mse] }
holes: allow
`;

function refusalOf(text: string): AuditError {
  try {
    parsePolicy(text, 'p.yaml');
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('a policy', () => {
  it('is what the file says when it says all', () => {
    const { $schema, ...said } = parse(FULL) as Record<string, unknown>;
    expect(parsePolicy(FULL, 'p.yaml').policy).toEqual({
      ...said,
      limits: [said['limits']?.[0 as never], { ...(said['limits'] as object[])[1], missing: 'refuse' }],
      required: [{ attack: 'membership/lira' }, { attack: 'membership/*', access: 'white-box' }],
      maximumAge: { seconds: 30 * 86_400, written: '30d' },
    });
  });

  it('is strict where the file says the least', () => {
    const { policy } = parsePolicy('baseline: {}', 'p.yaml');
    expect(policy).toEqual({
      limits: [],
      verdicts: {},
      required: [],
      inconclusive: 'moderate',
      holes: 'refuse',
      baseline: { allowIncrease: 0, significant: true },
    });
  });

  it('knows where its rules stand', () => {
    const { place } = parsePolicy(FULL, 'p.yaml');
    expect(place(['limits', 1])).toEqual({ line: 5, column: 5 });
    expect(place(['verdicts', 'membership'])).toEqual({ line: 6, column: 25 });
    expect(place([])).toEqual({ line: 1, column: 1 });
  });

  it('may be JSON, and begin with a byte order mark', () => {
    expect(parsePolicy('\uFEFF{"maximumAge": "12h"}', 'p.json').policy.maximumAge?.seconds).toBe(43_200);
  });
});

it.each([
  ...[
    ['30d', 2_592_000],
    ['12h', 43_200],
    ['2w', 1_209_600],
    ['P30D', 2_592_000],
    ['P2W', 1_209_600],
  ],
  ...[
    ['PT90M', 5400],
    ['P1DT12H', 129_600],
    ['PT1S', 1],
    ['P1DT1H1M1S', 90_061],
  ],
  ...[
    '',
    'd',
    '30',
    '30 d',
    'P',
    'PT',
    'P1DT',
    'P1Y',
    'P1M',
    '1.5d',
    '0d',
    'PT0S',
    '-1d',
    '1234567d',
    '30D',
  ].map((text) => [text, undefined] as const),
] as const)('the duration %j has %j seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

describe('a bad policy', () => {
  it.each(BAD_POLICIES.map((bad) => [bad.title, bad] as const))(
    'with %s is refused at its place',
    (_, bad) => {
      const offset = bad.text.indexOf('▸');
      const before = bad.text.slice(0, offset).split('\n');
      const error = refusalOf(bad.text.replace('▸', ''));
      expect(error.code).toBe('MLD_POLICY');
      const place = `p.yaml:${before.length}:${before.at(-1)!.length + 1}: `;
      if (bad.says !== '') expect(error.message.slice(0, place.length)).toBe(place);
      expect(error.message).toMatch(/^p\.yaml:\d+:\d+: /);
      expect(error.message).toContain(bad.says);
      expect(error.hint).toContain(bad.hints);
      expect(error.hint).toMatch(/\w/);
      expect(`${error.message} ${error.hint}`).not.toContain('configuration');
    },
  );

  it('is told of with how many others', () => {
    expect(refusalOf('limit: 1\nholes: maybe').message).toContain('(and 1 more problem)');
  });

  it('is refused when it cannot be read, is no text, or is huge', async () => {
    const folder = temporaryFolder();
    const path = (name: string, content?: string | Uint8Array) => {
      if (content !== undefined) writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    mkdirSync(path('folder'));
    for (const [file, says] of [
      [path('nowhere'), 'cannot read'],
      [path('folder'), 'cannot read'],
      [path('bytes', new Uint8Array([0xff, 0xfe, 0, 1])), 'not text'],
      [path('huge', 'x'.repeat(2_200_000)), 'more than'],
    ] as const)
      await expect(loadPolicy(file)).rejects.toMatchObject({
        code: 'MLD_POLICY',
        message: expect.stringContaining(says),
        hint: expect.stringContaining('policy'),
      });
  });
});

describe('the template', () => {
  const text = policyTemplate();
  const lines = text.split('\n');
  const options = [...lines.keys()].filter((index) => /^\s*#[^\s]/.test(lines[index]!));
  const without = (marks: readonly number[]) =>
    lines.map((line, index) => (marks.includes(index) ? line.replace('#', '') : line)).join('\n');

  it('can be read as it stands, with each option, and with all', () => {
    const asItStands = parsePolicy(text, 'template').policy;
    expect(asItStands.limits).toHaveLength(2);
    expect(options.length).toBeGreaterThan(7);
    for (const index of options) expect(parsePolicy(without([index]), 'template').policy).not.toBeUndefined();
    const all = parsePolicy(without(options), 'template').policy;
    expect(Object.keys(all).sort()).toEqual(Object.keys(parsePolicy(FULL, 'p.yaml').policy).sort());
  });
});

describe('the JSON Schema of policies', () => {
  const PUBLISHED = new URL('../../../schema/policy-1.schema.json', import.meta.url);
  const current = JSON.stringify(policyJsonSchema(), null, 2);

  it('is published as it is: run with UPDATE_SCHEMA=1, then format, to write it anew', () => {
    if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(PUBLISHED, `${current}\n`);
    expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).toEqual(JSON.parse(current));
  });

  const { anyOf, ...structure } = JSON.parse(current) as { anyOf: { required: string[] }[] };
  const judge = z.fromJSONSchema(structure);
  const accepts = (value: unknown) =>
    judge.safeParse(value).success &&
    anyOf.some(({ required: [key] }) => Object.hasOwn(value as object, key!));

  it('accepts what the reader accepts', () => {
    for (const text of [FULL, policyTemplate(), 'baseline: {}']) expect(accepts(parse(text))).toBe(true);
  });

  /** What only the reader can tell. */
  const BEYOND =
    /metric$|metric in capitals|at no rate|prototypes|of no metric|by no metric|neutral|family$|limits nothing|crossed|without pins|no verdicts|age of nothing|twice|tag|merge|alias|documents|tab|unclosed|control|deep|too much|nothing$|comments/;

  it.each(
    BAD_POLICIES.filter(({ title }) => !BEYOND.test(title)).map(({ title, text }) => [title, text] as const),
  )('refuses %s', (_, text) => {
    expect(accepts(parse(text.replace('▸', '')))).toBe(false);
  });
});
