/** Every form of the built-in attribute attacks that works in another way. */
import { embedding } from '../../../attacks/attribute/embedding/embedding.ts';
import { gradient } from '../../../attacks/attribute/gradient/gradient.ts';
import { tabular } from '../../../attacks/attribute/tabular/tabular.ts';
import type { AttributeCase } from '../contract/attribute-contract.ts';

export const attributeCases: readonly AttributeCase[] = [
  { attack: embedding },
  { attack: embedding, params: { head: 'linear', auxiliary: 'partial' } },
  { attack: tabular, params: { method: 'fredrikson' } },
  { attack: tabular, params: { method: 'confidence' } },
  { attack: tabular, params: { method: 'label-only' }, learnsFromAsked: true },
  { attack: tabular, params: { method: 'learned' } },
  { attack: gradient },
  { attack: gradient, params: { decision: 'stationary' } },
];
