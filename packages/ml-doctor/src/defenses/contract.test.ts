/** What every defence must be, whichever are in the registry. The checks are those that `ml-doctor selftest` runs. */
import { describe, expect, it } from 'vitest';
import { defenseContract } from '../audit/selftest/contract/defense-contract.ts';
import { defenseOf, defenses } from './registry.ts';

const { signal } = new AbortController();

describe.each(Object.entries(defenses))('defence %s', (name, defense) => {
  it('describes itself in few words', () => {
    expect(defense.name).toBe(name);
    expect(defenseOf(name)).toBe(defense);
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const text of [defense.title, defense.source]) expect(text).toMatch(/^\S.*\S$/);
    expect(defense.title.length).toBeLessThanOrEqual(40);
    expect(defense.source.length).toBeLessThanOrEqual(64);
  });

  it('has a default for every parameter, as JSON, and takes what it says back', () => {
    const { params } = defense.configure();
    expect(JSON.parse(JSON.stringify(params))).toEqual(params);
    expect(defense.configure({}).params).toEqual(params);
    expect(defense.configure(params).params).toEqual(params);
  });

  it('refuses what is no parameter of it', () => {
    for (const wrong of [{ nonsense: 1 }, 7, null, []])
      expect(() => defense.configure(wrong)).toThrow(expect.objectContaining({ code: 'MLD_USAGE' }));
  });

  it.each(defenseContract({ defense }))('$name', async ({ run }) => {
    expect(await run(signal)).toEqual([]);
  });
});
