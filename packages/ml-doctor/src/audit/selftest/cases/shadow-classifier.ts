import { shadowClassifier } from '../../../attacks/membership/shadow-classifier/shadow-classifier.ts';
import type { ContractCase } from '../contract-case.ts';

const quick = { epochs: 12, learningRate: 3e-3 };

export const cases: readonly ContractCase[] = [
  { attack: shadowClassifier, variant: '<B,S>', params: quick },
  {
    attack: shadowClassifier,
    variant: '<B,P>',
    params: { ...quick, auxiliary: 'partial', batchSize: 16 },
  },
  {
    attack: shadowClassifier,
    variant: '<W,S>',
    params: { ...quick, epochs: 6, access: 'white-box' },
  },
  {
    attack: shadowClassifier,
    variant: '<W,P>',
    params: { ...quick, access: 'white-box', auxiliary: 'partial', batchSize: 16 },
  },
];
