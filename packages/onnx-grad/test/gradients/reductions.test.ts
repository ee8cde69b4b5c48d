/** Gradients of reductions operators against central differences. */
import { describe, test } from 'vitest';
import { reductionCases } from './cases/reductions.ts';

describe.each(reductionCases)('$op', ({ what, check }) => {
  test(what, check);
});
