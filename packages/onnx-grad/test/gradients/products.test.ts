/** Gradients of products operators against central differences. */
import { describe, test } from 'vitest';
import { productCases } from './cases/products.ts';

describe.each(productCases)('$op', ({ what, check }) => {
  test(what, check);
});
