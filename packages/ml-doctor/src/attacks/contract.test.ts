/** What every membership attack must do, whatever its method. The checks are those that `ml-doctor selftest` runs. */

import { describe, expect, it } from 'vitest';
import { builtInCases } from '../audit/selftest/built-in-cases.ts';
import { membershipContract } from '../audit/selftest/contract/membership-contract.ts';
import { titleOf } from '../audit/selftest/contract-case.ts';
import { membershipAttacks } from './membership/registry.ts';

const { signal } = new AbortController();

describe('the cases', () => {
  it('are of every membership attack', () => {
    const names = Object.keys(membershipAttacks).sort();
    expect([...new Set(builtInCases.map(({ attack }) => attack.name))].sort()).toEqual(names);
  });
});

describe.each(builtInCases.map((one) => ({ ...one, title: titleOf(one) })))('$title', (one) => {
  it.each(membershipContract(one))('$name', async ({ run }) => {
    expect(await run(signal)).toEqual([]);
  });
});
