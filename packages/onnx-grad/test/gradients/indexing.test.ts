/** Gradients of indexing operators against central differences. */
import { describe, test } from 'vitest';
import { indexingCases } from './cases/indexing.ts';

describe.each(indexingCases)('$op', ({ what, check }) => {
  test(what, check);
});
