import { expect, test } from 'vitest';
import type { GradientArchitecture } from '../models/architecture.ts';
import { modelChoices } from './model-facts.ts';

const net: GradientArchitecture = {
  ...{ name: 'net', title: '', source: '', trains: 'gradient' },
  build: () => {
    throw new Error('not built here');
  },
};

test('what can be chosen of a model, its own choice first', () => {
  expect(modelChoices(net)).toEqual({});
  expect(modelChoices({ ...net, norms: ['none', 'batch', 'group'], dropout: 0.5 })).toEqual({
    options: 'norm: none, or batch, group; dropout: 0.5, or another rate below 1',
  });
  expect(modelChoices({ ...net, norms: ['batch'] })).toEqual({ options: 'norm: batch' });
  expect(modelChoices({ ...net, dropout: 0 })).toEqual({ options: 'dropout: 0, or another rate below 1' });
  expect(modelChoices({ ...net, trains: 'forest', trees: 3 } as never)).toEqual({});
});
