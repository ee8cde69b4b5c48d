/** Gradients of pools against central differences. */
import { describe, test } from 'vitest';
import { poolCases } from './cases/pools.ts';

describe.each(poolCases)('$op', ({ what, check }) => {
  test(what, check);
});
