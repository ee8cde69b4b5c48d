import { describe, expect, it } from 'vitest';
import { attacks } from '../attacks/registry.ts';
import { parseAttackList } from './attack-list.ts';

describe('a list of attacks', () => {
  it('keeps its order and has the defaults', () => {
    expect(parseAttackList('membership/shadow-classifier, membership/loss-threshold')).toEqual([
      {
        name: 'membership/shadow-classifier',
        params: attacks['membership/shadow-classifier'].configure().params,
      },
      { name: 'membership/loss-threshold', params: { auxiliary: 'shadow' } },
    ]);
  });

  it.each([
    ['', 'the list of attacks is empty', 'with commas between them'],
    [' ', 'the list of attacks is empty', 'with commas'],
    ['membership/loss-threshold,', 'has a gap', 'with commas'],
    [
      'membership/loss-treshold',
      'there is no attack "membership/loss-treshold"',
      '"membership/loss-threshold"',
    ],
    ['loss-threshold', 'there is no attack "loss-threshold"', '"membership/loss-threshold"'],
    ['nonsense', 'there is no attack "nonsense"', 'Known attacks: membership/'],
    ['constructor', 'there is no attack "constructor"', 'Known attacks'],
    ['membership/loss-threshold,membership/loss-threshold', 'listed twice', 'once'],
  ])('%j is refused', (text, says, hints) => {
    expect(() => parseAttackList(text)).toThrow(
      expect.objectContaining({
        code: 'MLD_USAGE',
        message: expect.stringContaining(says),
        hint: expect.stringContaining(hints),
      }),
    );
  });
});
