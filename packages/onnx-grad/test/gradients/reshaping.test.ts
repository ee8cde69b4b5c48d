/** Gradients of reshaping operators against central differences. */
import { describe, test } from 'vitest';
import { reshapingCases } from './cases/reshaping.ts';

describe.each(reshapingCases)('$op', ({ what, check }) => {
  test(what, check);
});
