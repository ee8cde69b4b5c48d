/** What every inversion attack must do, whatever its method. The checks are those that `ml-doctor selftest` runs. */

import { describe, expect, it } from 'vitest';
import { inversionCases } from '../../audit/selftest/cases/inversion.ts';
import { inversionContract } from '../../audit/selftest/contract/inversion-contract.ts';
import { inversionAttacks } from './registry.ts';

const { signal } = new AbortController();

describe.each(inversionCases.map((one) => ({ ...one, name: one.attack.name })))('$name', (one) => {
  it.each(inversionContract(one))('$name', async ({ run }) => {
    expect(await run(signal)).toEqual([]);
  });
});

it('knows every attack', () => {
  expect(inversionCases.map(({ attack }) => attack.name).sort()).toEqual(
    Object.keys(inversionAttacks).sort(),
  );
});
