/** Names of models there and back, in one way of writing only. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GradientArchitecture, NORMS } from './architecture.ts';
import {
  lacking,
  type ModelName,
  modelName,
  namePattern,
  parseModelName,
  withOptions,
  withoutOwn,
} from './model-name.ts';

const own = (given: Partial<GradientArchitecture>): GradientArchitecture => ({
  ...{ name: 'net', title: '', source: '', trains: 'gradient' },
  build: (options) => options as never,
  ...given,
});

const net = own({ norms: ['batch', 'none', 'group'], dropout: 0.5 });
const plain = own({});

const anyName: fc.Arbitrary<ModelName> = fc
  .record({
    norm: fc.option(fc.constantFrom(...NORMS), { nil: undefined }),
    dropout: fc.option(
      fc.integer({ min: 0, max: 999_999 }).map((n) => n / 1_000_000),
      { nil: undefined },
    ),
  })
  .map(({ norm, dropout }) => ({
    name: 'net',
    ...(norm !== undefined && { norm }),
    ...(dropout !== undefined && { dropout }),
  }));

describe('names of models', () => {
  test('are written norm first, then dropout', () => {
    expect(modelName({ name: 'net' })).toBe('net');
    expect(modelName({ name: 'net', dropout: 0.3, norm: 'group' })).toBe('net+group-norm+dropout-0.3');
    expect(modelName({ name: 'net', norm: 'none', dropout: 0 })).toBe('net+no-norm+dropout-0');
    expect(modelName({ name: 'net', dropout: 0.1 + 0.2 })).toBe('net+dropout-0.3');
    expect(modelName({ name: 'net', dropout: 1e-6 })).toBe('net+dropout-0.000001');
  });

  test('say what they were made of', () => {
    fc.assert(
      fc.property(anyName, (one) => {
        expect(parseModelName(modelName(one))).toEqual(one);
      }),
    );
  });

  test.each([
    'net+dropout-0.3+group-norm',
    'net+dropout-0.30',
    'net+dropout-1',
    'net+dropout-.3',
    'net+group-norm+batch-norm',
    'net+layer-norm',
    'net+',
    'clone:12+34',
  ])('%s is no name with options', (text) => {
    expect(parseModelName(text)).toEqual({ name: text });
  });

  test('leave out what the architecture does anyhow', () => {
    expect(withoutOwn({ name: 'net', norm: 'batch', dropout: 0.5 }, net)).toEqual({ name: 'net' });
    const other = { name: 'net', norm: 'none', dropout: 0 } as const;
    expect(withoutOwn(other, net)).toEqual(other);
    expect(withoutOwn(other, plain)).toEqual(other);
  });

  test('have only options that the architecture has', () => {
    expect(lacking(net, { norm: 'group', dropout: 0.1 })).toEqual([]);
    expect(lacking(own({ norms: ['batch'] }), { norm: 'group', dropout: 0 })).toEqual(['norm', 'dropout']);
    expect(lacking(plain, {})).toEqual([]);
    const forest = { name: 'f', title: '', source: '', trains: 'forest', trees: 1 } as const;
    expect(lacking(forest, { norm: 'none', dropout: 0 })).toEqual(['norm', 'dropout']);
  });

  test('are matched by the pattern of their architecture, and nothing else is', () => {
    const pattern = new RegExp(`^(?:${namePattern(net)})$`);
    fc.assert(
      fc.property(anyName, (one) => {
        expect(modelName(one)).toMatch(pattern);
      }),
    );
    for (const text of ['net+dropout-0.30', 'net+dropout-1', 'net+dropout-0.3+no-norm', 'nett', 'net+x'])
      expect(text).not.toMatch(pattern);
    expect('net+group-norm').not.toMatch(new RegExp(`^(?:${namePattern(plain)})$`));
    expect('net+dropout-0.3').not.toMatch(new RegExp(`^(?:${namePattern(plain)})$`));
  });

  test('bind the options into what is built', () => {
    const built = withOptions(net, { norm: 'group', dropout: 0 });
    expect(built.name).toBe('net+group-norm+dropout-0');
    expect(built.build({ recordShape: [3], classes: 2, seed: 1 })).toEqual({
      ...{ recordShape: [3], classes: 2, seed: 1 },
      ...{ norm: 'group', dropout: 0 },
    });
    expect(withOptions(net, {}).build({ recordShape: [3], classes: 2, seed: 1 })).not.toHaveProperty('norm');
  });
});
