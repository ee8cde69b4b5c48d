/** Gradients of normalizations operators against central differences. */
import { describe, test } from 'vitest';
import { normalizationCases } from './cases/normalizations.ts';

describe.each(normalizationCases)('$op', ({ what, check }) => {
  test(what, check);
});
