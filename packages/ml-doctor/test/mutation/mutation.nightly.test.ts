/** Every mutation of the table is noticed by a test that is aimed at the code it breaks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutations } from './mutations.ts';
import { RepositoryCopy } from './repository-copy.ts';
import { checkUnmutated, killerOf } from './try-mutation.ts';

describe('mutations', () => {
  let copy: RepositoryCopy;
  beforeAll(async () => {
    copy = new RepositoryCopy();
    await checkUnmutated(copy, mutations);
  }, 600_000);
  afterAll(() => copy?.remove());

  it.each(mutations.map((mutation) => [mutation.name, mutation] as const))('%s', async (_, mutation) => {
    expect(await killerOf(copy, mutation), 'no test fails').toBeDefined();
  });
});
