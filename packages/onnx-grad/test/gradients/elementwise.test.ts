/** Gradients of element-by-element operators against central differences. */
import { describe, test } from 'vitest';
import { elementwiseCases } from './cases/elementwise.ts';

describe.each(elementwiseCases)('$op', ({ what, check }) => {
  test(what, check);
});
