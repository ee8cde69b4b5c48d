/** Gradients of convolutions against central differences. */
import { describe, test } from 'vitest';
import { convolutionCases } from './cases/convolutions.ts';

describe.each(convolutionCases)('$op', ({ what, check }) => {
  test(what, check);
});
