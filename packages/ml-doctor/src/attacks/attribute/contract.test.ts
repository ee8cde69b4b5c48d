/** What every attribute attack must do, whatever its method. The checks are those that `ml-doctor selftest` runs. */

import { describe, expect, it } from 'vitest';
import { attributeCases } from '../../audit/selftest/cases/attribute.ts';
import { attributeContract } from '../../audit/selftest/contract/attribute-contract.ts';
import { attributeAttacks } from './registry.ts';

const { signal } = new AbortController();
const titled = attributeCases.map((one) => ({
  ...one,
  title: `${one.attack.name} ${JSON.stringify(one.params ?? {})}`,
}));

describe.each(titled)('$title', (one) => {
  it.each(attributeContract(one))('$name', async ({ run }) => {
    expect(await run(signal)).toEqual([]);
  });
});

it('knows every attack', () => {
  expect([...new Set(attributeCases.map(({ attack }) => attack.name))].sort()).toEqual(
    Object.keys(attributeAttacks).sort(),
  );
});
